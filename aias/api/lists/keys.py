"""Pages of keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.keys import KeyShown
from aias.errors import NotFound

__all__ = ["get_key", "page_of_keys"]

Connection = AsyncConnection[Any]


async def page_of_keys(
    conn: Connection, *, tenant_id: UUID | None, status: str | None, after: str | None, limit: int
) -> list[KeyShown]:
    """Give keys by id, from after one on."""
    async with conn.cursor(row_factory=class_row(KeyShown)) as cursor:
        await cursor.execute(
            "select k.id, k.tenant, k.name, k.scopes, k.requests_per_minute, k.status, k.created_at, k.created_by,"
            " k.expires_at, k.last_used_at, k.revoked_at, k.revoked_by"
            " from aias.api_keys as k"
            " where (%(tenant_id)s::uuid is null or k.tenant_id = %(tenant_id)s)"
            " and (%(status)s::text is null or k.status = %(status)s)"
            " and (%(after)s::text is null or k.id > %(after)s)"
            " order by k.id limit %(limit)s",
            {"tenant_id": tenant_id, "status": status, "after": after, "limit": limit},
        )
        return await cursor.fetchall()


async def get_key(conn: Connection, key: str) -> KeyShown:
    """Give one key.

    Raises:
        NotFound: there is none that the caller may see.
    """
    async with conn.cursor(row_factory=class_row(KeyShown)) as cursor:
        await cursor.execute(
            "select k.id, k.tenant, k.name, k.scopes, k.requests_per_minute, k.status, k.created_at, k.created_by,"
            " k.expires_at, k.last_used_at, k.revoked_at, k.revoked_by from aias.api_keys as k where k.id = %s",
            (key,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no key {key!r}", argument="p_key")
    return found
