"""kill -9 of the HTTP server in the middle of ingestion: every event that was told as accepted is there, once."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from aias.api import create_api_key

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


async def send_until_it_breaks(
    client: httpx.AsyncClient, again: list[dict[str, Any]], told: Told, *, seed: int
) -> None:
    """Send batches one after the other; one that got no answer is sent again, to the next server."""
    chance = random.Random(seed)
    while True:
        if not again:
            again += [{"name": "sent", "event_id": str(uuid.uuid4())} for _ in range(chance.randint(1, _EACH))]
        try:
            answer = await client.post("/v1/telemetry", params={"tenant": "acme"}, json=again)
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
    await conn.execute("select aias.create_tenant('acme')")
    key = await create_api_key(conn, tenant=None, name="test", scopes=["*"], requests_per_minute=1_000_000)
    told = Told()
    unanswered: list[list[dict[str, Any]]] = [[] for _ in range(SENDERS)]
    servers = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.telemetry.server_process",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "AIAS_HOME": str(tmp_path), "DATABASE_URL": database_url},
    )  # fmt: skip
    chance = random.Random(6)
    try:
        for number in range(KILLS):
            process, url = await begin(servers)
            headers = {"Authorization": f"Bearer {key.token}"}
            async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
                senders = [
                    asyncio.create_task(send_until_it_breaks(client, batch, told, seed=number * SENDERS + n))
                    for n, batch in enumerate(unanswered)
                ]
                try:
                    await told.grows_by(SENDERS * _EACH)
                    # at any moment of what is going on
                    await asyncio.sleep(chance.uniform(0, 0.02))
                finally:
                    os.kill(process, signal.SIGKILL)
                await asyncio.gather(*senders)
    finally:
        servers.kill()
        await servers.wait()
    cursor = await conn.execute("select event_id from aias.telemetry_events")
    stored = [row[0] for row in await cursor.fetchall()]
    assert len(stored) == len(set(stored))
    assert told.ids <= set(stored)
    # beyond what was told there is only what nobody was told about
    assert set(stored) - told.ids <= {event["event_id"] for batch in unanswered for event in batch}
    cursor = await conn.execute("select sum(event_count)::integer from aias.telemetry_daily")
    assert await cursor.fetchone() == (len(stored),)


async def begin(servers: asyncio.subprocess.Process) -> tuple[int, str]:
    """Bring a server up; gives its process and its address."""
    assert servers.stdin is not None
    assert servers.stdout is not None
    servers.stdin.write(b"\n")
    process, document = 0, ""
    async with asyncio.timeout(60):
        while not process or not document.endswith("}\n"):
            line = (await servers.stdout.readline()).decode()
            assert line, "the servers have ended"
            if line.strip().isdigit():
                process = int(line)
            else:
                document += line
    return process, json.loads(document)["url"]
