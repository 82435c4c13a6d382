"""The schemas of plugins: brought up to date apart from ours, and apart from each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias.plugins import load_plugins, register_analytics
from aias.plugins.analytics import MigratedSchema, check_analytics, migrate_all
from aias.staging import Stage

TABLE = "create table notes (tenant_id uuid primary key, text text not null);"
VIEW = "create view tenant_names as select t.id as tenant_id, t.slug from aias.tenants as t;"
OVER = "-- requires: tenant_names\ncreate view long_names as select n.slug from tenant_names as n where n.slug > '';"

Plugin = Callable[..., Path]


@pytest.fixture
def plugin(tmp_path: Path) -> Iterator[Plugin]:
    load_plugins()
    before = Stage()

    def make(schema: str, **files: str) -> Path:
        folder = tmp_path / schema
        for name, text in files.items():
            kind, _, file = name.partition("__")
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / f"{file}.sql").write_text(text)
        register_analytics(schema, folder)
        return folder

    yield make
    before.undo()


def migrated(url: str) -> list[MigratedSchema]:
    return migrate_all(url)[1]


def told(url: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.name, one.problem) for one in check_analytics(url)]


def rows(url: str, query: Any, *, role: str | None = None, tenant: str | None = None) -> list[Any]:
    with psycopg.connect(url) as conn:
        if tenant is not None:
            found = conn.execute("select id::text from aias.tenants where slug = %s", (tenant,)).fetchone()
            conn.execute("select set_config('aias.tenant_id', %s, true)", found)
        if role is not None:
            conn.execute(f"set local role {role}".encode())
        return conn.execute(query).fetchall()


def test_a_schema_is_made_once_and_its_views_again_when_they_change(database_url: str, plugin: Plugin) -> None:
    folder = plugin("plugin_names", migrations__0001_notes=TABLE, views__tenant_names=VIEW, views__long_names=OVER)
    assert [name for _, name, _ in told(database_url)] == [
        "plugin_names/0001_notes.sql",
        "plugin_names/long_names.sql",
        "plugin_names/tenant_names.sql",
    ]
    (made,) = migrated(database_url)
    assert made.problem is None
    assert made.applied == ("0001_notes.sql", "tenant_names.sql", "long_names.sql")
    assert migrated(database_url)[0].applied == ()
    assert told(database_url) == []

    (folder / "views" / "tenant_names.sql").write_text(VIEW.replace("t.slug", "t.plan, t.slug"))
    assert told(database_url) == [("plugin view", "plugin_names/tenant_names.sql", "changed")]
    assert migrated(database_url)[0].applied == ("tenant_names.sql", "long_names.sql")
    rows(database_url, "select plan from plugin_names.tenant_names")

    (folder / "migrations" / "0001_notes.sql").write_text(TABLE + "-- later")
    assert told(database_url) == [("plugin migration", "plugin_names/0001_notes.sql", "edited")]
    assert "edited after it was applied" in (migrated(database_url)[0].problem or "")


def test_a_view_shows_to_everybody_what_they_may_see_themselves(database_url: str, plugin: Plugin) -> None:
    plugin("plugin_names", migrations__0001_notes=TABLE, views__tenant_names=VIEW)
    assert migrated(database_url)[0].problem is None
    with psycopg.connect(database_url) as conn:
        conn.execute("select aias.create_tenant('acme'), aias.create_tenant('zoo')")
    query = "select slug from plugin_names.tenant_names order by slug"
    assert rows(database_url, query, role="aias_analyst") == rows(
        database_url, "select slug from aias.tenants order by slug", role="aias_analyst"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(database_url, query, role="aias_app", tenant="acme")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(database_url, "delete from plugin_names.notes returning 1", role="aias_analyst")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"migrations__0001_bad": "create table t (id uuid); select 1 / 0;"}, "division by zero"),
        ({"migrations__0001_bad": "create table aias_private.mine (id uuid);"}, "lies outside of the schema"),
        ({"migrations__0001_bad": "alter table aias_private.tenants add column mine text;"}, "lies outside"),
        ({"migrations__0001_bad": "create schema elsewhere;"}, "lies outside"),
        ({"migrations__bad": "select 1;"}, "is misnamed"),
        ({"views__one": "create view other as select 1 as x;"}, "does not make the view"),
        ({"views__one": "-- requires: none\ncreate view one as select 1 as x;"}, "requires none.sql"),
    ],
)
def test_a_broken_one_is_undone_told_and_stops_neither_us_nor_others(
    database_url: str, plugin: Plugin, files: dict[str, str], reason: str
) -> None:
    plugin("plugin_bad", **files)
    plugin("plugin_good", views__tenant_names=VIEW)
    with psycopg.connect(database_url) as conn:
        conn.execute("drop view aias.plugin_rules")  # ours is behind, and comes up
    applied, (bad, good) = migrate_all(database_url)
    assert applied.objects
    assert reason in (bad.problem or "")
    assert (good.problem, good.applied) == (None, ("tenant_names.sql",))
    strays = "select from pg_class where relname in ('t', 'mine', 'other', 'one') and relkind in ('r', 'v')"
    assert rows(database_url, strays) == []
    ((_, problem),) = rows(database_url, "select * from aias_private.check_plugins()")
    assert "its schema plugin_bad is not up to date" in problem
    assert told(database_url)


def test_views_of_plugins_do_not_hold_up_a_change_of_the_views_that_they_stand_on(
    database_url: str, plugin: Plugin
) -> None:
    plugin("plugin_names", views__tenant_names=VIEW, views__long_names=OVER)
    assert migrated(database_url)[0].problem is None
    with psycopg.connect(database_url) as conn:
        # ours has changed: the next run makes it again
        conn.execute("update aias_private.migrations set checksum = 'old' where name = 'tenants/tenants.sql'")
    applied, (made,) = migrate_all(database_url)
    assert "tenants/tenants.sql" in applied.objects
    assert made.applied == ("tenant_names.sql", "long_names.sql")
    assert told(database_url) == []
