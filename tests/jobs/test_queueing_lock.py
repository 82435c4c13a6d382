"""A queueing lock and a retry (F5): while a job runs, a twin is enqueued under its lock; then the job is retried."""

from __future__ import annotations

from tests.jobs.engine import Engine


async def fail_beside_a_waiting_twin(engine: Engine) -> tuple[int, int]:
    first = engine.insert("fail_once", '{"seconds": 0.5}', queueing_lock="only one waits")
    await engine.until(lambda: engine.count("start", first) == 1)
    # far in the future: it must still be waiting when the first one fails
    twin = engine.insert("mark", queueing_lock="only one waits", scheduled_at="2100-01-01")
    return first, twin


async def test_the_plain_engine_keeps_the_retried_job_running_for_ever(plain: Engine) -> None:
    async with plain.worker() as worker:
        first, _ = await fail_beside_a_waiting_twin(plain)
        assert await plain.never(lambda: plain.count("start", first) > 1 or plain.status(first) != "doing", 2)
        assert not worker.done()


async def test_a_retried_job_gives_its_queueing_lock_up_to_the_twin_that_waits(guarded: Engine) -> None:
    async with guarded.worker():
        first, twin = await fail_beside_a_waiting_twin(guarded)
        await guarded.until(lambda: guarded.count("end", first) == 1)
    assert guarded.status(twin) == "todo"
    assert guarded.value("select queueing_lock from aias.jobs where id = %s", twin) == "only one waits"


async def test_two_running_twins_of_a_dead_worker_are_both_rescued(guarded: Engine) -> None:
    worker = guarded.value("select aias_private.register_worker(null, 'h', 1, null, 2, '0', interval '1 s')")
    for _ in range(2):
        guarded.insert("mark", queueing_lock="only one waits")
        assert guarded.rows("select id from aias_private.claim_jobs(null, %s, 1, true)", worker)
    guarded.conn.execute("select aias_private.unregister_worker(%s)", (worker,))
    rescued = guarded.rows("select outcome from aias_private.sweep_dead_workers('1 s')")
    assert [row["outcome"] for row in rescued] == ["rescued", "rescued"]
    assert guarded.value("select count(queueing_lock) from aias.jobs where status = 'waiting'") == 1


async def test_our_retry_of_a_failed_job_respects_a_twin_too(guarded: Engine) -> None:
    job = guarded.insert("mark", queueing_lock="only one waits", status="failed")
    guarded.insert("mark", queueing_lock="only one waits", scheduled_at="2100-01-01")
    guarded.conn.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", (job,))
    assert guarded.status(job) == "todo"
