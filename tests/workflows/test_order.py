"""In which order steps run, and what each finds."""

import asyncio
from typing import Any

from tests.workflows.lab import Lab, step


async def test_steps_run_after_what_they_need_and_see_its_output(lab: Lab) -> None:
    execution = await lab.finish(
        {
            "steps": [
                step("third", "second", input={"got": "{{ steps.second.output.got + 1 }}"}),
                step("second", "first", input={"got": "{{ steps.first.output.got + 1 }}"}),
                step("first", input={"got": "{{ input.start }}"}),
            ],
            "output": {"sum": "{{ steps.third.output.got }}"},
        },
        {"start": 1},
    )
    assert (execution.status, execution.output) == ("succeeded", {"sum": 3})
    assert lab.called() == ["first", "second", "third"]


async def test_steps_that_need_nothing_run_together_and_begin_as_listed(lab: Lab) -> None:
    execution = await lab.finish({"steps": [step("c"), step("a"), step("b"), step("end", "a", "b", "c")]})
    assert execution.status == "succeeded"
    assert lab.called() == ["c", "a", "b", "end"]
    assert lab.most_running >= 1


async def test_at_most_twenty_calls_of_one_execution_are_under_way_at_once(lab: Lab) -> None:
    gate = asyncio.Event()

    async def wait(_context: Any, _data: Any) -> None:
        if lab.running == 20:
            asyncio.get_running_loop().call_later(0.05, gate.set)
        await gate.wait()

    lab.behaviours["wait"] = [wait]
    execution = await lab.finish({"steps": [step(f"s{n}", input={"do": "wait"}) for n in range(45)]})
    assert execution.status == "succeeded"
    assert (lab.most_running, len(lab.made)) == (20, 45)


async def test_a_condition_that_does_not_hold_skips_its_step_and_the_next_one_runs(lab: Lab) -> None:
    execution = await lab.finish(
        {
            "steps": [
                step("first"),
                step("maybe", "first", when="{{ input.yes }}"),
                step("after", "first", "maybe", input={"seen": "{{ steps.maybe.status }}"}),
            ]
        },
        {"yes": False},
    )
    assert execution.status == "succeeded"
    assert await lab.statuses(execution.id) == {"first": "succeeded", "maybe": "skipped", "after": "succeeded"}
    assert lab.made[-1].data["seen"] == "skipped"


async def test_a_step_whose_needs_were_all_skipped_is_skipped_itself(lab: Lab) -> None:
    execution = await lab.finish(
        {"steps": [step("a", when=False), step("b", "a"), step("c", "b"), step("d")]},
    )
    assert execution.status == "succeeded"
    assert await lab.statuses(execution.id) == {"a": "skipped", "b": "skipped", "c": "skipped", "d": "succeeded"}


async def test_a_branch_decides_what_runs(lab: Lab) -> None:
    definition = {
        "steps": [
            step("size", action="branch", input={"cases": {"big": "{{ input.n > 10 }}"}, "default": "small"}),
            step("big", "size", when="{{ steps.size.output.branch == 'big' }}"),
            step("small", "size", when="{{ steps.size.output.branch == 'small' }}"),
        ]
    }
    execution = await lab.finish(definition, {"n": 11})
    assert await lab.statuses(execution.id) == {"size": "succeeded", "big": "succeeded", "small": "skipped"}


async def test_an_output_template_that_fails_fails_the_execution_and_names_its_place(lab: Lab) -> None:
    execution = await lab.finish({"steps": [step("a")], "output": {"x": ["{{ steps.a.output.nope }}"]}})
    assert execution.status == "failed"
    assert execution.error is not None
    assert execution.error["type"] == "TemplateError"
    assert execution.error["message"].startswith("$.output.x[0]: 'nope' is not there")


async def test_a_template_that_fails_fails_its_step_and_names_its_place(lab: Lab) -> None:
    execution = await lab.finish({"steps": [step("a"), step("b", "a", input={"n": "{{ steps.a.output.n }}"})]})
    assert execution.status == "failed"
    assert execution.error is not None
    assert "$.steps[1].input.n" in execution.error["message"]
    assert execution.error["detail"]["step"] == "b"
    assert lab.called() == ["a"]
