"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.diagnostics.models import ErrorGroup, ErrorRow, Fuse, FuseRule, LogFilter, LogRow, Scope
from aias.errors import NotFound, translated

__all__ = [
    "find_errors",
    "find_logs",
    "get_error",
    "get_fuse",
    "ignore_error",
    "list_fuse_rules",
    "list_fuses",
    "release_fuse",
    "remove_fuse_rule",
    "reopen_error",
    "resolve_error",
    "set_fuse_rule",
    "tend_fuses",
]

Connection = AsyncConnection[Any]


async def find_logs(conn: Connection, which: LogFilter, *, before: UUID | None = None, limit: int = 50) -> list[LogRow]:
    """Give log records that the caller sees, the newest first, from before an id on.

    Raises:
        InvalidArgument: the limit is not between 1 and 10,000.
    """
    async with conn.cursor(row_factory=class_row(LogRow)) as cursor:
        with translated():
            await cursor.execute(
                "select f.id, f.at, f.level, f.logger, f.message, f.tenant, f.execution_id, f.step, f.job_id,"
                " f.correlation_id, f.trace_id, f.request_id, f.context, f.process"
                " from aias.find_logs(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) as f",
                (
                    which.tenant_id,
                    which.level,
                    which.execution_id,
                    which.correlation_id,
                    which.request_id,
                    which.since,
                    which.until,
                    which.text,
                    before,
                    limit,
                ),
            )
        return await cursor.fetchall()


async def find_errors(
    conn: Connection,
    *,
    tenant_id: UUID | None = None,
    status: str | None = None,
    since: datetime | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[ErrorRow]:
    """Give groups of errors that the caller sees, what came last first.

    Raises:
        InvalidArgument: the limit is not between 1 and 10,000.
    """
    before_at, before_id = before or (None, None)
    async with conn.cursor(row_factory=class_row(ErrorRow)) as cursor:
        with translated():
            await cursor.execute(
                "select f.id, f.type, f.message, f.frames, f.status, f.first_seen_at, f.last_seen_at, f.failure_count,"
                " f.tenant_count, f.reopened_at, f.reopen_count from aias.find_errors(%s, %s, %s, %s, %s, %s) as f",
                (tenant_id, status, since, before_at, before_id, limit),
            )
        return await cursor.fetchall()


async def get_error(conn: Connection, error: UUID) -> ErrorGroup:
    """Give one group of errors.

    Raises:
        NotFound: there is none that the caller sees.
    """
    async with conn.cursor(row_factory=class_row(ErrorGroup)) as cursor:
        await cursor.execute(
            "select g.id, g.fingerprint, g.type, g.message, g.frames, g.status, g.first_seen_at, g.last_seen_at,"
            " g.failure_count, g.tenant_count, g.tenants, g.executions, g.sample, g.status_at, g.status_by,"
            " g.status_reason, g.reopened_at, g.reopen_count from aias.error_groups as g where g.id = %s",
            (error,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no error {error}", argument="p_error")
    return found


async def resolve_error(conn: Connection, error: UUID, *, reason: str | None = None) -> None:
    """Say that an error is fixed; when it comes again, it is open again.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: there is no such group.
        Conflict: it is resolved already.
    """
    await _decide(conn, "select aias.resolve_error(%s, %s)", error, reason)


async def ignore_error(conn: Connection, error: UUID, *, reason: str | None = None) -> None:
    """Say that an error is of no interest: it is counted on and stays ignored.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: there is no such group.
        Conflict: it is ignored already.
    """
    await _decide(conn, "select aias.ignore_error(%s, %s)", error, reason)


async def reopen_error(conn: Connection, error: UUID, *, reason: str | None = None) -> None:
    """Take back that an error is fixed or of no interest.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: there is no such group.
        Conflict: it is open already.
    """
    await _decide(conn, "select aias.reopen_error(%s, %s)", error, reason)


async def _decide(conn: Connection, call: LiteralString, error: UUID, reason: str | None) -> None:
    with translated():
        await conn.execute(call, (error, reason))


_FUSES: LiteralString = (
    "select f.id, f.tenant, f.scope, f.name, f.status, f.reason, f.error_group_id, f.failure_count, f.within,"
    " f.diverted_count, f.requeued_count, f.is_requeueing, f.blown_at, f.released_at, f.released_by,"
    " f.released_reason from aias.fuses as f"
)


async def list_fuses(
    conn: Connection,
    *,
    tenant: str | None = None,
    is_blown: bool | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Fuse]:
    """Give fuses that the caller sees, what blew last first; of a tenant by its slug, blown or released ones only."""
    async with conn.cursor(row_factory=class_row(Fuse)) as cursor:
        await cursor.execute(
            _FUSES + " where (%(tenant)s::text is null or f.tenant = %(tenant)s)"
            " and (%(is_blown)s::boolean is null or (f.released_at is null) = %(is_blown)s)"
            " and (%(before)s::uuid is null or f.id < %(before)s)"
            " order by f.id desc limit %(limit)s",
            {"tenant": tenant, "is_blown": is_blown, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def get_fuse(conn: Connection, fuse: UUID) -> Fuse:
    """Give one fuse.

    Raises:
        NotFound: there is none that the caller sees.
    """
    async with conn.cursor(row_factory=class_row(Fuse)) as cursor:
        await cursor.execute(_FUSES + " where f.id = %s", (fuse,))
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no fuse {fuse}", argument="p_fuse")
    return found


async def release_fuse(conn: Connection, fuse: UUID, *, requeue: bool = False, reason: str | None = None) -> int:
    """Let what a fuse holds run again; with ``requeue`` start again what was diverted, and give how many at once.

    Raises:
        NotFound: there is no such fuse that the caller sees.
        Conflict: it was released before.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.release_fuse(%s, %s, %s)", (fuse, requeue, reason))
        (count,) = await cursor.fetchall()
        return count


async def list_fuse_rules(conn: Connection) -> list[FuseRule]:
    """Give the rules of fuses, by scope and name."""
    async with conn.cursor(row_factory=class_row(FuseRule)) as cursor:
        await cursor.execute(
            "select r.scope, r.name, r.failure_count, r.within, r.is_enabled from aias.fuse_rules as r"
            " order by r.scope, r.name"
        )
        return await cursor.fetchall()


async def set_fuse_rule(
    conn: Connection,
    scope: Scope,
    name: str,
    *,
    failure_count: int,
    within: timedelta,
    is_enabled: bool = True,
) -> None:
    """Say after how many equal failures of one tenant in which time a fuse blows; ``*``: of all without a rule.

    Raises:
        Forbidden: the caller is confined to a tenant.
        InvalidArgument: the count is below one, or the time not between ten seconds and a day.
    """
    with translated():
        await conn.execute(
            "select aias.set_fuse_rule(%s, %s, %s, %s, %s)", (scope, name, failure_count, within, is_enabled)
        )


async def remove_fuse_rule(conn: Connection, scope: Scope, name: str) -> None:
    """Let the rule for all others hold again.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: there is no such rule.
        Conflict: it is the one for all others.
    """
    with translated():
        await conn.execute("select aias.remove_fuse_rule(%s, %s)", (scope, name))


async def tend_fuses(conn: Connection) -> bool:
    """Divert and start again a bounded number of what fuses hold or held; whether there may be more to do."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.tend_fuses()")
        (more,) = await cursor.fetchall()
        return more
