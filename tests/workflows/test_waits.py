"""Steps that wait: no worker is held, and what they wait for wakes the execution."""

import asyncio

from aias.errors import PermanentError
from aias.workflows import approve_step, explain_execution, send_signal
from tests.workflows.lab import Lab, step


async def test_a_sleep_lets_the_execution_go_and_ends_in_time(lab: Lab) -> None:
    execution_id = await lab.start({"steps": [step("nap", action="sleep", input={"seconds": "1h"}), step("b", "nap")]})
    execution = await lab.drive(execution_id)
    assert (execution.status, execution.wait_reason) == ("waiting", "sleep")
    assert execution.wait_until is not None
    assert 3590 < (execution.wait_until - execution.created_at).total_seconds() < 3620
    await lab.later(execution_id, hours=1)
    assert (await lab.drive(execution_id)).status == "succeeded"
    assert lab.called() == ["b"]


async def test_a_sleep_of_nothing_is_over_at_once(lab: Lab) -> None:
    execution = await lab.finish({"steps": [step("nap", action="sleep", input={"seconds": 0}), step("b", "nap")]})
    assert execution.status == "succeeded"


async def test_other_steps_go_on_while_one_sleeps(lab: Lab) -> None:
    execution = await lab.finish(
        {"steps": [step("nap", action="sleep", input={"seconds": 60}), step("a"), step("b", "a")]}
    )
    assert execution.status == "waiting"
    assert lab.called() == ["a", "b"]


async def test_an_event_wakes_the_step_that_waits_for_it(lab: Lab) -> None:
    execution_id = await lab.start(
        {
            "steps": [
                step("paid", action="wait_for_event", input={"name": "paid:{{ input.order }}", "timeout": "2d"}),
                step("b", "paid", input={"amount": "{{ steps.paid.output.amount }}"}),
            ]
        },
        {"order": 17},
    )
    assert (await lab.drive(execution_id)).wait_reason == "event"
    async with lab.pool.connection() as conn:
        assert await send_signal(conn, execution_id, "paid:17", {"amount": "9.90"})
    assert (await lab.drive(execution_id)).status == "succeeded"
    assert lab.made[0].data["amount"] == "9.90"


async def test_an_event_that_came_too_early_is_not_lost(lab: Lab) -> None:
    execution_id = await lab.start(
        {"steps": [step("paid", action="wait_for_event", input={"name": "paid"})], "output": "{{ steps.paid.output }}"}
    )
    async with lab.pool.connection() as conn:
        assert not await send_signal(conn, execution_id, "paid", {"amount": "9.90"})
    execution = await lab.drive(execution_id)
    assert (execution.status, execution.output) == ("succeeded", {"amount": "9.90"})


async def test_an_event_that_does_not_come_fails_its_step(lab: Lab) -> None:
    execution_id = await lab.start(
        {"steps": [step("paid", action="wait_for_event", input={"name": "paid", "timeout": 60})]}
    )
    await lab.drive(execution_id)
    await lab.later(execution_id, seconds=61)
    assert (await lab.drive(execution_id)).status == "failed"
    assert (await lab.steps(execution_id))["paid"].error["type"] == "TimedOut"


async def test_an_approval_lets_the_execution_go_on(lab: Lab) -> None:
    execution_id = await lab.start(
        {
            "steps": [
                step("ok", action="approval", input={"message": "Refund {{ input.amount }}?"}),
                step("b", "ok", input={"who": "{{ steps.ok.output.by }}"}),
            ]
        },
        {"amount": "9.90"},
    )
    assert (await lab.drive(execution_id)).wait_reason == "approval"
    async with lab.pool.connection() as conn:
        [reason] = await explain_execution(conn, execution_id)
        assert "Refund 9.90?" in str(reason.detail)
        await approve_step(conn, execution_id, "ok", is_approved=True, by="operator 3", comment="fine")
    assert (await lab.drive(execution_id)).status == "succeeded"
    assert lab.made[0].data["who"] == "operator 3"


async def test_a_refusal_fails_the_step_and_may_be_made_up_for(lab: Lab) -> None:
    execution_id = await lab.start(
        {
            "steps": [
                step("ok", action="approval", on_failure={"step": "b"}),
                step("b", input={"why": "{{ steps.ok.error.detail.comment }}"}),
            ]
        }
    )
    await lab.drive(execution_id)
    async with lab.pool.connection() as conn:
        await approve_step(conn, execution_id, "ok", is_approved=False, by="operator 3", comment="too much")
    assert (await lab.drive(execution_id)).status == "succeeded"
    assert lab.made[0].data["why"] == "too much"


