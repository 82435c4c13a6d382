"""Whoever an execution belongs to is told which fallback was used, why, and what can be done."""

from __future__ import annotations

from typing import Any

import pytest

from aias.errors import Deferred, PermanentError
from tests.workflows.lab import Lab, step


async def notices(lab: Lab, execution: Any) -> list[dict[str, Any]]:
    async with lab.pool.connection() as conn:
        rows = await conn.execute(
            """
            select v.step, v.detail from aias.execution_events as v
            where v.execution_id = %s and v.type = 'fallback_used' order by v.id
            """,
            (execution,),
        )
        return [{"failed": step_id, **detail} for step_id, detail in await rows.fetchall()]


async def explained(lab: Lab, execution: Any) -> list[tuple[str, str]]:
    async with lab.pool.connection() as conn:
        rows = await conn.execute("select reason, detail from aias.explain_execution(%s)", (execution,))
        return [(reason, detail) for reason, detail in await rows.fetchall()]


REPLAY = "Correct what the error names, then run it once more: aias execution replay."


async def test_a_fallback_step_is_told_with_its_reason_and_what_can_be_done(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.finish(
        {"steps": [step("main", input={"do": "no"}, on_failure={"step": "plan_b"}), step("plan_b")]}
    )
    assert await notices(lab, execution.id) == [
        {"failed": "main", "used": "step", "step": "plan_b", "why": "refused", "advice": REPLAY}
    ]
    (ended, _), fallback = await explained(lab, execution.id)
    assert ended == "succeeded"
    assert fallback == ("fallback", f"step main failed: refused; the step plan_b takes over. {REPLAY}")


async def test_a_failure_that_is_passed_over_is_told_too(lab: Lab) -> None:
    lab.behaviours["no"] = [
        PermanentError("wave:books refused the credentials of this connection (401): connect it again")
    ]
    execution = await lab.finish({"steps": [step("main", input={"do": "no"}, on_failure="continue")]})
    (told,) = await notices(lab, execution.id)
    assert (told["used"], told["failed"]) == ("continue", "main")
    assert told["advice"].startswith("Connect again (aias integration connect)")
    assert "the execution goes on without it" in (await explained(lab, execution.id))[1][1]


async def test_a_steps_fallback_workflow_is_told_while_it_runs(lab: Lab) -> None:
    await lab.apply({"name": "rescue", "steps": [step("told")]})
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.start({"steps": [step("a", input={"do": "no"}, on_failure={"workflow": "rescue"})]})
    assert (await lab.drive(execution)).wait_reason == "execution"
    (told,) = await notices(lab, execution)
    assert (told["used"], told["workflow"]) == ("workflow", "rescue")
    assert [reason for reason, _ in await explained(lab, execution)] == ["execution", "fallback"]


async def test_an_executions_fallback_workflow_is_told_with_its_execution(lab: Lab) -> None:
    await lab.apply({"name": "rescue", "steps": [step("told")]})
    execution = await lab.finish(
        {"steps": [step("a", action="fail", input={"message": "no"})], "on_failure": {"workflow": "rescue"}}
    )
    (told,) = await notices(lab, execution.id)
    assert (told["failed"], told["used"], told["workflow"]) == (None, "workflow", "rescue")
    assert told["execution_id"] == str(await lab.only("rescue"))
    (_, ended), (_, fallback) = await explained(lab, execution.id)
    assert "ended at" in ended
    assert fallback.startswith("the execution failed: ")


async def test_a_failure_that_nothing_makes_up_for_and_one_that_is_tried_again_tell_of_no_fallback(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.finish({"steps": [step("a", input={"do": "no"})]})
    assert await notices(lab, execution.id) == []
    assert [reason for reason, _ in await explained(lab, execution.id)] == ["failed"]


async def test_a_fan_out_tells_once_however_many_items_failed(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.finish(
        {"steps": [step("each", for_each=[1, 2, 3], input={"do": "no"}, on_failure={"step": "b"}), step("b")]}
    )
    assert [told["failed"] for told in await notices(lab, execution.id)] == ["each"]


CLOSED = Deferred("shopify:acme/main is closed: it failed too often", kind="gate", seconds=60.0)


async def test_a_step_that_may_not_wait_for_a_closed_gate_hands_over_to_its_fallback_at_once(lab: Lab) -> None:
    lab.behaviours["order"] = [CLOSED]
    main = step("main", input={"do": "order"}, on_gate="fail", on_failure={"step": "plan_b"})
    execution = await lab.finish({"steps": [main, step("plan_b")]})
    assert (execution.status, lab.called()) == ("succeeded", ["main", "plan_b"])
    (told,) = await notices(lab, execution.id)
    assert told["why"] == "shopify:acme/main is closed: it failed too often"
    assert told["advice"].startswith("The service is not available")
    assert (await lab.steps(execution.id))["main"].error["type"] == "GateClosed"


@pytest.mark.parametrize("kind", ["limit", "effect"])
async def test_what_is_no_gate_is_waited_for_all_the_same(lab: Lab, kind: Any) -> None:
    lab.behaviours["order"] = [Deferred("used up", kind=kind, seconds=60.0), {"id": 1}]
    execution = await lab.start({"steps": [step("main", input={"do": "order"}, on_gate="fail")]})
    assert (await lab.drive(execution)).wait_reason == kind


async def test_by_default_a_step_is_queued_until_its_gate_opens(lab: Lab) -> None:
    lab.behaviours["order"] = [CLOSED, {"id": 1}]
    execution = await lab.start(
        {"steps": [step("main", input={"do": "order"}, on_failure={"step": "plan_b"}), step("plan_b")]}
    )
    assert (await lab.drive(execution)).wait_reason == "gate"
    assert await notices(lab, execution) == []
    await lab.later(execution, seconds=61)
    assert (await lab.drive(execution)).status == "succeeded"
    assert await lab.statuses(execution) == {"main": "succeeded", "plan_b": "skipped"}
