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
            "select f.id, f.tenant, f.at, f.actor, f.actor_kind, f.action, f.object_kind, f.object_id, f.detail,"
            " f.request_id, f.address, f.correlation_id, f.trace_id"
            " from aias.find_audit(%(tenant_id)s, %(action)s, %(actor)s, %(object_kind)s, %(object_id)s,"
            " %(request_id)s, %(since)s, %(until)s, %(before)s, %(limit)s) as f",
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
