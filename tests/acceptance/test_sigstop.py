"""A worker that is stopped for longer than its lease, and then goes on, changes nothing and works on."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import anyio
import psycopg
import pytest

from aias import Aias
from tests.acceptance.conftest import STALLED_AFTER, Worker, effects_once, holder, seen
from tests.acceptance.upstream import Upstream

pytestmark = pytest.mark.slow


async def test_an_awakened_worker_changes_nothing_and_works_on(
    aias: Aias,
    conn: psycopg.AsyncConnection[Any],
    six: str,
    upstream: Upstream,
    start_worker: Callable[..., Worker],
) -> None:
    workers = [start_worker(), start_worker()]
    hold = upstream.hold("/step3", "after the effect")
    execution = await aias.run_workflow(six, tenant="acme")
    await anyio.to_thread.run_sync(hold.wait)
    pid = await holder(conn, execution.id)
    (sleeper,) = (worker for worker in workers if worker.pid == pid)
    (other,) = (worker for worker in workers if worker.pid != pid)
    # both must be registered, so that the sleeper is not awakened before there was anybody to take over
    await seen(conn, "select count(*) = 2 from aias.workers")

    sleeper.signal(signal.SIGSTOP)
    await execution.wait(timeout=STALLED_AFTER + 20)
    assert execution.status == "succeeded"
    ended = execution.row
    steps = await execution.steps()
    hold.released.set()  # the answer that the sleeper waits for is there when it awakes
    sleeper.signal(signal.SIGCONT)

    # only the awakened one is left to do this
    other.kill()
    next_one = await aias.run_workflow(six, tenant="acme")
    await next_one.wait(timeout=30)
    assert next_one.status == "succeeded"
    assert sleeper.process.poll() is None
    await effects_once(next_one, upstream)

    await execution.refresh()
    assert execution.row == ended
    assert (ended.attempt, ended.crash_count) == (2, 1)
    assert await execution.steps() == steps
    assert {step.step: step.attempt_count for step in steps if step.attempt_count > 1} == {"step3": 2}
    await effects_once(execution, upstream)
    assert sum(str(execution.id) in call.key for call in upstream.calls) == 7
