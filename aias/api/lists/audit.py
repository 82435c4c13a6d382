"""Pages of the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.audit import AuditShown

__all__ = ["AuditFilter", "page_of_audit"]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries; what is None does not narrow the list."""

    tenant_id: UUID | None = None
    action: str | None = None
    actor: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def page_of_audit(conn: Connection, which: AuditFilter, *, before: UUID | None, limit: int) -> list[AuditShown]:
    """Give entries, the newest first, from before an id on."""
    async with conn.cursor(row_factory=class_row(AuditShown)) as cursor:
        await cursor.execute(
            "select a.id, t.slug as tenant, a.at, a.actor, a.actor_kind, a.action, a.object_kind, a.object_id,"
            " a.detail, a.request_id, a.address"
            " from aias.audit_log as a left join aias.tenants as t on t.id = a.tenant_id"
            " where (%(tenant_id)s::uuid is null or a.tenant_id = %(tenant_id)s)"
            " and (%(action)s::text is null or a.action = %(action)s)"
            " and (%(actor)s::text is null or a.actor = %(actor)s)"
            " and (%(object_kind)s::text is null or a.object_kind = %(object_kind)s)"
            " and (%(object_id)s::text is null or a.object_id = %(object_id)s)"
            " and (%(request_id)s::text is null or a.request_id = %(request_id)s)"
            " and (%(since)s::timestamptz is null or a.at >= %(since)s)"
            " and (%(until)s::timestamptz is null or a.at < %(until)s)"
            " and (%(before)s::uuid is null or a.id < %(before)s)"
            " order by a.id desc limit %(limit)s",
            {
                "tenant_id": which.tenant_id,
                "action": which.action,
                "actor": which.actor,
                "object_kind": which.object_kind,
                "object_id": which.object_id,
                "request_id": which.request_id,
                "since": which.since,
                "until": which.until,
                "before": before,
                "limit": limit,
            },
        )
        return await cursor.fetchall()
