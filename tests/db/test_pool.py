"""The pool, as every part of the system opens it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg_pool import PoolTimeout
from psycopg_pool._acompat import AEvent
from psycopg_pool.pool_async import WaitingClient

from aias.db import CancellablePool, Pool, open_pool


async def test_connections_commit_by_themselves_and_say_who_they_are(database_url: str) -> None:
    opened = await open_pool(database_url, application_name="aias/test")
    async with opened as pool, pool.connection() as conn:
        assert conn.autocommit
        row = await (await conn.execute("select current_setting('application_name')")).fetchone()
        assert row == ("aias/test",)


async def test_a_connection_that_the_server_dropped_is_not_handed_out(pool: Pool, database_url: str) -> None:
    async with pool.connection() as conn:
        pid = conn.info.backend_pid
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as killer:
        await killer.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    async with pool.connection() as conn:
        assert await (await conn.execute("select 1")).fetchone() == (1,)


def after(turns: int, do: Callable[[], object]) -> None:
    """Do it after so many turns of the loop."""
    asyncio.get_running_loop().call_soon((lambda: after(turns - 1, do)) if turns else do)


TURNS = range(5)
"""Python 3.11 loses a cancellation in one of these, between what was waited for and the one who waits going on."""


async def test_a_cancellation_that_comes_with_a_connection_is_not_lost(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give = WaitingClient[Any].set
    tasks: list[asyncio.Task[None]] = []

    async def use(pool: Pool) -> None:
        async with pool.connection():
            pass
        await asyncio.sleep(60)

    async with await open_pool(database_url, max_size=1) as pool:
        for turns in TURNS:

            async def give_and_cancel(client: WaitingClient[Any], conn: Any, turns: int = turns) -> bool:
                given = await give(client, conn)
                after(turns, tasks[-1].cancel)
                return given

            with monkeypatch.context() as patch:
                patch.setattr(WaitingClient, "set", give_and_cancel)
                async with pool.connection():
                    tasks.append(asyncio.create_task(use(pool)))
                    while not pool.get_stats().get("requests_waiting"):  # noqa: ASYNC110 - a pool rings no bell
                        await asyncio.sleep(0)
                await ends_cancelled(tasks[-1])
            async with pool.connection(timeout=5) as conn:  # it was given back
                assert await (await conn.execute("select 1")).fetchone() == (1,)


async def test_a_cancellation_that_comes_when_a_pool_is_open_is_not_lost(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = AEvent.set
    tasks: list[asyncio.Task[None]] = []

    async def stay(pool: Pool) -> None:
        await pool.open(wait=True)
        await asyncio.sleep(60)

    for turns in TURNS:
        pool = CancellablePool(database_url, min_size=1, open=False)

        def ring_and_cancel(event: AEvent, pool: Pool = pool, turns: int = turns) -> None:
            ring(event)
            if event is pool._pool_full_event:
                after(turns, tasks[-1].cancel)

        with monkeypatch.context() as patch:
            patch.setattr(AEvent, "set", ring_and_cancel)
            tasks.append(asyncio.create_task(stay(pool)))
            await ends_cancelled(tasks[-1])
        await pool.close()


async def ends_cancelled(task: asyncio.Task[None]) -> None:
    _, pending = await asyncio.wait({task}, timeout=15)
    assert not pending
    assert task.cancelled()


@pytest.mark.filterwarnings("default")
async def test_an_unreachable_server_is_an_error_after_seconds_not_for_ever(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aias.db.pool.OPEN_TIMEOUT", 0.5)
    with pytest.raises(PoolTimeout):
        await open_pool(f"postgresql://postgres@127.0.0.1:{unused_tcp_port}/nothing")
