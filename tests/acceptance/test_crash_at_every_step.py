"""A worker is killed with SIGKILL at every boundary of a six-step workflow in turn, and another one finishes.

The boundaries of a step: its call is at the upstream, which has not acted yet; the upstream has acted, but the worker
has not seen the answer; and between steps, where the checkpoint of one and the beginning of the next are committed,
but the next call has not gone out. For that last one the worker is frozen (SIGSTOP) in the middle of its write, the
write is let through, and then the worker is killed: it never learns that it was committed.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any
from uuid import UUID

import anyio
import psycopg
import pytest

from aias import Aias
from aias.client import Execution
from tests.acceptance.conftest import Worker, effects_once, holder, seen
from tests.acceptance.upstream import Moment, Upstream

pytestmark = pytest.mark.slow

STEPS = [f"step{number}" for number in range(1, 7)]

# Whoever writes this checkpoint waits while the test holds the lock of its name.
BLOCKER = """
    create function public.wait_for_the_test() returns trigger language plpgsql as $$
    begin
        perform pg_advisory_xact_lock_shared(hashtextextended(new.execution_id || new.id || new.status, 0));
        return new;
    end;
    $$;
    create trigger wait_for_the_test before insert or update on aias_private.steps
    for each row execute function public.wait_for_the_test();
"""


class Crew:
    """Two workers at any time: when one is killed, another is started."""

    def __init__(self, start: Callable[..., Worker], conn: psycopg.AsyncConnection[Any]) -> None:
        self._start = start
        self._conn = conn
        self.workers = [start(), start()]

    async def signal(self, execution: UUID, number: signal.Signals) -> Worker:
        pid = await holder(self._conn, execution)
        (worker,) = (one for one in self.workers if one.pid == pid)
        worker.signal(number)
        return worker

    async def replace(self, worker: Worker) -> None:
        """Start another one and forget the killed one, which is gone."""
        await anyio.to_thread.run_sync(worker.process.wait, abandon_on_cancel=True)
        assert worker.process.returncode == -signal.SIGKILL
        self.workers = [*(one for one in self.workers if one is not worker), self._start()]


async def succeeded_after(execution: Execution, rescues: int, upstream: Upstream) -> None:
    """It succeeded under the attempt that the rescues make, each effect once."""
    await execution.wait(timeout=30)
    assert execution.status == "succeeded", execution.error
    assert execution.output == {"last": "step6"}
    assert (execution.row.attempt, execution.row.crash_count) == (1 + rescues, rescues)
    await effects_once(execution, upstream)


async def finished_by_another(execution: Execution, repeated: str, upstream: Upstream) -> None:
    """It succeeded after one rescue, each effect once, and only the interrupted step was begun again."""
    await succeeded_after(execution, 1, upstream)
    assert [event.type for event in await execution.events()] == ["rescued"]
    steps = await execution.steps()
    assert {step.step: step.attempt_count for step in steps} == {name: 2 if name == repeated else 1 for name in STEPS}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("moment", ["before the effect", "after the effect"])
async def test_a_worker_killed_in_the_middle_of_a_call(
    moment: Moment,
    aias: Aias,
    conn: psycopg.AsyncConnection[Any],
    six: str,
    upstream: Upstream,
    start_worker: Callable[..., Worker],
) -> None:
    crew = Crew(start_worker, conn)
    for name in STEPS:
        hold = upstream.hold(f"/{name}", moment)
        execution = await aias.run_workflow(six, tenant="acme")
        await anyio.to_thread.run_sync(hold.wait)
        killed = await crew.signal(execution.id, signal.SIGKILL)
        await crew.replace(killed)
        await finished_by_another(execution, name, upstream)
        assert upstream.calls_of(f"{execution.id}:{name}") == 2
        assert sum(str(execution.id) in call.key for call in upstream.calls) == 7
        hold.released.set()
    assert set(upstream.effects.values()) == {1}


@pytest.mark.timeout(180)
async def test_a_worker_killed_between_two_steps(
    aias: Aias,
    database_url: str,
    conn: psycopg.AsyncConnection[Any],
    six: str,
    upstream: Upstream,
    start_worker: Callable[..., Worker],
) -> None:
    await conn.execute(BLOCKER)
    crew = Crew(start_worker, conn)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as gate:
        for step, status in [*((name, "running") for name in STEPS), ("step6", "succeeded")]:
            async with conn.transaction():
                execution = await aias.run_workflow(six, tenant="acme", connection=conn)
                key = f"{execution.id}{step}{status}"
                await gate.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (key,))
            await seen(conn, "select exists (select from pg_locks where locktype = 'advisory' and not granted)")
            frozen = await crew.signal(execution.id, signal.SIGSTOP)
            await gate.execute("select pg_advisory_unlock_all()")
            await seen(
                conn,
                "select exists (select from aias.execution_steps"
                " where execution_id = %s and step = %s and status = %s)",
                execution.id,
                step,
                status,
            )
            frozen.signal(signal.SIGKILL)
            await crew.replace(frozen)
            if status == "running":
                await finished_by_another(execution, step, upstream)
            else:
                # the last checkpoint and the end are one commit: what is left for another is the job's row
                await succeeded_after(execution, 0, upstream)
                await seen(
                    conn,
                    "select not exists (select from aias.jobs where args ->> 'execution_id' = %s)",
                    str(execution.id),
                )
            assert sum(str(execution.id) in call.key for call in upstream.calls) == 6
    assert set(upstream.effects.values()) == {1}
