"""The check of HTTP servers: they register themselves, are asked, and one that is gone is told."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from aias.db import Pool
from aias.health import Health, get_health, look, note_api_server
from tests.api.served import Served, start

Connection = psycopg.AsyncConnection[Any]
Serve = Callable[[], Awaitable[Served]]


@pytest.fixture
async def serve(conn: Connection, database_url: str, tmp_path: Path) -> AsyncIterator[Serve]:
    made: list[Served] = []

    async def one() -> Served:
        made.append(await start(conn, database_url, tmp_path, drain=0.0))
        return made[-1]

    yield one
    for served in made:
        await served.stop()


async def api(pool: Pool) -> Health:
    await look(pool, "api")
    async with pool.connection() as conn:
        return await get_health(conn, "api")


async def registered(conn: Connection) -> list[str]:
    cursor = await conn.execute("select url from aias_private.api_servers")
    return [url for (url,) in await cursor.fetchall()]


async def test_a_server_registers_answers_and_is_told_when_it_was_killed(
    serve: Serve, pool: Pool, conn: Connection
) -> None:
    assert (await api(pool)).status == "ok"  # none has registered
    served = await serve()
    await served.becomes("/readyz", 200)
    assert await registered(conn) == [served.url]
    assert (await api(pool)).status == "ok"
    cursor = await conn.execute("select figures from aias_private.health_results order by id desc limit 1")
    (result,) = await cursor.fetchall()
    (figure,) = result[0]["servers"]
    assert (figure["url"], figure["latency_ms"] > 0) == (served.url, True)

    served.process.kill()
    await served.process.wait()
    found = await api(pool)
    assert (found.status, found.is_vital) == ("failing", True)
    assert found.problems == [{"object": served.url, "problem": "does not answer: ConnectError"}]
    await api(pool)
    cursor = await conn.execute("select key, severity, occurrence_count from aias.alerts where status = 'open'")
    assert await cursor.fetchall() == [("api", "critical", 1)]
    await conn.execute("delete from aias_private.api_servers")
    assert (await api(pool)).status == "ok"
    cursor = await conn.execute("select status from aias.alerts where key = 'api'")
    assert await cursor.fetchall() == [("resolved",)]


async def test_a_server_that_ends_as_it_should_is_forgotten(serve: Serve, conn: Connection) -> None:
    served = await serve()
    await served.becomes("/readyz", 200)
    assert len(await registered(conn)) == 1
    served.process.terminate()
    await served.process.wait()
    assert await registered(conn) == []


async def test_a_loopback_server_of_another_machine_counts_by_what_it_says(pool: Pool, conn: Connection) -> None:
    server = uuid4()
    await note_api_server(conn, server, url="http://127.0.0.1:9", host_name="elsewhere")
    assert (await api(pool)).status == "ok"
    await conn.execute("update aias_private.api_servers set heartbeat_at = clock_timestamp() - interval '10 minutes'")
    assert (await api(pool)).detail == "http://127.0.0.1:9: has not said for 10 minutes that it is there"
    # its successor, as it was killed
    await note_api_server(conn, uuid4(), url="http://127.0.0.1:9", host_name="elsewhere")
    assert await registered(conn) == ["http://127.0.0.1:9"]
    assert (await api(pool)).status == "ok"
    await conn.execute("update aias_private.api_servers set heartbeat_at = clock_timestamp() - interval '2 hours'")
    await note_api_server(conn, uuid4(), url="http://127.0.0.1:8", host_name=f"not-{socket.gethostname()}")
    assert await registered(conn) == ["http://127.0.0.1:8"]
