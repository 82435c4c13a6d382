"""Webhooks out: where tenants hear of their executions. Each call runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import NotFound, translated
from aias.integrations import connect
from aias.settings import Settings
from aias.triggers.models import Endpoint, Message
from aias.triggers.webhooks import new_secret, renew_secret, stored_secret

__all__ = ["MadeEndpoint", "list_endpoints", "list_messages", "remove_endpoint", "rotate_endpoint", "set_endpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEndpoint:
    """An endpoint; with its secret where that is new, which is told once."""

    id: UUID
    secret: str | None = field(repr=False)


async def set_endpoint(
    conn: AsyncConnection[Any],
    tenant: str,
    name: str,
    *,
    url: str,
    types: Sequence[str],
    settings: Settings | None = None,
) -> MadeEndpoint:
    """Tell an address what the tenant's executions do (``execution.started``, ``execution.failed``, ...).

    Messages are signed as Standard Webhooks says, with a secret that is made and told once; setting an endpoint again
    keeps its secret, and enables one that was disabled.

    Raises:
        NotFound: there is no such tenant.
        InvalidArgument: the address, the name or a type is not valid.
        ConfigurationError: there is no usable master key.
    """
    made: str | None = None
    async with conn.transaction():
        try:
            async with conn.transaction():  # a savepoint: that there is none fails a statement
                kept, _, _ = await stored_secret(conn, tenant, "webhook_out", name, settings=settings)
            secret = {
                "current": kept.current.get_secret_value(),
                **({"previous": kept.previous.get_secret_value()} if kept.previous else {}),
                "previous_until": kept.previous_until,
            }
        except NotFound:
            made = new_secret("standard")
            secret = {"current": made}
        integration = await connect(
            conn, tenant=tenant, kind="webhook_out", name=name, config={"url": url}, secret=secret, settings=settings
        )
        async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select aias.set_webhook_endpoint(%s, %s, %s, %s)", (tenant, name, integration, list(types))
            )
            (endpoint,) = await cursor.fetchall()
    return MadeEndpoint(id=endpoint, secret=made)


async def rotate_endpoint(
    conn: AsyncConnection[Any],
    tenant: str,
    name: str,
    *,
    overlap: timedelta = timedelta(hours=24),
    settings: Settings | None = None,
) -> str:
    """Give an endpoint a new secret, told once; for ``overlap`` messages are signed with both.

    Raises:
        NotFound: there is no such endpoint.
    """
    made = new_secret("standard")
    async with conn.transaction():
        await renew_secret(conn, tenant, "webhook_out", name, made, overlap=overlap, settings=settings)
    return made


async def remove_endpoint(conn: AsyncConnection[Any], tenant: str, name: str) -> None:
    """Tell an address nothing any more; what was not sent yet is discarded.

    Raises:
        NotFound: there is no such tenant or endpoint.
    """
    async with translated():
        await conn.execute("select aias.remove_webhook_endpoint(%s, %s)", (tenant, name))


async def list_endpoints(conn: AsyncConnection[Any], *, tenant: str | None = None, limit: int = 100) -> list[Endpoint]:
    """List endpoints by tenant and name."""
    async with translated(), conn.cursor(row_factory=class_row(Endpoint)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, name, url, types, is_enabled, disabled_reason, failing_since, created_at,"
            " updated_at from aias.webhook_endpoints where (%(tenant)s::text is null or tenant = %(tenant)s)"
            " order by tenant, name limit %(limit)s",
            {"tenant": tenant, "limit": limit},
        )
        return await cursor.fetchall()


async def list_messages(
    conn: AsyncConnection[Any], endpoint: UUID, *, before: UUID | None = None, limit: int = 100
) -> list[Message]:
    """List what is told to an endpoint, the newest first."""
    async with translated(), conn.cursor(row_factory=class_row(Message)) as cursor:
        await cursor.execute(
            "select tenant_id, id, endpoint_id, type, payload, status, attempt_count, next_at, last_status, last_error,"
            " created_at, finished_at from aias.webhook_messages"
            " where endpoint_id = %(endpoint)s and (%(before)s::uuid is null or id < %(before)s)"
            " order by id desc limit %(limit)s",
            {"endpoint": endpoint, "before": before, "limit": limit},
        )
        return await cursor.fetchall()
