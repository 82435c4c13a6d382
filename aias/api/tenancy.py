"""From a tenant's slug to its id, as the caller may see it."""

from __future__ import annotations

from uuid import UUID

from psycopg.rows import scalar_row

from aias.api.caller import Caller
from aias.errors import NotFound

__all__ = ["tenant_id"]


async def tenant_id(caller: Caller, slug: str | None) -> UUID | None:
    """Give the id of a tenant; None for None.

    Raises:
        NotFound: there is none that the caller may see.
    """
    if slug is None:
        return None
    if slug == caller.identity.tenant:
        return caller.identity.tenant_id
    async with caller.conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select t.id from aias.tenants as t where t.slug = %s", (slug,))
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no tenant {slug!r}", argument="p_tenant")
    return found
