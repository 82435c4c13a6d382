"""Locks (F6): of one lock one job runs at a time, in order; a job of the future is not in the way."""

from __future__ import annotations

import asyncio

import psycopg
from psycopg.rows import scalar_row

from tests.jobs.engine import Engine


async def test_a_future_job_blocks_the_lock_in_the_plain_engine(plain: Engine) -> None:
    plain.insert("mark", lock="one", scheduled_at="2100-01-01")
    ready = plain.insert("mark", lock="one")
    async with plain.worker():
        assert await plain.never(lambda: plain.count("ran", ready), 1.5)


async def test_a_future_job_does_not_block_ready_jobs_of_its_lock(guarded: Engine) -> None:
    guarded.insert("mark", lock="one", scheduled_at="2100-01-01")
    ready = guarded.insert("mark", lock="one")
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("ran", ready), 3)


async def test_a_retry_in_an_hour_does_not_hold_the_lock_meanwhile(guarded: Engine) -> None:
    failing = guarded.insert("fail_for_an_hour", lock="one")
    behind = guarded.insert("mark", lock="one")
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("ran", behind), 3)
    assert guarded.events() == ["start", "ran"]
    assert guarded.value("select status from aias.jobs where id = %s", failing) == "scheduled"


async def test_jobs_of_one_lock_run_one_at_a_time_in_order(guarded: Engine) -> None:
    jobs = [guarded.insert("nap", '{"seconds": 0.05}', lock="one") for _ in range(6)]
    urgent = guarded.insert("nap", '{"seconds": 0.05}', lock="one", priority=5)
    async with guarded.worker(), guarded.worker():
        await guarded.until(lambda: guarded.count("end") == 7)
    assert guarded.events() == ["start", "end"] * 7
    order = [row["job_id"] for row in guarded.rows("select job_id from journal where event = 'start' order by id")]
    assert order == [urgent, *jobs]


async def test_a_released_lock_wakes_the_next_job_without_a_poll(guarded: Engine) -> None:
    guarded.insert("nap", '{"seconds": 0.3}', lock="one")
    behind = guarded.insert("mark", lock="one")
    async with guarded.worker(fetch_job_polling_interval=60), guarded.worker(fetch_job_polling_interval=60):
        await guarded.until(lambda: guarded.count("ran", behind), 3)


async def test_two_claims_at_once_never_take_two_jobs_of_one_lock(guarded: Engine) -> None:
    """Each round, two connections claim at the same moment; the unique index decides, and the loser looks again."""
    worker = guarded.value("select aias_private.register_worker(null, 'h', 1, null, 2, '0', interval '1 s')")
    for _ in range(25):
        guarded.insert("mark", lock="one")
        guarded.insert("mark", lock="one", priority=1)
        guarded.insert("mark")

        async def claim() -> list[int]:
            async with await psycopg.AsyncConnection.connect(guarded.url, autocommit=True) as conn:
                cursor = conn.cursor(row_factory=scalar_row)
                await cursor.execute("select id from aias_private.claim_jobs(null, %s, 2, true)", (worker,))
                return await cursor.fetchall()

        await asyncio.gather(claim(), claim(), claim())
        running = guarded.rows("select id, lock from procrastinate_jobs where status = 'doing'")
        assert [row["lock"] for row in running].count("one") == 1
        assert len(running) == 2  # and the job without a lock is not held up by the race
        guarded.conn.execute("delete from procrastinate_jobs")
