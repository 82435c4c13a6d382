"""What is in the database when."""

from typing import Any

import pytest

from aias.workflows.checkpoints import Change, Ledger
from tests.workflows.lab import Lab, step


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What each write of checkpoints held."""
    found: list[list[str]] = []
    record, finish = Ledger.record, Ledger.finish

    async def noted(self: Ledger, changes: list[Change]) -> Any:
        found.append([f"{change['id']} {change['to']}" for change in changes])
        return await record(self, changes)

    async def noted_at_the_end(self: Ledger, status: Any, output: Any, error: Any, changes: Any = None) -> Any:
        found.append([f"{change['id']} {change['to']}" for change in changes or []] + [status])
        return await finish(self, status, output, error, changes)

    monkeypatch.setattr(Ledger, "record", noted)
    monkeypatch.setattr(Ledger, "finish", noted_at_the_end)
    return found


async def test_a_step_is_on_record_as_running_before_its_call(lab: Lab) -> None:
    async def look(context: Any, _data: Any) -> Any:
        return await lab.statuses(context.execution_id)

    lab.behaviours["look"] = [look]
    execution = await lab.finish({"steps": [step("a", input={"do": "look"})], "output": "{{ steps.a.output }}"})
    assert execution.output == {"a": "running"}


async def test_a_result_is_in_the_database_before_what_depends_on_it_begins(lab: Lab) -> None:
    async def look(context: Any, _data: Any) -> Any:
        return await lab.statuses(context.execution_id)

    lab.behaviours["look"] = [look]
    execution = await lab.finish(
        {"steps": [step("a"), step("b", "a", input={"do": "look"})], "output": "{{ steps.b.output }}"}
    )
    assert execution.output == {"a": "succeeded", "b": "running"}


async def test_a_result_and_what_it_lets_begin_share_one_write(lab: Lab, writes: list[list[str]]) -> None:
    await lab.finish({"steps": [step("a"), step("b", "a"), step("c", "b")]})
    assert writes == [
        ["a running"],
        ["a succeeded", "b running"],
        ["b succeeded", "c running"],
        ["c succeeded", "succeeded"],
    ]


async def test_computed_steps_need_no_write_of_their_own(lab: Lab, writes: list[list[str]]) -> None:
    await lab.finish(
        {
            "steps": [
                step("a", action="transform", input={"x": 1}),
                step("b", "a", action="branch", input={"cases": {"yes": "{{ steps.a.output.x == 1 }}"}}),
                step("c", "b"),
            ]
        }
    )
    assert writes == [["a succeeded", "b succeeded", "c running"], ["c succeeded", "succeeded"]]


async def test_a_step_that_is_done_is_never_done_again(lab: Lab) -> None:
    execution_id = await lab.start(
        {"steps": [step("a"), step("nap", "a", action="sleep", input={"seconds": 60}), step("b", "nap")]}
    )
    await lab.drive(execution_id)
    await lab.later(execution_id, seconds=60)
    await lab.drive(execution_id)
    assert lab.called() == ["a", "b"]
