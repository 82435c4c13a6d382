"""``for_each``: each item a checkpoint of its own."""

import asyncio
import json
from typing import Any

import pytest

from aias.errors import PermanentError, TransientError
from aias.workflows import approve_step, send_signal
from aias.workflows.checkpoints import Ledger
from tests.workflows.lab import Lab, step


def each(items: Any = "{{ input.items }}", **more: Any) -> dict[str, Any]:
    return step("all", for_each={"items": items}, input={"got": "{{ item }}", "at": "{{ index }}"}, **more)


async def test_the_output_is_the_list_of_outputs_in_the_order_of_the_items(lab: Lab) -> None:
    execution = await lab.finish(
        {"steps": [each(), step("b", "all")], "output": "{{ steps.all.output|map(attribute='got')|list }}"},
        {"items": ["x", "y", "z"]},
    )
    assert (execution.status, execution.output) == ("succeeded", ["x", "y", "z"])
    assert sorted(call.key for call in lab.made[:3]) == [f"{execution.id}:all:{n}" for n in range(3)]
    assert lab.called()[-1] == "b"


async def test_no_items_give_an_empty_list(lab: Lab) -> None:
    execution = await lab.finish({"steps": [each()], "output": "{{ steps.all.output }}"}, {"items": []})
    assert (execution.status, execution.output) == ("succeeded", [])


async def test_the_action_for_each_is_a_longer_way_to_write_it(lab: Lab) -> None:
    definition = {
        "steps": [
            step(
                "all",
                action="for_each",
                input={"items": [1, 2], "action": "transform", "input": "{{ item * 10 }}", "concurrency": 1},
            )
        ],
        "output": "{{ steps.all.output }}",
    }
    assert (await lab.finish(definition)).output == [10, 20]


async def test_no_more_items_are_under_way_than_concurrency_allows(lab: Lab) -> None:
    async def wait(_context: Any, _data: Any) -> None:
        await asyncio.sleep(0.01)

    lab.behaviours["wait"] = [wait]
    loop = {"items": "{{ range(10) }}", "concurrency": 3}
    execution = await lab.finish({"steps": [step("all", for_each=loop, input={"do": "wait"})]})
    assert execution.status == "succeeded"
    assert (lab.most_running, len(lab.made)) == (3, 10)


@pytest.mark.parametrize("items", ["{{ range(11) }}", [*range(10), "{{ 1 }}"]])
async def test_more_items_than_allowed_fail_the_step_before_any_call(lab: Lab, items: Any) -> None:
    loop = {"items": items, "max_items": 10}
    definition = {"name": "flow", "steps": [step("all", for_each=loop)]}
    if isinstance(items, list):
        await lab.value("select aias.apply_workflow(%s, %s::jsonb)", lab.tenant, json.dumps(definition))
        execution = await lab.drive(await lab.run())
    else:
        execution = await lab.finish(definition)
    assert execution.status == "failed"
    assert "max_items" in str(execution.error)
    assert lab.made == []


@pytest.mark.parametrize("items", ["{{ input }}", "{{ 'abc' }}", "{{ 3 }}", "{{ none }}"])
async def test_items_that_are_no_list_fail_the_step(lab: Lab, items: str) -> None:
    execution = await lab.finish({"steps": [each(items)]}, {"items": 1})
    assert execution.status == "failed"
    assert "$.steps[0].for_each.items" in str(execution.error)


async def test_an_item_that_fails_is_tried_again_alone(lab: Lab) -> None:
    lab.behaviours["flaky"] = [TransientError("busy"), "fine"]
    loop = {"items": ["ok", "flaky", "ok"], "concurrency": 1}
    execution_id = await lab.start(
        {
            "steps": [step("all", for_each=loop, input={"do": "{{ item }}"}), step("b", "all")],
            "output": "{{ steps.all.output[1] }}",
        }
    )
    execution = await lab.drive(execution_id)
    assert (execution.status, execution.wait_reason) == ("waiting", "retry")
    await lab.later(execution_id, minutes=10)
    execution = await lab.drive(execution_id)
    assert (execution.status, execution.output) == ("succeeded", "fine")
    assert lab.called() == ["all[0]", "all[1]", "all[2]", "all[1]", "b"]


