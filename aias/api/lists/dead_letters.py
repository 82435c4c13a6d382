"""Pages of dead letters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.dead_letters import DeadLetterDetail, DeadLetterSummary
from aias.errors import NotFound

__all__ = ["get_dead_letter", "page_of_dead_letters"]

Connection = AsyncConnection[Any]


async def page_of_dead_letters(
    conn: Connection,
    *,
    tenant_id: UUID | None,
    is_open: bool | None,
    kind: str | None,
    fuse: UUID | None,
    before: UUID | None,
    limit: int,
) -> list[DeadLetterSummary]:
    """Give dead letters, the newest first, from before an id on."""
    async with conn.cursor(row_factory=class_row(DeadLetterSummary)) as cursor:
        await cursor.execute(
            "select f.id, f.tenant, f.kind, f.execution_id, f.job_id, f.reason, f.error, f.created_at, f.resolution,"
            " f.resolved_at, f.resolved_by, f.resolved_reason, f.fuse_id"
            " from aias.find_dead_letters(%(tenant_id)s, %(is_open)s, %(kind)s, %(fuse)s, %(before)s, %(limit)s) as f",
            {
                "tenant_id": tenant_id,
                "is_open": is_open,
                "kind": kind,
                "fuse": fuse,
                "before": before,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def get_dead_letter(conn: Connection, dead_letter: UUID) -> DeadLetterDetail:
    """Give one dead letter.

    Raises:
        NotFound: there is none that the caller may see.
    """
    async with conn.cursor(row_factory=class_row(DeadLetterDetail)) as cursor:
        await cursor.execute(
            "select d.id, t.slug as tenant, d.kind, d.execution_id, d.job_id, d.reason, d.error, d.created_at,"
            " d.resolution, d.resolved_at, d.resolved_by, d.resolved_reason, d.fuse_id, d.snapshot"
            " from aias.dead_letters as d left join aias.tenants as t on t.id = d.tenant_id where d.id = %s",
            (dead_letter,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no dead letter {dead_letter}", argument="p_dead_letter")
    return found
