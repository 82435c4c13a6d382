"""Workers that die, shut down, come back from the dead or lose their lease in the middle of an execution."""

import asyncio
import contextlib
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from aias.errors import PermanentError, TransientError
from aias.workflows import approve_step, cancel_execution
from aias.workflows.checkpoints import Ledger
from aias.workflows.engine import LeaseLost
from tests.workflows.lab import Lab, step

NOT_AT_ONCE: dict[str, Any] = {"initial": "5m", "max_delay": "5m"}
"""A retry that full jitter does not make due in the middle of the test."""


class Gate:
    """A call that has begun and does not end before it may."""

    def __init__(self, lab: Lab, name: str = "gate") -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.ended = 0
        lab.behaviours[name] = [self.pass_through]

    async def pass_through(self, _context: Any, _data: Any) -> str:
        self.begun.set()
        await self.may_end.wait()
        self.ended += 1
        return "through"


async def begin(lab: Lab, execution: UUID, gate: Gate) -> asyncio.Task[str]:
    """Let a worker get into the middle of the gated call."""
    worker = asyncio.create_task(lab.advance(execution))
    await asyncio.wait_for(gate.begun.wait(), 60)
    return worker


async def test_a_dead_workers_step_is_called_again_with_the_same_key_and_done_ones_are_not(lab: Lab) -> None:
    gate = Gate(lab)
    execution = await lab.start({"steps": [step("a"), step("b", "a", input={"do": "gate"}), step("c", "b")]})
    zombie = await begin(lab, execution, gate)
    lab.behaviours["gate"] = ["again"]
    assert (await lab.drive(execution)).status == "succeeded"
    gate.may_end.set()
    assert await asyncio.wait_for(zombie, 60) == "superseded"
    assert lab.called() == ["a", "b", "b", "c"]
    assert {call.key for call in lab.made if call.step == "b"} == {f"{execution}:b"}
    assert [call.attempt for call in lab.made if call.step == "b"] == [1, 2]
    assert "rescued" in await lab.events(execution)


async def test_a_worker_that_comes_back_from_the_dead_changes_nothing(lab: Lab) -> None:
    gate = Gate(lab)
    execution = await lab.start({"steps": [step("a", input={"do": "gate"})], "output": "{{ steps.a.output }}"})
    zombie = await begin(lab, execution, gate)
    lab.behaviours["gate"] = ["the other's"]
    done = await lab.drive(execution)
    gate.may_end.set()
    assert await asyncio.wait_for(zombie, 60) == "superseded"
    assert gate.ended == 1
    assert await lab.execution(execution) == done
    assert done.output == "the other's"


async def test_a_superseded_worker_cancels_what_it_still_runs(lab: Lab) -> None:
    gate, other = Gate(lab), Gate(lab, "other")
    execution = await lab.start({"steps": [step("a", input={"do": "gate"}), step("b", input={"do": "other"})]})
    zombie = await begin(lab, execution, gate)
    await other.begun.wait()
    lab.behaviours |= {"gate": [1], "other": [2]}
    await lab.drive(execution)
    gate.may_end.set()
    assert await asyncio.wait_for(zombie, 60) == "superseded"
    assert other.ended == 0
    assert lab.running == 0


async def test_a_cancelled_execution_stops_its_worker_quietly(lab: Lab) -> None:
    gate, _ = Gate(lab), Gate(lab, "other")
    execution = await lab.start({"steps": [step("a", input={"do": "gate"}), step("b", input={"do": "other"})]})
    worker = await begin(lab, execution, gate)
    async with lab.pool.connection() as conn:
        assert await cancel_execution(conn, execution, reason="not wanted")
    gate.may_end.set()
    assert await asyncio.wait_for(worker, 60) == "superseded"
    found = await lab.execution(execution)
    assert (found.status, found.cancel_reason) == ("cancelled", "not wanted")
    assert await lab.statuses(execution) == {"a": "cancelled", "b": "cancelled"}


async def test_a_worker_that_shuts_down_gives_the_execution_back_without_a_crash(lab: Lab) -> None:
    gate = Gate(lab)
    execution = await lab.start({"steps": [step("a", input={"do": "gate"})]})
    worker = await begin(lab, execution, gate)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    found = await lab.execution(execution)
    assert (found.status, found.crash_count) == ("queued", 0)
    lab.behaviours["gate"] = ["fine"]
    assert (await lab.drive(execution)).status == "succeeded"
    assert (await lab.execution(execution)).crash_count == 0


