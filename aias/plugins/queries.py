"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row, tuple_row
from psycopg.types.json import Jsonb

from aias.errors import translated

__all__ = [
    "ClosedGate",
    "Flag",
    "FlagTenant",
    "PluginRule",
    "ReportedPlugin",
    "allow_plugin",
    "closed_gate",
    "enabled_flags",
    "is_enabled",
    "list_flag_tenants",
    "list_flags",
    "list_plugin_rules",
    "list_reported_plugins",
    "note_refused_plugins",
    "refuse_plugin",
    "refused_plugins",
    "remove_flag",
    "report_plugins",
    "reset_plugin",
    "set_flag",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRule:
    """Whether a tenant may use a plugin; ``tenant`` None: every tenant without a rule of its own."""

    tenant: str | None
    plugin: str
    is_allowed: bool
    reason: str | None
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPlugin:
    """A plugin as the workers of a machine found it."""

    name: str
    version: str | None
    api_version: str | None
    state: str
    problem: str | None
    brings: dict[str, list[str]]
    reported_by: str
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A change of behaviour, and the percentage of the tenants that it has reached."""

    name: str
    percentage: Decimal
    description: str
    tenant_count: int
    """Tenants of whom something else was said."""
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagTenant:
    """A tenant for whom a flag is on or off whatever its percentage."""

    tenant: str
    flag: str
    is_on: bool
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedGate:
    """A gate that keeps an action; ``until`` None: until it is opened."""

    gate: str
    reason: str | None
    until: datetime | None


async def allow_plugin(conn: Connection, plugin: str, *, tenant: str | None = None, reason: str | None = None) -> None:
    """Let a tenant use a plugin; without one, every tenant that has no rule of its own.

    Raises:
        NotFound: there is no such tenant.
        Forbidden: only an administrator may.
        InvalidArgument: no plugin can have that name.
    """
    async with translated():
        await conn.execute("select aias.allow_plugin(%s, %s, %s)", (plugin, tenant, reason))


async def refuse_plugin(conn: Connection, plugin: str, *, tenant: str | None = None, reason: str | None = None) -> None:
    """Refuse a plugin to a tenant; without one, to every tenant that has no rule of its own.

    Its actions are refused from the commit on where a definition is validated, and within five seconds where an
    execution is claimed; steps that are under way go on.

    Raises:
        NotFound: there is no such tenant.
        Forbidden: only an administrator may.
        InvalidArgument: no plugin can have that name.
    """
    async with translated():
        await conn.execute("select aias.refuse_plugin(%s, %s, %s)", (plugin, tenant, reason))


async def reset_plugin(conn: Connection, plugin: str, *, tenant: str | None = None) -> None:
    """Take back what was said of a tenant and a plugin.

    Raises:
        NotFound: there is no such tenant.
        Forbidden: only an administrator may.
        InvalidArgument: no plugin can have that name.
    """
    async with translated():
        await conn.execute("select aias.reset_plugin(%s, %s)", (plugin, tenant))


async def refused_plugins(conn: Connection, tenant: str) -> dict[str, str | None]:
    """Give the plugins that a tenant may not use, with the reasons.

    Raises:
        NotFound: there is no such tenant.
    """
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select r.plugin, r.reason from aias.refused_plugins(%s) as r", (tenant,))
        return dict(await cursor.fetchall())


async def list_plugin_rules(conn: Connection, *, tenant: str | None = None) -> list[PluginRule]:
    """List the rules by plugin, those of all tenants first; with a tenant its own and those of all."""
    async with translated(), conn.cursor(row_factory=class_row(PluginRule)) as cursor:
        await cursor.execute(
            "select r.tenant, r.plugin, r.is_allowed, r.reason, r.set_by, r.set_at from aias.plugin_rules as r"
            " where %(tenant)s::text is null or r.tenant is null or r.tenant = %(tenant)s"
            " order by r.plugin, r.tenant nulls first",
            {"tenant": tenant},
        )
        return await cursor.fetchall()


async def list_reported_plugins(conn: Connection) -> list[ReportedPlugin]:
    """List what the workers found installed, by name and machine."""
    async with translated(), conn.cursor(row_factory=class_row(ReportedPlugin)) as cursor:
        await cursor.execute(
            "select p.name, p.version, p.api_version, p.state, p.problem, p.brings, p.reported_by, p.reported_at"
            " from aias.plugins as p order by p.name, p.reported_by"
        )
        return await cursor.fetchall()


async def report_plugins(conn: Connection, reporter: str, plugins: Sequence[dict[str, Any]]) -> None:
    """Say what is installed on this machine, in place of what was said before."""
    async with translated():
        await conn.execute("select aias_private.report_plugins(%s, %s)", (reporter, Jsonb(list(plugins))))


async def note_refused_plugins(conn: Connection, tenant_id: UUID, execution: UUID, plugins: Sequence[str]) -> None:
    """Note in the audit log that an execution ends because its tenant may not use a plugin."""
    async with translated():
        await conn.execute(
            "select aias_private.note_refused_plugin(%s, %s, %s::text[])", (tenant_id, execution, list(plugins))
        )


async def closed_gate(conn: Connection, tenant_id: UUID, kinds: Sequence[str]) -> ClosedGate | None:
    """Give the gate of these kinds that is closed for a tenant, if one is."""
    async with translated(), conn.cursor(row_factory=class_row(ClosedGate)) as cursor:
        await cursor.execute(
            "select g.gate, g.reason, g.until from aias_private.closed_gate(%s, %s::text[]) as g",
            (tenant_id, list(kinds)),
        )
        return await cursor.fetchone()


async def set_flag(
    conn: Connection,
    flag: str,
    *,
    percentage: Decimal | float | None = None,
    description: str | None = None,
    tenant: str | None = None,
    is_on: bool | None = None,
) -> None:
    """Roll a change of behaviour out: to a percentage of the tenants, or (``tenant``, ``is_on``) to one of them.

    A percentage that grows keeps those who have it. ``is_on`` None for a tenant: the percentage counts again. In force
    from the commit on in SQL, and within five seconds in processes.

    Raises:
        NotFound: there is no such tenant, or a tenant's word on a flag that is not set.
        Forbidden: only an administrator may.
        InvalidArgument: a value is out of range.
    """
    async with translated():
        await conn.execute(
            "select aias.set_flag(%s, %s::numeric, %s, %s, %s)", (flag, percentage, tenant, is_on, description)
        )


async def remove_flag(conn: Connection, flag: str) -> None:
    """Forget a flag: it is off for everybody.

    Raises:
        NotFound: there is no such flag.
        Forbidden: only an administrator may.
    """
    async with translated():
        await conn.execute("select aias.remove_flag(%s)", (flag,))


async def is_enabled(conn: Connection, flag: str, tenant: str) -> bool:
    """Whether a flag is on for a tenant, as it is now; False for a flag that nobody has set.

    Raises:
        NotFound: there is no such tenant.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.is_enabled(%s, %s)", (flag, tenant))
        (answer,) = await cursor.fetchall()
    return answer


async def enabled_flags(conn: Connection, tenant: str) -> list[str]:
    """Give the flags that are on for a tenant.

    Raises:
        NotFound: there is no such tenant.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.enabled_flags(%s)", (tenant,))
        (answer,) = await cursor.fetchall()
    return answer


async def list_flags(conn: Connection) -> list[Flag]:
    """List the flags by name."""
    async with translated(), conn.cursor(row_factory=class_row(Flag)) as cursor:
        await cursor.execute(
            "select f.name, f.percentage, f.description, f.tenant_count, f.set_by, f.set_at"
            " from aias.flags as f order by f.name"
        )
        return await cursor.fetchall()


async def list_flag_tenants(conn: Connection, flag: str | None = None) -> list[FlagTenant]:
    """List the tenants of whom something else was said, of a flag or of all, by flag and tenant."""
    async with translated(), conn.cursor(row_factory=class_row(FlagTenant)) as cursor:
        await cursor.execute(
            "select o.tenant, o.flag, o.is_on, o.set_by, o.set_at from aias.flag_tenants as o"
            " where %(flag)s::text is null or o.flag = %(flag)s order by o.flag, o.tenant",
            {"flag": flag},
        )
        return await cursor.fetchall()
