"""What holds for every object of the schema, asked from PostgreSQL's own catalog."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
FILES = {path.stem: path for path in (ROOT / "sql").rglob("*.sql")}

Tx = psycopg.Connection[Any]


def names(tx: Tx, query: LiteralString) -> list[str]:
    return [row[0] for row in tx.execute(query).fetchall()]


def statements(path: Path) -> str:
    """The file's SQL without its comments."""
    return re.sub(r"--[^\n]*", "", path.read_text())


def test_schema_aias_holds_functions_and_views_only(tx: Tx) -> None:
    found = names(
        tx,
        "select relname from pg_class where relnamespace = 'aias'::regnamespace"
        " and relkind not in ('v', 'm', 'i') order by 1",
    )
    assert found == []


def test_every_function_and_view_in_aias_has_a_file_of_its_name(tx: Tx) -> None:
    found = names(
        tx,
        """
        select proname from pg_proc where pronamespace = 'aias'::regnamespace
        union
        select relname from pg_class where relnamespace = 'aias'::regnamespace and relkind in ('v', 'm')
        order by 1
        """,
    )
    assert found
    assert [name for name in found if name not in FILES] == []


@pytest.mark.parametrize("path", sorted(FILES.values()), ids=lambda path: path.stem)
def test_every_file_in_sql_begins_with_the_object_that_it_is_named_after(path: Path) -> None:
    header = re.match(r"-- (aias|aias_private|aias_archive)\.(\w+): \S", path.read_text())
    assert header is not None, "the first line must be `-- schema.name: what it is`"
    assert header[2] == path.stem


def test_every_object_in_aias_has_a_comment_for_users(tx: Tx) -> None:
    found = names(
        tx,
        """
        select p.oid::regprocedure::text from pg_proc as p
        where p.pronamespace = 'aias'::regnamespace and obj_description(p.oid, 'pg_proc') is null
        union
        select c.oid::regclass::text from pg_class as c
        where c.relnamespace = 'aias'::regnamespace and c.relkind in ('v', 'm')
            and obj_description(c.oid, 'pg_class') is null
        union
        select c.oid::regclass::text || '.' || a.attname
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'aias'::regnamespace and c.relkind in ('v', 'm')
            and col_description(c.oid, a.attnum) is null
        order by 1
        """,
    )
    assert found == []


def test_every_table_and_function_in_aias_private_has_a_comment(tx: Tx) -> None:
    found = names(
        tx,
        """
        select p.oid::regprocedure::text from pg_proc as p
        where p.pronamespace = 'aias_private'::regnamespace and obj_description(p.oid, 'pg_proc') is null
        union
        select c.oid::regclass::text from pg_class as c
        where c.relnamespace = 'aias_private'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
            and not c.relispartition and obj_description(c.oid, 'pg_class') is null
        order by 1
        """,
    )
    assert found == []


def test_no_function_is_overloaded(tx: Tx) -> None:
    found = names(
        tx,
        """
        select pronamespace::regnamespace || '.' || proname from pg_proc
        where pronamespace in ('aias'::regnamespace, 'aias_private'::regnamespace)
        group by pronamespace, proname having count(*) > 1
        """,
    )
    assert found == []


def test_every_function_pins_its_search_path(tx: Tx) -> None:
    rows = tx.execute(
        """
        select proname, coalesce(
            (
                select regexp_replace(setting, '["\\s]', '', 'g') from unnest(proconfig) as setting
                where setting like 'search_path=%'
            ), 'not pinned'
        )
        from pg_proc where pronamespace in ('aias'::regnamespace, 'aias_private'::regnamespace)
        """
    ).fetchall()
    wrong = {
        name: path
        for name, path in rows
        if path
        not in (
            # the engine's triggers use unqualified names, so what touches its tables must find them
            {"search_path=public,pg_temp", "search_path=pg_catalog,pg_temp"}
            if name in FILES and FILES[name].parent.name == "jobs"
            else {"search_path=pg_catalog,pg_temp"}
        )
    }
    assert wrong == {}


def test_public_may_do_nothing_in_our_schemas(tx: Tx) -> None:
    found = names(
        tx,
        """
        select 'execute ' || p.oid::regprocedure::text from pg_proc as p
        cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as g
        where p.pronamespace::regnamespace::text in ('aias', 'aias_private', 'aias_archive') and g.grantee = 0
        union
        select lower(g.privilege_type) || ' ' || c.oid::regclass::text from pg_class as c
        cross join aclexplode(c.relacl) as g
        where c.relnamespace::regnamespace::text in ('aias', 'aias_private', 'aias_archive') and g.grantee = 0
        union
        select lower(g.privilege_type) || ' schema ' || n.nspname from pg_namespace as n
        cross join aclexplode(n.nspacl) as g
        where n.nspname in ('aias', 'aias_private', 'aias_archive') and g.grantee = 0
        order by 1
        """,
    )
    assert found == []


def test_every_foreign_key_has_an_index_that_starts_with_its_columns(tx: Tx) -> None:
    found = names(
        tx,
        """
        select c.conrelid::regclass || '.' || c.conname
        from pg_constraint as c
        where c.contype = 'f' and c.conparentid = 0
            and c.connamespace in ('aias_private'::regnamespace, 'aias_archive'::regnamespace)
            and not exists (
                select from pg_index as i
                where i.indrelid = c.conrelid and i.indisvalid
                    and (i.indkey::smallint[])[0:cardinality(c.conkey) - 1] @> c.conkey
                    and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%IS NOT NULL%')
            )
        order by 1
        """,
    )
    assert found == []


def test_every_key_of_a_tenants_table_starts_with_the_tenant(tx: Tx) -> None:
    found = names(
        tx,
        """
        select c.conrelid::regclass || '.' || c.conname
        from pg_constraint as c
        join pg_attribute as a on a.attrelid = c.conrelid and a.attname = 'tenant_id'
        where c.contype in ('p', 'u') and c.conparentid = 0 and c.conkey[1] <> a.attnum
            and c.connamespace = 'aias_private'::regnamespace
            -- a role belongs to one tenant, and which one is what this table is asked
            and c.conrelid <> 'aias_private.tenant_roles'::regclass
        order by 1
        """,
    )
    assert found == []


def test_every_materialized_view_has_a_unique_index(tx: Tx) -> None:
    found = names(
        tx,
        """
        select c.oid::regclass::text from pg_class as c
        where c.relkind = 'm' and c.relnamespace::regnamespace::text in ('aias', 'aias_private')
            and not exists (
                select from pg_index as i where i.indrelid = c.oid and i.indisunique and i.indpred is null
            )
        """,
    )
    assert found == []


def test_only_the_jobs_domain_names_the_engines_objects() -> None:
    outside = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "sql").rglob("*.sql"))
        if path.parent.name != "jobs" and "procrastinate_" in statements(path)
    ]
    assert outside == []


def test_time_comes_from_the_one_clock() -> None:
    clock = re.compile(
        r"(?<![\w.])(?:pg_catalog\.)?(?:now|transaction_timestamp|statement_timestamp)\(\)|current_timestamp"
    )
    wrong = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "sql").rglob("*.sql"))
        for line in statements(path).splitlines()
        # a heartbeat says that a process is alive, and processes live in real time
        if clock.search(line) and "heartbeat" not in line
    ]
    assert wrong == []
