"""The SQL calls of samples and of signing up, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import NotFound, translated

__all__ = [
    "Removed",
    "SampleShown",
    "SignedUp",
    "TenantDue",
    "add_samples",
    "begin_samples",
    "list_samples",
    "mark_sample",
    "remove_samples",
    "settle_samples",
    "sign_up",
    "taken_names",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUp:
    """An account that was made."""

    tenant_id: UUID
    user_id: UUID
    key_id: str
    token: str
    """Of the owner's key: it can't be shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantDue:
    """A tenant whose samples are to be installed."""

    tenant: str
    industry: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShown:
    """A row of ``aias.samples``."""

    tenant: str
    status: str
    workflow: str | None
    description: str | None
    missing_kinds: list[str]
    installed_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """How much of the samples was there and is gone."""

    workflow_count: int
    connection_count: int
    execution_count: int
    cancelled_count: int


async def sign_up(
    conn: Connection,
    *,
    tenant: str,
    email: str,
    name: str | None = None,
    industry: str | None = None,
    plan: str = "free",
    company: str | None = None,
) -> SignedUp:
    """Make a tenant with its owner and a key, and say so as an event; all of it or nothing.

    Raises:
        Forbidden: the caller is no administrator.
        NotFound: there is no such plan.
        Conflict: the slug is taken.
        InvalidArgument: the slug, the address or a name is not valid.
    """
    async with translated(), conn.cursor(row_factory=class_row(SignedUp)) as cursor:
        await cursor.execute(
            "select s.tenant_id, s.user_id, s.key_id, s.token from aias.sign_up(%s, %s, %s, %s, %s, %s) as s",
            (tenant, email, name, industry, plan, company),
        )
        (made,) = await cursor.fetchall()
        return made


async def add_samples(conn: Connection, tenant: str) -> bool:
    """Have a tenant's samples installed by a worker; false where that is under way already.

    Raises:
        NotFound: there is no such tenant.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.add_samples(%s)", (tenant,))
        (asked,) = await cursor.fetchall()
        return asked


async def remove_samples(conn: Connection, tenant: str) -> Removed:
    """Remove everything that came with a tenant's samples, their executions too.

    Raises:
        NotFound: there is no such tenant.
    """
    async with translated(), conn.cursor(row_factory=class_row(Removed)) as cursor:
        await cursor.execute(
            "select r.workflow_count, r.connection_count, r.execution_count, r.cancelled_count"
            " from aias.remove_samples(%s) as r",
            (tenant,),
        )
        (removed,) = await cursor.fetchall()
        return removed


async def list_samples(conn: Connection, tenant: str) -> list[SampleShown]:
    """List a tenant's samples by name; one row without a workflow where they are due or removed.

    Raises:
        NotFound: there is no such tenant.
    """
    async with conn.cursor(row_factory=class_row(SampleShown)) as cursor:
        await cursor.execute(
            "select s.tenant, s.status, s.workflow, s.description, s.missing_kinds, s.installed_at, s.removed_at"
            " from aias.samples as s where s.tenant = %s order by s.workflow",
            (tenant,),
        )
        found = await cursor.fetchall()
    if not found:
        async with conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute("select t.id from aias.tenants as t where t.slug = %s", (tenant,))
            if await cursor.fetchone() is None:
                raise NotFound(f"there is no tenant {tenant!r}", argument="p_tenant")
    return found


async def begin_samples(conn: Connection, tenant_id: UUID) -> TenantDue | None:
    """Lock a tenant's samples for this transaction to install them; None where they are not due."""
    async with conn.cursor(row_factory=class_row(TenantDue)) as cursor:
        await cursor.execute(
            "select s.tenant, s.industry from aias_private.begin_samples(%s) as s where s.tenant is not null",
            (tenant_id,),
        )
        return await cursor.fetchone()


async def taken_names(conn: Connection, tenant: str) -> set[str]:
    """Give the names of the tenant's workflows."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select w.name from aias.workflows as w where w.tenant = %s and w.deleted_at is null", (tenant,)
        )
        return set(await cursor.fetchall())


async def mark_sample(conn: Connection, tenant_id: UUID, workflow_id: UUID) -> None:
    """Make a workflow that was just applied a sample.

    Raises:
        Conflict: it is no new one, or no samples are being installed.
    """
    async with translated():
        await conn.execute("select aias_private.mark_sample(%s, %s)", (tenant_id, workflow_id))


async def settle_samples(conn: Connection, tenant_id: UUID, missing: list[str]) -> None:
    """Note that the samples are installed; ``missing`` kinds of connection have no local server."""
    await conn.execute("select aias_private.settle_samples(%s, %s)", (tenant_id, missing))