async def test_an_item_that_fails_for_good_fails_the_step_and_begins_no_more(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    loop = {"items": ["ok", "no", "ok", "ok"], "concurrency": 1}
    execution = await lab.finish({"steps": [step("all", for_each=loop, input={"do": "{{ item }}"})]})
    assert execution.status == "failed"
    assert lab.called() == ["all[0]", "all[1]"]
    assert "item 1: refused" in str(execution.error)


async def test_continue_leaves_null_in_the_place_of_a_failed_item(lab: Lab) -> None:
    lab.behaviours |= {"no": [PermanentError("refused")], "ok": ["fine"]}
    execution = await lab.finish(
        {
            "steps": [
                step("all", for_each=["ok", "no", "ok"], input={"do": "{{ item }}"}, on_failure="continue"),
            ],
            "output": "{{ steps.all.output }}",
        }
    )
    assert (execution.status, execution.output) == ("succeeded", ["fine", None, "fine"])


async def test_what_waits_is_given_up_when_another_item_fails_and_a_fallback_takes_over(lab: Lab) -> None:
    lab.behaviours |= {"busy": [TransientError("busy")], "no": [PermanentError("refused")]}
    execution = await lab.finish(
        {
            "steps": [
                step(
                    "all",
                    for_each={"items": ["busy", "no"], "concurrency": 1},
                    input={"do": "{{ item }}"},
                    on_failure={"step": "b"},
                ),
                step("b", for_each=[1, 2]),
                step("c", "all", input={"n": "{{ steps.all.output|length }}"}),
            ]
        }
    )
    assert execution.status == "succeeded"
    assert lab.made[-1].data["n"] == 2
    assert (await lab.statuses(execution.id))["all[0]"] == "skipped"


async def test_items_may_wait_each_on_its_own(lab: Lab) -> None:
    execution_id = await lab.start(
        {
            "steps": [
                step("ok", action="approval", for_each=["a", "b"], input={"message": "{{ item }}?"}),
                step("got", action="wait_for_event", for_each=[1, 2], input={"name": "n{{ item }}"}),
                step("end", "ok", "got"),
            ]
        }
    )
    assert (await lab.drive(execution_id)).status == "waiting"
    async with lab.pool.connection() as conn:
        await approve_step(conn, execution_id, "ok[1]", is_approved=True, by="operator 3")
        await send_signal(conn, execution_id, "n2", "two")
        assert (await lab.drive(execution_id)).status == "waiting"
        await send_signal(conn, execution_id, "n1", "one")
        await approve_step(conn, execution_id, "ok[0]", is_approved=True, by="operator 3")
    assert (await lab.drive(execution_id)).status == "succeeded"
    assert (await lab.steps(execution_id))["got"].output == ["one", "two"]


async def test_outputs_that_are_too_large_together_fail_the_step(lab: Lab) -> None:
    lab.behaviours["big"] = ["x" * 400_000]
    execution = await lab.finish({"steps": [step("all", for_each=[1, 2, 3], input={"do": "big"})]})
    assert execution.status == "failed"
    assert "larger than" in str(execution.error)


async def test_a_large_fan_out_of_computed_items_needs_few_writes(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = 0
    record = Ledger.record

    async def counted(self: Ledger, changes: Any) -> Any:
        nonlocal writes
        writes += 1
        return await record(self, changes)

    monkeypatch.setattr(Ledger, "record", counted)
    loop = {"items": "{{ input.items }}", "max_items": 10_000, "concurrency": 100}
    execution = await lab.finish(
        {
            "steps": [step("all", action="transform", for_each=loop, input="{{ item + 1 }}")],
            "output": "{{ steps.all.output[-1] }}",
        },
        {"items": list(range(2000))},
    )
    assert (execution.status, execution.output) == ("succeeded", 2000)
    assert writes <= 7
