"""``GET /v1/logs/follow``: the log as it is committed, over a real connection, within its bounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from aias.api import create_api_key, revoke_api_key
from aias.api.authentication import Identity, Keys
from aias.api.problems import HttpProblem
from aias.api.streaming import Streams
from aias.ids import uuid7
from aias.tenants import create_tenant
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def add(conn: Connection, tenant: Any, *messages: str, level: str = "info") -> None:
    rows = [
        {"id": str(uuid7()), "at": "now", "level": level, "logger": "t", "message": message, "process": "p",
         "tenant_id": str(tenant)}
        for message in messages
    ]  # fmt: skip
    await conn.execute("select aias_private.add_logs(%s)", (Jsonb(rows),))


class Events:
    """What a stream sends, event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.last_id = ""
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, Any] | None:
        """The data of the next event; None for one that only says that the stream goes on."""
        data = None
        async for line in self._lines:
            if line.startswith("id: "):
                self.last_id = line.removeprefix("id: ")
            elif line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
            elif not line:
                return data
        raise EOFError

    async def messages(self, count: int) -> list[str]:
        found: list[str] = []
        async with asyncio.timeout(60):
            while len(found) < count:
                if (event := await self.next()) is not None:
                    found.append(event["message"])
        return found


@asynccontextmanager
async def stream(client: httpx.AsyncClient, last_id: str | None = None, **params: Any) -> AsyncIterator[Events]:
    headers = {} if last_id is None else {"Last-Event-ID": last_id}
    async with client.stream("GET", "/v1/logs/follow", params=params, headers=headers) as answer:
        assert answer.status_code == 200, (await answer.aread()).decode()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer)


async def test_a_follower_gets_its_own_records_and_after_a_break_what_it_missed(serve: Any, conn: Connection) -> None:
    served = await serve()
    acme = await create_tenant(conn, slug=f"follow-{uuid4().hex[:8]}")
    other = await create_tenant(conn, slug=f"follow-{uuid4().hex[:8]}")
    cursor = await conn.execute("select slug from aias.tenants where id = %s", (acme,))
    ((slug,),) = await cursor.fetchall()
    key = await create_api_key(conn, tenant=slug, name="test", scopes=["logs:read"])
    async with httpx.AsyncClient(
        base_url=served.url, headers={"Authorization": f"Bearer {key.token}"}, timeout=30
    ) as client:
        async with stream(client, level="warning") as events:
            assert await events.next() is None
            await add(conn, other, "theirs", level="error")
            await add(conn, acme, "not severe")
            await add(conn, acme, "one", "two", level="error")
            assert await events.messages(1) == ["one"]
            left_at = events.last_id
        await add(conn, acme, "three", level="error")
        async with stream(client, left_at, level="warning") as events:
            assert await events.messages(2) == ["two", "three"]

        # five of a tenant, not six; one that is left makes place again
        async with AsyncExitStack() as held:
            opened = [await held.enter_async_context(stream(client)) for _ in range(5)]
            for one in opened:
                assert await one.next() is None
            refused = await client.get("/v1/logs/follow")
            assert (refused.status_code, refused.json()["type"]) == (429, "urn:aias:problem:too-many-streams")
            assert int(refused.headers["Retry-After"]) > 0
        ended = refused
        for _ in range(200):
            ended = await client.get("/v1/logs/follow", params={"seconds": 1, "level": "critical"})
            if ended.status_code != 429:
                break
            await asyncio.sleep(0.05)
        assert (ended.status_code, "data:" in ended.text) == (200, False)

        # nobody waits for a server that goes
        async with stream(client) as events:
            assert await events.next() is None
            served.process.terminate()
            async with asyncio.timeout(60):
                await served.process.wait()


async def test_what_is_no_place_is_refused_and_a_head_has_no_end_to_wait_for(client: NewClient) -> None:
    own = await client("acme")
    for place in ("now", "5:3:", "1:999999999999:"):
        refused = await own.get("/v1/logs/follow", headers={"Last-Event-ID": place})
        assert refused.status_code == 422, (place, refused.text)
    assert (await own.get("/v1/logs/follow", params={"level": "loud"})).status_code == 422
    head = await own.head("/v1/logs/follow")
    assert (head.status_code, head.content) == (200, b"")


async def test_the_stream_of_a_key_that_is_revoked_ends(
    client: NewClient, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_good, looked = Keys.is_good, asyncio.Event()

    async def look(self: Keys, identity: Identity) -> bool:
        looked.set()
        return await is_good(self, identity)

    monkeypatch.setattr(Keys, "is_good", look)
    monkeypatch.setattr("aias.api.routers.diagnostics._HEARTBEAT", 0.0)
    own = await client("acme")
    asked = asyncio.create_task(own.get("/v1/logs/follow"))
    async with asyncio.timeout(60):
        await looked.wait()
        await revoke_api_key(conn, own.headers["authorization"].split("_")[1])
        assert (await asked).status_code == 200


def test_a_server_has_so_many_streams_and_no_more() -> None:
    streams = Streams(2)
    with streams.place(None), streams.place(None), pytest.raises(HttpProblem) as told, streams.place(None):
        pass
    assert told.value.status == 503
    with streams.place(None):
        pass
