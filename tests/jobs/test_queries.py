"""The jobs domain's calls, from Python."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from aias import jobs
from aias.errors import Conflict, InvalidArgument, NotFound

Conn = psycopg.AsyncConnection[Any]


@pytest.fixture
async def acme(conn: Conn) -> str:
    await conn.execute("select aias.create_tenant('acme', 'starter')")
    return "acme"


async def test_a_job_is_enqueued_explained_cancelled_and_retried(conn: Conn, acme: str) -> None:
    at = datetime(2100, 1, 1, tzinfo=UTC)
    job = await jobs.enqueue_job(conn, "t", {"a": 1}, tenant=acme, run_at=at, idempotency_key="k")
    assert await jobs.enqueue_job(conn, "t", {"a": 1}, tenant=acme, run_at=at, idempotency_key="k") == job
    [row] = await jobs.list_jobs(conn, tenant=acme)
    assert (row.id, row.args, row.lane, row.status, row.run_at) == (job, {"a": 1}, "starter", "scheduled", at)
    assert (await jobs.explain_job(conn, job)).until == at
    assert await jobs.retry_job(conn, job) == job
    assert (await jobs.explain_job(conn, job)).reason == "no_worker"
    assert await jobs.cancel_job(conn, job) == "cancelled"
    assert await jobs.retry_job(conn, job) != job


async def test_refusals_are_errors_of_ours(conn: Conn, acme: str) -> None:
    with pytest.raises(NotFound, match="nobody"):
        await jobs.enqueue_job(conn, "t", tenant="nobody")
    with pytest.raises(InvalidArgument) as raised:
        await jobs.enqueue_job(conn, "", tenant=acme)
    assert raised.value.argument == "p_task"
    for call in (jobs.cancel_job, jobs.retry_job, jobs.explain_job):
        with pytest.raises(NotFound):
            await call(conn, 12345)
    job = await jobs.enqueue_job(conn, "t", tenant=acme)
    await jobs.cancel_job(conn, job)
    with pytest.raises(Conflict):
        await jobs.cancel_job(conn, job)


async def test_a_task_publishes_its_schema_when_a_worker_with_it_starts(
    conn: Conn, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    @jobs.task(name="tests.reindex", retry=None, args_schema={"type": "object", "required": ["since"]})
    async def reindex(since: str) -> None:
        ran.append(since)

    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(jobs.app, "argument_schemas", {"tests.reindex": jobs.app.argument_schemas["tests.reindex"]})
    async with jobs.app.open_async():
        await reindex.defer_async(since="today")
        await jobs.app.run_worker_async(wait=False, install_signal_handlers=False, shutdown_graceful_timeout=10.0)
    assert ran == ["today"]
    with pytest.raises(InvalidArgument, match="since"):
        await jobs.enqueue_job(conn, "tests.reindex", {})
