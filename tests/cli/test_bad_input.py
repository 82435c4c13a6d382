"""Bad input on the command line: the right exit code, one line on stderr, no traceback, no password."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.cli.conftest import Result, Run

Start = Callable[..., subprocess.Popen[str]]


def ended(process: subprocess.Popen[str]) -> Result:
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return Result(code=process.returncode, out=out, err=err)


def test_an_unknown_command_is_a_usage_error(run: Run) -> None:
    for arguments in (["nothing"], ["tenant", "nothing"], ["tenant", "list", "--nothing"], ["tenant", "create"]):
        result = run(*arguments)
        assert result.code == 2
        assert "--help" in result.message


def test_an_unreachable_database_is_told_without_its_password(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:hunter2@127.0.0.1:1/nowhere")
    for arguments in (["tenant", "list"], ["execution", "list"], ["db", "migrate"], ["run", "w", "--tenant", "acme"]):
        result = run(*arguments)
        assert result.code == 1
        assert "127.0.0.1" in result.err
        assert "hunter2" not in result.out + result.err


@pytest.mark.parametrize("url", ["mysql://root:hunter2@127.0.0.1/x", "postgresql://%zz:hunter2", "host=1 hunter2"])
def test_a_malformed_database_url_is_a_usage_error(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    result = run("tenant", "list")
    assert result.code == 2
    assert "DATABASE_URL" in result.err
    assert "hunter2" not in result.err


def test_bad_settings_are_named_each(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_STALLED_AFTER", "-1")
    monkeypatch.setenv("AIAS_LOG_LEVEL", "loud")
    result = run("tenant", "list")
    assert result.code == 2
    assert "AIAS_STALLED_AFTER" in result.err
    assert "AIAS_LOG_LEVEL" in result.err


def test_a_database_without_the_schema_is_told_with_the_remedy(
    run: Run, home: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    for arguments in (["tenant", "list"], ["tenant", "create", "acme"], ["execution", "list"], ["dead", "list"]):
        result = run(*arguments)
        assert result.code == 1
        assert "aias db migrate" in result.message


def test_a_role_without_rights_is_refused(cli: Run, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute("drop role if exists cli_nobody")
        admin.execute("create role cli_nobody login")
    try:
        monkeypatch.setenv("DATABASE_URL", database_url.replace("postgres@", "cli_nobody@"))
        result = cli("tenant", "create", "acme")
        assert result.code == 1
        assert "permission denied" in result.message
    finally:
        with psycopg.connect(database_url, autocommit=True) as admin:
            admin.execute("drop role cli_nobody")


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["run", "w", "--tenant", "acme", "--input", "{"], "--input"),
        (["run", "w", "--tenant", "acme", "--input", "[1]"], "--input"),
        (["run", "w", "--tenant", "acme", "--input", '{"n": 1e5000}'], "--input"),
        (["run", "w", "--tenant", "acme", "--input", "@nothing.json"], "nothing.json"),
        (["run", "w", "--tenant", "acme", "--at", "yesterday"], "--at"),
        (["run", "w", "--tenant", "acme", "--at", "+5 years"], "--at"),
        (["run", "w"], "--tenant"),
        (["execution", "show", "17"], "EXECUTION"),
        (["execution", "list", "--status", "sleeping"], "--status"),
        (["execution", "list", "--limit", "0"], "--limit"),
        (["execution", "list", "--limit", "100000"], "--limit"),
        (["job", "explain", "x"], "JOB"),
        (["dead", "discard", str(uuid4())], "--reason"),
        (["worker", "--concurrency", "0"], "--concurrency"),
        (["worker", "--concurrency", "-1"], "--concurrency"),
        (["worker", "--concurrency", "abc"], "--concurrency"),
        (["worker", "--concurrency", "1000000"], "--concurrency"),
        (["worker", "--queues", "q" * 41], "--queues"),
        (["worker", "--nothing"], "--nothing"),
        (["integration", "connect", "shopify", "--tenant", "acme", "--url", "http://127.0.0.1:1"], "--token"),
        (["integration", "connect", "wave", "--tenant", "acme", "--token", "x"], "--business"),
    ],
)
def test_a_malformed_argument_is_named(cli: Run, arguments: list[str], place: str) -> None:
    result = cli(*arguments)
    assert result.code == 2
    assert place in result.message


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "w", "--tenant", "nobody"],
        ["execution", "list", "--tenant", "nobody"],
        ["execution", "show", str(uuid4())],
        ["execution", "cancel", str(uuid4())],
        ["execution", "explain", str(uuid4())],
        ["job", "explain", "4711"],
        ["job", "cancel", "4711"],
        ["job", "list", "--tenant", "nobody"],
        ["job", "enqueue", "acme.task", "--tenant", "nobody"],
        ["job", "enqueue", "acme.task", "--lane", "nothing"],
        ["dead", "show", str(uuid4())],
        ["dead", "retry", str(uuid4())],
        ["dead", "discard", str(uuid4()), "--reason", "x"],
        ["dead", "list", "--tenant", "nobody"],
        ["integration", "list", "--tenant", "nobody"],
        ["integration", "disconnect", "shopify", "--tenant", "nobody"],
        ["integration", "connect", "shopify", "--tenant", "nobody", "--url", "http://127.0.0.1:1", "--token", "x"],
    ],
)
def test_what_is_not_there_is_exit_3(cli: Run, arguments: list[str]) -> None:
    result = cli(*arguments)
    assert result.code == 3
    assert result.message.startswith("there is no ")


def test_a_secret_is_never_shown(cli: Run) -> None:
    cli("tenant", "create", "acme")
    for bad in (["--url", "ftp://127.0.0.1/"], ["--url", "http://127.0.0.1:1", "--api-version", "1"]):
        result = cli("integration", "connect", "shopify", "--tenant", "acme", "--token", "hunter2", *bad, "--json")
        assert result.code == 2
        assert "hunter2" not in result.out + result.err


def test_an_input_of_ten_megabytes_is_refused(cli: Run, home: Path) -> None:
    file = home / "large.json"
    file.write_text('{"n": "' + "n" * 10_000_000 + '"}')
    result = cli("run", "w", "--tenant", "acme", "--input", f"@{file}")
    assert result.code == 2
    assert "large.json has more than 10,000,000 bytes" in result.message


def test_an_input_that_is_not_utf8_is_told_with_the_place(cli: Run, home: Path) -> None:
    file = home / "latin.json"
    file.write_bytes('{"n": "é"}'.encode("latin-1"))
    result = cli("run", "w", "--tenant", "acme", "--input", f"@{file}")
    assert result.code == 2
    assert "latin.json is not UTF-8: byte 7" in result.message


def test_a_locale_without_utf8_does_no_harm(process: Start) -> None:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "TZ": ""}
    assert ended(process("tenant", "create", "acme", "--name", "Zoë Ünïcode Test", **plain)).code == 0
    assert "Zo\\xeb" in ended(process("tenant", "list", **plain)).out
    (row,) = ended(process("tenant", "list", "--json", **plain)).json["tenants"]
    assert row["name"] == "Zoë Ünïcode Test"


def test_an_interrupt_ends_a_wait_with_130(process: Start, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("select aias.create_tenant('acme', 'pro')")
        conn.execute(
            """select aias.apply_workflow('acme', '{"name": "w", "steps": [{"id": "a", "action": "noop"}]}')"""
        )
        started = process("run", "w", "--tenant", "acme", "--wait")
        deadline = time.monotonic() + 60
        while conn.execute("select count(*) from aias.executions").fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(started.pid, signal.SIGINT)
        result = ended(started)
    assert result.code == 130
    assert result.err.strip() == "interrupted"
