"""The daily figures are what the facts come to: whatever is committed late, killed on its way, or run twice."""

from __future__ import annotations

import asyncio
from datetime import date

import psycopg
import pytest

from aias.analytics import roll_up_activity
from aias.db import Pool
from tests.analytics.conftest import NOON, House

DAY = NOON.date()

_FACTS = """
select day, sum(started)::bigint as started, sum(succeeded)::bigint as succeeded, sum(failed)::bigint as failed
from (
    select (created_at at time zone 'UTC')::date as day, 1 as started, 0 as succeeded, 0 as failed from aias.executions
    union all
    select (finished_at at time zone 'UTC')::date, 0, (status = 'succeeded')::integer, (status = 'failed')::integer
    from aias.executions where finished_at is not null
) as f
group by day order by day
"""
_FIGURES = """
select day, sum(started_count)::bigint as started, sum(succeeded_count)::bigint as succeeded,
    sum(failed_count)::bigint as failed
from aias.execution_volume_daily group by day order by day
"""


async def test_executions_count_on_the_day_of_their_call_and_of_their_end(house: House) -> None:
    await house.tenant("acme")
    await house.apply("acme")
    await house.run("acme")
    unfinished = await house.run("acme", status=None)
    failed = await house.run("acme", status="failed")
    await house.roll_up()
    await house.roll_up()
    assert await house.rows(_FIGURES) == [{"day": DAY, "started": 3, "succeeded": 1, "failed": 1}]

    await house.later(days=1)
    await house.finish(unfinished)
    await house.value("select aias.retry_execution(%s)", failed)
    await house.later(minutes=1)
    await house.finish(failed)
    await house.roll_up()
    tomorrow = date(2040, 3, 11)
    assert (await house.rows(_FIGURES))[1] == {"day": tomorrow, "started": 0, "succeeded": 2, "failed": 0}
    (row,) = await house.rows("select * from aias.execution_volume_daily where day = %s", tomorrow)
    assert (row["tenant"], row["plan"], row["workflow"]) == ("acme", "pro", "flow")
    assert row["step_count"] == 2
    # the one that failed ran from yesterday on; the other was taken only now
    assert row["run_time"].total_seconds() == 86460


async def test_what_is_committed_late_is_not_lost_and_counts_once(house: House, database_url: str) -> None:
    await house.tenant("acme")
    await house.apply("acme")
    await house.settle()
    async with await psycopg.AsyncConnection.connect(database_url) as late:
        await late.execute("select aias.run_workflow('acme', 'flow')")
        for _ in range(3):
            await house.run("acme")
            await house.roll_up()
        assert sum(row["started"] for row in await house.rows(_FIGURES)) == 3
        await late.commit()
    for _ in range(3):
        await house.roll_up()
        assert await house.rows(_FIGURES) == await house.rows(_FACTS)
    assert await house.value("select count(*) from aias_private.execution_days where is_open") == 0


async def test_figures_are_exact_while_many_write_and_many_sum_up(house: House, pool: Pool) -> None:
    await house.tenant("acme")
    for name in ("flow", "other"):
        await house.apply("acme", name)
    # as the five seconds: what begins just now is not known to the server at once
    await house.settle(after="1 second")
    written = asyncio.Event()

    async def write(number: int) -> None:
        for turn in range(8):
            async with pool.connection() as conn, conn.transaction(force_rollback=turn == 5):
                await conn.execute("select aias.run_workflow('acme', %s)", ("flow" if turn % 2 else "other",))
                await asyncio.sleep(0.002 * ((number + turn) % 5))
                await conn.execute(
                    "select aias.cancel_execution(id, 'enough') from aias.executions"
                    " where status = 'queued' order by id limit 1"
                )
            # longer in all than that second: the first of it is settled while the last of it is written
            await asyncio.sleep(0.3)

    async def sum_up() -> None:
        while not written.is_set():
            async with pool.connection() as conn:
                await roll_up_activity(conn)

    runs = [asyncio.create_task(sum_up()) for _ in range(2)]
    await asyncio.gather(*(write(number) for number in range(6)))
    written.set()
    await asyncio.gather(*runs)
    await house.roll_up()
    assert await house.rows(_FIGURES) == await house.rows(_FACTS)
    async with asyncio.timeout(20):
        while await house.value("select exists (select from aias_private.execution_days where is_open)"):
            await house.roll_up()
            await asyncio.sleep(0.1)
    assert await house.rows(_FIGURES) == await house.rows(_FACTS)
    assert await house.value("select sum(cancelled_count) from aias.execution_volume_daily") == await house.value(
        "select count(*) from aias.executions where status = 'cancelled'"
    )


