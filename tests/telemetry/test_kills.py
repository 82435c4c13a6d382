"""kill -9 of the HTTP server in the middle of ingestion: every event that was told as accepted is there, once."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.api.served import Served, start

Connection = psycopg.AsyncConnection[Any]

KILLS = 50
SENDERS = 4
_EACH = 20


@dataclass(slots=True, kw_only=True)
class Told:
    """What the servers said that they had stored."""

    ids: set[str] = field(default_factory=set[str])
    wanted: int = 0
    is_enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def grows_by(self, count: int) -> None:
        """Wait until so many more were told."""
        self.wanted = len(self.ids) + count
        self.is_enough.clear()
        async with asyncio.timeout(60):
            await self.is_enough.wait()

    def add(self, ids: set[str]) -> None:
        self.ids |= ids
        if len(self.ids) >= self.wanted:
            self.is_enough.set()


async def send_until_it_breaks(served: Served, again: list[dict[str, Any]], told: Told, *, seed: int) -> None:
    """Send batches one after the other; one that got no answer is sent again, to the next server."""
    chance = random.Random(seed)
    while True:
        if not again:
            again += [{"name": "sent", "event_id": str(uuid.uuid4())} for _ in range(chance.randint(1, _EACH))]
        try:
            answer = await served.client.post("/v1/telemetry", params={"tenant": served.tenant}, json=again)
        except httpx.TransportError:
            return
        assert answer.status_code == 200, answer.text
        taken = answer.json()
        assert taken["accepted"] + taken["duplicates"] == len(again)
        told.add({event["event_id"] for event in again})
        again.clear()


@pytest.mark.slow
async def test_every_accepted_event_is_there_once_after_fifty_kills(
    conn: Connection, database_url: str, tmp_path: Path
) -> None:
    await conn.execute("update aias_private.plans set telemetry_events_per_minute = 1000000000")
    told = Told()
    unanswered: list[list[dict[str, Any]]] = [[] for _ in range(SENDERS)]
    await kill_again_and_again(lambda: start(conn, database_url, tmp_path, drain=0.0), unanswered, told)
    cursor = await conn.execute("select event_id from aias.telemetry_events")
    stored = [row[0] for row in await cursor.fetchall()]
    assert len(stored) == len(set(stored))
    assert told.ids <= set(stored)
    # beyond what was told there is only what nobody was told about
    assert set(stored) - told.ids <= {event["event_id"] for batch in unanswered for event in batch}
    cursor = await conn.execute("select sum(event_count)::integer from aias.telemetry_daily")
    assert await cursor.fetchone() == (len(stored),)


async def kill_again_and_again(
    begin: Callable[[], Coroutine[Any, Any, Served]], unanswered: list[list[dict[str, Any]]], told: Told
) -> None:
    chance = random.Random(6)
    tenant: str | None = None
    # the next server comes up while the one before is at work
    coming = asyncio.create_task(begin())
    try:
        for number in range(KILLS):
            served = await coming
            coming = asyncio.create_task(begin())
            served.tenant = tenant = tenant or served.tenant
            senders = [
                asyncio.create_task(send_until_it_breaks(served, batch, told, seed=number * SENDERS + n))
                for n, batch in enumerate(unanswered)
            ]
            try:
                await told.grows_by(SENDERS * _EACH)
                # at any moment of what is going on
                await asyncio.sleep(chance.uniform(0, 0.02))
                served.process.kill()
                await asyncio.gather(*senders)
            finally:
                await served.stop()
    finally:
        await (await coming).stop()
