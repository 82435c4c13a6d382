"""``aias db``: the commands around the database."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias.cli import main
from aias.db import Embedded


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="aias-home-"))
    folder.chmod(0o755)
    monkeypatch.setenv("AIAS_HOME", str(folder))
    yield folder
    Embedded(folder).stop(immediate=True)
    shutil.rmtree(folder)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, Any, str]:
    with pytest.raises(SystemExit) as caught:
        main([*arguments, "--json"])
    captured = capsys.readouterr()
    return caught.value.code, json.loads(captured.out), captured.err


def test_the_embedded_server_from_nothing_to_gone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document, _ = run(capsys, "db", "status")
    assert (code, document["embedded"]["running"]) == (0, False)
    code, document, _ = run(capsys, "db", "start")
    assert (code, document["running"]) == (0, True)
    code, document, _ = run(capsys, "db", "status")
    assert (document["embedded"]["running"], document["is_current"]) == (True, False)
    code, document, err = run(capsys, "db", "migrate")
    assert code == 0
    assert "migrations/0001_create_schemas.sql" in err
    code, document, _ = run(capsys, "db", "status")
    assert document["is_current"]
    code, document, _ = run(capsys, "db", "url")
    with psycopg.connect(document["url"]) as conn:
        assert conn.execute("select count(*) > 0 from aias.plans").fetchone() == (True,)
    done = subprocess.run(
        [sys.executable, "-c", "from aias.cli import main; main()", "db", "psql", "--", "-XAtc", "select 40 + 2"],
        env=os.environ | {"AIAS_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("42", 0), done.stderr
    code, document, _ = run(capsys, "db", "stop")
    assert (code, document) == (0, {"stopped": True})


def test_check_finds_no_difference_in_a_fresh_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert run(capsys, "db", "check")[:2] == (0, {"differences": [], "strays": [], "repaired": None})


def test_check_names_what_differs_and_exits_1(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("alter table aias_private.tenants add column extra text")
    code, document, _ = run(capsys, "db", "check")
    assert code == 1
    assert [(row["problem"], row["kind"], row["name"]) for row in document["differences"]] == [
        ("unexpected", "column", "aias_private.tenants.extra")
    ]


def test_check_counts_what_is_left_of_executions_that_are_gone(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("select aias.create_tenant('acme', p_name => 'Acme Test')")
        conn.execute(
            """
            insert into aias_private.effects (
                tenant_id, execution_id, step_id, operation, request_hash, idempotency_key, attempt
            )
            select t.id, aias_private.uuid7(), 'pay', 'POST', sha256('x'), gen_random_uuid(), 1
            from aias_private.tenants as t
            """
        )
    code, document, _ = run(capsys, "db", "check")
    assert (code, document["strays"]) == (1, [{"table_name": "effects", "row_count": 1}])


def test_check_with_repair_makes_the_engines_jobs_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("select aias.create_tenant('acme', p_name => 'Acme Test')")
        conn.execute(
            "select aias.apply_workflow('acme', %s::jsonb)",
            (json.dumps({"name": "noop", "steps": [{"id": "one", "action": "noop"}]}),),
        )
        row = conn.execute("select aias.run_workflow('acme', 'noop', '{}')").fetchone()
        assert row is not None
        conn.execute("delete from procrastinate_jobs")
    code, document, _ = run(capsys, "db", "check", "--repair")
    assert code == 0
    assert [repaired["execution_id"] for repaired in document["repaired"]] == [str(row[0])]
    with psycopg.connect(database_url) as conn:
        assert conn.execute("select count(*) from procrastinate_jobs where status = 'todo'").fetchone() == (1,)
    assert run(capsys, "db", "check", "--repair")[1]["repaired"] == []


def test_an_unreachable_database_is_one_message_without_its_password(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://user:hunter2@127.0.0.1:{unused_tcp_port}/db")
    for arguments in (("db", "status"), ("db", "migrate"), ("db", "check")):
        code, document, err = run(capsys, *arguments)
        assert code == 1
        assert document["error"]["type"] == "DatabaseError"
        assert "hunter2" not in json.dumps(document) + err
    code, document, _ = run(capsys, "db", "url")
    assert (code, document["url"]) == (0, f"postgresql://user@127.0.0.1:{unused_tcp_port}/db")


def test_the_embedded_server_is_not_started_beside_another_one(
    database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    code, document, _ = run(capsys, "db", "start")
    assert (code, document["error"]["type"]) == (2, "ConfigurationError")
    assert list(home.iterdir()) == []
