"""``check``: every kind of drift is found and named, and the scratch database never stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from psycopg.conninfo import make_conninfo

from aias.db import Sources, check, migrate
from aias.errors import DatabaseError
from tests.migrations.conftest import Project

Ask = Callable[[str], list[tuple[Any, ...]]]

SCHEMA = """
    create table aias_private.things (
        id integer not null,
        name text default 'x' not null,
        constraint things_pkey primary key (id),
        constraint name_is_short check (length(name) < 10)
    );
    create index things_name_idx on aias_private.things (name);
    comment on table aias_private.things is 'Things.';
    alter table aias_private.things enable row level security;
    create policy everybody on aias_private.things using (true);
    create type aias_private.colour as enum ('red', 'green');
    create sequence aias_private.numbers;
    create table aias_private.events (id integer not null) partition by range (id);
    create table aias_private.events_default partition of aias_private.events default;
    create function aias_private.touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger touched before update on aias_private.things for each row execute function aias_private.touch();
    revoke execute on all functions in schema aias_private from public;
"""


@pytest.fixture
def sources(project: Project, empty_database_url: str) -> Sources:
    project.migration("0001_things", SCHEMA)
    project.view("names", "select t.name from aias_private.things as t")
    project.write(
        "sql/core/one.sql",
        """
        -- aias_private.one: the number.
        create or replace function aias_private.one() returns integer language sql as 'select 1';
        revoke execute on function aias_private.one() from public;
        comment on function aias_private.one() is 'Gives one.';
        """,
    )
    sources = project.sources()
    migrate(empty_database_url, sources=sources)
    return sources


def test_a_database_that_is_what_the_files_say_has_no_differences(sources: Sources, empty_database_url: str) -> None:
    assert check(empty_database_url, sources=sources) == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("create table aias_private.extra (id integer)", "unexpected: table aias_private.extra"),
        ("drop table aias_private.things cascade", "missing: table aias_private.things"),
        ("alter table aias_private.things add column extra text", "unexpected: column aias_private.things.extra"),
        (
            "drop view aias_private.names; alter table aias_private.things drop column name cascade",
            "missing: column aias_private.things.name",
        ),
        (
            "alter table aias_private.things alter column name drop not null",
            "different: column aias_private.things.name",
        ),
        ("alter table aias_private.things alter name set default 'y'", "different: column aias_private.things.name"),
        (
            "alter table aias_private.things drop constraint name_is_short",
            "missing: constraint aias_private.things.name_is_short",
        ),
        ("drop index aias_private.things_name_idx", "missing: index aias_private.things.things_name_idx"),
        (
            "update pg_index set indisvalid = false where indexrelid = 'aias_private.things_name_idx'::regclass",
            "different: index aias_private.things.things_name_idx",
        ),
        ("create index extra_idx on aias_private.things (id, name)", "unexpected: index aias_private.things.extra_idx"),
        ("drop trigger touched on aias_private.things", "missing: trigger aias_private.things.touched"),
        (
            "alter table aias_private.things disable trigger touched",
            "different: trigger aias_private.things.touched",
        ),
        ("drop policy everybody on aias_private.things", "missing: policy aias_private.things.everybody"),
        (
            "alter policy everybody on aias_private.things using (false)",
            "different: policy aias_private.things.everybody",
        ),
        ("alter table aias_private.things disable row level security", "different: table aias_private.things"),
        (
            "create or replace function aias_private.one() returns integer language sql as 'select 2'",
            "different: function aias_private.one()",
        ),
        ("alter function aias_private.one() security definer", "different: function aias_private.one()"),
        (
            "create or replace view aias_private.names as select t.name, t.id from aias_private.things as t",
            "different: view aias_private.names",
        ),
        ("comment on function aias_private.one() is 'Gives two.'", "different: comment on function aias_private.one()"),
        ("comment on table aias_private.things is null", "missing: comment on table aias_private.things"),
        (
            "grant execute on function aias_private.one() to public",
            "unexpected: privilege on function aias_private.one() to public",
        ),
        (
            "grant select (name) on aias_private.things to public",
            "unexpected: privilege on column aias_private.things.name to public",
        ),
        ("alter type aias_private.colour add value 'blue'", "different: type aias_private.colour"),
        ("drop sequence aias_private.numbers", "missing: sequence aias_private.numbers"),
        ("drop table aias_private.events_default", "missing: table aias_private.events_default"),
        ("create materialized view aias_private.m as select 1 as one", "unexpected: materialized view aias_private.m"),
        ("create schema aias_archive", "unexpected: schema aias_archive"),
    ],
)
def test_drift_is_found_by_name(change: str, finding: str, sources: Sources, empty_database_url: str, ask: Ask) -> None:
    for statement in change.split("; "):
        ask(statement)
    assert finding in [str(difference) for difference in check(empty_database_url, sources=sources)]


def test_partitions_made_while_the_system_runs_are_no_drift(
    sources: Sources, empty_database_url: str, ask: Ask
) -> None:
    ask("create table aias_private.events_1 partition of aias_private.events for values from (1) to (10)")
    assert check(empty_database_url, sources=sources) == []


def test_what_others_keep_in_the_database_is_no_drift(sources: Sources, empty_database_url: str, ask: Ask) -> None:
    ask("create table public.theirs (id integer)")
    ask("create schema theirs")
    assert check(empty_database_url, sources=sources) == []


def test_a_difference_shows_both_sides(sources: Sources, empty_database_url: str, ask: Ask) -> None:
    ask("create or replace function aias_private.one() returns integer language sql as 'select 2'")
    (difference,) = check(empty_database_url, sources=sources)
    assert difference.expected is not None
    assert "select 1" in difference.expected
    assert difference.found is not None
    assert "select 2" in difference.found


def test_pending_and_changed_files_are_differences_too(
    sources: Sources, project: Project, empty_database_url: str
) -> None:
    del sources
    project.migration("0002_more", "create table aias_private.more (id integer);")
    project.view("names", "select t.name, t.id from aias_private.things as t")
    found = [str(difference) for difference in check(empty_database_url, sources=project.sources())]
    assert found == [
        "pending: file migration 0002_more.sql",
        "changed: file object core/names.sql",
        "missing: table aias_private.more",
        "different: view aias_private.names",
    ]


def test_the_scratch_database_is_dropped_also_when_the_files_fail(
    project: Project, sources: Sources, empty_database_url: str, ask: Ask
) -> None:
    check(empty_database_url, sources=sources)
    project.migration("0002_broken", "select 1 / 0;")
    with pytest.raises(DatabaseError, match="division by zero"):
        check(empty_database_url, sources=project.sources())
    assert ask("select datname from pg_database where datname like 'aias_scratch%'") == []


def test_a_role_that_may_not_create_databases_is_told_so(sources: Sources, empty_database_url: str, ask: Ask) -> None:
    ask("create role modest login in role pg_read_all_data")
    ask("grant usage on schema aias_private to modest")
    try:
        with pytest.raises(DatabaseError, match="modest may not create a scratch database"):
            check(make_conninfo(empty_database_url, user="modest"), sources=sources)
    finally:
        ask("drop owned by modest")
        ask("drop role modest")


def test_the_real_schema_is_what_the_real_files_say(database_url: str) -> None:
    assert [str(difference) for difference in check(database_url)] == []
