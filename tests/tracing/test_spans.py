"""What is noted of requests, jobs, attempts and calls: bounded, written once, never lost without a word."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import UUID

import psycopg
import structlog

from aias.db import Pool
from aias.tracing import Span, flush_spans, new_context, note


def span(number: int = 0, **other: Any) -> Span:
    now = time.monotonic()
    given: dict[str, Any] = {"context": new_context(), "name": f"call {number}", **other}
    return Span(kind="call", parent_span_id=None, began_at=now - 2, ended_at=now - 1, status="succeeded", **given)


async def stored(conn: psycopg.AsyncConnection[Any]) -> int:
    (count,) = await (await conn.execute("select count(*) from aias_private.trace_spans")).fetchone() or (0,)
    return count


async def test_a_database_that_refuses_costs_spans_and_nothing_else(
    pool: Pool, conn: psycopg.AsyncConnection[Any]
) -> None:
    await conn.execute("alter function aias_private.note_spans rename to away")
    with structlog.testing.capture_logs() as logs:
        for number in range(6000):
            note(pool, span(number))
        await flush_spans()
        await conn.execute("alter function aias_private.away rename to note_spans")
        await flush_spans()
    told = {entry["event"]: entry["spans"] for entry in logs if "spans" in entry}
    assert told["spans were not noted: too many at once"] == 1000, "5,000 are kept"
    assert sum(entry["spans"] for entry in logs if entry["event"] == "spans are dropped") == 5000
    note(pool, span())
    await flush_spans()
    assert await stored(conn) == 1, "it goes on when the database does"


async def test_what_is_noted_is_written_in_batches_with_the_databases_times(
    pool: Pool, conn: psycopg.AsyncConnection[Any]
) -> None:
    for number in range(2500):
        note(pool, span(number))
    await flush_spans()
    assert await stored(conn) == 2500
    query = "select max(abs(extract(epoch from finished_at - started_at) - 1)), max(now() - started_at) < '1 min'"
    (off, is_now) = await (await conn.execute(f"{query} from aias.traces")).fetchone() or (1, False)
    assert off < 0.001
    assert is_now


def test_a_batch_that_is_sent_again_adds_nothing(tx: psycopg.Connection[Any]) -> None:
    given = json.dumps([span(1).to_json(time.monotonic()), span(2, tenant_id=UUID(int=7)).to_json(time.monotonic())])
    for _ in range(2):
        tx.execute("select aias_private.note_spans(%s::jsonb)", (given,))
    rows = tx.execute("select tenant_id, name from aias_private.trace_spans order by name").fetchall()
    assert rows == [(UUID(int=0), "call 1"), (UUID(int=7), "call 2")]
