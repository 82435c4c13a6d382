"""Workers that die, or only seem to: their jobs go on elsewhere, and a dead worker changes nothing any more."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.jobs.engine import Engine

HALF_A_MINUTE = 30


async def killed_with_a_job(engine: Engine) -> int:
    job = engine.insert("nap", '{"seconds": 1}')
    process = engine.process()
    await engine.until(lambda: engine.count("start", job))
    process.kill()
    process.wait()
    return job


async def test_the_plain_engine_never_runs_the_job_of_a_killed_worker_by_itself(plain: Engine) -> None:
    job = await killed_with_a_job(plain)
    async with plain.worker():
        assert await plain.never(lambda: plain.count("start", job) > 1, 4)
    assert plain.status(job) == "doing"


async def test_the_job_of_a_killed_worker_runs_on_another(guarded: Engine) -> None:
    async with guarded.worker(queues=["another"]):  # a worker that only sweeps for it
        job = await killed_with_a_job(guarded)
        await guarded.until(lambda: guarded.status(job) == "todo", HALF_A_MINUTE)
        reason = guarded.rows("select reason from aias.explain_job(%s)", job)[0]["reason"]
        assert reason == "no_worker"
        async with guarded.worker():
            await guarded.until(lambda: guarded.count("end", job) == 1)
    assert guarded.events(job) == ["start", "start", "end"]


async def test_the_job_of_the_only_worker_runs_on_the_one_that_replaces_it_a_second_later(guarded: Engine) -> None:
    job = await killed_with_a_job(guarded)
    await asyncio.sleep(1)
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("end", job) == 1, HALF_A_MINUTE)
    assert guarded.value("select count(*) from aias.workers") == 0


async def test_a_stopped_worker_that_wakes_up_changes_nothing_and_goes_on_under_a_new_id(guarded: Engine) -> None:
    process = guarded.process("--queues=default,mine")
    mine = guarded.insert("mark", queue_name="mine")
    await guarded.until(lambda: guarded.count("ran", mine))
    job = guarded.insert("careful_nap", '{"seconds": 2}')
    await guarded.until(lambda: guarded.count("start", job))
    process.send_signal(signal.SIGSTOP)
    async with guarded.worker(queues=["default"]):
        await guarded.until(lambda: guarded.count("start", job) == 2, HALF_A_MINUTE)
        process.send_signal(signal.SIGCONT)
        await guarded.until(lambda: guarded.count("end", job) == 1)
        again = guarded.insert("mark", queue_name="mine")
        await guarded.until(lambda: guarded.count("ran", again) == 1)
    assert guarded.count("end", job) == 1
    assert guarded.value("select count(*) from aias.jobs") == 0
    before, after = guarded.rows("select pid, worker_id from journal where job_id in (%s, %s) order by id", mine, again)
    assert before["pid"] == after["pid"] == process.pid
    assert after["worker_id"] > before["worker_id"]


async def test_a_worker_that_was_stopped_for_long_but_not_given_up_goes_on_with_its_job(guarded: Engine) -> None:
    process = guarded.process()
    job = guarded.insert("nap", '{"seconds": 1}')
    await guarded.until(lambda: guarded.count("start", job))
    process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(4)  # longer than its lease, with nobody there to notice
    process.send_signal(signal.SIGCONT)
    await guarded.until(lambda: guarded.count("end", job) == 1)
    await guarded.until(lambda: not guarded.value("select count(*) from aias.jobs"))
    assert guarded.count("start", job) == 1


def claimed_twice(engine: Engine, job: int) -> tuple[int, int, int, int]:
    """Let a worker claim a job, die and be swept, and another claim it: both tokens."""
    tokens: list[int] = []
    for is_first in (True, False):
        worker = engine.value("select aias_private.register_worker(null, 'h', 1, null, 2, '0', interval '1 s')")
        claim = engine.rows("select id, attempts from aias_private.claim_jobs(null, %s, 1, true)", worker)[0]
        assert claim["id"] == job
        tokens += [worker, claim["attempts"]]
        if is_first:
            engine.conn.execute("select aias_private.unregister_worker(%s)", (worker,))
            assert engine.rows("select outcome from aias_private.sweep_dead_workers('1 s')") == [{"outcome": "rescued"}]
    return tokens[0], tokens[1], tokens[2], tokens[3]


def test_the_plain_engine_takes_the_end_of_a_job_from_a_worker_that_lost_it(plain: Engine) -> None:
    job = plain.insert("mark")
    first, second = (plain.value("select worker_id from procrastinate_register_worker_v1()") for _ in range(2))
    plain.conn.execute("select procrastinate_fetch_job_v2(null, %s)", (first,))
    plain.conn.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", (job,))
    plain.conn.execute("select procrastinate_fetch_job_v2(null, %s)", (second,))
    plain.conn.execute("select procrastinate_finish_job_v1(%s, 'succeeded', true)", (job,))  # by the first
    assert plain.status(job) is None


@pytest.mark.parametrize(
    "write",
    [
        "aias_private.finish_job(%(job)s, %(worker)s, %(attempts)s, 'succeeded', true, null)",
        "aias_private.finish_job(%(job)s, %(worker)s, %(attempts)s, 'failed', false, '{}')",
        "aias_private.postpone_job(%(job)s, %(worker)s, %(attempts)s, interval '1 s', 1, 'retry', null, null)",
        "aias_private.release_job(%(job)s, %(worker)s, %(attempts)s)",
    ],
)
def test_whatever_a_worker_writes_about_a_job_that_it_lost_is_refused(guarded: Engine, write: str) -> None:
    job = guarded.insert("mark")
    worker, attempts, holder, count = claimed_twice(guarded, job)
    for token in ((worker, attempts), (worker, count), (holder, attempts)):
        values = {"job": job, "worker": token[0], "attempts": token[1]}
        with guarded.conn.cursor() as cursor:
            assert list((cursor.execute(f"select {write}".encode(), values).fetchone() or {}).values()) == [False]
    row = guarded.rows("select status, worker_id, attempt_count from aias.jobs where id = %s", job)[0]
    assert row == {"status": "running", "worker_id": holder, "attempt_count": count}
    assert guarded.value("select count(*) from aias.dead_letters") == 0


def test_a_job_that_kills_its_workers_goes_to_the_dead_letters(guarded: Engine) -> None:
    job = guarded.insert("crash")
    outcomes: list[str] = []
    for _ in range(6):
        worker = guarded.value("select aias_private.register_worker(null, 'h', 1, null, 2, '0', interval '1 s')")
        assert guarded.rows("select id from aias_private.claim_jobs(null, %s, 1, true)", worker) == [{"id": job}]
        guarded.conn.execute("select aias_private.unregister_worker(%s)", (worker,))
        outcomes += [
            row["outcome"] for row in guarded.rows("select outcome from aias_private.sweep_dead_workers('1 s')")
        ]
    assert outcomes == ["rescued"] * 5 + ["buried"]
    assert guarded.status(job) == "failed"
    assert guarded.rows("select job_id, reason from aias.dead_letters") == [{"job_id": job, "reason": "crash loop"}]


async def test_a_task_that_crashes_its_process_is_tried_on_the_next_worker(guarded: Engine) -> None:
    job = guarded.insert("crash")
    process = guarded.process()
    await guarded.until(lambda: process.poll() is not None)
    assert process.returncode == 9
    async with guarded.worker(queues=["another"]):
        await guarded.until(lambda: guarded.status(job) == "todo", HALF_A_MINUTE)
    assert guarded.value("select rescue_count from aias.jobs where id = %s", job) == 1


async def test_a_job_that_was_to_be_stopped_when_its_worker_died_ends_aborted(guarded: Engine) -> None:
    worker = guarded.value("select aias_private.register_worker(null, 'h', 1, null, 2, '0', interval '1 s')")
    job = guarded.insert("mark")
    assert guarded.rows("select id from aias_private.claim_jobs(null, %s, 1, true)", worker)
    assert guarded.value("select aias.cancel_job(%s)", job) == "stopping"
    guarded.conn.execute("select aias_private.unregister_worker(%s)", (worker,))
    assert guarded.rows("select outcome from aias_private.sweep_dead_workers('1 s')") == [{"outcome": "aborted"}]
    assert guarded.status(job) == "aborted"


async def test_a_worker_of_the_plain_engine_is_swept_too(guarded: Engine) -> None:
    worker = guarded.value("select worker_id from procrastinate_register_worker_v1()")
    job = guarded.insert("mark")
    guarded.conn.execute("select procrastinate_fetch_job_v2(null, %s)", (worker,))
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("ran", job), HALF_A_MINUTE)
    assert guarded.value("select count(*) from aias.workers") == 0
