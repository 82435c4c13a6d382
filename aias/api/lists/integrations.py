"""Pages of connections."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.integrations import IntegrationShown
from aias.errors import NotFound

__all__ = ["get_integration", "page_of_integrations"]

Connection = AsyncConnection[Any]


async def page_of_integrations(
    conn: Connection,
    *,
    tenant_id: UUID | None,
    kind: str | None,
    status: str | None,
    after: tuple[str | None, str | None, str | None],
    limit: int,
) -> list[IntegrationShown]:
    """Give connections by tenant, kind and name, from after one on."""
    tenant, after_kind, name = after
    async with conn.cursor(row_factory=class_row(IntegrationShown)) as cursor:
        await cursor.execute(
            "select i.id, h.tenant, i.kind, i.name, i.status, i.status_reason, i.config, i.scopes, h.latency_ms,"
            " h.last_checked_at, h.last_ok_at, h.last_error, i.token_expires_at, i.connected_at"
            " from aias.integrations as i"
            " inner join aias.integration_health as h on h.tenant_id = i.tenant_id and h.integration_id = i.id"
            " where (%(tenant_id)s::uuid is null or i.tenant_id = %(tenant_id)s)"
            " and (%(kind)s::text is null or i.kind = %(kind)s)"
            " and (%(status)s::text is null or i.status = %(status)s)"
            " and (%(tenant)s::text is null or (h.tenant, i.kind, i.name) > (%(tenant)s, %(after_kind)s, %(name)s))"
            " order by h.tenant, i.kind, i.name limit %(limit)s",
            {
                "tenant_id": tenant_id,
                "kind": kind,
                "status": status,
                "tenant": tenant,
                "after_kind": after_kind,
                "name": name,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def get_integration(conn: Connection, tenant: str, kind: str, name: str) -> IntegrationShown:
    """Give one connection.

    Raises:
        NotFound: there is none that the caller may see.
    """
    async with conn.cursor(row_factory=class_row(IntegrationShown)) as cursor:
        await cursor.execute(
            "select i.id, h.tenant, i.kind, i.name, i.status, i.status_reason, i.config, i.scopes, h.latency_ms,"
            " h.last_checked_at, h.last_ok_at, h.last_error, i.token_expires_at, i.connected_at"
            " from aias.integrations as i"
            " inner join aias.integration_health as h on h.tenant_id = i.tenant_id and h.integration_id = i.id"
            " where h.tenant = %s and i.kind = %s and i.name = %s",
            (tenant, kind, name),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no {kind} connection {name!r}", argument="p_name")
    return found
