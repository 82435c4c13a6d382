"""Steps that wait for events: woken by what comes, given what came, and nothing in between is missed."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest
from procrastinate import JobContext
from psycopg.types.json import Jsonb

from aias.db import Pool
from aias.triggers import emit_event
from aias.triggers.tasks import answer_event_waits, wake_for_event
from tests.triggers.conftest import Shop

Connection = psycopg.AsyncConnection[Any]

pytestmark = pytest.mark.usefixtures("alone")  # what is just being emitted goes by the transactions of the server


async def claimed(shop: Shop) -> tuple[UUID, int]:
    """An execution that a worker has just claimed."""
    execution = await shop.value("select aias.run_workflow('acme', 'flow')")
    job = await shop.value("select job_id from aias.executions where id = %s", execution)
    claim = "select attempt from aias_private.claim_execution(%s, %s, %s, null)"
    return execution, await shop.value(claim, shop.tenant_id, execution, job)


def call(shop: Shop, verb: str, execution: UUID, attempt: int, **more: Any) -> dict[str, Any]:
    return {
        "do": verb,
        "tenant": str(shop.tenant_id),
        "execution": str(execution),
        "attempt": attempt,
        **more,
    }


def waits_for(match: dict[str, Any]) -> dict[str, Any]:
    """The change that lets a step wait for order.paid."""
    return {
        "id": "one", "item": -1, "action": "wait_for_event", "to": "waiting", "kind": "event",
        "detail": {"name": "order.paid", "match": match},
    }  # fmt: skip


async def begin_to_wait(shop: Shop, conn: Connection, *executions: tuple[UUID, int]) -> list[Any]:
    """Record for each, in one transaction, that its step waits; gives the answers."""
    calls = [call(shop, "record", *e, changes=[waits_for({"id": 1})]) for e in executions]
    cursor = await conn.execute("select answer from aias_private.advance_executions(%s)", (Jsonb(calls),))
    return [row[0] for row in await cursor.fetchall()]


async def suspend(shop: Shop, execution: UUID, attempt: int) -> str:
    return await shop.value("select aias_private.suspend_execution(%s, %s, %s)", shop.tenant_id, execution, attempt)


async def waiting(shop: Shop, match: dict[str, Any]) -> UUID:
    """An execution whose step waits for order.paid."""
    execution, attempt = await claimed(shop)
    await shop.conn.execute(
        "select aias_private.record_steps(%s, %s, %s, %s)",
        (shop.tenant_id, execution, attempt, Jsonb([waits_for(match)])),
    )
    assert await suspend(shop, execution, attempt) == "suspended"
    return execution


async def output(shop: Shop, execution: UUID) -> Any:
    return await shop.value("select output from aias.execution_steps where execution_id = %s", execution)


async def run_jobs(shop: Shop, task: Any) -> list[dict[str, Any]]:
    """Do what the jobs of a task do, each once; gives their arguments."""
    context = cast("JobContext", SimpleNamespace(app=SimpleNamespace(connector=SimpleNamespace(pool=shop.pool))))
    jobs = await shop.rows("select id, args from aias.jobs where task = %s and status <> 'cancelled'", task.name)
    for job in jobs:
        await shop.conn.execute("select aias.cancel_job(%s)", (job["id"],))
        await task.func(context, **job["args"])
    return [job["args"] for job in jobs]


async def is_blocked(shop: Shop, conn: Connection) -> bool:
    blocked = "select cardinality(pg_blocking_pids(%s)) > 0 from pg_sleep(0.01)"
    return await shop.value(blocked, conn.info.backend_pid)


async def test_an_event_wakes_the_steps_that_wait_for_it(shop: Shop) -> None:
    first, second = await waiting(shop, {"id": 1}), await waiting(shop, {"id": 2})
    await emit_event(shop.conn, "acme", "order.paid", {"id": 1, "total": 9})
    state = await shop.rows("select id, status from aias.executions order by id")
    assert [(row["id"], row["status"]) for row in state] == [(first, "queued"), (second, "waiting")]
    assert await output(shop, first) == {"id": 1, "total": 9}


async def test_an_event_that_came_before_the_step_began_to_wait_is_found(shop: Shop) -> None:
    await emit_event(shop.conn, "acme", "order.paid", {"id": 1, "early": True})
    await shop.conn.execute("select pg_sleep(0.005)")  # ids sort by the millisecond
    execution = await claimed(shop)
    await emit_event(shop.conn, "acme", "order.paid", {"id": 1, "paid": True})
    ((step,),) = await begin_to_wait(shop, shop.conn, execution)
    assert step["status"] == "succeeded"
    assert step["output"] == {"id": 1, "paid": True}  # the first one came before the execution was asked for


async def test_an_event_that_is_just_being_emitted_is_not_missed(shop: Shop, pool: Pool) -> None:
    execution = await claimed(shop)
    async with pool.connection() as emitter:
        async with emitter.transaction():
            await emit_event(emitter, "acme", "order.paid", {"id": 1})  # it has looked: nobody waits
            # nor does it hold up who begins to wait, which sees no event
            async with asyncio.timeout(60):
                ((step,),) = await begin_to_wait(shop, shop.conn, execution)
            assert step["status"] == "waiting"
            assert await suspend(shop, *execution) == "suspended"
            assert len(await run_jobs(shop, answer_event_waits)) == 1
            assert await output(shop, execution[0]) is None
        (again,) = await run_jobs(shop, answer_event_waits)
    assert again["look"] == 1
    assert await output(shop, execution[0]) == {"id": 1}
    assert await shop.value("select status from aias.executions where id = %s", execution[0]) == "queued"
    assert await run_jobs(shop, answer_event_waits) == []


async def test_who_emits_waits_for_those_who_just_begin_to_wait(shop: Shop, pool: Pool) -> None:
    executions = [await claimed(shop) for _ in range(3)]
    async with pool.connection() as engine, pool.connection() as emitter:
        async with engine.transaction():
            answers = await begin_to_wait(shop, engine, *executions)
            assert [step["status"] for (step,) in answers] == ["waiting"] * 3
            emitting = asyncio.create_task(emit_event(emitter, "acme", "order.paid", {"id": 1}))
            async with asyncio.timeout(10):
                while not emitting.done() and not await is_blocked(shop, emitter):
                    pass
            assert not emitting.done()
        await emitting
    assert [await output(shop, execution) for execution, _ in executions] == [{"id": 1}] * 3
    assert await run_jobs(shop, answer_event_waits) == []  # nobody emitted when they began


async def test_two_groups_that_begin_to_wait_do_not_wait_for_each_other(shop: Shop, pool: Pool) -> None:
    first, second = await claimed(shop), await claimed(shop)
    async with pool.connection() as other:
        async with other.transaction():
            await begin_to_wait(shop, other, first)
            async with asyncio.timeout(60):
                await begin_to_wait(shop, shop.conn, second)
        assert len(await run_jobs(shop, answer_event_waits)) == 1
    await emit_event(shop.conn, "acme", "order.paid", {"id": 1})
    assert [await output(shop, execution) for execution, _ in (first, second)] == [{"id": 1}] * 2
    await run_jobs(shop, answer_event_waits)
    assert await run_jobs(shop, answer_event_waits) == []  # it ends, answered or not


async def test_an_emitter_with_an_old_snapshot_wakes_those_whom_it_can_not_see(shop: Shop, pool: Pool) -> None:
    async with pool.connection() as emitter:
        await emitter.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        async with emitter.transaction():
            await emitter.execute("select count(*) from aias_private.steps")
            execution = await waiting(shop, {"id": 1})
            await emit_event(emitter, "acme", "order.paid", {"id": 1})
        await emitter.set_isolation_level(None)
    assert await output(shop, execution) is None
    await shop.conn.execute("select pg_sleep(0.005)")  # ids sort by the millisecond
    later = await waiting(shop, {"id": 2})
    await run_jobs(shop, wake_for_event)
    assert await output(shop, execution) == {"id": 1}
    assert await output(shop, later) is None
