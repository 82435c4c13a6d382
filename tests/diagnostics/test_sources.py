"""Errors of HTTP endpoints and of what runs by the clock are recorded like all others, each in a group of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import psycopg
import pytest
from procrastinate import JobContext

from aias.api import create_api_key, create_app
from aias.diagnostics import find_errors, get_error
from aias.errors import PermanentError
from aias.jobs import ScheduledTask
from aias.settings import Settings
from aias.tenants import create_tenant
from aias.triggers import Scheduler, run_scheduled_task
from tests.clock import set_clock
from tests.diagnostics.working import made_app, until, working

Connection = psycopg.AsyncConnection[Any]


async def test_what_an_endpoint_raises_is_one_group_with_its_route_and_its_tenant(
    conn: Connection, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get_error_of(*_: Any) -> None:
        raise LookupError(f"row {uuid4()} of ann@example.com is gone")

    monkeypatch.setenv("AIAS_HOME", str(tmp_path))
    monkeypatch.setattr("aias.api.routers.diagnostics.diagnostics.get_error", get_error_of)
    await create_tenant(conn, slug="acme")
    key = await create_api_key(conn, tenant="acme", name="test", scopes=["*"])
    app = create_app(Settings(database_url=database_url, _env_file=None))  # pyright: ignore[reportCallIssue, reportArgumentType]
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://api.test",
            headers={"Authorization": f"Bearer {key.token}"},
        ) as client,
    ):
        for number in range(3):
            answer = await client.get(f"/v1/errors/{uuid4()}", headers={"X-Request-ID": f"r-{number}"})
            # who asks hears nothing of it, but under what id it is recorded
            assert (answer.status_code, answer.json()["request_id"]) == (500, f"r-{number}")
            assert "gone" not in answer.text
        assert (await client.get("/v1/errors/none")).status_code == 422
    (row,) = await find_errors(conn)
    assert (row.type, row.failure_count) == ("LookupError", 3)
    found = await get_error(conn, row.id)
    assert (found.sample["source"], found.sample["name"]) == ("request", "GET /v1/errors/{error}")
    assert found.sample["request_id"] in {"r-0", "r-1", "r-2"}
    assert found.tenants == ["acme"]
    assert "ann@example.com" not in str(found)


async def test_what_runs_by_the_clock_and_fails_is_one_group_over_all_its_attempts(
    conn: Connection, database_url: str
) -> None:
    runs = 0

    async def sweep(_: JobContext) -> None:
        nonlocal runs
        runs += 1
        raise PermanentError(f"{runs} partitions are missing")

    app = made_app(database_url)
    app.side_tasks.append(Scheduler)
    app.task(name="aias.run_scheduled_task", pass_context=True, queue="maintenance")(run_scheduled_task.func)
    app.scheduled["sweep"] = ScheduledTask(
        name="sweep", task="test.sweep", function=sweep, cron="* * * * *", max_attempts=2, retry_delay=0.0, timeout=10.0
    )

    async def holds(query: LiteralString) -> bool:
        cursor = await conn.execute(query)
        return await cursor.fetchone() is not None

    now = datetime.now(UTC)
    async with working(app):
        await until(lambda: holds("select from aias.schedules where name = 'sweep' and next_at is not null"))
        await set_clock(conn, now + timedelta(minutes=1))
        await conn.execute("notify aias_schedules")
        await until(lambda: holds("select from aias.schedules where name = 'sweep' and last_outcome = 'failed'"))
    assert runs == 2
    (row,) = await find_errors(conn)
    assert (row.type.rpartition(".")[2], row.message, row.failure_count) == (
        "PermanentError", "<n> partitions are missing", 2
    )  # fmt: skip
    found = await get_error(conn, row.id)
    assert (found.sample["source"], found.sample["name"], found.tenants) == ("periodic", "test.sweep", [])
