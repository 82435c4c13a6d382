"""``tests/snapshots/schema.sql`` is what the files make of a database; ``bin/dump-schema`` writes it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias.db import CatalogObject, Sources, migrate, read_catalog, read_sources, render
from tests.catalog.test_view_contract import CONTRACT, broken_promises, read_views

SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "schema.sql"
MAJOR = 18

HEADER = f"""\
-- What the files make of a database, object by object. Written by bin/dump-schema on PostgreSQL {MAJOR}.
-- Functions without their bodies: those stand in sql/. Of the engine's objects only what differs from procrastinate's
-- own schema.

"""


def _without_body(row: CatalogObject) -> CatalogObject:
    if row.kind != "function":
        return row
    return dataclasses.replace(row, definition=row.definition.split("\nAS $", 1)[0] + ";")


def test_the_snapshot_is_what_the_files_make(
    empty_database_url: str, database_url: str, pytestconfig: pytest.Config
) -> None:
    sources = read_sources()
    with psycopg.connect(database_url, autocommit=True) as conn:
        if conn.info.server_version // 10000 != MAJOR:
            pytest.skip(f"the snapshot is of PostgreSQL {MAJOR}: others print the same objects in other words")
        whole = read_catalog(conn)
    migrate(empty_database_url, sources=Sources(engine_schema=sources.engine_schema, engine=sources.engine))
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        engine = {key: row for key, row in read_catalog(conn).items() if row.belongs_to.startswith("public.")}
    fresh = HEADER + render(_without_body(row) for key, row in whole.items() if engine.get(key) != row)
    if pytestconfig.getoption("--rewrite-schema-snapshot"):
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(fresh)
    assert SNAPSHOT.exists(), "bin/dump-schema makes it"
    assert fresh == SNAPSHOT.read_text(), "the schema has changed: run bin/dump-schema and read the diff"


def test_every_column_of_every_view_is_in_the_contract(
    tx: psycopg.Connection[Any], pytestconfig: pytest.Config
) -> None:
    found = read_views(tx)
    if pytestconfig.getoption("--rewrite-schema-snapshot"):
        assert broken_promises(json.loads(CONTRACT.read_text()), found) == []
        CONTRACT.write_text(json.dumps(found, indent=1) + "\n")
    stored = json.loads(CONTRACT.read_text())
    new = [
        f"{view}.{column}"
        for view, columns in found.items()
        for column in columns
        if column not in stored.get(view, {})
    ]
    assert new == [], "promised from now on: run bin/dump-schema and read the diff"
