"""The jobs domain's calls into SQL; each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import SqlError, sql_error, translated
from aias.jobs.models import JobReason, JobRow, LimitRow, NewJob, PauseRow, QueueHealth, WorkerRow

__all__ = [
    "cancel_job",
    "enqueue_job",
    "enqueue_jobs",
    "explain_job",
    "list_jobs",
    "list_limits",
    "list_pauses",
    "list_workers",
    "pause",
    "queue_health",
    "remove_limit",
    "resume",
    "retry_job",
    "set_limit",
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


async def enqueue_jobs(conn: AsyncConnection[Any], jobs: Sequence[NewJob]) -> list[int | SqlError]:
    """Enqueue many jobs and give, in order, the id of each, or the error that it alone is refused with.

    Raises:
        InvalidArgument: more than 10,000.
    """
    async with translated(), conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "select job_id, error_code, error_message, error_argument, error_detail"
            " from aias.enqueue_jobs(%s) order by place",
            (Jsonb([job.to_json() for job in jobs]),),
        )
        return [_enqueued(row) for row in await cursor.fetchall()]


def _enqueued(row: dict[str, Any]) -> int | SqlError:
    if row["error_code"] is None:
        return row["job_id"]
    error = sql_error(
        row["error_code"], row["error_message"], argument=row["error_argument"], detail=row["error_detail"]
    )
    return error or SqlError(row["error_message"])


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


async def pause(conn: AsyncConnection[Any], scope: str, name: str, *, reason: str | None = None) -> None:
    """Start no more jobs of a lane, a workflow (``tenant/workflow``), a tenant or a task; what runs goes on.

    Raises:
        NotFound: no such lane, workflow or tenant.
        Forbidden: a lane or a task is a matter for administrators.
        InvalidArgument: the scope, the name or the reason is not valid.
    """
    async with translated():
        await conn.execute("select aias.pause(%s, %s, %s)", (scope, name, reason))


async def resume(conn: AsyncConnection[Any], scope: str, name: str) -> None:
    """Let the jobs of what was paused start again.

    Raises:
        NotFound: no such lane, workflow or tenant, or it is not paused.
        Forbidden: a lane or a task is a matter for administrators.
        InvalidArgument: the scope or the name is not valid.
    """
    async with translated():
        await conn.execute("select aias.resume(%s, %s)", (scope, name))


async def list_pauses(conn: AsyncConnection[Any]) -> list[PauseRow]:
    """List what is paused, the oldest first."""
    async with translated(), conn.cursor(row_factory=class_row(PauseRow)) as cursor:
        await cursor.execute(
            "select tenant, scope, name, reason, paused_by, paused_at, parked_count from aias.pauses order by paused_at"
        )
        return await cursor.fetchall()


async def set_limit(
    conn: AsyncConnection[Any],
    scope: str,
    name: str,
    *,
    max_running: int | None = None,
    rate: int | None = None,
    per: timedelta | None = None,
    burst: int | None = None,
) -> None:
    """Limit how many jobs of a tenant, a workflow or a key (or calls of a connection) run at once and start in a time.

    Replaces the former limit as a whole; in force for every claim from the commit on. ``rate`` starts per ``per`` in
    the long run, ``burst`` at once (1 when not given).

    Raises:
        NotFound: no such tenant or workflow.
        Forbidden: a tenant's limit is a matter for administrators.
        InvalidArgument: an argument is not valid, or nothing would be limited.
    """
    async with translated():
        await conn.execute(
            "select aias.set_limit(%s, %s, %s, %s, %s, %s)", (scope, name, max_running, rate, per, burst)
        )


async def remove_limit(conn: AsyncConnection[Any], scope: str, name: str) -> None:
    """Limit a tenant, a workflow or a key no more; a tenant's plan counts again.

    Raises:
        NotFound: no such tenant or workflow, or it has no limit.
        Forbidden: a tenant's limit is a matter for administrators.
        InvalidArgument: the scope or the name is not valid.
    """
    async with translated():
        await conn.execute("select aias.remove_limit(%s, %s)", (scope, name))


async def list_limits(conn: AsyncConnection[Any]) -> list[LimitRow]:
    """List the limits that were set, with what runs under each."""
    async with translated(), conn.cursor(row_factory=class_row(LimitRow)) as cursor:
        await cursor.execute(
            "select tenant, scope, name, max_running, running_count, rate, per, burst, parked_count, set_by, set_at"
            " from aias.limits order by scope, tenant, name"
        )
        return await cursor.fetchall()
