"""When a failed attempt is tried again."""

from __future__ import annotations

import math

import pytest

from aias.errors import PermanentError, TransientError
from aias.jobs import AiasJob, Backoff
from tests.jobs.engine import Engine


def job(*, attempts: int = 0, rescue_count: int = 0) -> AiasJob:
    return AiasJob(
        id=1,
        queue="pro",
        lock=None,
        queueing_lock=None,
        task_name="t",
        attempts=attempts,
        rescue_count=rescue_count,
        worker_id=1,
    )


def test_the_wait_lies_between_nothing_and_a_ceiling_that_grows_up_to_the_cap() -> None:
    backoff = Backoff(initial=2, factor=3, max_delay=20)
    for failure_count, ceiling in ((1, 2), (2, 6), (3, 18), (4, 20), (10_000, 20)):
        delays = [backoff.delay(failure_count) for _ in range(400)]
        assert 0 <= min(delays) < 0.2 * ceiling
        assert 0.8 * ceiling < max(delays) <= ceiling


@pytest.mark.parametrize(
    ("wish", "at_least", "at_most"),
    [
        (7, 7, 7.1),
        (2.5, 2.5, 2.6),
        (10**9, 60, 60),
        (-5, 0, 0.1),
        (0, 0, 0.1),
        (None, 0, 0.1),
        (math.inf, 0, 0.1),
        (math.nan, 0, 0.1),
    ],
)
def test_the_upstreams_wish_is_the_least_that_is_waited(wish: float | None, at_least: float, at_most: float) -> None:
    delay = Backoff(initial=0.1, max_retry_after=60).delay(1, retry_after=wish)
    assert at_least <= delay <= at_most


def test_it_gives_up_after_the_last_attempt_and_at_once_when_the_error_is_permanent() -> None:
    backoff = Backoff(max_attempts=3)
    assert backoff.get_retry_decision(exception=TransientError("busy"), job=job(attempts=1)) is not None
    assert backoff.get_retry_decision(exception=TransientError("busy"), job=job(attempts=2)) is None
    assert backoff.get_retry_decision(exception=PermanentError("no"), job=job()) is None


def test_attempts_that_died_with_their_worker_are_not_counted_as_failures() -> None:
    decision = Backoff(max_attempts=3).get_retry_decision(
        exception=TransientError("busy"), job=job(attempts=4, rescue_count=3)
    )
    assert decision is not None


async def test_retries_run_in_the_lane_retry_and_end_among_the_dead_letters(guarded: Engine) -> None:
    failing = guarded.insert("back_off", queue_name="pro", priority=60)
    async with guarded.worker():
        await guarded.until(lambda: guarded.status(failing) == "failed")
    assert guarded.events(failing) == ["start on pro", "start on retry", "start on retry"]
    assert guarded.rows("select lane, priority, attempt_count, last_error from aias.jobs") == [
        {
            "lane": "retry",
            "priority": 30,
            "attempt_count": 3,
            "last_error": {"type": "TransientError", "message": "not now"},
        }
    ]
    assert guarded.value("select reason from aias.dead_letters") == "not now"


async def test_a_retry_waits_as_long_as_the_upstream_wishes_by_the_databases_clock(guarded: Engine) -> None:
    failing = guarded.insert("back_off", '{"retry_after": 100}')
    async with guarded.worker():
        await guarded.until(lambda: guarded.value("select status from aias.jobs") == "scheduled")
    wait = guarded.value("select extract(epoch from run_at - now())::float from aias.jobs where id = %s", failing)
    assert 95 < wait <= 100.1


async def test_an_idle_worker_wakes_for_a_scheduled_job_without_waiting_for_its_poll(guarded: Engine) -> None:
    async with guarded.worker(fetch_job_polling_interval=60.0):
        await guarded.until(lambda: guarded.value("select count(*) from aias.workers"))
        guarded.conn.execute(
            "insert into procrastinate_jobs (queue_name, task_name, scheduled_at)"
            " values ('default', 'mark', now() + interval '700 milliseconds')"
        )
        await guarded.until(lambda: guarded.count("ran"), 3)


async def test_a_retry_that_the_table_refuses_ends_the_job_instead_of_the_worker(guarded: Engine) -> None:
    app = guarded.make_app(guarded.url)

    @app.task(name="goes_nowhere", retry=Backoff(lane="q" * 41))
    async def goes_nowhere() -> None:
        raise TransientError("again")

    failing = guarded.insert("goes_nowhere")
    async with guarded.worker(app) as worker:
        await guarded.until(lambda: guarded.status(failing) == "failed")
        assert not worker.done()
    assert "queue_name_has_1_to_40_bytes" in guarded.value("select reason from aias.dead_letters")
