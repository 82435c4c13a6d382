"""Executions of one process share their writes: each is fenced by its own attempt and fails for itself."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from aias.errors import InvalidArgument
from aias.workflows.checkpoints import Ledger
from aias.workflows.writing import Writer
from tests.workflows.lab import Lab, step

DEFINITION: dict[str, Any] = {"name": "flow", "steps": [step("a"), step("b", "a")]}


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many calls each statement made."""
    found: list[int] = []
    send = Writer._send

    async def noted(self: Writer, calls: Any) -> Any:
        found.append(len(calls))
        return await send(self, calls)

    monkeypatch.setattr(Writer, "_send", noted)
    return found


async def claimed(lab: Lab) -> Ledger:
    execution = await lab.start(DEFINITION)
    return await claimed_as(lab, execution)


async def claimed_as(lab: Lab, execution: UUID) -> Ledger:
    ledger = Ledger(lab.pool, lab.tenant_id, execution)
    job = await lab.value("select job_id from aias.executions where id = %s", execution)
    assert await ledger.claim(job=job, worker=None) is not None
    return ledger


def change(to: str, **values: Any) -> dict[str, Any]:
    return {"id": "a", "item": -1, "action": "test.call", "to": to, **values}


async def test_executions_that_go_on_at_once_share_their_statements(lab: Lab, groups: list[int]) -> None:
    executions = [await lab.start(DEFINITION) for _ in range(20)]
    found = await asyncio.gather(*(lab.drive(execution) for execution in executions))
    assert {execution.status for execution in found} == {"succeeded"}
    assert sum(groups) == 20 * 4  # claim, a, b, the end with b's result
    assert len(groups) < 40


async def test_a_superseded_execution_writes_nothing_and_spoils_nobody(lab: Lab, groups: list[int]) -> None:
    old, good = await claimed(lab), await claimed(lab)
    await claimed_as(lab, old.execution)  # another has it now
    del groups[:]
    (none, at), (rows, _) = await asyncio.gather(
        old.record([change("succeeded", output=1)]), good.record([change("succeeded", output=1)])
    )
    assert groups == [2]
    assert (none, at) == ([], None)
    assert [(row.id, row.status) for row in rows] == [("a", "succeeded")]
    assert await lab.statuses(old.execution) == {}
    ended = await asyncio.gather(
        old.finish("succeeded", None, None, [change("succeeded", output=1)]), good.finish("succeeded", None, None)
    )
    assert ended == [False, True]
    assert (await lab.execution(old.execution)).status == "running"


async def test_an_error_in_one_call_fails_that_call_only(lab: Lab, groups: list[int]) -> None:
    bad, good = await claimed(lab), await claimed(lab)
    del groups[:]
    refused, written = await asyncio.gather(
        bad.record([change("nowhere")]), good.record([change("running")]), return_exceptions=True
    )
    assert groups == [2, 1, 1]
    assert isinstance(refused, InvalidArgument)
    assert not isinstance(written, BaseException)
    assert written[0][0].attempt_count == 1  # once, although it was tried twice


async def test_a_locked_execution_holds_up_itself_and_not_its_group(lab: Lab) -> None:
    locked, free = await claimed(lab), await claimed(lab)
    async with lab.pool.connection() as conn:
        async with conn.transaction():
            await conn.execute("select from aias_private.executions where id = %s for update", (locked.execution,))
            waiting = asyncio.create_task(locked.record([change("running")]))
            async with asyncio.timeout(60):
                rows, _ = await free.record([change("running")])
            assert rows
            assert not waiting.done()
        rows, _ = await waiting
        assert [row.attempt_count for row in rows] == [1]


async def test_a_claim_whose_caller_is_cancelled_is_no_crash(lab: Lab) -> None:
    execution = await lab.start(DEFINITION)
    job = await lab.value("select job_id from aias.executions where id = %s", execution)
    claim = asyncio.create_task(Ledger(lab.pool, lab.tenant_id, execution).claim(job=job, worker=None))
    sent = "select count(*) from pg_stat_activity where query like '%%advance_executions%%'"
    while not await lab.value(sent):  # noqa: ASYNC110 (the event is in PostgreSQL)
        await asyncio.sleep(0)
    claim.cancel()
    await asyncio.gather(claim, return_exceptions=True)
    assert (await lab.execution(execution)).status == "queued"
    assert (await lab.drive(execution)).status == "succeeded"
    assert "rescued" not in await lab.events(execution)


async def test_an_unknown_execution_is_not_claimed(lab: Lab) -> None:
    found = await asyncio.gather(
        *(Ledger(lab.pool, lab.tenant_id, uuid4()).claim(job=1, worker=None) for _ in range(2))
    )
    assert found == [None, None]


async def test_calls_of_two_attempts_of_one_execution_get_each_its_own_answer(lab: Lab, groups: list[int]) -> None:
    old, other = await claimed(lab), await claimed(lab)
    new = await claimed_as(lab, old.execution)
    del groups[:]
    answers = await asyncio.gather(
        old.record([change("running")]),
        new.record([change("running")]),
        other.finish("succeeded", {"n": 1}, None, [change("succeeded", output=1)]),
    )
    assert groups == [3]
    (superseded, _), (rows, _), ended = answers
    assert (superseded, [(row.status, row.attempt_count) for row in rows], ended) == ([], [("running", 1)], True)


@pytest.mark.parametrize(
    "changes",
    [
        ["running", "running", "succeeded"],
        ["succeeded", "succeeded"],
        ["skipped", "running"],
        ["running", "skipped", "succeeded"],
    ],
)
async def test_a_checkpoint_written_in_a_group_is_the_one_that_would_be_written_alone(
    lab: Lab, changes: list[str]
) -> None:
    grouped, alone = await claimed(lab), await claimed(lab)
    for to in changes:
        values = {"output": {"to": to}} if to == "succeeded" else {}
        await grouped.record([change(to, **values)])
        # a step named twice is no plain change: it goes the other way
        await alone.record([change(to, **values), {**change("skipped"), "id": "z"}, {**change("skipped"), "id": "z"}])

    async def written(execution: UUID) -> Any:
        return await lab.value(
            "select to_jsonb(s) - 'execution_id' - 'started_at' - 'finished_at' || jsonb_build_object("
            " 'is_started', s.started_at is not null, 'is_finished', s.finished_at is not null)"
            " from aias_private.steps as s where s.execution_id = %s and s.id = 'a'",
            execution,
        )

    assert await written(grouped.execution) == await written(alone.execution)
