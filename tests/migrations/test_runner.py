"""The runner: each file once or when it changed, whole steps only, forward only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from aias.db import migrate, status
from aias.errors import DatabaseError
from tests.migrations.conftest import Project

Ask = Callable[[str], list[tuple[Any, ...]]]

LEDGER = "select kind, name from aias_private.migrations order by kind, name"


def states(url: str, project: Project) -> dict[str, str]:
    return {row.name: row.state for row in status(url, sources=project.sources())}


def test_migrations_run_in_order_once_and_objects_after_them(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    project.migration("0002_b", "create table aias_private.b (a_id integer references aias_private.a);")
    project.migration("0001_a", "create table aias_private.a (id integer primary key);")
    project.view("ids", "select a.id from aias_private.a")
    heard: list[str] = []
    applied = migrate(empty_database_url, sources=project.sources(), report=heard.append)
    assert applied.migrations == ("0001_a.sql", "0002_b.sql")
    assert applied.objects == ("core/ids.sql",)
    assert heard == ["migrations/0001_a.sql", "migrations/0002_b.sql", "sql/core/ids.sql"]
    again = migrate(empty_database_url, sources=project.sources())
    assert (again.migrations, again.objects) == ((), ())
    assert ask(LEDGER) == [("migration", "0001_a.sql"), ("migration", "0002_b.sql"), ("object", "core/ids.sql")]


def test_status_tells_what_is_applied_pending_or_changed_and_changes_nothing(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    project.migration("0001_a", "create table aias_private.a (id integer primary key);")
    project.view("ids", "select a.id from aias_private.a")
    assert set(states(empty_database_url, project).values()) == {"pending"}
    assert ask("select to_regnamespace('aias_private')") == [(None,)]
    migrate(empty_database_url, sources=project.sources())
    project.view("ids", "select a.id, 1 as one from aias_private.a")
    project.migration("0002_b", "select 1;")
    assert states(empty_database_url, project) == {
        "0001_a.sql": "applied",
        "0002_b.sql": "pending",
        "core/ids.sql": "changed",
    }


def test_an_edited_migration_is_refused_by_name_and_nothing_is_done(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    file = project.migration("0001_a", "create table aias_private.a (id integer);")
    migrate(empty_database_url, sources=project.sources())
    file.write_text("create table aias_private.a (id bigint);")
    project.migration("0002_b", "create table aias_private.b (id integer);")
    with pytest.raises(DatabaseError, match=r"migrations/0001_a\.sql was edited after it was applied"):
        migrate(empty_database_url, sources=project.sources())
    assert states(empty_database_url, project)["0001_a.sql"] == "edited"
    assert ask("select to_regclass('aias_private.b')") == [(None,)]


def test_windows_line_endings_are_no_edit(project: Project, empty_database_url: str) -> None:
    file = project.migration("0001_a", "create table aias_private.a (\n    id integer\n);\n")
    migrate(empty_database_url, sources=project.sources())
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert migrate(empty_database_url, sources=project.sources()).migrations == ()


def test_a_database_that_is_ahead_of_the_code_is_refused(project: Project, empty_database_url: str) -> None:
    project.migration("0001_a", "select 1;")
    newer = project.migration("0002_b", "select 1;")
    migrate(empty_database_url, sources=project.sources())
    newer.unlink()
    with pytest.raises(DatabaseError, match=r"newer than this code: it has 0002_b\.sql"):
        migrate(empty_database_url, sources=project.sources())
    assert states(empty_database_url, project)["0002_b.sql"] == "unknown"


def test_a_migration_that_sorts_before_an_applied_one_is_refused(project: Project, empty_database_url: str) -> None:
    project.migration("0002_b", "select 1;")
    migrate(empty_database_url, sources=project.sources())
    project.migration("0001_a", "select 1;")
    with pytest.raises(DatabaseError, match=r"0001_a\.sql comes before 0002_b\.sql"):
        migrate(empty_database_url, sources=project.sources())


def test_a_failing_migration_leaves_nothing_of_itself_and_keeps_the_ones_before(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    project.migration("0001_a", "create table aias_private.a (id integer);")
    broken = project.migration(
        "0002_b",
        """
        create table aias_private.b (id integer);
        insert into aias_private.b values (1);
        insert into aias_private.missing values (1);
        """,
    )
    with pytest.raises(DatabaseError, match=r'migrations/0002_b\.sql, line 3: relation "aias_private.missing"'):
        migrate(empty_database_url, sources=project.sources())
    assert ask("select to_regclass('aias_private.b')") == [(None,)]
    assert ask(LEDGER) == [("migration", "0001_a.sql")]
    broken.write_text("create table aias_private.b (id integer);")
    assert migrate(empty_database_url, sources=project.sources()).migrations == ("0002_b.sql",)


def test_a_changed_object_is_applied_again_with_all_that_stands_on_it_and_nothing_else(
    project: Project, empty_database_url: str
) -> None:
    project.view("base", "select 1 as one")
    project.view("middle", "select one from aias_private.base", requires="aias_private.base", folder="audit")
    project.view("top", "select one from aias_private.middle", requires="aias_private.middle")
    project.view("other", "select 2 as two")
    assert migrate(empty_database_url, sources=project.sources()).objects == (
        "core/base.sql",
        "core/other.sql",
        "audit/middle.sql",
        "core/top.sql",
    )
    project.view("base", "select 1 as one, 2 as two")
    assert migrate(empty_database_url, sources=project.sources()).objects == (
        "core/base.sql",
        "audit/middle.sql",
        "core/top.sql",
    )


def test_one_failing_object_undoes_all_objects_of_the_run(project: Project, empty_database_url: str, ask: Ask) -> None:
    project.view("good", "select 1 as one")
    bad = project.view("worse", "select 1 / 'x' as one")
    with pytest.raises(DatabaseError, match=r"sql/core/worse\.sql, line 2"):
        migrate(empty_database_url, sources=project.sources())
    assert ask("select to_regclass('aias_private.good')") == [(None,)]
    bad.unlink()
    assert migrate(empty_database_url, sources=project.sources()).objects == ("core/good.sql",)


def test_an_object_that_a_migration_dropped_comes_back_though_its_file_is_the_same(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    project.migration("0001_a", "create table aias_private.a (id integer);")
    project.view("ids", "select a.id from aias_private.a")
    project.view("twice", "select i.id * 2 as id from aias_private.ids as i", requires="aias_private.ids")
    migrate(empty_database_url, sources=project.sources())
    project.migration(
        "0002_wider",
        "drop view aias_private.ids cascade; alter table aias_private.a alter column id type bigint;",
    )
    assert migrate(empty_database_url, sources=project.sources()).objects == ("core/ids.sql", "core/twice.sql")
    assert ask("select pg_typeof(id) from (select null::int) one left join aias_private.twice on true") == [("bigint",)]


def test_a_file_whose_first_line_names_another_object_is_refused(project: Project, empty_database_url: str) -> None:
    project.write("sql/core/one.sql", "-- aias_private.uno: misnamed.\ncreate view aias_private.one as select 1;\n")
    with pytest.raises(DatabaseError, match=r"sql/core/one\.sql: its first line names an object"):
        migrate(empty_database_url, sources=project.sources())


def test_a_removed_file_is_forgotten(project: Project, empty_database_url: str, ask: Ask) -> None:
    file = project.view("ids", "select 1 as id")
    migrate(empty_database_url, sources=project.sources())
    file.unlink()
    project.migration("0001_drop_ids", "drop view aias_private.ids;")
    migrate(empty_database_url, sources=project.sources())
    assert ask(LEDGER) == [("migration", "0001_drop_ids.sql")]


def test_a_migration_does_not_queue_behind_a_long_lock(project: Project, empty_database_url: str) -> None:
    project.migration("0001_a", "create table aias_private.a (id integer);")
    migrate(empty_database_url, sources=project.sources())
    project.migration("0002_b", "alter table aias_private.a add column name text;")
    with psycopg.connect(empty_database_url) as reader:
        reader.execute("select * from aias_private.a")
        with pytest.raises(DatabaseError, match=r"0002_b\.sql: .*lock timeout; something holds a lock"):
            migrate(empty_database_url, sources=project.sources(), lock_timeout=0.2)
    assert migrate(empty_database_url, sources=project.sources()).migrations == ("0002_b.sql",)


def test_settings_of_the_role_or_the_database_do_not_matter(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    name = ask("select current_database()")[0][0]
    ask(f"alter database {name} set search_path = nowhere")
    ask(f"alter database {name} set statement_timeout = '1ms'")
    ask(f"alter database {name} set check_function_bodies = off")
    project.migration("0001_a", "select pg_sleep(0.05); create table aias_private.a (id integer);")
    project.write(
        "sql/core/broken.sql",
        "-- aias_private.broken: a function on nothing.\n"
        "create function aias_private.broken() returns int language sql as 'select id from aias_private.nothing';\n",
    )
    with pytest.raises(DatabaseError, match=r'broken\.sql.*"aias_private.nothing" does not exist'):
        migrate(empty_database_url, sources=project.sources())


def test_a_concurrent_index_stands_alone_and_an_invalid_one_is_made_anew(
    project: Project, empty_database_url: str, ask: Ask
) -> None:
    project.migration("0001_a", "create table aias_private.a (id integer); insert into aias_private.a values (1), (1);")
    project.migration(
        "0002_index",
        """
        -- aias: no-transaction
        create unique index concurrently a_id_idx on aias_private.a (id);
        """,
    )
    with pytest.raises(DatabaseError, match=r"0002_index\.sql.*could not create unique index"):
        migrate(empty_database_url, sources=project.sources())
    assert ask("select indisvalid from pg_index where indrelid = 'aias_private.a'::regclass") == [(False,)]
    ask("delete from aias_private.a")
    assert migrate(empty_database_url, sources=project.sources()).migrations == ("0002_index.sql",)
    assert ask("select indisvalid from pg_index where indrelid = 'aias_private.a'::regclass") == [(True,)]


def test_an_unreachable_server_is_told_in_one_message(project: Project, unused_tcp_port: int) -> None:
    with pytest.raises(DatabaseError, match="can't reach PostgreSQL") as caught:
        migrate(f"postgresql://u:hunter2@127.0.0.1:{unused_tcp_port}/x", sources=project.sources())
    assert "hunter2" not in str(caught.value)
