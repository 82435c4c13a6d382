"""The SQL calls about refreshes, health and checks. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row

from aias.errors import translated
from aias.integrations.queries import Granted

__all__ = [
    "Credentials",
    "Health",
    "RefreshClaim",
    "claim_refresh",
    "defer_checks",
    "due_refreshes",
    "give_up_refresh",
    "list_health",
    "record_check",
    "set_integration_status",
    "settle_refresh",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshClaim:
    """What came of asking for the right to refresh, with all that is needed where it was granted."""

    outcome: Literal["granted", "held", "renewed", "later", "impossible", "revoked"]
    kind: str
    name: str
    config: dict[str, Any]
    secret: bytes = field(repr=False)
    key_id: str
    wrapped_key: bytes | None = field(repr=False)
    master_key_id: str | None
    grant_type: str | None
    interrupted_at: datetime | None
    """When an earlier holder asked the upstream and never told what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Which credentials of which connection: those of an older version have been replaced."""

    tenant_id: UUID
    integration_id: UUID
    credential_version: int | None
    """None: whichever they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A row of ``aias.integration_health``."""

    tenant: str
    kind: str
    name: str
    status: str
    status_reason: str | None
    latency_ms: int | None
    last_checked_at: datetime | None
    last_ok_at: datetime | None
    last_error: str | None
    token_expires_at: datetime | None
    consecutive_failures: int
    next_check_at: datetime | None
    tenant_id: UUID
    integration_id: UUID


async def claim_refresh(conn: Connection, of: Credentials, *, holder: str, lease: timedelta) -> RefreshClaim:
    """Ask for the right to refresh; never waits for the upstream, at most for the row.

    Raises:
        NotFound: the connection is gone.
    """
    async with translated(), conn.cursor(row_factory=class_row(RefreshClaim)) as cursor:
        await cursor.execute(
            """
            select
                c.outcome, c.kind, c.name, c.config, c.secret, c.key_id, c.wrapped_key, c.master_key_id,
                c.grant_type, c.interrupted_at
            from aias_private.claim_refresh(%s, %s, %s, %s, %s) as c
            """,
            (of.tenant_id, of.integration_id, of.credential_version, holder, lease),
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (it gives one row)
    return row


async def settle_refresh(
    conn: Connection,
    of: Credentials,
    *,
    sealed: bytes,
    key_id: str,
    granted: Granted,
) -> bool:
    """Store refreshed tokens; false when the connection was made anew meanwhile.

    Raises:
        Conflict: the key that sealed is gone: seal again.
    """
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select aias_private.settle_refresh(%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(of.tenant_id, of.integration_id, of.credential_version, sealed, key_id),
                *(granted.scopes, granted.token_lasts, granted.refresh_token_lasts),
            ),
        )
        row = await cursor.fetchone()
    return bool(row and row[0])


async def give_up_refresh(
    conn: Connection,
    of: Credentials,
    *,
    holder: str,
    is_refused: bool,
    is_unknown: bool,
    interrupted_at: datetime | None,
    reason: str,
) -> None:
    """Note that a refresh was refused, which revokes the connection, or failed."""
    async with translated():
        await conn.execute(
            "select aias_private.give_up_refresh(%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(of.tenant_id, of.integration_id, of.credential_version, holder),
                *(is_refused, is_unknown, interrupted_at, reason),
            ),
        )


async def due_refreshes(conn: Connection, *, ahead: timedelta, limit: int) -> list[Credentials]:
    """List the connections whose tokens end within ``ahead``, the next to end first."""
    async with conn.cursor(row_factory=class_row(Credentials)) as cursor:
        await cursor.execute(
            """
            select d.tenant_id, d.integration_id, d.credential_version
            from aias_private.due_refreshes(%s, %s) as d
            """,
            (ahead, limit),
        )
        return await cursor.fetchall()


async def set_integration_status(
    conn: Connection,
    of: Credentials,
    *,
    status: Literal["connected", "failing", "revoked"],
    reason: str | None,
) -> bool:
    """Note a connection's status as seen with these credentials; gives whether it changed."""
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select aias_private.set_integration_status(%s, %s, %s, %s, %s)",
            (of.tenant_id, of.integration_id, of.credential_version, status, reason),
        )
        row = await cursor.fetchone()
    return bool(row and row[0])


async def record_check(
    conn: Connection,
    of: Credentials,
    *,
    is_working: bool | None,
    is_refused: bool,
    latency_ms: int | None,
    error: str | None,
) -> None:
    """Note what trying a connection came to.

    Raises:
        NotFound: the connection is gone.
    """
    async with translated():
        await conn.execute(
            "select aias_private.record_check(%s, %s, %s, %s, %s, %s, %s)",
            (of.tenant_id, of.integration_id, of.credential_version, is_working, is_refused, latency_ms, error),
        )


async def defer_checks(conn: Connection, *, limit: int) -> int:
    """Enqueue a job for each connection whose check is due, at most ``limit``, and give their number."""
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select aias_private.defer_checks(%s)", (limit,))
        row = await cursor.fetchone()
    return row[0] if row else 0


async def list_health(conn: Connection, *, tenant: str | None = None) -> list[Health]:
    """Give the health of the connections that the caller may see, of one tenant or of all."""
    async with conn.cursor(row_factory=class_row(Health)) as cursor:
        await cursor.execute(
            """
            select
                h.tenant, h.kind, h.name, h.status, h.status_reason, h.latency_ms, h.last_checked_at, h.last_ok_at,
                h.last_error, h.token_expires_at, h.consecutive_failures, h.next_check_at, h.tenant_id,
                h.integration_id
            from aias.integration_health as h
            where %(tenant)s::text is null or h.tenant = %(tenant)s
            order by h.tenant, h.kind, h.name
            """,
            {"tenant": tenant},
        )
        return await cursor.fetchall()