async def test_what_has_ended_before_a_shutdown_is_written_down(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, writing = Gate(lab), asyncio.Event()
    record = Ledger.record

    async def slow(self: Ledger, changes: Any) -> Any:
        if any(change["to"] == "succeeded" for change in changes) and not writing.is_set():
            writing.set()
            await asyncio.sleep(60)  # the write is under way when the worker is told to stop
        return await record(self, changes)

    monkeypatch.setattr(Ledger, "record", slow)
    execution = await lab.start({"steps": [step("a", input={"do": "gate"}), step("b", action="test.once")]})
    worker = await begin(lab, execution, gate)
    await asyncio.wait_for(writing.wait(), 60)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert await lab.statuses(execution) == {"a": "running", "b": "succeeded"}


@pytest.mark.parametrize(("policy", "status", "calls"), [("fail", "failed", 1), ("retry", "waiting", 1)])
async def test_a_call_that_may_not_be_repeated_is_in_doubt_after_a_crash(
    lab: Lab, policy: str, status: str, calls: int
) -> None:
    gate = Gate(lab)
    execution = await lab.start(
        {
            "steps": [
                step("pay", action="test.once", input={"do": "gate"}, on_unknown=policy, retry=NOT_AT_ONCE),
                step("b", "pay"),
            ]
        }
    )
    zombie = await begin(lab, execution, gate)
    assert (await lab.drive(execution)).status == status
    gate.may_end.set()
    assert await asyncio.wait_for(zombie, 60) == "superseded"
    assert len(lab.made) == calls
    assert (await lab.steps(execution))["pay"].error["type"] == "OutcomeUnknown"


async def test_retry_of_a_call_in_doubt_repeats_it_after_a_while(lab: Lab) -> None:
    gate = Gate(lab)
    steps = [step("pay", action="test.once", input={"do": "gate"}, on_unknown="retry", retry=NOT_AT_ONCE)]
    execution = await lab.start({"steps": steps})
    zombie = await begin(lab, execution, gate)
    await lab.drive(execution)
    await lab.later(execution, minutes=10)
    lab.behaviours["gate"] = ["done"]
    assert (await lab.drive(execution)).status == "succeeded"
    gate.may_end.set()
    await zombie
    assert [call.attempt for call in lab.made] == [1, 2]


@pytest.mark.parametrize(("answer", "status", "calls"), [(True, "succeeded", 2), (False, "failed", 1)])
async def test_a_person_may_decide_on_a_call_in_doubt(lab: Lab, answer: bool, status: str, calls: int) -> None:
    gate = Gate(lab)
    steps = [step("pay", action="test.once", input={"do": "gate"}, on_unknown="ask")]
    execution = await lab.start({"steps": steps})
    zombie = await begin(lab, execution, gate)
    assert (await lab.drive(execution)).wait_reason == "approval"
    lab.behaviours["gate"] = ["done"]
    async with lab.pool.connection() as conn:
        await approve_step(conn, execution, "pay", is_approved=answer, by="operator 3")
    assert (await lab.drive(execution)).status == status
    gate.may_end.set()
    await zombie
    assert len(lab.made) == calls


@pytest.mark.parametrize(
    ("error", "is_in_doubt"),
    [
        (TimeoutError("no answer"), True),
        (httpx.ReadTimeout("no answer"), True),
        (httpx.RemoteProtocolError("broken off"), True),
        (ConnectionResetError("broken off"), True),
        (httpx.ConnectError("nobody listens"), False),
        (httpx.ConnectTimeout("not reached"), False),
        (ConnectionRefusedError("nobody listens"), False),
        (TransientError("429"), False),
        (PermanentError("no"), False),
    ],
)
async def test_a_call_that_broke_off_is_in_doubt_only_if_it_may_have_arrived(
    lab: Lab, error: Exception, is_in_doubt: bool
) -> None:
    lab.behaviours["x"] = [error]
    execution = await lab.finish({"steps": [step("pay", action="test.once", input={"do": "x"})]})
    assert ((await lab.steps(execution.id))["pay"].error["type"] == "OutcomeUnknown") == is_in_doubt


async def test_an_error_tells_whether_its_request_was_sent_by_what_it_was_made_of(lab: Lab) -> None:
    async def call(_context: Any, _data: Any) -> None:
        try:
            raise httpx.ReadTimeout("no answer")
        except httpx.HTTPError:
            raise TransientError("the upstream did not answer") from None

    lab.behaviours["x"] = [call]
    execution = await lab.finish({"steps": [step("pay", action="test.once", input={"do": "x"})]})
    assert (await lab.steps(execution.id))["pay"].error["type"] == "OutcomeUnknown"


async def test_a_worker_whose_lease_is_not_fresh_begins_nothing_with_an_effect(lab: Lab) -> None:
    execution = await lab.start({"steps": [step("read", action="test.read"), step("write", "read")]})
    lab.is_lease_fresh = False
    with pytest.raises(LeaseLost):
        await lab.advance(execution)
    assert lab.called() == ["read"]
    assert await lab.statuses(execution) == {"read": "succeeded"}
    assert (await lab.execution(execution)).crash_count == 0
    lab.is_lease_fresh = True
    assert (await lab.drive(execution)).status == "succeeded"
    assert lab.called() == ["read", "write"]


async def test_a_lease_lost_while_the_record_is_written_stops_the_call(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Ledger.record

    async def stopped(self: Ledger, changes: Any) -> Any:
        written = await record(self, changes)
        lab.is_lease_fresh = False  # the process was stopped right here
        return written

    monkeypatch.setattr(Ledger, "record", stopped)
    execution = await lab.start({"steps": [step("a")]})
    with pytest.raises(LeaseLost):
        await lab.advance(execution)
    assert lab.made == []


async def test_a_database_out_of_reach_fails_the_job_and_not_the_execution(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_self: Ledger, _changes: Any) -> Any:
        raise psycopg.OperationalError("the connection is lost")

    execution = await lab.start({"steps": [step("a")]})
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record", gone)
        with pytest.raises(psycopg.OperationalError):
            await lab.advance(execution)
    assert (await lab.execution(execution)).crash_count == 0
    assert (await lab.drive(execution)).status == "succeeded"


async def test_a_job_that_the_execution_does_not_name_does_nothing(lab: Lab) -> None:
    execution = await lab.start({"steps": [step("a")]})
    assert (await lab.drive(execution)).status == "succeeded"
    assert await lab.advance(execution) == "nothing"
    assert lab.called() == ["a"]


async def test_after_a_crash_in_a_fan_out_only_what_is_missing_is_called(lab: Lab) -> None:
    gate = Gate(lab)
    loop = {"items": ["echo", "gate", "echo", "echo"], "concurrency": 1}
    execution = await lab.start(
        {"steps": [step("all", for_each=loop, input={"do": "{{ item }}"})], "output": "{{ steps.all.output|length }}"}
    )
    zombie = await begin(lab, execution, gate)
    lab.behaviours["gate"] = ["done"]
    done = await lab.drive(execution)
    assert (done.status, done.output) == ("succeeded", 4)
    gate.may_end.set()
    assert await asyncio.wait_for(zombie, 60) == "superseded"
    assert lab.called() == ["all[0]", "all[1]", "all[1]", "all[2]", "all[3]"]


async def test_a_crash_between_any_two_writes_repeats_no_finished_step(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break off after each write in turn; the next worker goes on, and each step has succeeded exactly once."""
    record = Ledger.record
    names = [f"s{n}" for n in range(6)]
    definition = {"steps": [step(name, *names[max(n - 1, 0) : n]) for n, name in enumerate(names)]}
    for crash_after in range(8):
        lab.made.clear()
        count = 0

        async def crash(self: Ledger, changes: Any, after: int = crash_after) -> Any:
            nonlocal count
            count += 1
            written = await record(self, changes)
            if count == after:
                raise KeyboardInterrupt  # nothing that the engine could mistake for an orderly end
            return written

        execution = await lab.start(definition)
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "record", crash)
            with contextlib.suppress(KeyboardInterrupt):
                await lab.advance(execution)
        assert (await lab.drive(execution)).status == "succeeded"
        keys = [call.key for call in lab.made]
        assert list(dict.fromkeys(keys)) == [f"{execution}:{name}" for name in names]
        assert len(keys) == len(names)


async def test_a_mistake_of_the_engine_itself_fails_the_execution_and_says_so(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_self: Ledger, _changes: Any) -> Any:
        raise ZeroDivisionError("a mistake")

    execution = await lab.start({"steps": [step("a")]})
    monkeypatch.setattr(Ledger, "record", broken)
    assert await lab.advance(execution) == "ended"
    found = await lab.execution(execution)
    assert (found.status, found.error) == (
        "failed",
        {"type": "EngineError", "message": "the engine failed: ZeroDivisionError: a mistake"},
    )


async def test_an_answer_is_seen_while_another_call_is_still_under_way(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aias.workflows.engine._LOOK_EVERY", 0.05)
    gate = Gate(lab)
    execution = await lab.start(
        {
            "steps": [
                step("ok", action="approval"),
                step("long", input={"do": "gate"}),
                step("next", "ok", input={"do": "opens"}),
            ]
        }
    )
    lab.behaviours["opens"] = [lambda _context, _data: gate.may_end.set()]
    worker = await begin(lab, execution, gate)
    async with lab.pool.connection() as conn:
        await approve_step(conn, execution, "ok", is_approved=True, by="operator 3")
    assert await asyncio.wait_for(worker, 60) == "ended"
    assert (await lab.execution(execution)).status == "succeeded"
