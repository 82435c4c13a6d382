"""Pages of workflows and of their versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.workflows import VersionSummary, WorkflowSummary

__all__ = ["page_of_versions", "page_of_workflows"]

Connection = AsyncConnection[Any]


async def page_of_workflows(
    conn: Connection,
    *,
    tenant_id: UUID | None,
    is_enabled: bool | None,
    after: tuple[str | None, str | None],
    limit: int,
) -> list[WorkflowSummary]:
    """Give workflows by tenant and name, from after a tenant's slug and a name on."""
    tenant, name = after
    async with conn.cursor(row_factory=class_row(WorkflowSummary)) as cursor:
        await cursor.execute(
            "select w.id, w.tenant, w.name, w.version, w.is_enabled, w.applied_by, w.applied_at, w.created_at"
            " from aias.workflows as w"
            " where w.deleted_at is null"
            " and (%(tenant_id)s::uuid is null or w.tenant_id = %(tenant_id)s)"
            " and (%(is_enabled)s::boolean is null or w.is_enabled = %(is_enabled)s)"
            " and (%(name)s::text is null or (w.tenant, w.name) > (%(tenant)s, %(name)s))"
            " order by w.tenant, w.name limit %(limit)s",
            {"tenant_id": tenant_id, "is_enabled": is_enabled, "tenant": tenant, "name": name, "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_versions(
    conn: Connection, tenant: str, workflow: str, *, before: int | None, limit: int
) -> list[VersionSummary]:
    """Give the versions of a workflow, the newest first, from before a number on."""
    async with conn.cursor(row_factory=class_row(VersionSummary)) as cursor:
        await cursor.execute(
            "select v.version, v.created_by, v.created_at, v.definition"
            " from aias.workflow_versions as v"
            " inner join aias.workflows as w on w.tenant_id = v.tenant_id and w.id = v.workflow_id"
            " where w.tenant = %(tenant)s and w.name = %(workflow)s and w.deleted_at is null"
            " and (%(before)s::integer is null or v.version < %(before)s)"
            " order by v.version desc limit %(limit)s",
            {"tenant": tenant, "workflow": workflow, "before": before, "limit": limit},
        )
        return await cursor.fetchall()
