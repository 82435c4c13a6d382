"""The SQL calls about events and subscriptions, one function each; each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import translated
from aias.triggers.mapping import check_templates
from aias.triggers.models import Event, EventSubscription

__all__ = ["emit_event", "list_events", "list_subscriptions", "remove_subscription", "set_subscription"]


async def emit_event(
    conn: AsyncConnection[Any],
    tenant: str,
    type: str,
    payload: Any = None,
    *,
    event_id: str | None = None,
    source: str = "aias",
    subject: str | None = None,
    time: datetime | None = None,
) -> UUID:
    """Say that something happened; gives the event's id here. The same id of the same source is the same event.

    What it starts and wakes is part of the caller's transaction.

    Raises:
        NotFound: there is no such tenant.
        Conflict: the event id stands for another event.
        InvalidArgument: an argument is not valid, or events and executions follow from each other for too long.
    """
    given = Jsonb({} if payload is None else payload)
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select aias.emit_event(%s, %s, %s, %s, %s, %s, %s)",
            (tenant, type, given, event_id, source, subject, time),
        )
        (made,) = await cursor.fetchall()
        return made


async def list_events(
    conn: AsyncConnection[Any],
    *,
    tenant: str | None = None,
    type: str | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Event]:
    """List events, the newest first; ``type`` may hold ``*``; ``before`` is the last id of the page before."""
    async with translated(), conn.cursor(row_factory=class_row(Event)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, source, event_id, type, subject, at, payload, depth, emitted_by, created_at,"
            " redacted_at from aias.events"
            " where (%(tenant)s::text is null or tenant = %(tenant)s)"
            " and (%(type)s::text is null or type like replace(replace(replace(%(type)s, '\\', '\\\\'), '_', '\\_'),"
            " '*', '%%'))"
            " and (%(before)s::uuid is null or id < %(before)s)"
            " order by id desc limit %(limit)s",
            {"tenant": tenant, "type": type, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def set_subscription(  # noqa: PLR0913 (a subscription has that many sides)
    conn: AsyncConnection[Any],
    tenant: str,
    name: str,
    *,
    type: str,
    workflow: str,
    filter: Any = None,
    condition: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    enabled: bool = True,
) -> UUID:
    """Let events start a workflow, and give the subscription's id.

    ``type`` is a pattern (``order.*``), ``filter`` what the payload must hold, ``condition`` a template that must hold,
    ``mapping`` the templates that make the input of ``event`` and ``payload``; without one the payload is the input.

    Raises:
        NotFound: there is no such tenant or workflow.
        InvalidArgument: an argument is not valid; a template's mistake is told with its place.
    """
    check_templates(condition, mapping)
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select aias.set_subscription(%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                tenant,
                name,
                type,
                workflow,
                Jsonb({} if filter is None else filter),
                condition,
                None if mapping is None else Jsonb(dict(mapping)),
                enabled,
            ),
        )
        (made,) = await cursor.fetchall()
        return made


async def remove_subscription(conn: AsyncConnection[Any], tenant: str, name: str) -> None:
    """Let events start nothing by a subscription any more.

    Raises:
        NotFound: there is no such tenant or subscription.
    """
    async with translated():
        await conn.execute("select aias.remove_subscription(%s, %s)", (tenant, name))


async def list_subscriptions(
    conn: AsyncConnection[Any], *, tenant: str | None = None, limit: int = 100
) -> list[EventSubscription]:
    """List subscriptions by tenant and name."""
    async with translated(), conn.cursor(row_factory=class_row(EventSubscription)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, name, type_pattern, filter, condition, mapping, workflow, is_enabled,"
            " created_at, updated_at from aias.subscriptions"
            " where (%(tenant)s::text is null or tenant = %(tenant)s) order by tenant, name limit %(limit)s",
            {"tenant": tenant, "limit": limit},
        )
        return await cursor.fetchall()
