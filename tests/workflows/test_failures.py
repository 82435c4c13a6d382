"""Failed steps: what is tried again, what stands in, what ends the execution."""

import asyncio
from typing import Any

import httpx
import pytest

from aias.errors import PermanentError, TransientError
from aias.workflows import list_dead_letters
from tests.workflows.lab import Lab, step

FAST = {"max_attempts": 3, "initial": "1s", "factor": 2, "max_delay": "10s"}


async def test_a_transient_failure_is_tried_again_with_the_same_key(lab: Lab) -> None:
    lab.behaviours["flaky"] = [TransientError("busy"), TransientError("busy"), {"ok": True}]
    execution_id = await lab.start(
        {"steps": [step("a", input={"do": "flaky"}, retry=FAST)], "output": "{{ steps.a.output }}"}
    )
    execution = await lab.execution(execution_id)
    for expected in ("waiting", "waiting", "succeeded"):
        execution = await lab.drive(execution_id)
        assert execution.status == expected
        assert execution.wait_reason == ("retry" if expected == "waiting" else None)
        await lab.later(execution_id, seconds=10)
    assert execution.output == {"ok": True}
    assert [call.attempt for call in lab.made] == [1, 2, 3]
    assert {call.key for call in lab.made} == {f"{execution_id}:a"}


async def test_after_the_last_attempt_the_execution_fails_into_the_dead_letters(lab: Lab) -> None:
    lab.behaviours["down"] = [TransientError("still down", detail={"status": 503})]
    execution_id = await lab.start({"steps": [step("a", input={"do": "down"}, retry=FAST), step("b", "a")]})
    for _ in range(3):
        await lab.drive(execution_id)
        await lab.later(execution_id, seconds=10)
    execution = await lab.execution(execution_id)
    assert execution.status == "failed"
    assert len(lab.made) == 3
    assert execution.error == {
        "type": "StepFailed",
        "message": "step 'a': still down",
        "detail": {
            "step": "a",
            "error": {"type": "TransientError", "message": "still down", "detail": {"status": 503}},
            "failed": ["a"],
        },
    }
    async with lab.pool.connection() as conn:
        [letter] = await list_dead_letters(conn, tenant=lab.tenant)
    assert letter.execution_id == execution_id
    assert letter.error == execution.error
    assert await lab.statuses(execution_id) == {"a": "failed"}


async def test_a_wish_of_the_upstream_to_wait_longer_is_kept(lab: Lab) -> None:
    lab.behaviours["busy"] = [TransientError("slow down", retry_after=120.0)]
    execution = await lab.finish({"steps": [step("a", input={"do": "busy"}, retry=FAST)]})
    assert execution.status == "waiting"
    assert execution.wait_until is not None
    assert 115 < (execution.wait_until - execution.created_at).total_seconds() < 130


async def test_a_permanent_failure_is_not_tried_again(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.finish({"steps": [step("a", input={"do": "no"}, retry=FAST)]})
    assert execution.status == "failed"
    assert len(lab.made) == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError("the network is down"), "waiting"),
        (ConnectionRefusedError("nobody listens"), "waiting"),
        (httpx.ReadTimeout("no answer"), "waiting"),
        (TimeoutError("slow"), "waiting"),
        (KeyError("a mistake in the action"), "failed"),
        (ValueError("likewise"), "failed"),
        (RecursionError("likewise"), "failed"),
    ],
)
async def test_what_the_network_did_is_tried_again_and_a_mistake_is_not(
    lab: Lab, error: Exception, expected: str
) -> None:
    lab.behaviours["x"] = [error]
    execution = await lab.finish({"steps": [step("a", input={"do": "x"})]})
    assert execution.status == expected
    assert (await lab.steps(execution.id))["a"].error["type"] == type(error).__name__


@pytest.mark.parametrize(("error", "status"), [(SystemExit(3), "failed"), (asyncio.CancelledError(), "waiting")])
async def test_an_action_can_neither_end_the_worker_nor_cancel_the_execution(
    lab: Lab, error: BaseException, status: str
) -> None:
    lab.behaviours["x"] = [error]
    execution = await lab.finish({"steps": [step("a", input={"do": "x"}), step("b")]})
    assert execution.status == status
    assert (await lab.statuses(execution.id))["b"] == "succeeded"


async def test_running_siblings_finish_and_nothing_new_begins(lab: Lab) -> None:
    failed = asyncio.Event()

    async def slow(_context: Any, _data: Any) -> str:
        await failed.wait()
        await asyncio.sleep(0.05)
        return "done"

    def fail(_context: Any, _data: Any) -> None:
        failed.set()
        raise PermanentError("no")

    lab.behaviours |= {"slow": [slow], "fail": [fail]}
    execution = await lab.finish(
        {"steps": [step("slow", input={"do": "slow"}), step("fails", input={"do": "fail"}), step("next", "slow")]}
    )
    assert execution.status == "failed"
    assert await lab.statuses(execution.id) == {"slow": "succeeded", "fails": "failed"}


