"""Gates and breakers, as people see and move them. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import translated

__all__ = ["Breaker", "Gate", "close_gate", "list_breakers", "list_gates", "open_gate", "tend_gates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gate that is closed, or was."""

    gate: str
    tenant: str | None
    """None: it stands before the connections of all tenants."""
    state: str
    source: str | None
    reason: str | None
    closed_by: str | None
    closed_at: datetime | None
    closed_until: datetime | None
    waiting_count: int
    """Executions that are woken when it opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """The breaker of a connection, and what it decides by."""

    tenant: str
    kind: str
    connection: str
    state: str
    open_until: datetime | None
    call_count: int
    """Calls of the last minute; ``failure_count`` of them failed."""
    failure_count: int
    changed_at: datetime | None


async def close_gate(conn: AsyncConnection[Any], gate: str, *, until: datetime | None, reason: str) -> None:
    """Stop every step that needs an upstream: they wait, without a worker, and lose no attempt.

    In force within a second of the commit. Without ``until`` it stays closed until it is opened; else one call goes
    first when that time has passed, and the others when it came back well.

    Raises:
        NotFound: there is no such tenant or connection.
        Forbidden: the gate of a kind is a matter for administrators.
        InvalidArgument: the name, the time or the reason is not valid.
    """
    async with translated():
        await conn.execute("select aias.close_gate(%s, %s, %s)", (gate, until, reason))


async def open_gate(conn: AsyncConnection[Any], gate: str) -> bool:
    """Let the steps go on that wait for an upstream; False when its gate was open.

    Raises:
        NotFound: there is no such tenant or connection.
        Forbidden: the gate of a kind is a matter for administrators.
        InvalidArgument: the name is not valid.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.open_gate(%s)", (gate,))
        (answer,) = await cursor.fetchall()
    return answer


async def list_gates(conn: AsyncConnection[Any], *, tenant: str | None = None) -> list[Gate]:
    """List the gates that are not open, of one tenant and of the kinds or of all, the longest closed first."""
    async with conn.cursor(row_factory=class_row(Gate)) as cursor:
        await cursor.execute(
            """
            select
                g.gate, g.tenant, g.state, g.source, g.reason, g.closed_by, g.closed_at, g.closed_until,
                g.waiting_count
            from aias.gates as g
            where g.state <> 'open' and (%(tenant)s::text is null or g.tenant is null or g.tenant = %(tenant)s)
            order by g.closed_at, g.gate
            """,
            {"tenant": tenant},
        )
        return await cursor.fetchall()


async def list_breakers(conn: AsyncConnection[Any], *, tenant: str | None = None) -> list[Breaker]:
    """List the breakers of the connections that were called in the last minute or whose breaker ever opened."""
    async with conn.cursor(row_factory=class_row(Breaker)) as cursor:
        await cursor.execute(
            """
            select
                b.tenant, b.kind, b.connection, b.state, b.open_until, b.call_count, b.failure_count, b.changed_at
            from aias.breakers as b
            where
                (b.call_count > 0 or b.changed_at is not null)
                and (%(tenant)s::text is null or b.tenant = %(tenant)s)
            order by b.tenant, b.kind, b.connection
            """,
            {"tenant": tenant},
        )
        return await cursor.fetchall()


async def tend_gates(conn: AsyncConnection[Any]) -> int:
    """Wake those who still wait for gates that have opened, in bounded numbers; gives how many."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.tend_gates()")
        (count,) = await cursor.fetchall()
    return count
