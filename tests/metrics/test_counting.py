"""Executions, steps and waits in the rollups: equal to their tables, whoever commits late and whoever is killed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest
from procrastinate import JobContext

from aias.db import Pool
from aias.metrics import percentiles
from aias.metrics.queries import count_executions
from aias.metrics.tasks import roll_up_metrics
from aias.tenants import create_tenant
from aias.workflows import apply_workflow, run_workflow

Connection = psycopg.AsyncConnection[Any]

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
GREET = {
    "name": "greet",
    "input": {"type": "object"},
    "steps": [{"id": "greeting", "action": "transform", "input": {"text": "Hello"}}],
}


@pytest.fixture
async def workflow(conn: Connection) -> None:
    await create_tenant(conn, slug="acme", plan="pro")
    await apply_workflow(conn, "acme", GREET)


async def started(conn: Connection, at: datetime, *, waited: float = 1.0) -> UUID:
    """An execution that a worker took at a time."""
    execution = await run_workflow(conn, "acme", "greet", {})
    await conn.execute(
        "update aias_private.executions set created_at = %s, started_at = %s where id = %s",
        (at - timedelta(seconds=waited), at, execution),
    )
    return execution


async def ended(conn: Connection, at: datetime, *, seconds: float = 2.0, status: str = "succeeded") -> UUID:
    """An execution with one step that ended at a time: what the engine leaves behind."""
    execution = await started(conn, at - timedelta(seconds=seconds))
    error = '{"type": "E", "message": "m"}' if status == "failed" else None
    await conn.execute(
        "update aias_private.executions set status = %s, error = %s, job_id = null, finished_at = %s where id = %s",
        (status, error, at, execution),
    )
    await conn.execute(
        "insert into aias_private.steps (tenant_id, execution_id, id, action, status, error, execution_attempt,"
        " started_at, finished_at) select tenant_id, id, 'greeting', 'transform', %s, %s, 1, started_at, finished_at"
        " from aias_private.executions where id = %s",
        (status, error, execution),
    )
    return execution


async def count(conn: Connection) -> None:
    async with asyncio.timeout(30):
        while not await count_executions(conn):
            pass


async def assert_equal_to_the_tables(conn: Connection) -> int:
    """Compare each tier of the rollups with the tables, per period and key; gives how many executions there are."""
    for tier, unit in (("minutes", "minute"), ("hours", "hour"), ("days", "day")):
        cursor = await conn.execute(
            f"""
            with told as (
                select at, metric, key, observation_count, failure_count, refusal_count,
                    (select sum(n) from unnest(counts) as c(n)) as histogram_count
                from aias_private.metric_{tier} where metric in ('executions', 'steps', 'queue_wait')
            ),
            found as (
                select date_trunc('{unit}', finished_at, 'UTC'), 'executions', workflow, count(*),
                    count(*) filter (where status = 'failed'), count(*) filter (where status = 'cancelled'), count(*)
                from aias.executions where finished_at is not null and started_at is not null group by 1, 2, 3
                union all
                select date_trunc('{unit}', e.finished_at, 'UTC'), 'steps', s.action, count(*),
                    count(*) filter (where s.status = 'failed'), count(*) filter (where s.status = 'cancelled'),
                    count(*)
                from aias.execution_steps as s join aias.executions as e on e.id = s.execution_id
                where e.finished_at is not null and e.started_at is not null group by 1, 2, 3
                union all
                select date_trunc('{unit}', started_at, 'UTC'), 'queue_wait', lane, count(*), 0, 0, count(*)
                from aias.executions where started_at is not null group by 1, 2, 3
            )
            select 'told', * from (table told except table found) as x
            union all
            select 'found', * from (table found except table told) as y
            """.encode()
        )
        assert await cursor.fetchall() == [], tier
    cursor = await conn.execute("select count(*) from aias.executions where finished_at is not null")
    ((number,),) = await cursor.fetchall()
    return number


async def test_the_counts_equal_executions_and_steps(
    conn: Connection, workflow: None, set_clock: Callable[..., Any]
) -> None:
    for hours in (30, 3, 0):
        for minutes in (0, 1, 50):
            await ended(conn, NOON - timedelta(hours=hours, minutes=minutes), seconds=2 + minutes)
    await ended(conn, NOON, status="failed")
    await started(conn, NOON, waited=7.0)
    await set_clock(conn, NOON)
    await count(conn)
    assert await assert_equal_to_the_tables(conn) == 10
    await count(conn)
    assert await assert_equal_to_the_tables(conn) == 10
    (row,) = await percentiles(conn, "executions", since=NOON - timedelta(hours=1), by="workflow")
    assert (row.key, row.count) == ("greet", 4)
    assert row.p50 == pytest.approx(2.5, rel=0.01), "between 2 and 3 seconds"
    (row,) = await percentiles(conn, "queue_wait", since=NOON - timedelta(minutes=1), by="lane")
    assert (row.key, row.count) == ("pro", 3)
    cursor = await conn.execute(
        "select sum(execution_count)::int, sum(failed_count)::int from aias.workflow_durations_hourly"
    )
    assert await cursor.fetchone() == (10, 1)


async def test_what_commits_late_is_not_lost_however_late(
    conn: Connection, workflow: None, database_url: str, set_clock: Callable[..., Any]
) -> None:
    await set_clock(conn, NOON)
    await count(conn)
    async with await psycopg.AsyncConnection.connect(database_url) as late:
        await ended(late, NOON)
        for minutes in (5, 20, 90):
            await set_clock(conn, NOON + timedelta(minutes=minutes))
            await ended(conn, NOON + timedelta(minutes=minutes))
            await count(conn)
        assert await assert_equal_to_the_tables(conn) == 3
        await late.commit()
    await set_clock(conn, NOON + timedelta(minutes=95))
    await count(conn)
    assert await assert_equal_to_the_tables(conn) == 4


async def test_an_execution_that_runs_again_is_taken_away_and_counted_when_it_ends(
    conn: Connection, workflow: None, set_clock: Callable[..., Any]
) -> None:
    await set_clock(conn, NOON)
    execution = await ended(conn, NOON, status="failed")
    await count(conn)
    await conn.execute("select aias.retry_execution(%s)", (execution,))
    await count(conn)
    assert await assert_equal_to_the_tables(conn) == 0
    cursor = await conn.execute("select from aias_private.metric_minutes where metric = 'executions'")
    assert await cursor.fetchall() == []
    await conn.execute(
        "update aias_private.executions set status = 'succeeded', job_id = null, finished_at = %s where id = %s",
        (NOON, execution),
    )
    await count(conn)
    assert await assert_equal_to_the_tables(conn) == 1
    # it ended twice, and counters for Prometheus never fall
    cursor = await conn.execute(
        "select observation_count, failure_count, (select sum(n) from unnest(counts) as c(n))"
        " from aias_private.metric_totals where metric = 'executions'"
    )
    assert await cursor.fetchone() == (2, 1, 2)


async def test_a_count_that_is_killed_has_changed_nothing_and_the_next_one_does_it_all(
    conn: Connection, workflow: None, database_url: str, set_clock: Callable[..., Any]
) -> None:
    await set_clock(conn, NOON)
    for minutes in range(3):
        await ended(conn, NOON - timedelta(minutes=minutes))
    async with await psycopg.AsyncConnection.connect(database_url) as killed:
        assert await count_executions(killed)
        # while it has not committed, nobody else counts, and nobody waits
        assert await count_executions(conn)
        await conn.execute("select pg_terminate_backend(%s)", (killed.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            await killed.execute("select 1")
    await count(conn)
    assert await assert_equal_to_the_tables(conn) == 3


async def test_counts_are_exact_while_others_commit_in_any_order(
    conn: Connection, workflow: None, pool: Pool, set_clock: Callable[..., Any]
) -> None:
    await set_clock(conn, NOON)
    rng = random.Random(3)  # the same every time
    is_over = asyncio.Event()

    async def finish() -> None:
        for _ in range(4):
            async with pool.connection() as own, own.transaction():
                # what it writes bears a time of before others' commits and counts
                await ended(own, NOON - timedelta(seconds=rng.randrange(50)))
                await asyncio.sleep(rng.random() / 50)

    async def keep_counting() -> None:
        while not is_over.is_set():
            async with pool.connection() as own:
                await count_executions(own)

    async with asyncio.timeout(60):
        counting = asyncio.create_task(keep_counting())
        await asyncio.gather(*(finish() for _ in range(6)))
        is_over.set()
        await counting
    await count(conn)
    assert await assert_equal_to_the_tables(conn) == 24


async def test_the_task_rolls_up_everything(
    conn: Connection, workflow: None, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aias.metrics.tasks.pool_of", lambda _context: pool)
    await ended(conn, datetime.now(UTC))
    await conn.execute(
        "select aias_private.add_observations("
        """'[{"metric": "requests", "key": "GET /", "count": 1, "total": 0.5, "buckets": [-34], "counts": [1]}]')"""
    )
    await roll_up_metrics(cast("JobContext", None))
    assert await assert_equal_to_the_tables(conn) == 1
    cursor = await conn.execute("select metric, observation_count from aias_private.metric_totals order by 1")
    assert await cursor.fetchall() == [("executions", 1), ("queue_wait", 1), ("requests", 1), ("steps", 1)]
