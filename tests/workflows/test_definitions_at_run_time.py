"""What is stored is checked again before it runs."""

import json
from typing import Any

import pytest

from aias.errors import Conflict, DefinitionError, InvalidArgument, NotFound
from aias.workflows import (
    apply_workflow,
    get_workflow,
    list_executions,
    list_workflows,
    run_workflow,
    set_workflow_enabled,
)
from tests.workflows.lab import Lab, step


async def stored(lab: Lab, definition: dict[str, Any]) -> None:
    """Store a definition by SQL alone, past Python's validation."""
    await lab.value("select aias.apply_workflow(%s, %s::jsonb)", lab.tenant, json.dumps({"name": "flow", **definition}))


async def test_a_stored_definition_that_cannot_run_fails_its_execution_with_every_problem(lab: Lab) -> None:
    await stored(
        lab,
        {"steps": [step("a", "b"), step("b", "a"), step("c", action="nowhere.at_all"), step("d", input="{{ nope }}")]},
    )
    execution = await lab.drive(await lab.run())
    assert execution.status == "failed"
    assert execution.error is not None
    assert execution.error["type"] == "DefinitionError"
    paths = [problem["path"] for problem in execution.error["detail"]["problems"]]
    assert paths == ["$.steps[0].needs[0]", "$.steps[2].action", "$.steps[3].input"]
    assert lab.made == []


async def test_a_definition_with_problems_is_not_stored(lab: Lab) -> None:
    async with lab.pool.connection() as conn:
        with pytest.raises(DefinitionError) as raised:
            await apply_workflow(conn, lab.tenant, {"name": "flow", "steps": [step("a", "b")], "input": {"$ref": "#"}})
        with pytest.raises(NotFound):
            await get_workflow(conn, lab.tenant, "flow")
    paths = [problem.path for problem in raised.value.problems]
    assert "$.steps[0].needs[0]" in paths
    assert any(path.startswith("$.input") for path in paths)


async def test_names_of_workflows_and_connections_are_checked_where_they_are_known(lab: Lab) -> None:
    definition = {
        "name": "flow",
        "steps": [
            step("a", action="workflow.run", input={"workflow": "chlid"}),
            step("b", action="shopify.order_get", input={"id": "gid://shopify/Order/1"}),
        ],
        "on_failure": {"workflow": "nowhere"},
    }
    await lab.apply({"name": "child", "steps": [step("x")]})
    async with lab.pool.connection() as conn:
        with pytest.raises(DefinitionError) as raised:
            await apply_workflow(conn, lab.tenant, definition)
    told = {problem.path: problem.message for problem in raised.value.problems}
    assert "did you mean 'child'" in told["$.steps[0].input.workflow"]
    assert told["$.steps[1].connection"] == "there is no connection to shopify"
    assert "$.on_failure.workflow" in told


async def test_the_same_definition_again_changes_nothing_however_it_is_written(lab: Lab) -> None:
    first = "name: flow\nsteps:\n  - {id: a, action: noop, timeout: 60}\n"
    async with lab.pool.connection() as conn:
        with pytest.raises(DefinitionError):  # noop takes no time
            await apply_workflow(conn, lab.tenant, first)
        first = first.replace("noop", "test.call")
        assert (await apply_workflow(conn, lab.tenant, first)).is_changed
        again = await apply_workflow(
            conn, lab.tenant, {"steps": [{"timeout": "1m", "action": "test.call", "id": "a"}], "name": "flow"}
        )
        assert (again.version, again.is_changed) == (1, False)
        [workflow] = await list_workflows(conn, lab.tenant)
        assert (workflow.name, workflow.version, workflow.is_enabled) == ("flow", 1, True)


async def test_running_executions_keep_their_version(lab: Lab) -> None:
    nap = step("nap", action="sleep", input={"seconds": 60})
    execution = await lab.start({"steps": [nap], "output": "old"})
    await lab.drive(execution)
    assert await lab.apply({"name": "flow", "steps": [nap], "output": "new"}) == 2
    await lab.later(execution, seconds=60)
    done = await lab.drive(execution)
    assert (done.version, done.output) == (1, "old")


async def test_a_disabled_workflow_starts_nothing_and_a_wrong_input_is_refused(lab: Lab) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    await lab.apply({"name": "flow", "input": schema, "steps": [step("a", input={"n": "{{ input.n }}"})]})
    with pytest.raises(InvalidArgument, match="n"):
        await lab.run(input={"n": "x"})
    async with lab.pool.connection() as conn:
        await set_workflow_enabled(conn, lab.tenant, "flow", is_enabled=False)
    with pytest.raises(Conflict):
        await lab.run(input={"n": 1})


async def test_what_a_caller_rolls_back_never_ran(lab: Lab) -> None:
    await lab.apply({"name": "flow", "steps": [step("a")]})
    async with lab.pool.connection() as conn:
        async with conn.transaction(force_rollback=True):
            await run_workflow(conn, lab.tenant, "flow")
        assert await list_executions(conn, tenant=lab.tenant) == []
