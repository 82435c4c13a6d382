"""The SQL calls about telemetry, one function each; each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row, tuple_row
from psycopg.types.json import Jsonb

from aias.errors import NotFound, translated

__all__ = [
    "TelemetryEvent",
    "TelemetryProblem",
    "Tracked",
    "find_tenant",
    "fold_telemetry",
    "list_telemetry",
    "note_telemetry",
    "take_telemetry",
    "track",
    "turn_telemetry_keys",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryProblem:
    """Why an event was not taken."""

    index: int
    """Its place among those that were sent, from 0."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What came of the events of a call."""

    accepted: int
    duplicates: int
    """Events whose id had come within 7 days, or earlier in the same call."""
    rejected: int
    problems: list[TelemetryProblem]
    """Each event that was rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryEvent:
    """An event as ``aias.telemetry_events`` shows it."""

    tenant_id: UUID
    tenant: str
    id: UUID
    event_id: str
    name: str
    user_id: str | None
    session_id: str | None
    occurred_at: datetime
    received_at: datetime
    properties: dict[str, Any]
    correlation_id: str | None
    trace_id: str | None


async def track(conn: AsyncConnection[Any], tenant: str, events: Any) -> Tracked:
    """Store what users did: one event, or a list of at most 10,000; part of the caller's transaction.

    Raises:
        NotFound: there is no such tenant.
        InvalidArgument: it is no event and no list of so many.
        TooManyRequests: the plan's rate is used up; ``retry_after`` says when to come back.
    """
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select t.accepted, t.duplicates, t.rejected, t.problems from aias.track(%s, %s) as t",
            (tenant, Jsonb(events)),
        )
        ((accepted, duplicates, rejected, problems),) = await cursor.fetchall()
    return Tracked(
        accepted=accepted,
        duplicates=duplicates,
        rejected=rejected,
        problems=[TelemetryProblem(**problem) for problem in problems],
    )


async def find_tenant(conn: AsyncConnection[Any], slug: str) -> UUID:
    """Give a tenant's id.

    Raises:
        NotFound: there is no such tenant, or the caller may not see it.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select t.id from aias.tenants as t where t.slug = %s", (slug,))
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no tenant {slug!r}", argument="p_tenant")
    return found


async def list_telemetry(
    conn: AsyncConnection[Any],
    tenant_id: UUID,
    *,
    name: str | None = None,
    user: str | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[TelemetryEvent]:
    """List a tenant's events, the newest first; ``before`` is the last id of the page before."""
    async with conn.cursor(row_factory=class_row(TelemetryEvent)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, event_id, name, user_id, session_id, occurred_at, received_at, properties,"
            " correlation_id, trace_id from aias.telemetry_events"
            " where tenant_id = %(tenant)s"
            " and (%(name)s::text is null or name = %(name)s)"
            " and (%(user)s::text is null or user_id = %(user)s)"
            " and (%(before)s::uuid is null or id < %(before)s)"
            " order by id desc limit %(limit)s",
            {"tenant": tenant_id, "name": name, "user": user, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def take_telemetry(
    conn: AsyncConnection[Any], calls: Sequence[tuple[UUID, int]]
) -> list[tuple[int | None, float | None]]:
    """Count the events of calls (tenant, how many) under their plans; gives each one's quota and its wait in seconds.

    A wait of 0 is leave; both are None where there is no such tenant any more.
    """
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select t.quota, t.retry_after from aias_private.take_telemetry(%s, %s) as t",
            ([tenant for tenant, _ in calls], [count for _, count in calls]),
        )
        return await cursor.fetchall()


async def note_telemetry(conn: AsyncConnection[Any], counts: Sequence[tuple[UUID, int, int, int]]) -> None:
    """Count events that were not taken: tenant, malformed, over the rate, sent away for load."""
    tenants, rejected, limited, shed = (list(column) for column in zip(*counts, strict=True))
    await conn.execute("select aias_private.note_telemetry(%s, %s, %s, %s)", (tenants, rejected, limited, shed))


async def fold_telemetry(conn: AsyncConnection[Any]) -> int:
    """Sum up the counts since the last time, and what was charged to rates; gives how many counts there were."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.collect_telemetry_charges(null)")
        await cursor.execute("select aias_private.fold_telemetry()")
        (count,) = await cursor.fetchall()
        return count


async def turn_telemetry_keys(conn: AsyncConnection[Any]) -> bool:
    """Empty the keys that are out of date, where it is time for that; gives whether it was."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.turn_telemetry_keys()")
        (is_turned,) = await cursor.fetchall()
        return is_turned
