"""Backups: what is restored is what was backed up, on an empty server too, and a workflow runs on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb

from aias.db import Embedded, back_up_base, check, dump, migrate, recover, restore
from aias.db.contents import TableContents, read_contents
from aias.db.programs import find_program
from aias.errors import Conflict, DatabaseError, InvalidArgument, NotFound

FLOW = {"name": "flow", "steps": [{"id": "one", "action": "transform", "input": {"value": 1}}]}


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the server's account can reach; pytest's own folders are private."""
    folder = Path(tempfile.mkdtemp(prefix="aias-home-"))
    folder.chmod(0o755)
    yield folder
    Embedded(folder).stop(immediate=True)
    shutil.rmtree(folder)


def make_tenant(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("select aias.create_tenant('acme', 'pro')")
        conn.execute("select aias.apply_workflow('acme', %s)", [Jsonb(FLOW)])


def run_workflow(url: str) -> None:
    """Start the workflow, and let a worker do all there is to do."""
    with psycopg.connect(url, autocommit=True) as conn:
        row = conn.execute("select aias.run_workflow('acme', 'flow')").fetchone()
        assert row is not None
        subprocess.run(
            [sys.executable, "-m", "aias", "worker", "--one-shot"],
            check=True,
            capture_output=True,
            timeout=60,
            env={**os.environ, "DATABASE_URL": url},
        )
        ended = conn.execute("select status from aias.executions where id = %s", row).fetchone()
    assert ended == ("succeeded",)


def contents(url: str) -> list[TableContents]:
    with psycopg.connect(url) as conn:
        return read_contents(conn)


def count(url: str, table: str) -> int:
    return next(row.row_count for row in contents(url) if row.table == table)


def executions(url: str) -> int:
    with psycopg.connect(url) as conn:
        row = conn.execute("select count(*) from aias.executions").fetchone()
    assert row is not None
    return row[0]


def moment(url: str) -> datetime:
    with psycopg.connect(url) as conn:
        row = conn.execute("select clock_timestamp()").fetchone()
    assert row is not None
    return row[0]


def test_a_database_that_was_dropped_is_restored_row_by_row_and_works(
    database_url: str, server_url: str, tmp_path: Path
) -> None:
    make_tenant(database_url)
    run_workflow(database_url)
    before, file = contents(database_url), tmp_path / "aias.dump"
    made = dump(database_url, file)
    assert (made.row_count, made.table_count) == (sum(row.row_count for row in before), len(before))
    assert [path.stat().st_mode & 0o777 for path in (file, tmp_path / "aias.dump.json")] == [0o600, 0o600]
    with psycopg.connect(server_url, autocommit=True) as admin:
        name = sql.Identifier(str(conninfo_to_dict(database_url)["dbname"]))
        admin.execute(sql.SQL("drop database {} with (force)").format(name))
    assert restore(database_url, file).row_count == made.row_count
    assert contents(database_url) == before
    assert check(database_url) == []
    with psycopg.connect(database_url, autocommit=True) as conn:
        with pytest.raises(psycopg.Error, match="append-only"):
            conn.execute("delete from aias_private.audit_log")
        # the grants are those of before: a tenant's caller sees its rows, and no table
        conn.execute("set role aias_app")
        assert conn.execute("select count(*) from aias.executions").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("select from aias_private.tenants")
    run_workflow(database_url)


def test_a_database_that_holds_something_is_replaced_only_by_force(database_url: str, tmp_path: Path) -> None:
    make_tenant(database_url)
    file = tmp_path / "aias.dump"
    dump(database_url, file)
    before = contents(database_url)
    with pytest.raises(Conflict, match="already"):
        dump(database_url, file)
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("select aias.create_tenant('later', 'pro')")
    with pytest.raises(Conflict, match="--force"):
        restore(database_url, file)
    assert count(database_url, "aias_private.tenants") == 2
    restore(database_url, file, force=True)
    assert contents(database_url) == before


def test_a_file_that_is_not_what_was_written_restores_nothing(database_url: str, tmp_path: Path) -> None:
    make_tenant(database_url)
    file = tmp_path / "aias.dump"
    dump(database_url, file)
    manifest = tmp_path / "aias.dump.json"
    told = json.loads(manifest.read_text())
    for row in told["tables"]:
        if row["table"] == "aias_private.tenants":
            row["checksum"] = "1"
    manifest.write_text(json.dumps(told))
    before = contents(database_url)
    with pytest.raises(DatabaseError, match=r"aias_private\.tenants"):
        restore(database_url, file, force=True)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(InvalidArgument, match="not whole"):
        restore(database_url, file, force=True)
    manifest.unlink()
    with pytest.raises(NotFound):
        restore(database_url, file, force=True)
    assert contents(database_url) == before
    with psycopg.connect(database_url) as conn:
        left = conn.execute("select datname from pg_database where datname ~ '^aias_re'").fetchall()
    assert left == []


def test_a_program_older_than_the_server_is_not_used() -> None:
    with pytest.raises(DatabaseError, match="version 99 or later"):
        find_program("pg_dump", major=99, is_embedded=False)
    with pytest.raises(DatabaseError, match="found none"):
        find_program("pg_nothing", major=18, is_embedded=True)


_MAKES_UUID7 = 180000


def test_an_empty_server_gets_the_roles_too(database_url: str, tmp_path: Path, home: Path) -> None:
    make_tenant(database_url)
    role = sql.Identifier(f"reader_{conninfo_to_dict(database_url)['dbname']}")
    file = tmp_path / "aias.dump"
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(sql.SQL("create role {} login").format(role))
        conn.execute(sql.SQL("grant aias_analyst to {}").format(role))
        try:
            dump(database_url, file)
        finally:
            conn.execute(sql.SQL("drop role {}").format(role))
    url = Embedded(home, options={"fsync": "off"}).start()
    restored = restore(url, file, is_embedded=True)
    assert {"aias_app", "aias_worker", "aias_analyst", "aias_admin"} < set(restored.created_roles)
    with psycopg.connect(database_url) as conn:
        # from 18 on the server makes UUIDs of this kind itself: what comes from an older one keeps making its own
        own = set() if conn.info.server_version >= _MAKES_UUID7 else {"aias_private.uuid7()"}
    assert {difference.name for difference in check(url)} == own
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(sql.SQL("set role {}").format(role))
        assert conn.execute("select count(*) from aias.tenants").fetchone() == (1,)
    run_workflow(url)


@pytest.mark.slow
def test_the_embedded_server_goes_back_to_a_moment_between_two_executions(home: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(home)
    server = Embedded(home)
    url = server.start()
    migrate(url)
    make_tenant(url)
    folder = home / "base-1"
    assert back_up_base(server, folder).was_restarted
    with pytest.raises(Conflict):
        back_up_base(server, folder)
    run_workflow(url)
    between = moment(url)
    run_workflow(url)
    assert executions(url) == 2
    with pytest.raises(Conflict, match="--force"):
        recover(server, folder, until=between)
    done = recover(server, folder, until=between, force=True)
    assert done.former is not None
    assert (done.former / "PG_VERSION").exists()
    assert done.last_commit_at is not None
    assert done.last_commit_at <= between
    assert executions(url) == 1
    assert check(url) == []
    run_workflow(url)
    assert executions(url) == 2
    # what has no end in the log is refused, and the server goes on as it was
    with psycopg.connect(make_conninfo(url)) as conn:
        row = conn.execute("select clock_timestamp() + interval '1 year'").fetchone()
    assert row is not None
    with pytest.raises(DatabaseError, match=r"did not start|does not answer"):
        recover(server, folder, until=row[0], force=True)
    assert executions(url) == 2
    # without a moment: all that was kept
    recover(server, folder, force=True)
    assert executions(url) == 2
