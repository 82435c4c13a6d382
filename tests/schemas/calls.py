"""One short function per SQL function under test; JSON goes in as text, as any caller may send it."""

from __future__ import annotations

import json
from typing import Any, LiteralString

import psutil
import psycopg

Connection = psycopg.Connection[Any]
Problems = list[tuple[str, str]]

# Seconds of work within which hostile input is answered; the worst takes about half.
PATIENCE = 1.0


def problems(tx: Connection, schema: Any, instance: Any) -> Problems:
    return tx.execute(
        "select path, message from aias_private.json_schema_problems(%s::jsonb, %s::jsonb)",
        [json.dumps(schema), json.dumps(instance)],
    ).fetchall()


def problems_of_each(tx: Connection, schema: Any, instances: list[Any]) -> list[Problems]:
    rows = tx.execute(
        """
        select array(
            select array[p.path, p.message] from aias_private.json_schema_problems(%s::jsonb, i.value) as p
        )
        from jsonb_array_elements(%s::jsonb) with ordinality as i (value, place)
        order by i.place
        """,
        [json.dumps(schema), json.dumps(instances)],
    )
    return [[(path, message) for path, message in found] for (found,) in rows]


def refusals(tx: Connection, schema: Any) -> Problems:
    return tx.execute(
        "select path, message from aias_private.json_schema_refusals(%s::jsonb)", [json.dumps(schema)]
    ).fetchall()


def input_problems(tx: Connection, text: str | None, *, max_bytes: int = 1_000_000, max_depth: int = 64) -> Problems:
    return tx.execute(
        "select path, message from aias_private.json_input_problems(%s::jsonb, %s, %s)", [text, max_bytes, max_depth]
    ).fetchall()


def is_safe_args(tx: Connection, text: str | None) -> bool:
    row = tx.execute("select aias_private.is_safe_args(%s::jsonb)", [text]).fetchone()
    assert row is not None
    return row[0]


def pattern_refusal(tx: Connection, pattern: str) -> str | None:
    row = tx.execute("select aias_private.json_pattern_refusal(%s)", [pattern]).fetchone()
    assert row is not None
    return row[0]


def pattern_matches(tx: Connection, pattern: str, text: str) -> bool:
    row = tx.execute("select aias_private.json_pattern_matches(%s, %s)", [pattern, text]).fetchone()
    assert row is not None
    return row[0]


def work(tx: Connection, query: LiteralString, parameters: list[Any] | None = None) -> tuple[float, Problems]:
    """Run a query; seconds that its server process worked for it (waiting for a busy machine aside), and rows."""
    server = psutil.Process(tx.info.backend_pid)
    before = server.cpu_times()
    rows = tx.execute(query, parameters or []).fetchall()
    after = server.cpu_times()
    return after.user + after.system - before.user - before.system, rows
