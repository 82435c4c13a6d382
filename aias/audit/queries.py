"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

__all__ = ["AuditEntry", "list_audit", "set_actor"]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, as ``aias.audit_log`` shows it."""

    id: UUID
    tenant_id: UUID | None
    at: datetime
    actor: str
    actor_kind: str
    action: str
    object_kind: str
    object_id: str
    detail: dict[str, Any]


async def set_actor(conn: Connection, actor: str, *, kind: str = "user", is_local: bool = False) -> None:
    """Say on whose behalf the connection acts: what it does from now on is recorded under this name.

    Holds for the session, or with ``is_local`` until the transaction ends; ``kind`` is one of those that the column
    ``aias.audit_log.actor_kind`` lists.
    """
    await conn.execute(
        "select set_config('aias.actor', %s, %s), set_config('aias.actor_kind', %s, %s)",
        (actor, is_local, kind, is_local),
    )


async def list_audit(
    conn: Connection,
    *,
    tenant: str | None = None,
    action: str | None = None,
    actor: str | None = None,
    object_kind: str | None = None,
    object_id: str | None = None,
    between: tuple[datetime | None, datetime | None] = (None, None),
    limit: int = 50,
) -> list[AuditEntry]:
    """Return the latest entries that the caller sees, newest first, at most ``limit``.

    ``tenant`` is a slug; ``action`` an exact name such as ``execution.started``; ``between`` is from the first time
    on and before the second, None for no bound.
    """
    async with conn.cursor(row_factory=class_row(AuditEntry)) as cursor:
        await cursor.execute(
            "select a.id, a.tenant_id, a.at, a.actor, a.actor_kind, a.action, a.object_kind, a.object_id, a.detail"
            " from aias.audit_log as a"
            " where (%(tenant)s::text is null"
            " or a.tenant_id = (select t.id from aias.tenants as t where t.slug = %(tenant)s))"
            " and (%(action)s::text is null or a.action = %(action)s)"
            " and (%(actor)s::text is null or a.actor = %(actor)s)"
            " and (%(object_kind)s::text is null or a.object_kind = %(object_kind)s)"
            " and (%(object_id)s::text is null or a.object_id = %(object_id)s)"
            " and (%(since)s::timestamptz is null or a.at >= %(since)s)"
            " and (%(until)s::timestamptz is null or a.at < %(until)s)"
            " order by a.id desc limit %(limit)s",
            {
                "tenant": tenant,
                "action": action,
                "actor": actor,
                "object_kind": object_kind,
                "object_id": object_id,
                "since": between[0],
                "until": between[1],
                "limit": limit,
            },
        )
        return await cursor.fetchall()
