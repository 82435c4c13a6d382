"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row
from psycopg.types.json import Jsonb

from aias.errors import NotFound, translated

__all__ = [
    "Claim",
    "FoundIntegration",
    "Granted",
    "Integration",
    "Named",
    "claim_reference",
    "connect_integration",
    "disconnect_integration",
    "find_integration",
    "integration_by_id",
    "integration_id",
    "list_integrations",
    "settle_reference",
    "tenant_slug",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A connection as ``aias.integrations`` shows it: without its secret."""

    tenant: str
    id: UUID
    kind: str
    name: str
    status: str
    status_reason: str | None
    config: dict[str, Any]
    connected_at: datetime
    grant_type: str | None
    token_expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What people call a connection."""

    tenant: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIntegration:
    """A connection with its secret, sealed."""

    id: UUID
    name: str
    config: dict[str, Any]
    secret: bytes = field(repr=False)
    key_id: str
    connected_at: datetime
    wrapped_key: bytes | None = field(repr=False)
    master_key_id: str | None
    credential_version: int
    """Grows with every change of the secret."""
    status: str
    status_reason: str | None
    grant_type: str | None
    token_lasts: timedelta | None
    """How long its access token is still good for; none where it does not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What an upstream granted, beside the tokens themselves; lifetimes count from now on."""

    grant_type: Literal["authorization_code", "client_credentials"]
    scopes: str | None
    token_lasts: timedelta | None
    refresh_token_lasts: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whether the right to make a thing was granted, and what was noted of it before."""

    is_granted: bool
    remote_id: str | None


async def connect_integration(  # noqa: PLR0913 (what is stored)
    conn: Connection,
    *,
    tenant: str,
    kind: str,
    name: str,
    config: dict[str, Any],
    sealed: bytes,
    key_id: str,
    integration: UUID,
    granted: Granted | None = None,
    is_sample: bool = False,
) -> UUID:
    """Store a connection with its sealed credentials, or renew it; ``granted`` where they came by OAuth.

    Raises:
        NotFound: there is no such tenant.
        Conflict: the connection exists under another id, or the key that sealed is gone.
        InvalidArgument: a name, the settings or the credentials are malformed.
    """
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select aias.connect_integration(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(tenant, kind, name, Jsonb(config), sealed, key_id, integration),
                granted and granted.grant_type,
                granted and granted.scopes,
                granted and granted.token_lasts,
                granted and granted.refresh_token_lasts,
                is_sample,
            ),
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (a function returns one row)
    return row[0]


async def disconnect_integration(conn: Connection, *, tenant: str, kind: str, name: str) -> None:
    """Forget a connection and its credentials.

    Raises:
        NotFound: there is no such tenant or connection.
    """
    async with translated():
        await conn.execute("select aias.disconnect_integration(%s, %s, %s)", (tenant, kind, name))


async def list_integrations(conn: Connection, *, tenant: str | None = None) -> list[Integration]:
    """List the connections that the caller may see, of one tenant or of all, by tenant, kind and name."""
    async with conn.cursor(row_factory=class_row(Integration)) as cursor:
        await cursor.execute(
            """
            select
                t.slug as tenant, i.id, i.kind, i.name, i.status, i.status_reason, i.config, i.connected_at,
                i.grant_type, i.token_expires_at
            from aias.integrations as i
            inner join aias.tenants as t on t.id = i.tenant_id
            where %(tenant)s::text is null or t.slug = %(tenant)s
            order by t.slug, i.kind, i.name
            """,
            {"tenant": tenant},
        )
        return await cursor.fetchall()


async def integration_id(conn: Connection, *, tenant: str, kind: str, name: str) -> tuple[UUID, UUID | None] | None:
    """Give the tenant's id and, where the connection exists, its id; none for an unknown tenant."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            select t.id, i.id
            from aias.tenants as t
            left join aias.integrations as i on i.tenant_id = t.id and i.kind = %s and i.name = %s
            where t.slug = %s
            """,
            (kind, name, tenant),
        )
        return await cursor.fetchone()


async def integration_by_id(conn: Connection, *, tenant_id: UUID, integration: UUID) -> Named | None:
    """Give a connection's tenant, kind and name; none where it is gone."""
    async with conn.cursor(row_factory=class_row(Named)) as cursor:
        await cursor.execute(
            """
            select t.slug as tenant, i.kind, i.name
            from aias.integrations as i
            inner join aias.tenants as t on t.id = i.tenant_id
            where i.tenant_id = %s and i.id = %s
            """,
            (tenant_id, integration),
        )
        return await cursor.fetchone()


async def tenant_slug(conn: Connection, tenant_id: UUID) -> str:
    """Give a tenant's slug.

    Raises:
        NotFound: there is no such tenant.
    """
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select t.slug from aias.tenants as t where t.id = %s", (tenant_id,))
        row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"there is no tenant {tenant_id}", argument="p_tenant")
    return row[0]


async def find_integration(conn: Connection, *, tenant_id: UUID, kind: str, name: str | None) -> FoundIntegration:
    """Give the connection of this name, or without a name the tenant's only one of the kind.

    Raises:
        NotFound: there is none.
        Conflict: there are several and no name says which.
    """
    async with translated(), conn.cursor(row_factory=class_row(FoundIntegration)) as cursor:
        await cursor.execute(
            """
            select
                f.id, f.name, f.config, f.secret, f.key_id, f.connected_at, f.wrapped_key, f.master_key_id,
                f.credential_version, f.status, f.status_reason, f.grant_type, f.token_lasts
            from aias_private.find_integration(%s, %s, %s) as f
            """,
            (tenant_id, kind, name),
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (it raises where there is none)
    return row


async def claim_reference(
    conn: Connection,
    *,
    tenant_id: UUID,
    integration: UUID,
    kind: str,
    reference: str,
    holder: str,
    lease: timedelta,
) -> Claim:
    """Ask for the right to find or make one thing; never waits.

    Raises:
        NotFound: the connection is gone.
    """
    async with translated(), conn.cursor(row_factory=class_row(Claim)) as cursor:
        await cursor.execute(
            """
            select c.is_granted, c.remote_id
            from aias_private.claim_reference(%s, %s, %s, %s, %s, %s) as c
            """,
            (tenant_id, integration, kind, reference, holder, lease),
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (it gives one row)
    return row


async def settle_reference(
    conn: Connection,
    *,
    tenant_id: UUID,
    integration: UUID,
    kind: str,
    reference: str,
    holder: str,
    remote_id: str | None,
) -> bool:
    """Give the right back and note what was found or made; false when it had gone to another."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select aias_private.settle_reference(%s, %s, %s, %s, %s, %s)",
            (tenant_id, integration, kind, reference, holder, remote_id),
        )
        row = await cursor.fetchone()
    return bool(row and row[0])
