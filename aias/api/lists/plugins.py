"""Pages of plugins, of the rules about them, and of flags."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.plugins import FlagShown, PluginRuleShown, PluginShown

__all__ = ["page_of_flags", "page_of_plugin_rules", "page_of_plugins"]

Connection = AsyncConnection[Any]


async def page_of_plugins(conn: Connection, *, after: tuple[str | None, str | None], limit: int) -> list[PluginShown]:
    """Give plugins by name and machine, from after one on."""
    async with conn.cursor(row_factory=class_row(PluginShown)) as cursor:
        await cursor.execute(
            "select p.name, p.version, p.api_version, p.state, p.problem, p.brings, p.reported_by, p.reported_at"
            " from aias.plugins as p"
            " where %(name)s::text is null or (p.name, p.reported_by) > (%(name)s, %(by)s)"
            " order by p.name, p.reported_by limit %(limit)s",
            {"name": after[0], "by": after[1], "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_plugin_rules(
    conn: Connection, *, tenant: str | None, after: tuple[str | None, str | None], limit: int
) -> list[PluginRuleShown]:
    """Give rules by plugin and tenant, those of all tenants first; with a tenant its own and those of all."""
    async with conn.cursor(row_factory=class_row(PluginRuleShown)) as cursor:
        await cursor.execute(
            "select r.tenant, r.plugin, r.is_allowed, r.reason, r.set_by, r.set_at from aias.plugin_rules as r"
            " where (%(tenant)s::text is null or r.tenant is null or r.tenant = %(tenant)s)"
            " and (%(plugin)s::text is null or (r.plugin, coalesce(r.tenant, '')) > (%(plugin)s, %(after)s))"
            " order by r.plugin, coalesce(r.tenant, '') limit %(limit)s",
            {"tenant": tenant, "plugin": after[0], "after": after[1], "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_flags(conn: Connection, *, after: str | None, limit: int) -> list[FlagShown]:
    """Give flags by name, from after one on."""
    async with conn.cursor(row_factory=class_row(FlagShown)) as cursor:
        await cursor.execute(
            "select f.name, f.percentage, f.description, f.tenant_count, f.set_by, f.set_at from aias.flags as f"
            " where %(after)s::text is null or f.name > %(after)s order by f.name limit %(limit)s",
            {"after": after, "limit": limit},
        )
        return await cursor.fetchall()
