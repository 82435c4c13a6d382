"""Several processes migrate at once; some of them die."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from aias.db import migrate, status
from tests.migrations.conftest import Project

Ask = Callable[[str], list[tuple[Any, ...]]]

ROUNDS = 5
PROCESSES = 3


def run_elsewhere(url: str, root: Path | None) -> subprocess.Popen[str]:
    """Migrate in another process: the files under ``root``, or those of this installation."""
    sources = f"read_sources(Path({str(root)!r}), engine=False)" if root else "read_sources()"
    code = (
        "from pathlib import Path\n"
        "from aias.db import migrate, read_sources\n"
        f"sources = {sources}\n"
        "input()\n"
        f"applied = migrate({url!r}, sources=sources)\n"
        "print(len(applied.migrations) + len(applied.objects))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_processes_that_migrate_at_once_apply_every_file_once(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    total = 0
    for turn in range(1, ROUNDS + 1):
        last = turn * 4
        for number in range(last - 3, last + 1):
            project.migration(f"{number:04}_t", f"create table aias_private.t{number} (id integer);")
        project.view(f"v{turn}", f"select t.id from aias_private.t{last} as t")
        processes = [run_elsewhere(empty_database_url, project.root) for _ in range(PROCESSES)]
        for process in processes:
            let_go(process)
        outcomes = [(process.communicate(timeout=60), process.returncode) for process in processes]
        assert [code for _, code in outcomes] == [0] * PROCESSES, outcomes
        applied = sum(int(output) for (output, _), _ in outcomes)
        assert applied == 5
        total += applied
    assert ask("select count(*) from aias_private.migrations") == [(total,)]


def test_the_whole_schema_comes_up_once_however_many_processes_start_on_an_empty_database(
    empty_database_url: str, ask: Ask
) -> None:
    processes = [run_elsewhere(empty_database_url, None) for _ in range(PROCESSES)]
    for process in processes:
        let_go(process)
    outcomes = [(process.communicate(timeout=90), process.returncode) for process in processes]
    assert [code for _, code in outcomes] == [0] * PROCESSES, outcomes
    assert {row.state for row in status(empty_database_url)} == {"applied"}


def test_a_process_killed_inside_a_migration_leaves_nothing_of_it_and_the_next_run_completes(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    project.migration("0001_a", "create table aias_private.a (id integer);")
    project.migration(
        "0002_b", "create table aias_private.b (id integer); select pg_advisory_xact_lock(4711); select 1;"
    )
    project.view("ids", "select b.id from aias_private.b")
    with psycopg.connect(empty_database_url, autocommit=True) as gate:
        gate.execute("select pg_advisory_lock(4711)")
        victim = run_elsewhere(empty_database_url, project.root)
        let_go(victim)
        held = "select pid from pg_locks where locktype = 'advisory' and objid = 4711 and not granted"
        while (row := gate.execute(held).fetchone()) is None:
            assert victim.poll() is None
        victim.kill()
        victim.communicate()
        # the server notices a vanished client when it next writes; end its session as that would
        gate.execute("select pg_terminate_backend(%s, 10000)", row)
    assert ask("select to_regclass('aias_private.a') is null, to_regclass('aias_private.b') is null") == [(False, True)]
    applied = migrate(empty_database_url, sources=project.sources())
    assert applied.migrations == ("0002_b.sql",)
    assert applied.objects == ("core/ids.sql",)


def test_a_second_process_waits_for_the_first_and_finds_its_work_done(
    project: Project, empty_database_url: str
) -> None:
    project.migration("0001_a", "create table aias_private.a (id integer); select pg_advisory_xact_lock(4711);")
    with psycopg.connect(empty_database_url, autocommit=True) as gate:
        gate.execute("select pg_advisory_lock(4711)")
        first = run_elsewhere(empty_database_url, project.root)
        let_go(first)
        waiting = "select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted"
        while gate.execute(waiting).fetchone() is None:
            assert first.poll() is None
        second = run_elsewhere(empty_database_url, project.root)
        let_go(second)
        sessions = (
            "select count(*) from pg_stat_activity"
            " where application_name = 'aias/migrate' and datname = current_database()"
        )
        while gate.execute(sessions).fetchone() != (2,):
            assert second.poll() is None
        gate.execute("select pg_advisory_unlock(4711)")
        outputs = {process.communicate(timeout=30)[0].strip() for process in (first, second)}
    assert outputs == {"1", "0"}
