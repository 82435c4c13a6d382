"""Running again: from a step on, with another input, on another version; or going on after a failure."""

import pytest

from aias.errors import InvalidArgument, PermanentError
from aias.workflows import cancel_execution, replay_execution, requeue_dead_letter, retry_execution
from tests.workflows.lab import Lab, step

STEPS = [
    step("fetch", input={"n": "{{ input.n }}"}),
    step("shape", "fetch", action="transform", input="{{ steps.fetch.output.n * 10 }}"),
    step("send", "shape", input={"sent": "{{ steps.shape.output }}"}),
]


async def test_a_replay_reuses_the_checkpoints_before_its_step_and_has_keys_of_its_own(lab: Lab) -> None:
    first = await lab.finish({"steps": STEPS, "output": "{{ steps.send.output.sent }}"}, {"n": 1})
    async with lab.pool.connection() as conn:
        second = await replay_execution(conn, first.id, from_step="send")
    done = await lab.drive(second)
    assert (done.status, done.output, done.replayed_from_id) == ("succeeded", 10, first.id)
    assert lab.called() == ["fetch", "send", "send"]
    assert lab.made[-1].key == f"{second}:send"
    assert (await lab.execution(first.id)).output == 10


async def test_a_replay_takes_a_patched_input_and_another_version(lab: Lab) -> None:
    first = await lab.finish({"steps": STEPS, "output": "{{ steps.send.output.sent }}"}, {"n": 1})
    changed = [*STEPS[:2], step("send", "shape", input={"sent": "{{ steps.shape.output + 1 }}"})]
    version = await lab.apply({"name": "flow", "steps": changed, "output": "{{ steps.send.output.sent }}"})
    async with lab.pool.connection() as conn:
        second = await replay_execution(conn, first.id, input_patch={"n": 2}, version=version)
        with pytest.raises(InvalidArgument):
            await replay_execution(conn, first.id, from_step="nowhere")
    done = await lab.drive(second)
    assert (done.output, done.version, done.input) == (21, 2, {"n": 2})


async def test_a_new_step_before_the_one_replayed_runs(lab: Lab) -> None:
    first = await lab.finish({"steps": STEPS}, {"n": 1})
    changed = [*STEPS[:2], step("check", "fetch"), step("send", "shape", "check")]
    version = await lab.apply({"name": "flow", "steps": changed})
    async with lab.pool.connection() as conn:
        second = await replay_execution(conn, first.id, from_step="send", version=version)
    assert (await lab.drive(second)).status == "succeeded"
    assert lab.called()[2:] == ["check", "send"]


async def test_a_dead_letter_that_is_requeued_goes_on_where_it_stopped(lab: Lab) -> None:
    lab.behaviours["flip"] = [PermanentError("no"), {"ok": True}]
    execution = await lab.finish({"steps": [step("a"), step("b", "a", input={"do": "flip"}), step("c", "b")]})
    assert execution.status == "failed"
    letter = await lab.value("select id from aias.dead_letters where execution_id = %s", execution.id)
    async with lab.pool.connection() as conn:
        await requeue_dead_letter(conn, letter)
    assert (await lab.drive(execution.id)).status == "succeeded"
    assert lab.called() == ["a", "b", "b", "c"]


async def test_a_cancelled_execution_may_go_on(lab: Lab) -> None:
    steps = [step("a"), step("nap", "a", action="sleep", input={"seconds": 60}), step("b", "nap")]
    execution = await lab.start({"steps": steps})
    await lab.drive(execution)
    async with lab.pool.connection() as conn:
        await cancel_execution(conn, execution)
        await retry_execution(conn, execution)
    assert (await lab.drive(execution)).status == "waiting"
    await lab.later(execution, seconds=60)
    assert (await lab.drive(execution)).status == "succeeded"
    assert lab.called() == ["a", "b"]


async def test_a_failed_fan_out_goes_on_with_the_items_that_are_missing(lab: Lab) -> None:
    lab.behaviours["flip"] = [PermanentError("no"), "now"]
    loop = {"items": ["ok", "flip", "ok"], "concurrency": 1}
    execution = await lab.finish(
        {"steps": [step("all", for_each=loop, input={"do": "{{ item }}"})], "output": "{{ steps.all.output[1] }}"}
    )
    assert execution.status == "failed"
    async with lab.pool.connection() as conn:
        await retry_execution(conn, execution.id)
    done = await lab.drive(execution.id)
    assert (done.status, done.output) == ("succeeded", "now")
    assert lab.called() == ["all[0]", "all[1]", "all[1]", "all[2]"]