async def test_a_run_that_is_killed_has_done_nothing_and_the_next_does_it(house: House, database_url: str) -> None:
    await house.tenant("acme")
    await house.apply("acme")
    await house.settle()
    for _ in range(5):
        await house.run("acme")
        async with (
            await psycopg.AsyncConnection.connect(database_url) as holder,
            await psycopg.AsyncConnection.connect(database_url) as victim,
        ):
            # it has summed up the executions, and comes to stand before the plans
            await holder.execute("lock table aias_private.plan_changes in access exclusive mode")
            run = asyncio.create_task(roll_up_activity(victim))
            pid = victim.info.backend_pid
            await house.until_blocked(pid)
            await house.value("select pg_terminate_backend(%s)", pid)
            with pytest.raises(psycopg.OperationalError):
                await run
    await house.roll_up()
    assert await house.rows(_FIGURES) == await house.rows(_FACTS)


async def test_a_run_leaves_the_work_to_one_that_is_at_it(house: House, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("select from aias_private.refreshes where name = 'activity' for update")
        assert await roll_up_activity(house.conn) is False
        assert await house.value("select as_of from aias.freshness where name = 'activity'") is None


async def test_a_run_reads_what_is_new_and_not_what_is_stored(house: House) -> None:
    await house.tenant("acme")
    await house.apply("acme")
    await house.settle()
    await house.rows("select aias.run_workflow('acme', 'flow') from generate_series(1, 2000)")
    await house.rows("select aias.cancel_execution(id, 'enough') from (select id from aias.executions limit 1000) as e")
    await house.roll_up()
    await house.roll_up()
    await house.conn.execute("analyze")
    async with house.conn.transaction(force_rollback=True):
        await house.run("acme")
        before = await _rows_read(house)
        await house.roll_up()
        after = await _rows_read(house)
    assert {name: after[name] - before[name] for name in ("executions", "audit_log", "steps")} == {
        "executions": pytest.approx(3, abs=5),
        "audit_log": pytest.approx(3, abs=10),
        "steps": pytest.approx(1, abs=5),
    }


async def _rows_read(house: House) -> dict[str, int]:
    """What this transaction has read of each table so far, its partitions together."""
    rows = await house.rows(
        "select regexp_replace(relname, '_([0-9]{4}_[0-9]{2}|default)$', '') as name,"
        " sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer as read"
        " from pg_stat_xact_user_tables where schemaname = 'aias_private' group by 1"
    )
    return {row["name"]: row["read"] for row in rows}


async def test_a_database_with_a_past_is_worked_off_a_day_at_a_time(house: House) -> None:
    await house.tenant("acme")
    await house.apply("acme")
    await house.run("acme")
    await house.conn.execute("update aias_private.refreshes set settled_until = settled_until - interval '3 days'")
    turns = 0
    while await roll_up_activity(house.conn):
        turns += 1
        assert await house.rows(_FIGURES) == []
    assert turns == 3
    assert await house.rows(_FIGURES) == await house.rows(_FACTS)


async def test_calls_of_upstreams_are_summed_up_by_connection(house: House) -> None:
    tenant = await house.tenant("acme")
    await house.connect("acme")
    integration = await house.value("select id from aias.integrations")
    for count, failures in ((3, 1), (2, 0)):
        await house.rows(
            "select aias_private.count_upstream_calls(%s)",
            [
                {
                    "tenant": str(tenant),
                    "integration": str(integration),
                    "operation": "orders",
                    "status_class": "2xx",
                    "count": count,
                    "failures": failures,
                    "total_ms": 100.0,
                    "max_ms": 60.0 + count,
                }
            ],
        )
        await house.roll_up()
    (row,) = await house.rows("select * from aias.integration_usage_daily")
    assert (row["day"], row["kind"], row["connection"]) == (DAY, "shopify", "main")
    assert (row["call_count"], row["failure_count"], row["failure_ratio"]) == (5, 1, 0.2)
    assert (row["mean_ms"], row["max_ms"]) == (40.0, 63.0)
