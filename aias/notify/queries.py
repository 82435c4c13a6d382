"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction.

A tenant of None means the operators, for whom callers that are confined to a tenant can't speak (``Forbidden``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import NotFound, translated
from aias.notify.models import Channel, ClaimedDelivery, Notification, StoredKey

__all__ = [
    "add_operator_key",
    "claim_deliveries",
    "find_channel",
    "find_notification",
    "list_channels",
    "list_notifications",
    "read_notifications",
    "remove_channel",
    "retry_notification",
    "settle_delivery",
    "start_test",
    "store_channel",
]

Connection = AsyncConnection[Any]


async def list_channels(
    conn: Connection, *, tenant: str | None = None, after: tuple[str, str] | None = None, limit: int = 100
) -> list[Channel]:
    """List channels by tenant and name, the operators' first; ``after`` is the tenant ("" for none) and name before."""
    async with translated(), conn.cursor(row_factory=class_row(Channel)) as cursor:
        await cursor.execute(
            "select c.tenant, c.id, c.name, c.kind, c.config, c.min_severity, c.kinds, c.is_enabled, c.failing_since,"
            " c.last_error, c.waiting_count, c.created_at, c.updated_at from aias.channels as c"
            " where (%(tenant)s::text is null or c.tenant = %(tenant)s)"
            " and (%(name)s::text is null or (coalesce(c.tenant, ''), c.name) > (%(place)s, %(name)s))"
            " order by coalesce(c.tenant, ''), c.name limit %(limit)s",
            {
                "tenant": tenant,
                "place": None if after is None else after[0],
                "name": None if after is None else after[1],
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def find_channel(conn: Connection, tenant: str | None, name: str) -> Channel:
    """Give a channel.

    Raises:
        NotFound: there is none of that name.
    """
    async with translated(), conn.cursor(row_factory=class_row(Channel)) as cursor:
        await cursor.execute(
            "select c.tenant, c.id, c.name, c.kind, c.config, c.min_severity, c.kinds, c.is_enabled, c.failing_since,"
            " c.last_error, c.waiting_count, c.created_at, c.updated_at from aias.channels as c"
            " where c.tenant is not distinct from %s and c.name = %s",
            (tenant, name),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no channel {name!r}", argument="p_name")
    return found


async def store_channel(  # noqa: PLR0913 (whose, where to, what it takes, and the sealed secret)
    conn: Connection,
    tenant: str | None,
    name: str,
    *,
    kind: str,
    config: dict[str, Any],
    min_severity: str,
    kinds: Sequence[str] | None,
    is_enabled: bool,
    channel: UUID | None = None,
    integration: UUID | None = None,
    secret: bytes | None = None,
    key_id: str | None = None,
) -> UUID:
    """Store a channel with its sealed secret; ``aias.alerts.set_channel`` is for those who have an open one.

    Raises:
        NotFound: there is no such tenant.
        Conflict: there is a channel of that name and another kind.
        InvalidArgument: an argument is not valid.
    """
    return await _value(
        conn,
        "select aias.set_channel(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            tenant,
            name,
            kind,
            Jsonb(config),
            min_severity,
            None if kinds is None else list(kinds),
            is_enabled,
            channel,
            integration,
            secret,
            key_id,
        ),
    )


async def remove_channel(conn: Connection, tenant: str | None, name: str) -> None:
    """Tell nobody by a channel any more; its secret and what waits for it are gone.

    Raises:
        NotFound: there is no such tenant or channel.
        Conflict: it is the dashboard, which stays.
    """
    await _value(conn, "select aias.remove_channel(%s, %s)", (tenant, name))


async def start_test(conn: Connection, tenant: str | None, name: str) -> UUID:
    """Put a test message into the outbox of a channel and give the id of its delivery.

    Raises:
        NotFound: there is no such tenant or channel.
    """
    return await _value(conn, "select aias.test_channel(%s, %s)", (tenant, name))


async def list_notifications(
    conn: Connection,
    *,
    tenant: str | None = None,
    channel: str | None = None,
    status: str | None = None,
    is_unread: bool = False,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Notification]:
    """List what was told, the newest first; ``is_unread`` leaves what nobody has read on the page."""
    async with translated(), conn.cursor(row_factory=class_row(Notification)) as cursor:
        await cursor.execute(
            "select n.tenant, n.id, n.notice_id, n.channel, n.channel_kind, n.kind, n.severity, n.title, n.body,"
            " n.details, n.status, n.attempt_count, n.doubt_count, n.next_at, n.last_error, n.created_at,"
            " n.delivered_at, n.given_up_at, n.read_at, n.read_by from aias.notifications as n"
            " where (%(tenant)s::text is null or n.tenant = %(tenant)s)"
            " and (%(channel)s::text is null or n.channel = %(channel)s)"
            " and (%(status)s::text is null or n.status = %(status)s)"
            " and (not %(is_unread)s or (n.channel_kind = 'dashboard' and n.read_at is null))"
            " and (%(before)s::uuid is null or n.id < %(before)s)"
            " order by n.id desc limit %(limit)s",
            {
                "tenant": tenant,
                "channel": channel,
                "status": status,
                "is_unread": is_unread,
                "before": before,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def find_notification(conn: Connection, notification: UUID) -> Notification:
    """Give a notification.

    Raises:
        NotFound: there is none of that id.
    """
    async with translated(), conn.cursor(row_factory=class_row(Notification)) as cursor:
        await cursor.execute(
            "select n.tenant, n.id, n.notice_id, n.channel, n.channel_kind, n.kind, n.severity, n.title, n.body,"
            " n.details, n.status, n.attempt_count, n.doubt_count, n.next_at, n.last_error, n.created_at,"
            " n.delivered_at, n.given_up_at, n.read_at, n.read_by from aias.notifications as n where n.id = %s",
            (notification,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no notification {notification}", argument="p_notification")
    return found


async def read_notifications(conn: Connection, tenant: str | None, notification: UUID | None = None) -> int:
    """Mark what is shown on the page as read, all or one; gives how many became read.

    Raises:
        NotFound: there is no such tenant.
    """
    return await _value(conn, "select aias.read_notifications(%s, %s)", (tenant, notification))


async def retry_notification(conn: Connection, notification: UUID) -> None:
    """Send a notice again that was given up.

    Raises:
        NotFound: there is none of that id.
        Conflict: it was not given up.
    """
    await _value(conn, "select aias.retry_notification(%s)", (notification,))


async def claim_deliveries(
    conn: Connection, holder: str, *, limit: int, lease: timedelta, only: UUID | None = None
) -> list[ClaimedDelivery]:
    """Take notices that are due, or one of them; nobody else sends them until the lease ends. Commit before sending."""
    async with translated(), conn.cursor(row_factory=class_row(ClaimedDelivery)) as cursor:
        await cursor.execute(
            "select c.tenant_id, c.id, c.attempt_count, c.channel, c.channel_kind, c.config, c.sealed_id, c.secret,"
            " c.key_id, c.wrapped_key, c.master_key_id, c.notice_id, c.kind, c.severity, c.title, c.body, c.details,"
            " c.created_at, c.now, c.person from aias_private.claim_deliveries(%s, %s, %s, %s) as c",
            (holder, limit, lease, only),
        )
        return await cursor.fetchall()


async def settle_delivery(
    conn: Connection,
    delivery: ClaimedDelivery,
    *,
    error: str | None = None,
    note: str | None = None,
    retry_after: float | None = None,
    is_doubtful: bool = False,
) -> str | None:
    """Note how sending went and give the status then; None when this attempt is not the one that counts any more."""
    return await _value(
        conn,
        "select aias_private.settle_delivery(%s, %s, %s, %s, %s, %s, %s)",
        (delivery.tenant_id, delivery.id, delivery.attempt_count, error, note, retry_after, is_doubtful),
    )


async def add_operator_key(conn: Connection, *, key: str, wrapped: bytes, master_key: str) -> StoredKey:
    """Give the key that seals the operators' secrets; the given one becomes it when there is none."""
    async with translated(), conn.cursor(row_factory=class_row(StoredKey)) as cursor:
        await cursor.execute(
            "select k.key_id, k.wrapped, k.master_key_id from aias_private.add_operator_key(%s, %s, %s) as k",
            (key, wrapped, master_key),
        )
        (found,) = await cursor.fetchall()
        return found


async def _value(conn: Connection, query: Any, parameters: Sequence[Any]) -> Any:
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchone()
