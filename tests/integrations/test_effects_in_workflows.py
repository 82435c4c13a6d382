"""Effects as steps of workflows: what becomes of the step, and what a person can do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from aias.db import open_pool
from aias.errors import Conflict, InvalidArgument, NotFound, TransientError
from aias.integrations import once, resolve_effect
from aias.plugins import ActionContext, action, get_action
from aias.workflows import approve_step, cancel_execution, retry_execution
from tests.workflows.lab import CallInput, CallOutput, Lab, step


class Till:
    """An upstream that can't be asked afterwards; a call that breaks has had its effect."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.breaks = 0
        self.is_gated = False
        self.arrived, self.may_end = asyncio.Event(), asyncio.Event()

    async def send(self, key: str) -> Any:
        self.sent.append(key)
        if self.is_gated:
            self.arrived.set()
            await self.may_end.wait()
        if self.breaks:
            self.breaks -= 1
            raise TransientError("no answer") from httpx.ReadError("reset")
        return {"number": len(self.sent)}


@pytest.fixture
async def lab(workspaces_database_url: str, workspace: Any) -> AsyncIterator[Lab]:
    async with await open_pool(workspaces_database_url, min_size=1, max_size=10) as pool:
        made = await Lab(pool=pool, tenant=f"lab-{workspace.tenant}").open()
        with made.actions():
            yield made


@pytest.fixture
def till(lab: Lab) -> Till:
    made = Till()

    @action("test.pay", effect="at_most_once", timeout=100.0, ledger=True)
    async def pay(context: ActionContext, data: CallInput) -> CallOutput:
        return CallOutput(await once(context, None, operation="pay", request=data.model_dump(), send=made.send))

    assert get_action("test.pay") is not None
    return made


def paying(**more: Any) -> dict[str, Any]:
    return {"steps": [step("pay", action="test.pay", **more)], "output": "{{ steps.pay.output }}"}


async def state(lab: Lab, execution: UUID) -> str:
    return await lab.value("select state from aias.effects where execution_id = %s", execution)


async def resolve(lab: Lab, execution: UUID, happened: bool, **given: Any) -> str:
    async with lab.pool.connection() as conn:
        return await resolve_effect(conn, execution=execution, step="pay", happened=happened, by="ann", **given)


async def asked(lab: Lab, till: Till) -> UUID:
    """An execution that waits for a person to say what came of its call."""
    till.breaks = 1
    execution = await lab.start(paying(on_unknown="ask"))
    assert (await lab.drive(execution)).status == "waiting"
    (row,) = (await lab.steps(execution)).values()
    assert (row.wait_kind, row.wait_detail["in_doubt"]) == ("approval", True)
    assert await state(lab, execution) == "in_doubt"
    return execution


async def test_an_effect_in_doubt_that_happened_lets_the_step_succeed_with_its_response(lab: Lab, till: Till) -> None:
    execution = await asked(lab, till)
    assert await resolve(lab, execution, True, response={"number": 7}, comment="seen at the till") == "done"
    done = await lab.drive(execution)
    assert (done.status, done.output, len(till.sent)) == ("succeeded", {"number": 7}, 1)
    assert "effect_resolved" in await lab.events(execution)
    told = await lab.value(
        "select detail from aias.audit_log where action = 'effect.resolved' and object_id = %s", str(execution)
    )
    assert (told["by"], told["comment"], told["happened"]) == ("ann", "seen at the till", True)


async def test_an_effect_in_doubt_that_did_not_happen_is_sent_again(lab: Lab, till: Till) -> None:
    execution = await asked(lab, till)
    assert await resolve(lab, execution, False) == "refused"
    assert (await lab.drive(execution)).output == {"number": 2}
    assert till.sent[0] == till.sent[1]


async def test_an_approved_call_in_doubt_is_sent_again(lab: Lab, till: Till) -> None:
    execution = await asked(lab, till)
    async with lab.pool.connection() as conn:
        await approve_step(conn, execution, "pay", is_approved=True, by="ann")
    assert (await lab.drive(execution)).output == {"number": 2}


async def test_a_step_that_failed_in_doubt_is_not_sent_again_by_a_retry(lab: Lab, till: Till) -> None:
    till.breaks = 1
    execution = await lab.start(paying())
    failed = await lab.drive(execution)
    assert failed.status == "failed"
    assert "OutcomeUnknown" in str(failed.error)
    async with lab.pool.connection() as conn:
        await retry_execution(conn, execution)
    assert (await lab.drive(execution)).status == "failed"
    assert len(till.sent) == 1
    await resolve(lab, execution, True, response={"number": 1})
    async with lab.pool.connection() as conn:
        await retry_execution(conn, execution)
    done = await lab.drive(execution)
    assert (done.status, done.output, len(till.sent)) == ("succeeded", {"number": 1}, 1)


