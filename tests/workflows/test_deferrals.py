"""An action that is put off: the engine lets the execution wait, and calls it again when the wait is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from psycopg_pool import PoolTimeout

from aias.errors import Deferred
from tests.workflows.lab import Lab, step


@pytest.mark.parametrize("action", ["test.call", "test.once"])
async def test_a_call_that_is_put_off_is_made_again_later_as_the_same_attempt(lab: Lab, action: str) -> None:
    closed = Deferred("the gate is closed", kind="gate", seconds=60.0, detail={"gate": "shopify:acme/main"})
    lab.behaviours["order"] = [closed, closed, {"id": 7}]
    execution = await lab.start(
        {"steps": [step("get", action=action, input={"do": "order"}, retry={"max_attempts": 1})]}
    )
    for _ in range(2):
        row = await lab.drive(execution)
        assert (row.status, row.wait_reason, row.error) == ("waiting", "gate", None)
        assert row.wait_until is not None
        assert row.wait_until > datetime.now(UTC) + timedelta(seconds=30)
        await lab.later(execution, seconds=61)
    row = await lab.drive(execution)
    assert row.status == "succeeded"
    assert [call.attempt for call in lab.made] == [1, 1, 1]
    assert (await lab.steps(execution))["get"].attempt_count == 1


async def test_items_of_a_fan_out_are_put_off_one_by_one(lab: Lab) -> None:
    used_up = Deferred("used up", kind="limit", seconds=60.0, detail={"gate": "wave:acme/books"})
    lab.behaviours["order"] = [{"id": 1}, used_up, {"id": 3}]
    execution = await lab.start(
        {"steps": [step("each", for_each={"items": [1, 2, 3], "concurrency": 1}, input={"do": "order"})]}
    )
    assert (await lab.drive(execution)).wait_reason == "limit"
    assert await lab.statuses(execution) == {
        "each": "running",
        "each[0]": "succeeded",
        "each[1]": "waiting",
        "each[2]": "succeeded",
    }
    await lab.later(execution, seconds=61)
    assert (await lab.drive(execution)).status == "succeeded"


async def test_a_call_that_comes_back_knows_that_it_was_put_off(lab: Lab) -> None:
    seen: list[bool] = []

    def note(context: object, _data: object) -> dict[str, int]:
        seen.append(context.is_deferred)  # pyright: ignore[reportAttributeAccessIssue]
        if len(seen) == 1:
            raise Deferred("used up", kind="limit", seconds=60.0)
        return {}

    lab.behaviours["order"] = [note]
    execution = await lab.start({"steps": [step("get", input={"do": "order"})]})
    await lab.drive(execution)
    await lab.later(execution, seconds=61)
    assert (await lab.drive(execution)).status == "succeeded"
    assert seen == [False, True]


async def test_a_call_that_finds_no_free_connection_of_its_worker_is_no_attempt(lab: Lab) -> None:
    lab.behaviours["order"] = [PoolTimeout("couldn't get a connection after 30.00 sec"), {"id": 7}]
    execution = await lab.start(
        {"steps": [step("get", action="test.once", input={"do": "order"}, retry={"max_attempts": 1})]}
    )
    assert (await lab.drive(execution)).wait_reason == "limit"
    reason = await lab.value("select reason || ': ' || detail from aias.explain_execution(%s)", execution)
    assert reason.startswith("limit: step get waits: all database connections of the worker are in use")
    await lab.later(execution, seconds=6)
    assert (await lab.drive(execution)).status == "succeeded"
    assert (await lab.steps(execution))["get"].attempt_count == 1
