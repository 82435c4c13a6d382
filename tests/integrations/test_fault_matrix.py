"""Every fault of an upstream x every action with an effect x the worker killed in the call or not.

What holds in each cell: the effect is there at most once; a step that succeeded has its effect; a step that is told to
have failed has none, unless it says that nobody knows; every execution has ended or says what it waits for; no call
outlasts its time.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias import Aias
from aias.plugins import all_actions, load_plugins
from aias.simulators import running_simulators
from aias.workflows.engine import MAX_CALLS
from tests.integrations.keyed_service import KeyedService
from tests.integrations.matrix_actions import CASES
from tests.integrations.matrix_faults import FAULTS, SMTP_FAULTS
from tests.integrations.matrix_run import LINGER, TENANT, Crew, Matrix, Struck

CALL_TIMEOUT = 1.5
ORDERS = 500
"""Of the shop: every case that changes an order has one of its own, under every fault."""
INSIDE = {"event.emit"}
"""Actions whose effect is a row of ours, in the transaction of the step."""
AT_A_TIME = 40
"""Executions that a worker runs at a time, each with its calls, before it dies."""


def test_every_action_with_an_effect_is_in_the_matrix() -> None:
    load_plugins()
    with_effects = {name for name, action in all_actions().items() if action.effect != "none"} - INSIDE
    assert with_effects - {case.action for case in CASES} == set(), "give them inputs in matrix_actions.py"


@pytest.fixture
async def matrix(
    database_url: str, conn: psycopg.AsyncConnection[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Matrix]:
    monkeypatch.setenv("AIAS_HOME", str(tmp_path / "home"))
    load_plugins()
    await conn.execute("select aias.create_tenant(%s, 'enterprise')", (TENANT,))
    keyed = KeyedService()
    shop = {"bucket": 1e9, "restore_rate": 1e9}
    async with Aias(database_url) as aias, running_simulators(host="0.0.0.0", orders=ORDERS, shopify=shop) as sims:
        await keyed.start("0.0.0.0")
        yield Matrix(aias=aias, conn=conn, sims=sims, keyed=keyed)
        await keyed.stop()


@pytest.fixture
async def crew(database_url: str, tmp_path: Path, matrix: Matrix) -> AsyncIterator[Crew]:
    made = Crew(database_url=database_url, folder=tmp_path)
    yield made
    made.kill_all()


GROUPS = {"shop": {"shopify"}, "books": {"wave"}, "messages": {"slack", "smtp", "keyed"}}


async def order_all(matrix: Matrix, group: str, *, linger: float | None) -> None:
    """Every fault for every action of the group, not more of them in one execution than the engine calls at a time."""
    chosen = [case for case in CASES if case.service in GROUPS[group]]
    by_protocol = (
        (FAULTS, [c for c in chosen if c.service != "smtp"]),
        (SMTP_FAULTS, [c for c in chosen if c.service == "smtp"]),
    )
    for faults, cases in by_protocol:
        for fault in faults.values():
            for start in range(0, len(cases), MAX_CALLS // 2):
                await matrix.order(fault, cases[start : start + MAX_CALLS // 2], linger=linger)


async def problems_of(matrix: Matrix) -> list[str]:
    """What does not hold, cell by cell."""
    found: list[str] = []
    steps: dict[Any, dict[str, Any]] = {}
    for execution in matrix.executions.values():
        await execution.refresh()
        steps[execution.id] = {step.step: step for step in await execution.steps()}
        reasons = await execution.explain()
        if not reasons or not all(reason.detail for reason in reasons):
            found.append(f"{execution.workflow} does not say why it is {execution.status}")
    for cell in matrix.cells:
        problem = problem_of(matrix, cell, steps[cell.execution].get(cell.case.name))
        if problem is not None:
            found.append(f"{cell}: {problem}")
    return found


def problem_of(matrix: Matrix, cell: Struck, step: Any) -> str | None:
    done = matrix.effects(cell)
    if step is None:
        return "the step was not begun"
    if any(times > 1 for times in done.values()) and not (cell.case.sets_a_state and len(done) == 1):
        return f"done more than once: {dict(done)} ({step.status}: {step.error})"
    struck = sum(
        1 if cell.case.sets_a_state else times
        for (name, _), times in done.items()
        if cell.case.operation in {None, name}
    )
    if struck > 1:
        return f"done {struck} times, each in another way ({step.status}: {step.error})"
    if step.status == "succeeded":
        is_fooled = cell.case.service == "keyed" and cell.fault.is_a_lie
        return None if struck == 1 or is_fooled else "succeeded, and nothing was done"
    is_open = (step.error or {}).get("type") == "OutcomeUnknown"
    if step.status == "failed":
        return None if struck == 0 or is_open else f"done, and told as failed: {step.error}"
    if step.status == "waiting" and step.wait_kind == "approval" and step.wait_detail.get("in_doubt"):
        return None
    return f"is {step.status} ({step.wait_kind})"


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("group", GROUPS)
async def test_no_fault_makes_an_effect_happen_twice(matrix: Matrix, crew: Crew, group: str) -> None:
    started = time.time()
    for _ in range(2):
        crew.start(call_timeout=CALL_TIMEOUT, concurrency=6)
    await order_all(matrix, group, linger=None)
    await matrix.settled(120)
    assert matrix.unused() == []
    assert not (found := await problems_of(matrix)), "\n".join(found)
    assert matrix.longest_call(started) < CALL_TIMEOUT + 10


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("group", GROUPS)
async def test_no_fault_and_no_crash_makes_an_effect_happen_twice(matrix: Matrix, crew: Crew, group: str) -> None:
    for _ in range(3):
        crew.start(call_timeout=LINGER, concurrency=AT_A_TIME)
    await order_all(matrix, group, linger=LINGER)
    await matrix.all_linger()
    crew.kill_all()
    killed = time.time()
    for _ in range(2):
        crew.start(call_timeout=CALL_TIMEOUT, concurrency=6)
    await matrix.settled(120)
    assert matrix.unused() == []
    assert not (found := await problems_of(matrix)), "\n".join(found)
    died = {cell.execution for cell in matrix.cells if cell.fault.can_linger}
    assert {matrix.executions[execution].row.crash_count for execution in died} == {1}
    assert matrix.longest_call(killed) < CALL_TIMEOUT + 10
