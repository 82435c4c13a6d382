"""The jobs domain's calls into SQL; each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import translated
from aias.jobs.models import JobReason, JobRow, QueueHealth, WorkerRow

__all__ = [
    "cancel_job",
    "enqueue_job",
    "explain_job",
    "list_jobs",
    "list_workers",
    "queue_health",
    "retry_job",
]


async def enqueue_job(
    conn: AsyncConnection[Any],
    task: str,
    args: Mapping[str, Any] | None = None,
    *,
    tenant: str | None = None,
    lane: str | None = None,
    run_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Enqueue a job of a task and give its id; the same idempotency key gives the same id.

    Raises:
        NotFound: no such tenant or lane.
        Conflict: the idempotency key stands for another job.
        InvalidArgument: an argument is malformed, or ``args`` do not fit the task's schema.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select aias.enqueue_job(%s, %s, %s, %s, %s, %s)",
            (task, Jsonb(dict(args or {})), tenant, lane, run_at, idempotency_key),
        )
        return await cursor.fetchone() or 0


async def cancel_job(conn: AsyncConnection[Any], job_id: int) -> str:
    """Cancel a waiting job (``cancelled``) or ask a running one to stop (``stopping``).

    Raises:
        NotFound: no such job; succeeded ones are deleted.
        Conflict: it has ended.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.cancel_job(%s)", (job_id,))
        return await cursor.fetchone() or ""


async def retry_job(conn: AsyncConnection[Any], job_id: int) -> int:
    """Enqueue an ended job afresh or bring a waiting one forward; gives the id of the job that runs.

    Raises:
        NotFound: no such job; succeeded ones are deleted.
        Conflict: it is running.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.retry_job(%s)", (job_id,))
        return await cursor.fetchone() or 0


async def explain_job(conn: AsyncConnection[Any], job_id: int) -> JobReason:
    """Say why a job does not run now, or that it does.

    Raises:
        NotFound: no such job; succeeded ones are deleted.
    """
    async with translated(), conn.cursor(row_factory=class_row(JobReason)) as cursor:
        await cursor.execute("select reason, detail, until from aias.explain_job(%s)", (job_id,))
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 (one row, or the function raises)
        return row


async def list_jobs(
    conn: AsyncConnection[Any],
    *,
    tenant: str | None = None,
    lane: str | None = None,
    task: str | None = None,
    status: str | None = None,
    limit: int = 100,
) -> list[JobRow]:
    """List jobs, the most urgent first; each filter that is None takes all."""
    async with translated(), conn.cursor(row_factory=class_row(JobRow)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, task, lane, queue_name, status, priority, run_at, args, attempt_count,"
            " rescue_count, lock, queueing_lock, worker_id, last_error, created_at"
            " from aias.jobs"
            " where (%(tenant)s::text is null or tenant = %(tenant)s) and (%(lane)s::text is null or lane = %(lane)s)"
            " and (%(task)s::text is null or task = %(task)s) and (%(status)s::text is null or status = %(status)s)"
            " order by priority desc, id limit %(limit)s",
            {"tenant": tenant, "lane": lane, "task": task, "status": status, "limit": limit},
        )
        return await cursor.fetchall()


async def list_workers(conn: AsyncConnection[Any]) -> list[WorkerRow]:
    """List the workers that are registered now, the oldest first."""
    async with translated(), conn.cursor(row_factory=class_row(WorkerRow)) as cursor:
        await cursor.execute(
            "select id, name, host, pid, queues, concurrency, version, status, running_count, started_at, heartbeat_at,"
            " lease_until from aias.workers order by id"
        )
        return await cursor.fetchall()


async def queue_health(conn: AsyncConnection[Any]) -> list[QueueHealth]:
    """Give one row per lane: what waits, how long, and who works on it."""
    async with translated(), conn.cursor(row_factory=class_row(QueueHealth)) as cursor:
        await cursor.execute(
            "select lane, queue_name, waiting_count, scheduled_count, running_count, failed_count, oldest_wait,"
            " worker_count from aias.queue_health order by lane"
        )
        return await cursor.fetchall()