async def test_an_approval_that_nobody_gives_times_out(lab: Lab) -> None:
    execution_id = await lab.start({"steps": [step("ok", action="approval", input={"timeout": "1d"})]})
    await lab.drive(execution_id)
    await lab.later(execution_id, days=1)
    assert (await lab.drive(execution_id)).status == "failed"


async def test_another_workflows_output_is_the_steps(lab: Lab) -> None:
    await lab.apply({"name": "child", "steps": [step("x")], "output": {"twice": "{{ input.n * 2 }}"}})
    execution_id = await lab.start(
        {
            "steps": [step("sub", action="workflow.run", input={"workflow": "child", "input": {"n": "{{ input.n }}"}})],
            "output": "{{ steps.sub.output.twice }}",
        },
        {"n": 4},
    )
    await lab.drive(execution_id)
    child = (await lab.steps(execution_id))["sub"].child_execution_id
    assert (await lab.drive(child)).status == "succeeded"
    execution = await lab.drive(execution_id)
    assert (execution.status, execution.output) == ("succeeded", 8)


async def test_another_workflow_may_be_started_without_waiting_for_it(lab: Lab) -> None:
    await lab.apply({"name": "child", "steps": [step("x")]})
    execution = await lab.finish(
        {
            "steps": [step("sub", action="workflow.run", input={"workflow": "child", "wait": False})],
            "output": "{{ steps.sub.output.execution_id }}",
        }
    )
    assert execution.status == "succeeded"
    assert execution.output == str(await lab.only("child"))


async def test_a_failed_child_fails_its_step(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    await lab.apply({"name": "child", "steps": [step("x", input={"do": "no"})]})
    execution_id = await lab.start({"steps": [step("sub", action="workflow.run", input={"workflow": "child"})]})
    await lab.drive(execution_id)
    await lab.drive((await lab.steps(execution_id))["sub"].child_execution_id)
    execution = await lab.drive(execution_id)
    assert execution.status == "failed"
    assert (await lab.steps(execution_id))["sub"].error["type"] == "ChildExecution"


async def test_a_workflow_that_is_not_there_fails_the_step(lab: Lab) -> None:
    execution = await lab.finish(
        {"steps": [step("sub", action="workflow.run", input={"workflow": "{{ input.name }}"})]}, {"name": "nowhere"}
    )
    assert execution.status == "failed"
    assert "nowhere" in str(execution.error)


async def test_a_workflow_that_calls_itself_for_ever_ends_at_a_depth_of_ten(lab: Lab) -> None:
    steps = [step("again", action="workflow.run", when="{{ true }}", input={"workflow": "flow"})]
    execution_id = await lab.start({"steps": steps})
    for _ in range(40):
        live = await lab.value(
            "select id from aias.executions where tenant = %s and status = 'queued' order by id desc limit 1",
            lab.tenant,
        )
        if live is None:
            break
        await lab.drive(live)
    assert (await lab.execution(execution_id)).status == "failed"
    assert await lab.value("select count(*) from aias.executions where tenant = %s", lab.tenant) == 11


async def test_an_execution_that_takes_too_long_fails(lab: Lab) -> None:
    execution_id = await lab.start({"timeout": "1h", "steps": [step("ok", action="approval")]})
    execution = await lab.drive(execution_id)
    assert execution.wait_until is not None  # the approval has no end of its own; the execution has
    async with lab.pool.connection() as conn:
        await conn.execute(
            "update aias_private.executions set started_at = started_at - interval '1 hour' where id = %s",
            (execution_id,),
        )
    await lab.later(execution_id, hours=1)
    execution = await lab.drive(execution_id)
    assert execution.status == "failed"
    assert execution.error is not None
    assert execution.error["type"] == "TimedOut"
    assert await lab.statuses(execution_id) == {"ok": "cancelled"}


async def test_a_call_that_outlives_its_execution_is_cut_off(lab: Lab) -> None:
    async def hang(_context: object, _data: object) -> None:
        await asyncio.sleep(60)

    lab.behaviours["hang"] = [hang]
    execution = await lab.finish({"timeout": 0.2, "steps": [step("a", input={"do": "hang"}, timeout=30)]})
    assert execution.status == "failed"
    assert execution.error is not None
    assert execution.error["type"] == "TimedOut"


async def test_a_call_that_takes_longer_than_its_timeout_is_tried_again(lab: Lab) -> None:
    async def hang(_context: object, _data: object) -> None:
        await asyncio.sleep(60)

    lab.behaviours["hang"] = [hang]
    execution = await lab.finish({"steps": [step("a", input={"do": "hang"}, timeout="50ms")]})
    assert execution.status == "waiting"
    assert (await lab.steps(execution.id))["a"].error == {
        "type": "Timeout",
        "message": "test.call gave no result within 0.05 s",
    }
