"""A worker that is told to stop (F4): nothing is lost, nothing runs twice."""

from __future__ import annotations

import signal

from tests.jobs.engine import Engine

LONGER_THAN_A_LEASE = '{"seconds": 4.5}'


async def test_the_plain_engine_reports_a_draining_worker_as_stalled_and_its_job_runs_twice_at_once(
    plain: Engine,
) -> None:
    job = plain.insert("nap", LONGER_THAN_A_LEASE)
    process = plain.process()
    await plain.until(lambda: plain.count("start", job))
    process.send_signal(signal.SIGTERM)
    app = plain.make_app(plain.url)
    async with plain.worker(app):
        # what its documentation asks for: look for stalled jobs now and then, and retry them
        async def retry_stalled_jobs() -> bool:
            for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=3):
                await app.job_manager.retry_job(stalled)
            return plain.count("start", job) == 2

        await plain.until_async(retry_stalled_jobs)
        assert plain.count("end", job) == 0


async def test_the_heartbeat_goes_on_until_the_last_job_has_ended(guarded: Engine) -> None:
    job = guarded.insert("nap", LONGER_THAN_A_LEASE)
    process = guarded.process()
    await guarded.until(lambda: guarded.count("start", job))
    process.send_signal(signal.SIGTERM)
    async with guarded.worker():
        await guarded.until(lambda: guarded.value("select count(*) from aias.workers where status = 'draining'") == 1)
        await guarded.until(lambda: process.poll() is not None)
    assert process.returncode == 0
    assert guarded.events() == ["start", "end"]
    assert guarded.value("select count(*) from aias.jobs") == 0
    assert guarded.value("select count(*) from aias.workers") == 0


async def test_a_stopping_worker_ends_its_short_jobs_and_takes_no_more(guarded: Engine) -> None:
    running = [guarded.insert("nap", '{"seconds": 1}') for _ in range(4)]
    process = guarded.process()
    await guarded.until(lambda: guarded.count("start") == len(running))
    process.send_signal(signal.SIGTERM)
    await guarded.until(lambda: guarded.value("select count(*) from aias.workers where status = 'draining'") == 1)
    late = guarded.insert("mark")
    await guarded.until(lambda: process.poll() is not None)
    assert process.returncode == 0
    assert guarded.count("end") == len(running)
    assert guarded.status(late) == "todo"


async def test_the_plain_engine_loses_a_job_that_is_longer_than_the_grace(plain: Engine) -> None:
    job = plain.insert("nap", '{"seconds": 60}')
    process = plain.process("--shutdown-graceful-timeout=0.3")
    await plain.until(lambda: plain.count("start", job))
    process.send_signal(signal.SIGTERM)
    await plain.until(lambda: process.poll() is not None)
    assert plain.status(job) == "aborted"


async def test_a_job_that_is_longer_than_the_grace_goes_back_to_the_queue(guarded: Engine) -> None:
    job = guarded.insert("nap", '{"seconds": 60}')
    process = guarded.process("--shutdown-graceful-timeout=0.3")
    await guarded.until(lambda: guarded.count("start", job))
    process.send_signal(signal.SIGTERM)
    await guarded.until(lambda: process.poll() is not None)
    assert process.returncode == 0
    row = guarded.rows("select status, attempt_count, rescue_count, worker_id from aias.jobs where id = %s", job)[0]
    assert row == {"status": "waiting", "attempt_count": 0, "rescue_count": 0, "worker_id": None}
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("start", job) == 2)


async def test_a_second_signal_ends_the_grace_at_once(guarded: Engine) -> None:
    job = guarded.insert("nap", '{"seconds": 60}')
    process = guarded.process("--shutdown-graceful-timeout=60")
    await guarded.until(lambda: guarded.count("start", job))
    process.send_signal(signal.SIGTERM)
    await guarded.until(lambda: guarded.value("select count(*) from aias.workers where status = 'draining'") == 1)
    process.send_signal(signal.SIGTERM)
    await guarded.until(lambda: process.poll() is not None, 5)
    assert process.returncode == 0
    assert guarded.value("select status from aias.jobs where id = %s", job) == "waiting"


async def test_a_job_in_a_thread_is_waited_for_because_nothing_can_stop_it(guarded: Engine) -> None:
    job = guarded.insert("nap_in_a_thread", LONGER_THAN_A_LEASE)
    process = guarded.process("--shutdown-graceful-timeout=0.3")
    await guarded.until(lambda: guarded.count("start", job))
    process.send_signal(signal.SIGTERM)
    async with guarded.worker():
        await guarded.until(lambda: process.poll() is not None)
    assert process.returncode == 0
    assert guarded.events() == ["start", "end"]
    assert guarded.value("select count(*) from aias.jobs") == 0


async def test_a_request_to_stop_a_job_is_heard_while_its_worker_drains(guarded: Engine) -> None:
    job = guarded.insert("nap", '{"seconds": 60}')
    async with guarded.worker(shutdown_graceful_timeout=30.0) as worker:
        await guarded.until(lambda: guarded.count("start", job))
        worker.cancel()
        await guarded.until(lambda: guarded.value("select count(*) from aias.workers where status = 'draining'") == 1)
        assert guarded.value("select aias.cancel_job(%s)", job) == "stopping"
        await guarded.until(worker.done, 5)
    assert guarded.value("select status from aias.jobs where id = %s", job) == "aborted"
