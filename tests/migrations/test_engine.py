"""procrastinate's own schema: installed where it is missing, taken over where it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from aias.db import Sources, migrate, read_catalog, read_sources, status
from aias.errors import DatabaseError

MIGRATIONS = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


@pytest.fixture
def engine_only(tmp_path: Path) -> Sources:
    """The engine, and no file of ours."""
    return read_sources(tmp_path)


def install_up_to(url: str, level: str) -> None:
    """Bring the engine's schema to a level with procrastinate's own migrations, as its documentation says."""
    with psycopg.connect(url, autocommit=True) as conn:
        for path in MIGRATIONS:
            if path.name <= f"{level}~":
                conn.execute(path.read_bytes())


def engine_catalog(url: str) -> dict[tuple[str, str], str]:
    with psycopg.connect(url, autocommit=True) as conn:
        return {
            key: row.definition
            for key, row in read_catalog(conn).items()
            if row.belongs_to.startswith("public.") and row.kind != "privilege"
        }


def test_an_empty_database_gets_the_schema_with_all_its_migrations_recorded(
    empty_database_url: str, engine_only: Sources
) -> None:
    migrate(empty_database_url, sources=engine_only)
    rows = status(empty_database_url, sources=engine_only)
    assert [row.name for row in rows] == [path.name for path in MIGRATIONS]
    assert {row.state for row in rows} == {"applied"}


@pytest.mark.parametrize(
    "level",
    ["03.00.00_50", "03.01.00_01", "03.01.00_50", "03.02.00_01", "03.02.00_50", "03.03.00_01", "03.04.00_01", "99"],
)
def test_an_older_schema_gets_what_it_lacks_and_keeps_its_jobs(
    level: str, empty_database_url: str, engine_only: Sources
) -> None:
    install_up_to(empty_database_url, level)
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute("insert into procrastinate_jobs (queue_name, task_name) values ('default', 'kept')")
    migrate(empty_database_url, sources=engine_only)
    assert {row.state for row in status(empty_database_url, sources=engine_only)} == {"applied"}
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        assert conn.execute("select task_name from procrastinate_jobs").fetchall() == [("kept",)]
        row: Any = conn.execute("select (procrastinate_fetch_job_v2(null, null)).task_name").fetchone()
        assert row == ("kept",)


def test_whichever_way_it_comes_up_the_functions_and_indexes_are_the_same(
    empty_database_url: str, engine_only: Sources
) -> None:
    install_up_to(empty_database_url, "03.01.00_50")
    migrate(empty_database_url, sources=engine_only)
    upgraded = engine_catalog(empty_database_url)
    expected = {name for kind, name in upgraded if kind in {"function", "index", "trigger"} and "procrastinate" in name}
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute("drop schema public cascade; create schema public; drop schema aias_private cascade")
    migrate(empty_database_url, sources=engine_only)
    fresh = engine_catalog(empty_database_url)
    assert {name for kind, name in fresh if kind in {"function", "index", "trigger"}} == expected


def test_a_schema_from_before_3_0_is_refused_with_what_to_do(empty_database_url: str, engine_only: Sources) -> None:
    install_up_to(empty_database_url, "02.14.01_01")
    with pytest.raises(DatabaseError, match=r"before 3\.0: apply procrastinate's own migrations"):
        migrate(empty_database_url, sources=engine_only)
