"""The worker's own database out of reach: an effect is put off, never doubled, and no attempt is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from aias.db import Pool, open_pool
from aias.errors import Deferred
from aias.integrations import effects, once, reaching
from aias.integrations.connections import find_connection
from aias.integrations.kinds import kinds


@pytest.fixture
async def narrow(workspaces_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
    """A pool with one connection, for which nobody waits long."""
    monkeypatch.setattr(reaching, "_WITHIN", 0.2)
    monkeypatch.setattr(effects, "_PAUSES", (0.01,))
    async with await open_pool(workspaces_database_url, min_size=1, max_size=1) as pool:
        pool.timeout = 0.2
        yield pool


class Till:
    """An upstream that counts its payments; a payment can find the database busy."""

    def __init__(self, pool: Pool | None = None) -> None:
        self.pool, self.sent = pool, 0
        self.held: Any = None

    async def send(self, _key: str) -> Any:
        self.sent += 1
        if self.pool is not None:
            self.held = await self.pool.getconn()
        return {"receipt": self.sent}

    async def find(self) -> Any:
        return {"receipt": self.sent} if self.sent else None


async def test_no_connection_before_the_call_puts_it_off_and_sends_nothing(workspace: Any, narrow: Pool) -> None:
    till = Till()
    context = workspace.context(execution_id=await workspace.execution(), pool=narrow)
    async with narrow.connection():
        with pytest.raises(Deferred) as caught:
            await once(context, None, operation="pay", request={}, send=till.send)
    assert (caught.value.kind, till.sent) == ("limit", 0)
    assert caught.value.seconds is not None
    assert await once(context, None, operation="pay", request={}, send=till.send) == {"receipt": 1}


async def test_no_connection_after_the_call_puts_it_off_and_it_is_found(workspace: Any, narrow: Pool) -> None:
    till = Till(narrow)
    context = workspace.context(execution_id=await workspace.execution(), pool=narrow)
    with pytest.raises(Deferred):
        await once(context, None, operation="pay", request={}, send=till.send, find=till.find)
    await narrow.putconn(till.held)
    again = workspace.context(execution_id=context.execution_id, pool=narrow)
    with pytest.raises(Deferred):  # its own attempt may still be in the call
        await once(again, None, operation="pay", request={}, send=till.send)
    async with narrow.connection() as conn:
        await conn.execute(
            "update aias_private.effects set held_until = now() where execution_id = %s", (context.execution_id,)
        )
    assert await once(again, None, operation="pay", request={}, send=till.send, find=till.find) == {"receipt": 1}
    assert till.sent == 1


async def test_a_connection_that_is_lost_over_the_intent_puts_it_off(
    workspace: Any, workspaces_database_url: str, narrow: Pool
) -> None:
    till = Till()
    context = workspace.context(execution_id=await workspace.execution(), pool=narrow)
    async with narrow.connection() as conn:
        pid = conn.info.backend_pid
    async with await psycopg.AsyncConnection.connect(workspaces_database_url) as other:
        await other.execute("select from aias_private.executions where id = %s for update", (context.execution_id,))
        paying = asyncio.create_task(once(context, None, operation="pay", request={}, send=till.send))
        waits = "select wait_event_type = 'Lock' from pg_stat_activity where pid = %s"
        while await (await other.execute(waits, (pid,))).fetchone() != (True,):
            await other.execute("select pg_stat_clear_snapshot()")
            await asyncio.sleep(0)
        await other.execute("select pg_terminate_backend(%s)", (pid,))
        with pytest.raises(Deferred):
            await paying
    assert till.sent == 0
    assert await once(context, None, operation="pay", request={}, send=till.send) == {"receipt": 1}


async def test_no_connection_to_read_the_credentials_with_puts_it_off(workspace: Any, narrow: Pool) -> None:
    await workspace.connect("http", {"url": "http://127.0.0.1:1"}, {"headers": {"x-key": "secret"}})
    context = workspace.context(pool=narrow)
    async with narrow.connection():
        with pytest.raises(Deferred, match="own database"):
            await find_connection(context, kinds()["http"])
    assert (await find_connection(context, kinds()["http"])).name == "default"
