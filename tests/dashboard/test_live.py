"""A page that is open hears of changes, without asking a table for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from aias.ids import uuid7
from tests.api.conftest import serve
from tests.dashboard.conftest import OF_OURS, Connection

__all__ = ["serve"]

_RAISE = "select aias_private.raise_alert('error_rate', null, %s, 'warning', 'Too much fails', '{}')"


async def test_an_alert_is_heard_of_by_an_open_page_and_shown_by_the_overview(serve: Any, conn: Connection) -> None:
    served = await serve()
    client = served.client
    client.headers.pop("Authorization")
    assert (await client.post("/sign-in", data={"key": served.token}, headers=OF_OURS)).status_code == 303
    async with asyncio.timeout(30), client.stream("GET", "/live/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        heard = [line async for line in _until(lines, "event: changed")]  # it listens
        assert heard
        for number in range(20):
            await conn.execute(_RAISE, (f"heard-{number}",))
        begun = asyncio.get_running_loop().time()
        assert [line async for line in _until(lines, "event: changed")]
        assert asyncio.get_running_loop().time() - begun < 5
    assert "Too much fails" in (await client.get("/live/overview")).text
    assert "Too much fails" in (await client.get("/")).text
    # nobody listens any more, and neither does the server
    for _ in range(200):
        if not await _listeners(conn):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the server listens on")


async def test_who_is_not_signed_in_hears_nothing(browse: Any) -> None:
    assert (await (await browse(key=None)).get("/live/events")).status_code == 303


async def _until(lines: AsyncIterator[str], wanted: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line == wanted:
            return


async def _listeners(conn: Connection) -> int:
    cursor = await conn.execute(
        "select count(*) from pg_stat_activity where application_name = 'aias dashboard listener'"
    )
    (count,) = await cursor.fetchone() or (0,)
    return int(count)


async def test_the_log_is_followed_in_the_page(serve: Any, conn: Connection) -> None:
    served = await serve()
    client = served.client
    client.headers.pop("Authorization")
    assert (await client.post("/sign-in", data={"key": served.token}, headers=OF_OURS)).status_code == 303
    text = (await client.get("/logs?follow=true&level=error")).text
    assert 'sse-connect="/live/logs?level=error' in text
    async with asyncio.timeout(30), client.stream("GET", "/live/logs?level=error") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 3000"
        # the stream begins where the log is when it first looks: told until it is heard
        told = asyncio.create_task(_write_again(conn))
        async for line in lines:
            if line.startswith("data: "):
                assert "It &lt;burns&gt;" in line
                break
        told.cancel()
    assert "It &lt;burns&gt;" in (await client.get("/logs?level=error")).text


async def _write_again(conn: Connection) -> None:
    about = {"level": "error", "logger": "test", "message": "It <burns>", "process": "test"}
    while True:
        record = {"id": str(uuid7()), "at": datetime.now(UTC).isoformat(), **about}
        await conn.execute("select aias_private.add_logs(%s)", (Jsonb([record]),))
        await asyncio.sleep(0.5)
