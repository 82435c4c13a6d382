"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import translated

__all__ = ["Lane", "Tenant", "create_tenant", "create_user", "list_lanes", "list_tenants", "set_plan"]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A customer account as ``aias.tenants`` shows it."""

    id: UUID
    slug: str
    name: str
    plan: str
    lane: str
    industry: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A class of service as ``aias.lanes`` shows it."""

    name: str
    queue_name: str
    base_priority: int
    weight: int
    description: str


async def create_tenant(
    conn: Connection, *, slug: str, plan: str = "free", name: str | None = None, industry: str | None = None
) -> UUID:
    """Make a customer account and return its id.

    Raises:
        Forbidden: the caller is no administrator.
        NotFound: there is no such plan.
        Conflict: the slug is taken.
        InvalidArgument: the slug or the name is not valid.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.create_tenant(%s, %s, %s, %s)", (slug, plan, name, industry))
        (made,) = await cursor.fetchall()
        return made


async def set_plan(conn: Connection, *, tenant: str, plan: str) -> None:
    """Move a tenant to another plan; its next executions run in that plan's lane.

    Raises:
        Forbidden: the caller is no administrator.
        NotFound: there is no such tenant or plan.
    """
    with translated():
        await conn.execute("select aias.set_plan(%s, %s)", (tenant, plan))


async def create_user(conn: Connection, *, tenant: str, email: str, name: str, role: str = "member") -> UUID:
    """Add a person to a tenant and return the id.

    Raises:
        NotFound: there is no such tenant.
        Conflict: the tenant has a user with this address.
        InvalidArgument: the address, the name or the role is not valid.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.create_user(%s, %s, %s, %s)", (tenant, email, name, role))
        (made,) = await cursor.fetchall()
        return made


async def list_tenants(conn: Connection, *, limit: int = 50) -> list[Tenant]:
    """Return the tenants that the caller sees, by slug, at most ``limit``."""
    async with conn.cursor(row_factory=class_row(Tenant)) as cursor:
        await cursor.execute(
            "select id, slug, name, plan, lane, industry, created_at from aias.tenants order by slug limit %s", (limit,)
        )
        return await cursor.fetchall()


async def list_lanes(conn: Connection) -> list[Lane]:
    """Return all lanes, the most urgent first."""
    async with conn.cursor(row_factory=class_row(Lane)) as cursor:
        await cursor.execute(
            "select name, queue_name, base_priority, weight, description from aias.lanes order by base_priority desc"
        )
        return await cursor.fetchall()
