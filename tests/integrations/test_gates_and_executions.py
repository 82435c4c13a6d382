"""Executions before a closed gate: they wait without a worker and without burning attempts, and go on when it opens."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import pytest

from aias.integrations.gatekeeper import flush_reports, gatekeeper_of
from tests.workflows.lab import Lab

ONCE = {"max_attempts": 1}


@pytest.fixture
async def lab(workspace: Any, server: Any) -> AsyncGenerator[Lab]:
    server.says(lambda x: x.answer())
    await workspace.connect("http", {"url": server.url}, {"headers": {"X-Key": "k-0123456789"}}, name="main")
    lab = Lab(pool=workspace.pool, tenant=workspace.tenant)
    lab.tenant_id = workspace.tenant_id
    step = {"id": "get", "action": "http.call", "connection": "main", "retry": ONCE, "effect": "at_most_once"}
    with lab.actions():
        await lab.apply({"name": "calls", "steps": [step, {"id": "other", "action": "noop"}]})
        yield lab
    await flush_reports()


async def close(lab: Lab, seconds: float | None = 3600.0) -> None:
    await lab.value(
        "select aias.close_gate(%s, aias_private.now() + make_interval(secs => %s), 'the site moves')",
        f"http:{lab.tenant}/main",
        seconds,
    )


async def opened(lab: Lab) -> bool:
    return await lab.value("select aias.open_gate(%s)", f"http:{lab.tenant}/main")


async def waiting(lab: Lab, count: int) -> list[UUID]:
    """So many executions that wait for the gate."""
    found = [await lab.run("calls") for _ in range(count)]
    for execution in found:
        row = await lab.drive(execution)
        assert (row.status, row.wait_reason) == ("waiting", "gate")
    return found


async def gate_waiters(lab: Lab) -> int:
    return await lab.value("select waiting_count from aias.gates where gate = %s", f"http:{lab.tenant}/main")


@pytest.mark.parametrize("seconds", [3600.0, None])
async def test_all_steps_of_the_upstream_wait_and_go_on_when_it_opens(
    lab: Lab, server: Any, seconds: float | None
) -> None:
    await close(lab, seconds)
    executions = await waiting(lab, 3)
    assert server.requests == []
    assert await gate_waiters(lab) == 3
    assert await opened(lab)
    assert await gate_waiters(lab) == 0
    for execution in executions:
        assert (await lab.execution(execution)).status == "queued"
        assert (await lab.drive(execution)).status == "succeeded"
        step = (await lab.steps(execution))["get"]
        assert (step.attempt_count, step.status) == (1, "succeeded")
    assert len(server.requests) == 3


async def test_what_needs_no_gate_goes_on(lab: Lab) -> None:
    await close(lab)
    (execution,) = await waiting(lab, 1)
    assert (await lab.statuses(execution))["other"] == "succeeded"


async def test_whoever_asks_is_told_which_gate_and_why(lab: Lab) -> None:
    await close(lab)
    (execution,) = await waiting(lab, 1)
    job = (await lab.value("select job_id from aias.executions where id = %s", execution),)
    for query, key in (("explain_execution", (execution,)), ("explain_job", job)):
        told = await lab.value(f"select reason || ' ' || detail from aias.{query}(%s)", *key)
        assert told.startswith("gate step get waits for the gate ")
        assert f"http:{lab.tenant}/main" in told
        assert "the site moves" in told


async def test_after_its_time_one_goes_first_and_the_others_follow(lab: Lab, server: Any) -> None:
    await close(lab, 60.0)
    first, second, third = await waiting(lab, 3)
    await lab.later(first, hours=2)
    assert (await lab.drive(first)).status == "succeeded"
    assert len(server.requests) == 1
    for execution in (second, third):
        assert (await lab.execution(execution)).status == "queued"  # woken
        assert (await lab.drive(execution)).status == "succeeded"


async def test_an_upstream_that_refuses_for_load_costs_no_attempt(lab: Lab, server: Any) -> None:
    server.says(*[lambda x: x.answer(429, b"{}", retry_after="5")] * 3, lambda x: x.answer())
    execution = await lab.run("calls")
    for _ in range(3):
        row = await lab.drive(execution)
        assert (row.status, row.wait_reason) == ("waiting", "gate")
        await lab.later(execution, seconds=6)
    assert (await lab.drive(execution)).status == "succeeded"
    step = (await lab.steps(execution))["get"]
    assert (step.attempt_count, len(server.requests)) == (1, 4)


async def test_a_step_that_was_being_written_while_its_gate_opened_is_found(lab: Lab) -> None:
    await close(lab)
    (execution,) = await waiting(lab, 1)
    async with lab.pool.connection() as writing, writing.transaction():
        # its row is locked, as if a worker were at it
        await writing.execute("select from aias_private.executions where id = %s for update", (execution,))
        await opened(lab)
        assert await gate_waiters(lab) == 1
    await gatekeeper_of(lab.pool).flush()
    await lab.value("select aias_private.tend_gates()")
    assert (await lab.execution(execution)).status == "queued"


async def test_a_limit_that_is_lifted_lets_its_steps_go(lab: Lab) -> None:
    name = f"http:{lab.tenant}/main"
    await lab.value("select aias.set_limit('connection', %s, null, 1, interval '1 hour', 1)", name)
    assert (await lab.drive(await lab.run("calls"))).status == "succeeded"
    execution = await lab.run("calls")
    row = await lab.drive(execution)
    assert (row.status, row.wait_reason) == ("waiting", "limit")
    told = await lab.value("select detail from aias.explain_execution(%s)", execution)
    assert "1 calls per 01:00:00" in told
    await lab.value("select aias.remove_limit('connection', %s)", name)
    assert (await lab.drive(execution)).status == "succeeded"