async def test_continue_passes_over_a_failed_step(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.finish(
        {
            "steps": [
                step("a", input={"do": "no"}, on_failure="continue"),
                step("b", "a", input={"why": "{{ steps.a.error.message }}", "was": "{{ steps.a.output }}"}),
            ]
        }
    )
    assert execution.status == "succeeded"
    assert (lab.made[-1].data["why"], lab.made[-1].data["was"]) == ("refused", None)


async def test_a_fallback_steps_output_stands_for_the_failed_steps(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.finish(
        {
            "steps": [
                step("main", input={"do": "no"}, on_failure={"step": "plan_b"}),
                step("next", "main", input={"got": "{{ steps.main.output.value }}"}),
                step("plan_b", input={"value": 7, "because": "{{ steps.main.error.message }}"}),
            ],
            "output": "{{ steps.next.output.got }}",
        }
    )
    assert (execution.status, execution.output) == ("succeeded", 7)
    assert lab.called() == ["main", "plan_b", "next"]
    assert lab.made[1].data["because"] == "refused"


async def test_a_fallback_step_is_skipped_when_it_is_not_needed(lab: Lab) -> None:
    execution = await lab.finish(
        {"steps": [step("main", on_failure={"step": "plan_b"}), step("plan_b"), step("next", "main")]}
    )
    assert await lab.statuses(execution.id) == {"main": "succeeded", "plan_b": "skipped", "next": "succeeded"}
    assert execution.status == "succeeded"


async def test_a_fallback_may_have_a_fallback_and_the_last_failure_counts(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    steps = [
        step("a", input={"do": "no"}, on_failure={"step": "b"}),
        step("b", input={"do": "no"}, on_failure={"step": "c"}),
        step("c", input={"value": 3}),
        step("end", "a", input={"got": "{{ steps.a.output.value }}"}),
    ]
    execution = await lab.finish({"steps": steps})
    assert execution.status == "succeeded"
    assert lab.made[-1].data["got"] == 3
    steps[2] = step("c", input={"do": "no"})
    execution = await lab.finish({"steps": steps})
    assert execution.status == "failed"
    assert execution.error is not None
    assert execution.error["detail"]["failed"] == ["c"]


async def test_a_fallback_whose_condition_does_not_hold_helps_nobody(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    execution = await lab.finish(
        {"steps": [step("a", input={"do": "no"}, on_failure={"step": "b"}), step("b", when="{{ false }}")]}
    )
    assert execution.status == "failed"
    assert execution.error is not None
    assert execution.error["detail"]["failed"] == ["a"]


async def test_a_steps_fallback_workflow_runs_with_the_error_and_stands_for_it(lab: Lab) -> None:
    await lab.apply({"name": "rescue", "steps": [step("told", input="{{ input }}")], "output": {"rescued": True}})
    lab.behaviours["no"] = [PermanentError("refused")]
    execution_id = await lab.start(
        {
            "steps": [
                step("a", input={"do": "no"}, on_failure={"workflow": "rescue"}),
                step("b", "a", input={"got": "{{ steps.a.output.rescued }}"}),
            ]
        },
        {"n": 1},
    )
    assert (await lab.drive(execution_id)).wait_reason == "execution"
    child = (await lab.steps(execution_id))["a.fallback"].child_execution_id
    assert (await lab.drive(child)).status == "succeeded"
    assert (await lab.drive(execution_id)).status == "succeeded"
    assert lab.called() == ["a", "told", "b"]
    told = lab.made[1].data
    assert told["error"]["message"] == "refused"
    assert (told["step"], told["workflow"], told["input"]) == ("a", "flow", {"n": 1})
    assert lab.made[2].data["got"] is True


async def test_a_failed_execution_starts_the_fallback_workflow_of_its_definition(lab: Lab) -> None:
    await lab.apply({"name": "rescue", "steps": [step("told", input="{{ input }}")]})
    execution = await lab.finish(
        {"steps": [step("a", action="fail", input={"message": "no"})], "on_failure": {"workflow": "rescue"}}
    )
    assert execution.status == "failed"
    fallback = await lab.only("rescue")
    assert (await lab.drive(fallback)).status == "succeeded"
    assert lab.made[0].data["execution_id"] == str(execution.id)


async def test_retrying_goes_on_from_the_checkpoints_and_does_not_repeat_what_a_fallback_made_up_for(lab: Lab) -> None:
    lab.behaviours |= {"no": [PermanentError("refused")], "flip": [PermanentError("first"), {"ok": True}]}
    execution = await lab.finish(
        {
            "steps": [
                step("a", input={"do": "no"}, on_failure={"step": "b"}),
                step("b"),
                step("c", "a", input={"do": "flip"}),
            ]
        }
    )
    assert execution.status == "failed"
    await lab.value("select aias.retry_execution(%s)", execution.id)
    assert (await lab.drive(execution.id)).status == "succeeded"
    assert lab.called() == ["a", "b", "c", "c"]


async def test_errors_are_stored_without_secrets_and_bounded(lab: Lab) -> None:
    secret = "shpat_0123456789abcdef"
    message = f"GET https://user:{secret}@host/ said no to Bearer {secret} with access_token={secret}\x00" + "x" * 5000
    lab.behaviours["leak"] = [PermanentError(message, detail={"token": f"api_key: {secret}", "big": "y" * 50_000})]
    execution = await lab.finish({"steps": [step("a", input={"do": "leak"})]})
    stored = str((await lab.steps(execution.id))["a"].error) + str(execution.error)
    assert secret not in stored
    assert len(stored) < 60_000


@pytest.mark.parametrize(
    ("output", "type"),
    [
        ("x" * 1_000_001, "OutputTooLarge"),
        ({"deep": "a\x00b"}, "BadOutput"),
        ({"n": float("nan")}, "BadOutput"),
        ("\ud800", "BadOutput"),
        (10**400, "BadOutput"),
    ],
)
async def test_an_output_that_cannot_be_stored_fails_its_step(lab: Lab, output: Any, type: str) -> None:
    lab.behaviours["bad"] = [lambda _context, _data: output]
    execution = await lab.finish({"steps": [step("a", input={"do": "bad"})]})
    assert execution.status == "failed"
    error = (await lab.steps(execution.id))["a"].error
    assert error["type"] == type
    assert "'a'" in error["message"]
