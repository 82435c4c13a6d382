"""The pool, as every part of the system opens it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from aias.db import Pool, open_pool


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


@pytest.mark.filterwarnings("default")
async def test_an_unreachable_server_is_an_error_after_seconds_not_for_ever(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aias.db.pool.OPEN_TIMEOUT", 0.5)
    with pytest.raises(PoolTimeout):
        await open_pool(f"postgresql://postgres@127.0.0.1:{unused_tcp_port}/nothing")
