"""Pages of jobs, pauses, limits and gates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.jobs import GateShown, JobDetail, JobSummary, LimitShown, PauseShown
from aias.errors import NotFound

__all__ = ["get_job", "page_of_gates", "page_of_jobs", "page_of_limits", "page_of_pauses"]

Connection = AsyncConnection[Any]


async def page_of_jobs(
    conn: Connection,
    *,
    tenant_id: UUID | None,
    status: str | None,
    lane: str | None,
    task: str | None,
    before: int | None,
    limit: int,
) -> list[JobSummary]:
    """Give jobs, the newest first, from before an id on."""
    async with conn.cursor(row_factory=class_row(JobSummary)) as cursor:
        await cursor.execute(
            "select f.id, f.tenant, f.task, f.lane, f.status, f.priority, f.run_at, f.attempt_count, f.rescue_count,"
            " f.last_error, f.created_at"
            " from aias.find_jobs(%(tenant_id)s, %(status)s, %(lane)s, %(task)s, %(before)s, %(limit)s) as f",
            {"tenant_id": tenant_id, "status": status, "lane": lane, "task": task, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def get_job(conn: Connection, job: int) -> JobDetail:
    """Give one job.

    Raises:
        NotFound: there is none that the caller may see; succeeded ones are deleted.
    """
    async with conn.cursor(row_factory=class_row(JobDetail)) as cursor:
        await cursor.execute(
            "select j.id, j.tenant, j.task, j.lane, j.status, j.priority, j.run_at, j.attempt_count, j.rescue_count,"
            " j.last_error, j.created_at, j.args, j.lock, j.queueing_lock, j.worker_id"
            " from aias.jobs as j where j.id = %s",
            (job,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no job {job}", argument="p_job")
    return found


async def page_of_pauses(conn: Connection, *, after: tuple[str | None, str | None], limit: int) -> list[PauseShown]:
    """Give what is paused by scope and name, from after one on."""
    scope, name = after
    async with conn.cursor(row_factory=class_row(PauseShown)) as cursor:
        await cursor.execute(
            "select p.tenant, p.scope, p.name, p.reason, p.paused_by, p.paused_at, p.parked_count"
            " from aias.pauses as p"
            " where %(scope)s::text is null or (p.scope, p.name) > (%(scope)s, %(name)s)"
            " order by p.scope, p.name limit %(limit)s",
            {"scope": scope, "name": name, "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_limits(
    conn: Connection, *, after: tuple[str | None, str | None, str | None], limit: int
) -> list[LimitShown]:
    """Give the limits by scope, tenant and name, from after one on."""
    scope, tenant, name = after
    async with conn.cursor(row_factory=class_row(LimitShown)) as cursor:
        await cursor.execute(
            "select l.tenant, l.scope, l.name, l.max_running, l.running_count, l.rate, l.per, l.burst, l.parked_count,"
            " l.set_by, l.set_at"
            " from aias.limits as l"
            " where %(scope)s::text is null"
            " or (l.scope, coalesce(l.tenant, ''), l.name) > (%(scope)s, %(tenant)s, %(name)s)"
            " order by l.scope, coalesce(l.tenant, ''), l.name limit %(limit)s",
            {"scope": scope, "tenant": tenant, "name": name, "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_gates(conn: Connection, *, state: str | None, after: str | None, limit: int) -> list[GateShown]:
    """Give the gates by name, from after one on."""
    async with conn.cursor(row_factory=class_row(GateShown)) as cursor:
        await cursor.execute(
            "select g.gate, g.tenant, g.state, g.source, g.reason, g.closed_by, g.closed_at, g.closed_until,"
            " g.waiting_count"
            " from aias.gates as g"
            " where (%(state)s::text is null or g.state = %(state)s)"
            " and (%(after)s::text is null or g.gate > %(after)s)"
            " order by g.gate limit %(limit)s",
            {"state": state, "after": after, "limit": limit},
        )
        return await cursor.fetchall()
