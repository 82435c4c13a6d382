"""The SQL calls about schedules, one function each; each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import NotFound, translated
from aias.triggers.models import Schedule, ScheduleRun

__all__ = [
    "backfill_schedule",
    "find_schedule",
    "list_schedule_runs",
    "list_schedules",
    "pause_schedule",
    "remove_schedule",
    "resume_schedule",
    "set_schedule",
    "set_system_schedule",
]


async def set_schedule(  # noqa: PLR0913 (a schedule has that many sides)
    conn: AsyncConnection[Any],
    tenant: str,
    name: str,
    *,
    workflow: str,
    cron: str,
    time_zone: str = "UTC",
    input: Mapping[str, Any] | None = None,
    overlap: Literal["skip", "queue", "allow"] = "skip",
    catch_up: Literal["none", "last", "all"] = "last",
    catch_up_limit: int = 100,
    jitter: timedelta = timedelta(),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    max_attempts: int = 1,
    retry_delay: timedelta = timedelta(minutes=1),
) -> UUID:
    """Make or change a schedule and give its id; a scheduler plans it within a second of the commit.

    Raises:
        NotFound: there is no such tenant or workflow.
        InvalidArgument: an argument is not valid, or the input does not fit the workflow's schema.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select aias.set_schedule(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                tenant,
                name,
                workflow,
                cron,
                time_zone,
                Jsonb(dict(input or {})),
                overlap,
                catch_up,
                catch_up_limit,
                jitter,
                starts_at,
                ends_at,
                max_attempts,
                retry_delay,
            ),
        )
        (made,) = await cursor.fetchall()
        return made


async def set_system_schedule(conn: AsyncConnection[Any], name: str, *, cron: str, time_zone: str = "UTC") -> UUID:
    """Run one of the system's own tasks at other times, and give the schedule's id.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: the system has no such schedule.
        InvalidArgument: the expression or the zone is not valid.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.set_system_schedule(%s, %s, %s)", (name, cron, time_zone))
        (found,) = await cursor.fetchall()
        return found


async def remove_schedule(conn: AsyncConnection[Any], schedule: UUID) -> None:
    """Let nothing run by a schedule any more; what it started goes on.

    Raises:
        NotFound: there is no such schedule.
        Conflict: it is the system's own.
    """
    async with translated():
        await conn.execute("select aias.remove_schedule(%s)", (schedule,))


async def pause_schedule(conn: AsyncConnection[Any], schedule: UUID, *, reason: str | None = None) -> None:
    """Let nothing run by a schedule until it is resumed; what passes meanwhile is not made up for.

    Raises:
        NotFound: there is no such schedule.
    """
    async with translated():
        await conn.execute("select aias.pause_schedule(%s, %s)", (schedule, reason))


async def resume_schedule(conn: AsyncConnection[Any], schedule: UUID) -> None:
    """Let a paused schedule run again, from now on.

    Raises:
        NotFound: there is no such schedule.
        Conflict: it is not paused.
    """
    async with translated():
        await conn.execute("select aias.resume_schedule(%s)", (schedule,))


async def backfill_schedule(conn: AsyncConnection[Any], schedule: UUID, begin: datetime, end: datetime) -> UUID:
    """Ask for the due times of a past span (both ends belong to it) that have not run; gives the request's id.

    Raises:
        NotFound: there is no such schedule.
        InvalidArgument: the span is empty, too long, or not past.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.backfill_schedule(%s, %s, %s)", (schedule, begin, end))
        (made,) = await cursor.fetchall()
        return made


async def list_schedules(
    conn: AsyncConnection[Any],
    *,
    tenant: str | None = None,
    kind: Literal["workflow", "task"] | None = None,
    limit: int = 100,
) -> list[Schedule]:
    """List schedules, the next due first; a filter that is None takes all."""
    async with translated(), conn.cursor(row_factory=class_row(Schedule)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, name, kind, workflow, task, cron, time_zone, input, overlap, catch_up,"
            " catch_up_limit, jitter, max_attempts, retry_delay, starts_at, ends_at, status, status_reason, next_at,"
            " last_due_at, last_outcome, last_started_at, last_finished_at, last_duration, last_execution_id,"
            " last_error, failure_count, queued_count, created_at, updated_at"
            " from aias.schedules"
            " where (%(tenant)s::text is null or tenant = %(tenant)s) and (%(kind)s::text is null or kind = %(kind)s)"
            " order by next_at nulls last, tenant nulls last, name limit %(limit)s",
            {"tenant": tenant, "kind": kind, "limit": limit},
        )
        return await cursor.fetchall()


async def find_schedule(conn: AsyncConnection[Any], name: str, *, tenant: str | None) -> Schedule:
    """Give a tenant's schedule by its name; without a tenant one of the system's own.

    Raises:
        NotFound: there is none.
    """
    async with translated(), conn.cursor(row_factory=class_row(Schedule)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, name, kind, workflow, task, cron, time_zone, input, overlap, catch_up,"
            " catch_up_limit, jitter, max_attempts, retry_delay, starts_at, ends_at, status, status_reason, next_at,"
            " last_due_at, last_outcome, last_started_at, last_finished_at, last_duration, last_execution_id,"
            " last_error, failure_count, queued_count, created_at, updated_at"
            " from aias.schedules where name = %s and tenant is not distinct from %s",
            (name, tenant),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no schedule {name!r}", argument="p_schedule")
    return found


async def list_schedule_runs(conn: AsyncConnection[Any], schedule: UUID, *, limit: int = 20) -> list[ScheduleRun]:
    """List the due times of a schedule that were dealt with, the latest first."""
    async with translated(), conn.cursor(row_factory=class_row(ScheduleRun)) as cursor:
        await cursor.execute(
            "select tenant_id, schedule_id, schedule, due_at, status, is_backfill, attempt_count, execution_id, job_id,"
            " reason, error, retry_at, created_at, started_at, finished_at"
            " from aias.schedule_runs where schedule_id = %s order by due_at desc limit %s",
            (schedule, limit),
        )
        return await cursor.fetchall()
