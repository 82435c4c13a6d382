"""Pages of tenants and their users, and the plans."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row

from aias.api.models.tenants import TenantShown, UserShown
from aias.errors import NotFound

__all__ = ["all_plans", "get_tenant", "page_of_tenants", "page_of_users"]

Connection = AsyncConnection[Any]


async def page_of_tenants(conn: Connection, *, plan: str | None, after: str | None, limit: int) -> list[TenantShown]:
    """Give tenants by slug, from after one on."""
    async with conn.cursor(row_factory=class_row(TenantShown)) as cursor:
        await cursor.execute(
            "select t.id, t.slug, t.name, t.plan, t.lane, t.industry, t.created_at"
            " from aias.tenants as t"
            " where (%(plan)s::text is null or t.plan = %(plan)s) and (%(after)s::text is null or t.slug > %(after)s)"
            " order by t.slug limit %(limit)s",
            {"plan": plan, "after": after, "limit": limit},
        )
        return await cursor.fetchall()


async def get_tenant(conn: Connection, slug: str) -> TenantShown:
    """Give one tenant.

    Raises:
        NotFound: there is none that the caller may see.
    """
    async with conn.cursor(row_factory=class_row(TenantShown)) as cursor:
        await cursor.execute(
            "select t.id, t.slug, t.name, t.plan, t.lane, t.industry, t.created_at"
            " from aias.tenants as t where t.slug = %s",
            (slug,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no tenant {slug!r}", argument="p_tenant")
    return found


async def page_of_users(conn: Connection, tenant_id: UUID, *, after: UUID | None, limit: int) -> list[UserShown]:
    """Give the people of a tenant in the order in which they were added, from after one on."""
    async with conn.cursor(row_factory=class_row(UserShown)) as cursor:
        await cursor.execute(
            "select u.id, u.email, u.name, u.role, u.created_at from aias.users as u"
            " where u.tenant_id = %(tenant)s and (%(after)s::uuid is null or u.id > %(after)s)"
            " order by u.id limit %(limit)s",
            {"tenant": tenant_id, "after": after, "limit": limit},
        )
        return await cursor.fetchall()


async def all_plans(conn: Connection) -> list[dict[str, Any]]:
    """Give the plans by name, as JSON."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "select p.name, p.lane, p.executions_per_month, p.concurrent_executions, p.requests_per_minute,"
            " p.workflow_count, p.telemetry_events_per_minute, p.steps_per_month, p.upstream_calls_per_month,"
            " p.telemetry_events_per_month, p.is_quota_hard from aias.plans as p order by p.name"
        )
        return await cursor.fetchall()
