"""The engine in the hands of a real worker."""

from typing import Any

import pytest

from aias.errors import TransientError
from aias.jobs import AiasConnector, app
from tests.workflows.lab import Lab, step


@pytest.fixture
def on_labs_database(labs_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", labs_database_url)
    return labs_database_url


async def work(url: str) -> None:
    """Run a worker until nothing is ready."""
    import aias.app  # noqa: F401, PLC0415 (registers what a worker imports)

    with app.replace_connector(AiasConnector(url=url)) as replaced:
        async with replaced.open_async():
            await replaced.run_worker_async(wait=False, install_signal_handlers=False)


async def test_a_worker_runs_workflows_to_their_end_and_leaves_no_job(lab: Lab, on_labs_database: str) -> None:
    executions = [
        await lab.start({"steps": [step("a"), step("b", "a")], "output": "{{ steps.b.status }}"}) for _ in range(5)
    ]
    await work(on_labs_database)
    for execution in executions:
        found = await lab.execution(execution)
        assert (found.status, found.output) == ("succeeded", "succeeded")
    assert await lab.value("select count(*) from aias.jobs where tenant = %s", lab.tenant) == 0


async def test_a_retry_runs_in_its_own_lane_when_it_is_due(lab: Lab, on_labs_database: str) -> None:
    lab.behaviours["flaky"] = [TransientError("busy"), {"ok": True}]
    retry: dict[str, Any] = {"initial": "1ms", "max_delay": "1ms"}
    execution = await lab.start({"steps": [step("a", input={"do": "flaky"}, retry=retry)]})
    for _ in range(20):
        await work(on_labs_database)
        if (await lab.execution(execution)).is_final:
            break
    assert (await lab.execution(execution)).status == "succeeded"
    assert [call.attempt for call in lab.made] == [1, 2]


async def test_a_parent_and_its_child_go_through_the_same_worker(lab: Lab, on_labs_database: str) -> None:
    await lab.apply({"name": "child", "steps": [step("x")], "output": {"n": 7}})
    execution = await lab.start(
        {
            "steps": [step("sub", action="workflow.run", input={"workflow": "child"}), step("b", "sub")],
            "output": "{{ steps.sub.output.n }}",
        }
    )
    for _ in range(5):
        await work(on_labs_database)
    found = await lab.execution(execution)
    assert (found.status, found.output) == ("succeeded", 7)
    assert lab.called() == ["x", "b"]
