"""``tests/snapshots/views.json`` is what analysts' queries rely on: columns are appended, never changed.

``bin/dump-schema`` adds what is new (test_snapshot.py holds that it is in), and refuses what would break a query,
unless the view or column is taken out of the file by hand first: that is a decision, and shows in the diff.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

__all__ = ["CONTRACT", "Views", "broken_promises", "read_views"]

CONTRACT = Path(__file__).parents[1] / "snapshots" / "views.json"

Views = dict[str, dict[str, str]]
"""View, column in the view's order, type."""


def read_views(conn: psycopg.Connection[Any]) -> Views:
    views: Views = {}
    for view, column, kind in conn.execute(
        """
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'aias'::regnamespace and c.relkind in ('v', 'm')
        order by c.relname collate "C", a.attnum
        """
    ):
        views.setdefault(view, {})[column] = kind
    return views


def broken_promises(stored: Views, found: Views) -> list[str]:
    """What a query that was written for ``stored`` can no longer rely on."""
    broken: list[str] = []
    for view, columns in stored.items():
        if view not in found:
            broken.append(f"{view}: the view is gone")
            continue
        now = list(found[view].items())
        for place, (column, kind) in enumerate(columns.items()):
            if column not in found[view]:
                broken.append(f"{view}.{column}: the column is gone")
            elif found[view][column] != kind:
                broken.append(f"{view}.{column}: was {kind} and is {found[view][column]}")
            elif now[place][0] != column:
                broken.append(f"{view}.{column}: stood at place {place + 1}, where {now[place][0]} is now")
    return broken


def test_the_views_keep_what_the_stored_contract_promises(tx: psycopg.Connection[Any]) -> None:
    assert broken_promises(json.loads(CONTRACT.read_text()), read_views(tx)) == []


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("name, queue_name", "lanes.base_priority: the column is gone"),
        (
            "name, queue_name, base_priority::bigint, weight, description",
            "lanes.base_priority: was integer and is bigint",
        ),
        (
            "queue_name, name, base_priority, weight, description",
            "lanes.name: stood at place 1, where queue_name is now",
        ),
        (None, "lanes: the view is gone"),
    ],
)
def test_a_change_other_than_by_appending_breaks_the_contract(
    tx: psycopg.Connection[Any], columns: LiteralString | None, told: str
) -> None:
    stored = read_views(tx)
    tx.execute("drop view aias.lanes")
    if columns is not None:
        tx.execute(f"create view aias.lanes as select {columns} from aias_private.lanes")
    assert told in broken_promises(stored, read_views(tx))


def test_an_appended_column_keeps_the_contract(tx: psycopg.Connection[Any]) -> None:
    stored = read_views(tx)
    tx.execute("drop view aias.lanes")
    tx.execute(
        "create view aias.lanes as select name, queue_name, base_priority, weight, description, 1 as more"
        " from aias_private.lanes"
    )
    assert broken_promises(stored, read_views(tx)) == []
