"""The server in a process of its own: it ends without dropping anything, and outlives its database."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.jobs.proxy import proxied

Connection = psycopg.AsyncConnection[Any]


async def blocked(conn: Connection, query: str) -> None:
    """Wait until a statement waits for a lock."""
    for _ in range(1000):
        cursor = await conn.execute(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like %s", (query,)
        )
        if await cursor.fetchone() == (1,):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"nobody waits: {query}")


async def test_sigterm_turns_readyz_first_and_finishes_what_is_in_flight(serve: Any, conn: Connection) -> None:
    served = await serve(drain=1.0)
    assert await served.status("/readyz") == 200
    async with conn.transaction():
        await conn.execute("select from aias_private.tenants where slug = %s for update", (served.tenant,))
        # waits for the row that is locked here
        flight = asyncio.create_task(served.client.put(f"/v1/tenants/{served.tenant}/plan", json={"plan": "pro"}))
        async with await psycopg.AsyncConnection.connect(conn.info.dsn, autocommit=True) as watch:
            await blocked(watch, "%set_plan%")
        served.process.send_signal(signal.SIGTERM)
        await served.becomes("/readyz", 503)
        # whoever did not look is served yet
        assert await served.status("/v1/plans") == 200
        await asyncio.sleep(1.2)  # beyond the time to drain
        assert served.process.returncode is None
        assert not flight.done()
    answer = await flight
    assert (answer.status_code, answer.json()["plan"]) == (200, "pro")
    async with asyncio.timeout(20):
        assert await served.process.wait() == 0
    with pytest.raises(httpx.TransportError):
        await served.client.get("/livez")


async def test_without_its_database_it_says_503_at_once_and_comes_back_by_itself(
    serve: Any, conn: Connection, database_url: str
) -> None:
    async with proxied(database_url) as (proxy, url):
        served = await serve(url=url)
        assert await served.status("/v1/plans") == 200
        proxy.cut()
        loop = asyncio.get_running_loop()
        started = loop.time()
        first = await served.client.get("/v1/plans")
        # not even the one that finds it out waits for a connection's time to be over
        assert loop.time() - started < 1.5
        assert (first.status_code, first.json()["type"]) == (503, "urn:aias:problem:database-unavailable")
        assert first.headers["retry-after"]
        await served.becomes("/readyz", 503)
        started = loop.time()
        answers = await asyncio.gather(*(served.client.get("/v1/plans") for _ in range(10)))
        assert {answer.status_code for answer in answers} == {503}
        assert loop.time() - started < 1.5
        assert await served.status("/livez") == 200
        health = await served.client.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "failing")
        assert "127.0.0.1" not in health.text
        proxy.mend()
        await served.becomes("/v1/plans", 200)
        await served.becomes("/readyz", 200)


async def test_a_request_that_takes_too_long_is_504_and_changes_nothing(
    serve: Any, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_API_REQUEST_TIMEOUT", "0.6")
    served = await serve()
    async with conn.transaction():
        await conn.execute("lock table aias_private.api_keys in access exclusive mode")
        answer = await served.client.get("/v1/plans")
    assert (answer.status_code, answer.json()["type"]) == (504, "urn:aias:problem:timeout")
    assert await served.status("/v1/plans") == 200


async def test_a_port_that_is_taken_is_told_in_one_line(database_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "aias", "serve", f"--port={taken.getsockname()[1]}",
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "AIAS_HOME": str(tmp_path), "DATABASE_URL": database_url},
        )  # fmt: skip
        _, told = await process.communicate()
    assert (process.returncode, len(told.splitlines())) == (1, 1), told
    assert b"can't listen" in told
