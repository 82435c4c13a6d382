"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.dashboard.models import Account, Session
from aias.errors import translated

__all__ = [
    "add_sign_in_link",
    "begin_session",
    "end_session",
    "find_accounts",
    "find_session",
    "live_executions",
    "look_into",
    "note_look",
]

Connection = AsyncConnection[Any]


async def begin_session(
    conn: Connection, token_hash: bytes, *, key: str | None, link_hash: bytes | None, lifetime: timedelta
) -> bool:
    """Sign in with an accepted key or by a mailed link, which is used up; False where the link is not good."""
    return bool(
        await _value(conn, "select aias_private.begin_session(%s, %s, %s, %s)", (token_hash, key, link_hash, lifetime))
    )


async def find_session(conn: Connection, token_hash: bytes, *, idle: timedelta, is_used: bool) -> Session | None:
    """Give who is signed in with a cookie; None for nobody. ``is_used``: a person asks, no page by itself."""
    async with translated(), conn.cursor(row_factory=class_row(Session)) as cursor:
        await cursor.execute(
            "select s.id, s.tenant_id, s.tenant, s.looks_at, s.looks_at_tenant, s.user_id, s.key_id, s.name, s.scopes,"
            " s.expires_at from aias_private.find_session(%s, %s, %s) as s",
            (token_hash, idle, is_used),
        )
        return await cursor.fetchone()


async def end_session(conn: Connection, token_hash: bytes, *, everywhere: bool = False) -> int:
    """Sign out, here or everywhere, and give how many sessions ended."""
    return int(await _value(conn, "select aias_private.end_session(%s, %s)", (token_hash, everywhere)))


async def live_executions(conn: Connection, tenant_id: UUID | None, *, most: int) -> dict[str, int]:
    """Give how many executions are queued, running and waiting, each counted up to ``most``."""
    async with translated(), conn.cursor() as cursor:
        await cursor.execute(
            "select l.status, l.execution_count from aias.live_executions(%s, %s) as l", (tenant_id, most)
        )
        return dict(await cursor.fetchall())


async def look_into(conn: Connection, session: UUID, tenant: str | None) -> None:
    """Let an operator's session look into one tenant, or at all of them again.

    Raises:
        NotFound: there is no such tenant, or no such session of an operator.
    """
    await _value(conn, "select aias_private.look_into(%s, %s)", (session, tenant))


async def note_look(conn: Connection, session: UUID, tenant: UUID | None) -> None:
    """Have it in the audit log that an operator looks into a tenant, or at all of them, once an hour."""
    await _value(conn, "select aias_private.note_look(%s, %s)", (session, tenant))


async def find_accounts(conn: Connection, email: str) -> list[Account]:
    """Give the accounts of an address, 20 at most."""
    async with translated(), conn.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(
            "select a.tenant_id, a.tenant, a.user_id, a.email from aias_private.find_accounts(%s) as a", (email,)
        )
        return await cursor.fetchall()


async def add_sign_in_link(conn: Connection, account: Account, token_hash: bytes, *, lifetime: timedelta) -> None:
    """Store the hash of a link that signs the person in once."""
    await _value(
        conn,
        "select aias_private.add_sign_in_link(%s, %s, %s, %s)",
        (account.tenant_id, account.user_id, token_hash, lifetime),
    )


async def _value(conn: Connection, query: Any, parameters: Sequence[Any]) -> Any:
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchone()