async def test_a_step_may_say_that_it_is_sent_again(lab: Lab, till: Till) -> None:
    till.breaks = 1
    execution = await lab.start(paying(on_unknown="retry"))
    assert (await lab.drive(execution)).status == "waiting"
    await lab.later(execution, hours=1)
    assert (await lab.drive(execution)).output == {"number": 2}


async def test_a_call_that_never_began_is_made_after_a_crash_though_it_must_not_be_repeated(
    lab: Lab, till: Till
) -> None:
    """The step is on record as running, but the ledger has no intent: the call surely was not made."""
    execution = await lab.start(paying())
    job = await lab.value("select job_id from aias.executions where id = %s", execution)
    async with lab.pool.connection() as conn:
        await conn.execute(
            "select from aias_private.claim_execution(%s, %s, %s, null)", (lab.tenant_id, execution, job)
        )
        await conn.execute(
            "select from aias_private.record_steps(%s, %s, 1, %s::jsonb)",
            (
                lab.tenant_id,
                execution,
                '[{"id": "pay", "item": -1, "action": "test.pay", "to": "running", "effect": "at_most_once"}]',
            ),
        )
    done = await lab.drive(execution)
    assert (done.status, done.output, len(till.sent)) == ("succeeded", {"number": 1}, 1)


async def test_a_call_under_way_when_its_execution_is_cancelled_is_settled_when_it_ends(lab: Lab, till: Till) -> None:
    till.is_gated = True
    execution = await lab.start(paying())
    worker = asyncio.create_task(lab.advance(execution))
    await asyncio.wait_for(till.arrived.wait(), 10)
    async with lab.pool.connection() as conn:
        await cancel_execution(conn, execution)
    assert await state(lab, execution) == "in_doubt"
    with pytest.raises(Conflict, match="nothing to be said"):
        await resolve(lab, execution, True)  # its call is still under way
    till.may_end.set()
    await asyncio.wait_for(worker, 60)
    assert await state(lab, execution) == "done"


async def test_a_worker_that_is_stopped_in_the_call_says_that_nobody_knows(lab: Lab, till: Till) -> None:
    till.is_gated = True
    execution = await lab.start(paying(on_unknown="ask"))
    worker = asyncio.create_task(lab.advance(execution))
    await asyncio.wait_for(till.arrived.wait(), 10)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert await state(lab, execution) == "in_doubt"
    assert (await lab.drive(execution)).status == "waiting"
    assert len(till.sent) == 1


async def test_what_a_failed_step_could_not_find_out_is_in_doubt_though_its_execution_goes_on(
    lab: Lab, till: Till
) -> None:
    @action("test.pay_blindly", timeout=100.0, ledger=True)
    async def pay_blindly(context: ActionContext, data: CallInput) -> CallOutput:
        async def find() -> Any:
            raise TransientError("the search does not answer")

        request = data.model_dump()
        return CallOutput(await once(context, None, operation="pay", request=request, send=till.send, find=find))

    till.breaks = 1
    failing = step("pay", action="test.pay_blindly", on_failure="continue", retry={"max_attempts": 2, "initial": 0.1})
    execution = await lab.start({"steps": [failing, step("next", "pay")]})
    await lab.drive(execution)
    assert await state(lab, execution) == "intended"
    await lab.later(execution, hours=1)
    assert (await lab.drive(execution)).status == "succeeded"
    assert (await state(lab, execution), len(till.sent)) == ("in_doubt", 1)


async def test_what_a_person_can_not_say_is_refused(lab: Lab, till: Till) -> None:
    done = await lab.finish(paying())
    with pytest.raises(Conflict, match="is done: there is nothing to be said"):
        await resolve(lab, done.id, True)
    execution = await asked(lab, till)
    with pytest.raises(NotFound, match="no such effect"):
        await resolve(lab, execution, True, part="other")
    with pytest.raises(InvalidArgument, match="has no response"):
        await resolve(lab, execution, False, response={})
    with pytest.raises(InvalidArgument):
        await resolve(lab, execution, True, response="x" * 70_000)


async def test_of_several_effects_in_doubt_one_is_named(lab: Lab, till: Till) -> None:
    @action("test.pay_twice", effect="at_most_once", timeout=100.0, ledger=True)
    async def pay_twice(context: ActionContext, data: CallInput) -> CallOutput:
        results = await asyncio.gather(
            *(
                once(context, None, operation="pay", request=data.model_dump(), send=till.send, part=part)
                for part in ("first", "second")
            ),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return CallOutput([])

    till.breaks = 2
    execution = await lab.start({"steps": [step("pay", action="test.pay_twice", on_unknown="ask")]})
    assert (await lab.drive(execution)).status == "waiting"
    with pytest.raises(Conflict, match="name the part"):
        await resolve(lab, execution, True)
    await resolve(lab, execution, True, part="first")
    await resolve(lab, execution, False)
    assert (await lab.drive(execution)).status == "succeeded"
    assert len(till.sent) == 3
