"""Pages of effects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.effects import EffectShown

__all__ = ["page_of_effects"]


async def page_of_effects(
    conn: AsyncConnection[Any],
    *,
    tenant_id: UUID | None,
    execution: UUID | None,
    state: str | None,
    after: tuple[UUID | None, str | None, int | None, str | None],
    limit: int,
) -> list[EffectShown]:
    """Give effects, those of the newest executions first, from after one on."""
    last, step, item, part = after
    async with conn.cursor(row_factory=class_row(EffectShown)) as cursor:
        await cursor.execute(
            "select e.execution_id, t.slug as tenant, e.step, e.item, e.part, e.operation, e.connection, e.state,"
            " e.response, e.idempotency_key, e.send_count, e.begun_at, e.doubted_at, e.settled_at, e.resolved_by,"
            " e.resolved_comment"
            " from aias.effects as e"
            " inner join aias.tenants as t on t.id = e.tenant_id"
            " where (%(tenant_id)s::uuid is null or e.tenant_id = %(tenant_id)s)"
            " and (%(execution)s::uuid is null or e.execution_id = %(execution)s)"
            " and (%(state)s::text is null or e.state = %(state)s)"
            " and (%(last)s::uuid is null or (e.execution_id, e.step, coalesce(e.item, -1), coalesce(e.part, ''))"
            " < (%(last)s, %(step)s, %(item)s, %(part)s))"
            " order by e.execution_id desc, e.step desc, coalesce(e.item, -1) desc, coalesce(e.part, '') desc"
            " limit %(limit)s",
            {
                "tenant_id": tenant_id,
                "execution": execution,
                "state": state,
                "last": last,
                "step": step,
                "item": item,
                "part": part,
                "limit": limit,
            },
        )
        return await cursor.fetchall()
