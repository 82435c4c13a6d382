"""What a worker has claimed and not started: a pause or a cancellation that comes in between counts."""

from __future__ import annotations

import pytest

from aias.jobs.buffer import Buffer
from tests.jobs.engine import Engine


@pytest.fixture(autouse=True)
def deep_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Buffer, "_target", lambda _self: 20)


def held(engine: Engine) -> int:
    return engine.value("select count(*) from procrastinate_jobs where status = 'doing'")


@pytest.mark.parametrize(("scope", "name"), [("lane", "pro"), ("tenant", "acme"), ("task", "nap")])
async def test_a_pause_keeps_back_what_is_claimed_and_not_started_and_its_end_lets_it_go(
    guarded: Engine, scope: str, name: str
) -> None:
    guarded.value("select aias.create_tenant('acme', 'pro')")
    for _ in range(10):
        guarded.value("""select aias.enqueue_job('nap', '{"seconds": 1}', 'acme')""")
    async with guarded.worker(concurrency=2, fetch_job_polling_interval=5.0):
        await guarded.until(lambda: guarded.count("start") == 2 and held(guarded) == 10)
        guarded.conn.execute("select aias.pause(%s, %s)", (scope, name))
        await guarded.until(lambda: held(guarded) == 2, 1)
        await guarded.until(lambda: held(guarded) == 0, 5)
        assert await guarded.never(lambda: guarded.count("start") > 2 or held(guarded), 1)
        guarded.conn.execute("select aias.resume(%s, %s)", (scope, name))
        await guarded.until(lambda: guarded.count("end") == 10, 15)
    assert guarded.count("start") == 10


async def test_what_a_pause_does_not_mean_goes_on_after_it_was_given_back(guarded: Engine) -> None:
    for _ in range(6):
        guarded.insert("nap", '{"seconds": 0.2}')
    async with guarded.worker(concurrency=1, fetch_job_polling_interval=5.0):
        await guarded.until(lambda: guarded.count("start") and held(guarded) == 6)
        guarded.conn.execute("select aias.pause('task', 'another')")
        await guarded.until(lambda: guarded.count("end") == 6, 5)
    assert guarded.count("start") == 6


async def test_a_job_that_is_cancelled_while_it_waits_in_the_buffer_ends_aborted_and_never_starts(
    guarded: Engine,
) -> None:
    running = guarded.insert("nap", '{"seconds": 1}')
    waiting = guarded.insert("nap", '{"seconds": 0}')
    async with guarded.worker(concurrency=1):
        await guarded.until(lambda: guarded.count("start", running) and held(guarded) == 2)
        assert guarded.value("select aias.cancel_job(%s)", waiting) == "stopping"
        await guarded.until(lambda: guarded.status(waiting) == "aborted")
    assert guarded.events(running) == ["start", "end"]
    assert guarded.events(waiting) == []
