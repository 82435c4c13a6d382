"""Ingestion: what comes at the same time shares a commit, is answered after it, and stays within bounds."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest

from aias.db import Pool
from aias.errors import DatabaseError, NotFound, TooManyRequests
from aias.telemetry import GoodEvent, Ingest, Taken, fold_telemetry, track

Connection = psycopg.AsyncConnection[Any]

ENOUGH = 10_000_000


def event(event_id: str | None = None, name: str = "opened", **more: Any) -> GoodEvent:
    given = {"user_id": None, "session_id": None, "occurred_at": None, "properties": "{}"}
    return GoodEvent(event_id=event_id, name=name, correlation_id=None, trace_id=None, **(given | more))


async def make_tenant(conn: Connection, slug: str = "acme", plan: str = "enterprise") -> UUID:
    cursor = await conn.execute("select aias.create_tenant(%s, %s)", (slug, plan))
    (found,) = await cursor.fetchone() or (None,)
    assert isinstance(found, UUID)
    return found


async def count(conn: Connection, query: Any = "select count(*) from aias.telemetry_events") -> Any:
    return (await (await conn.execute(query)).fetchone() or (None,))[0]


async def test_calls_of_a_moment_share_a_commit_and_each_gets_its_own_answer(conn: Connection, pool: Pool) -> None:
    acme, other = await make_tenant(conn), await make_tenant(conn, "other")
    ingest = Ingest(pool.connection, most_waiting=ENOUGH)
    before = await count(conn, "select count(distinct xmin::text) from aias_private.telemetry_events")
    calls = [ingest.take(acme, [event(f"e-{n}"), event("same")]) for n in range(50)]
    calls += [ingest.take(other, [event(f"e-{n}"), event(f"f-{n}"), event(f"e-{n}")]) for n in range(50)]
    answers = await asyncio.gather(*calls)
    assert sorted(one.accepted for one in answers[:50]) == [1] * 49 + [2]
    assert answers[50:] == [Taken(accepted=2, duplicates=1)] * 50
    assert await count(conn) == 51 + 100
    commits = await count(conn, "select count(distinct xmin::text) from aias_private.telemetry_events")
    assert before == 0
    assert commits <= 4


async def test_what_an_event_says_arrives_letter_by_letter(conn: Connection, pool: Pool) -> None:
    acme = await make_tenant(conn)
    text = "tab\t line\n return\r back\\slash \\N \\. ünï 日本 '\""
    ingest = Ingest(pool.connection, most_waiting=ENOUGH)
    given = event(text, text, user_id=text, session_id="\\N", properties='{"k\\t": "a\\nb\\\\"}')
    await ingest.take(acme, [given, event("when", occurred_at="2026-03-01T09:00:00.5+01:00")])
    cursor = await conn.execute(
        "select event_id, name, user_id, session_id, properties from aias.telemetry_events where event_id <> 'when'"
    )
    assert await cursor.fetchone() == (text, text, text, "\\N", {"k\t": "a\nb\\"})
    at = await count(conn, "select occurred_at = '2026-03-01T08:00:00.5Z' from aias.telemetry_events order by id desc")
    assert at is True


async def test_the_same_ids_from_many_sides_at_once_are_stored_once(conn: Connection, pool: Pool) -> None:
    acme = await make_tenant(conn)
    ids = [str(uuid.uuid4()) for _ in range(300)]
    sides = [Ingest(pool.connection, most_waiting=ENOUGH) for _ in range(4)]

    async def by_sql(some: list[str]) -> Taken:
        async with pool.connection() as one:
            done = await track(one, "acme", [{"name": "sql", "event_id": each} for each in some])
            return Taken(accepted=done.accepted, duplicates=done.duplicates)

    works = [
        side.take(acme, [event(each, f"side-{number}") for each in ids[start : start + 200]])
        for number, side in enumerate(sides)
        for start in (100, 0, 50)
    ]
    answers = await asyncio.gather(*works, by_sql(ids[::2]), by_sql(ids[::-1]))
    assert sum(one.accepted for one in answers) == 300
    assert sum(one.accepted + one.duplicates for one in answers) == 12 * 200 + 150 + 300
    assert await count(conn) == await count(conn, "select count(distinct event_id) from aias.telemetry_events") == 300
    async with pool.connection() as one:
        await fold_telemetry(one)
    assert await count(conn, "select sum(event_count)::integer from aias.telemetry_daily") == 300


async def test_a_call_over_the_plans_rate_is_refused_whole_and_counted(conn: Connection, pool: Pool) -> None:
    acme = await make_tenant(conn, plan="free")
    ingest = Ingest(pool.connection, most_waiting=ENOUGH)
    await ingest.take(acme, [event() for _ in range(1_000)], rejected=2)
    with pytest.raises(TooManyRequests) as refused:
        await ingest.take(acme, [event() for _ in range(500)])
    assert refused.value.retry_after == pytest.approx(30, abs=3)
    # what applications track in SQL falls under the same rate
    with pytest.raises(TooManyRequests):
        await track(conn, "acme", [{"name": "n"}] * 500)
    await ingest.write_counts()
    cursor = await conn.execute(
        "select accepted_count, rejected_count, limited_count, shed_count from aias.telemetry_intake_daily"
    )
    assert await cursor.fetchone() == (1_000, 2, 500, 0)
    with pytest.raises(NotFound):
        await ingest.take(uuid.uuid4(), [event()])


async def test_a_slow_database_makes_calls_be_sent_away_and_not_pile_up(conn: Connection, pool: Pool) -> None:
    acme = await make_tenant(conn)
    ingest = Ingest(pool.connection, most_waiting=1_000)
    async with conn.transaction():
        # nobody stores anything meanwhile
        await conn.execute("lock table aias_private.telemetry_keys in access exclusive mode")
        waiting = [asyncio.create_task(ingest.take(acme, [event(f"e-{n}")])) for n in range(200)]
        done, pending = await asyncio.wait(waiting, timeout=0.5)
        assert 10 < len(pending) < 80
        for one in done:
            with pytest.raises(DatabaseError, match="too many events wait"):
                one.result()
    answers = await asyncio.gather(*pending)
    assert answers == [Taken(accepted=1, duplicates=0)] * len(pending)
    assert await count(conn) == len(pending)
    await ingest.write_counts()
    assert await count(conn, "select shed_count from aias.telemetry_intake_daily") == len(done)
    # and it goes on
    assert await ingest.take(acme, [event("later")]) == Taken(accepted=1, duplicates=0)


async def test_counts_that_can_not_be_written_are_kept_for_the_next_time(conn: Connection, pool: Pool) -> None:
    acme = await make_tenant(conn)
    is_away = True

    @asynccontextmanager
    async def lend() -> AsyncIterator[Connection]:
        if is_away:
            raise DatabaseError("the database is away")
        async with pool.connection() as one:
            yield one

    ingest = Ingest(lend, most_waiting=ENOUGH)
    with pytest.raises(DatabaseError):
        await ingest.take(acme, [event("a"), event("b")], rejected=1)
    with pytest.raises(DatabaseError):
        await ingest.write_counts()
    is_away = False
    await ingest.write_counts()
    await ingest.write_counts()
    cursor = await conn.execute("select rejected_count, shed_count from aias.telemetry_intake_daily")
    assert await cursor.fetchone() == (1, 2)
