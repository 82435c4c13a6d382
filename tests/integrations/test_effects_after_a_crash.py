"""A worker's process is killed at every moment of an effect, for every kind of upstream, and another one goes on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from aias.errors import Deferred, OutcomeUnknown
from tests.integrations.effect_process import Upstream, have

HOLD = "0.3"
KINDS = ("keyed", "findable", "neither")


@pytest.fixture
def given(workspace: Any, workspaces_database_url: str, tmp_path: Path, monkeypatch: Any) -> dict[str, Any]:
    """What both processes know."""
    monkeypatch.setenv("AIAS_STALLED_AFTER", HOLD)
    return {
        "database_url": workspaces_database_url,
        "tenant_id": str(workspace.tenant_id),
        "execution_id": str(workspace.execution_id),
        "upstream": str(tmp_path / "upstream"),
    }


async def killed(given: dict[str, Any]) -> None:
    """Let a process have the effect and die in between."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integrations.effect_process", json.dumps(given), env={**os.environ}
    )
    assert await asyncio.wait_for(process.wait(), 30) == -signal.SIGKILL


async def rescued(workspace: Any) -> None:
    """Let another worker claim what the dead one held."""
    async with workspace.pool.connection() as conn:
        await conn.execute(
            """
            select from aias.executions as e
            cross join lateral aias_private.claim_execution(e.tenant_id, e.id, e.job_id, null) as c
            where e.id = %s
            """,
            (workspace.execution_id,),
        )


async def finished(workspace: Any, given: dict[str, Any], upstream: Upstream) -> tuple[Any, int]:
    """Go on until it is settled; how often it was put off meanwhile comes along."""
    for count in range(5):
        try:
            return await have(given, workspace.pool, upstream, 2), count
        except Deferred as put_off:
            await asyncio.sleep((put_off.seconds or 0) + 0.01)
    raise AssertionError("it was put off for ever")


async def state(workspace: Any) -> str:
    async with workspace.pool.connection() as conn:
        cursor = await conn.execute("select state from aias.effects where execution_id = %s", (workspace.execution_id,))
        ((found,),) = await cursor.fetchall()
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_killed_between_the_intent_and_the_call(workspace: Any, given: dict[str, Any], kind: str) -> None:
    given |= {"kind": kind, "killed": "before the call"}
    await killed(given)
    await rescued(workspace)
    upstream = Upstream(Path(given["upstream"]))
    if kind == "neither":
        with pytest.raises(OutcomeUnknown):
            await finished(workspace, given, upstream)
        assert (upstream.effects, await state(workspace)) == ([], "in_doubt")
        return
    result, put_off = await finished(workspace, given, upstream)
    assert (result, len(upstream.effects), await state(workspace)) == ({"number": 1}, 1, "done")
    assert put_off == (1 if kind == "findable" else 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_killed_after_the_effect_and_before_its_answer(workspace: Any, given: dict[str, Any], kind: str) -> None:
    given |= {"kind": kind, "killed": "before the answer"}
    await killed(given)
    await rescued(workspace)
    upstream = Upstream(Path(given["upstream"]))
    if kind == "neither":
        with pytest.raises(OutcomeUnknown):
            await finished(workspace, given, upstream)
        assert (len(upstream.effects), upstream.calls, await state(workspace)) == (1, [], "in_doubt")
        return
    await finished(workspace, given, upstream)
    assert await state(workspace) == "done"
    assert len(set(upstream.effects)) == 1  # an upstream that takes keys has it once
    assert len(upstream.calls) == (1 if kind == "keyed" else 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_killed_after_the_answer_was_written_down(workspace: Any, given: dict[str, Any], kind: str) -> None:
    given |= {"kind": kind, "killed": "after"}
    await killed(given)
    await rescued(workspace)
    upstream = Upstream(Path(given["upstream"]))
    assert await finished(workspace, given, upstream) == ({"number": 1}, 0)
    assert (len(upstream.effects), upstream.calls) == (1, [])


async def test_an_effect_that_shows_late_is_still_found(workspace: Any, given: dict[str, Any]) -> None:
    given |= {"kind": "findable", "killed": "before the call"}
    await killed(given)
    await rescued(workspace)
    upstream = Upstream(Path(given["upstream"]))
    with pytest.raises(Deferred):
        await have(given, workspace.pool, upstream, 2)
    await Upstream(upstream.path).send("key-of-the-killed-one")  # the upstream had the request all along
    assert await finished(workspace, given, upstream) == ({"number": 1}, 0)
    assert upstream.calls == []


async def test_a_zombie_and_its_successor_never_call_at_once(workspace: Any, given: dict[str, Any]) -> None:
    given |= {"kind": "findable"}
    upstream = Upstream(Path(given["upstream"]))
    is_calling, may_end = asyncio.Event(), asyncio.Event()

    async def slow(key: str) -> Any:
        is_calling.set()
        await may_end.wait()
        return await upstream.send(key)

    zombie = asyncio.create_task(have(given, workspace.pool, upstream, 1, slow))
    await asyncio.wait_for(is_calling.wait(), 10)
    await rescued(workspace)
    with pytest.raises(Deferred):  # its call may be under way: nothing is found yet, and nothing is sent
        await have(given, workspace.pool, upstream, 2)
    may_end.set()
    with pytest.raises(Exception, match="not this worker's any more"):
        await zombie
    assert await state(workspace) == "intended"
    assert await finished(workspace, given, upstream) == ({"number": 1}, 0)
    assert len(upstream.calls) == 1


async def test_a_worker_whose_lease_ran_out_sends_nothing(
    workspace: Any, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given |= {"kind": "neither"}
    upstream = Upstream(Path(given["upstream"]))
    monkeypatch.setattr("aias.integrations.effects.lease_is_fresh", lambda: False)
    with pytest.raises(Exception, match="lease ran out"):
        await have(given, workspace.pool, upstream, 1)
    assert (upstream.calls, await state(workspace)) == ([], "refused")
