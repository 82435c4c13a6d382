"""Synchronous work in an asynchronous task: the worker is slow, not dead."""

from __future__ import annotations

from aias.jobs.heartbeat import EXIT_BLOCKED
from tests.jobs.engine import Engine


async def test_the_plain_engine_reports_a_worker_with_a_blocked_loop_as_stalled(plain: Engine) -> None:
    job = plain.insert("block_the_loop", '{"seconds": 4}')
    plain.process()
    await plain.until(lambda: plain.count("start", job))
    app = plain.make_app(plain.url)

    async def is_stalled() -> bool:
        return [stalled.id for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=3)] == [job]

    async with app.open_async():
        await plain.until_async(is_stalled)
    assert plain.count("end", job) == 0


async def test_the_heart_of_a_worker_beats_while_a_task_blocks_its_loop(guarded: Engine) -> None:
    job = guarded.insert("block_the_loop", '{"seconds": 4}')
    guarded.process()
    await guarded.until(lambda: guarded.count("start", job))
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("end", job))
        await guarded.until(lambda: not guarded.value("select count(*) from aias.jobs"))
    assert guarded.events() == ["start", "end"]


async def test_a_worker_whose_loop_is_blocked_for_too_long_ends_and_its_job_runs_elsewhere(guarded: Engine) -> None:
    job = guarded.insert("block_the_loop", '{"seconds": 60}')
    process = guarded.process(env={"AIAS_MAX_LOOP_BLOCK": "1"})
    await guarded.until(lambda: guarded.count("start", job))
    await guarded.until(lambda: process.poll() is not None)
    assert process.returncode == EXIT_BLOCKED
    async with guarded.worker(queues=["another"]):
        await guarded.until(lambda: guarded.status(job) == "todo")
