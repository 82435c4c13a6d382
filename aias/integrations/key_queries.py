"""The SQL calls about keys and what is sealed under them. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row

from aias.errors import translated

__all__ = [
    "StaleSecret",
    "StoredKey",
    "add_tenant_key",
    "drop_tenant_keys",
    "erase_tenant_keys",
    "keys_under_other_masters",
    "reseal_integration",
    "rewrap_tenant_key",
    "stale_secrets",
    "tenant_key",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """A tenant's key as it is stored; all but the tenant is none where there is no such key."""

    tenant_id: UUID
    key_id: str | None
    wrapped: bytes | None = field(repr=False)
    master_key_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleSecret:
    """A sealed secret whose key is not its tenant's current one."""

    tenant_id: UUID
    tenant: str
    integration_id: UUID
    name: str
    secret: bytes = field(repr=False)
    key_id: str
    wrapped: bytes | None = field(repr=False)
    master_key_id: str | None


async def tenant_key(conn: Connection, tenant: str, key: str | None = None) -> StoredKey:
    """Give a tenant's current key, or the one of an id.

    Raises:
        NotFound: there is no such tenant.
    """
    async with translated(), conn.cursor(row_factory=class_row(StoredKey)) as cursor:
        await cursor.execute(
            "select k.tenant_id, k.key_id, k.wrapped, k.master_key_id from aias.tenant_key(%s, %s) as k", (tenant, key)
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (it gives one row)
    return row


async def add_tenant_key(
    conn: Connection, *, tenant: str, key: str, wrapped: bytes, master_key: str, replaces: str | None = None
) -> str:
    """Give a tenant a key, its first or one in place of another; the id of the current one comes back.

    Raises:
        NotFound: there is no such tenant.
    """
    return await _value(
        conn, "select aias.add_tenant_key(%s, %s, %s, %s, %s)", (tenant, key, wrapped, master_key, replaces)
    )


async def erase_tenant_keys(conn: Connection, tenant: str) -> int:
    """Erase a tenant's keys and give their number: nothing that they sealed can be read again.

    Raises:
        NotFound: there is no such tenant.
    """
    return await _value(conn, "select aias.erase_tenant_keys(%s)", (tenant,))


async def drop_tenant_keys(conn: Connection, tenant_id: UUID) -> int:
    """Forget the retired keys of a tenant that nothing needs, and give their number."""
    return await _value(conn, "select aias_private.drop_tenant_keys(%s)", (tenant_id,))


async def keys_under_other_masters(conn: Connection, master_key: str, *, limit: int) -> list[StoredKey]:
    """List keys that another master key wraps, at most ``limit``."""
    async with conn.cursor(row_factory=class_row(StoredKey)) as cursor:
        await cursor.execute(
            """
            select k.tenant_id, k.key_id, k.wrapped, k.master_key_id
            from aias_private.keys_under_other_masters(%s, %s) as k
            """,
            (master_key, limit),
        )
        return await cursor.fetchall()


async def rewrap_tenant_key(
    conn: Connection, *, tenant_id: UUID, key: str, before: bytes, wrapped: bytes, master_key: str
) -> bool:
    """Put a key under another master key; false when it was not wrapped as read any more."""
    return await _value(
        conn,
        "select aias_private.rewrap_tenant_key(%s, %s, %s, %s, %s)",
        (tenant_id, key, before, wrapped, master_key),
    )


async def stale_secrets(
    conn: Connection, *, tenant_id: UUID | None, after: StaleSecret | None, limit: int
) -> list[StaleSecret]:
    """List secrets to be sealed anew, of one tenant or of all, in order, from behind ``after`` on."""
    async with conn.cursor(row_factory=class_row(StaleSecret)) as cursor:
        await cursor.execute(
            """
            select s.tenant_id, s.tenant, s.integration_id, s.name, s.secret, s.key_id, s.wrapped, s.master_key_id
            from aias_private.stale_secrets(%s, %s, %s, %s) as s
            """,
            (tenant_id, after and after.tenant_id, after and after.integration_id, limit),
        )
        return await cursor.fetchall()


async def reseal_integration(
    conn: Connection, *, tenant_id: UUID, integration: UUID, before: bytes, sealed: bytes, key: str
) -> bool:
    """Store a secret under another key; false when it was changed meanwhile.

    Raises:
        Conflict: that key is gone.
    """
    return await _value(
        conn,
        "select aias_private.reseal_integration(%s, %s, %s, %s, %s)",
        (tenant_id, integration, before, sealed, key),
    )


async def _value(conn: Connection, query: Any, parameters: tuple[Any, ...]) -> Any:
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(query, parameters)
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (a function returns one row)
    return row[0]
