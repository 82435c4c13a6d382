"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import NotFound, translated

__all__ = ["Erasure", "erase_batch", "erase_user", "export_user", "finish_erasure", "get_erasure"]

Connection = AsyncConnection[Any]

_ROWS = 500
"""Rows that are looked at in one transaction: some tenths of a second where documents are large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """An erasure as ``aias.erasures`` shows it; nothing in it names the person."""

    id: UUID
    tenant_id: UUID
    status: str
    subject_sha256: str
    pseudonym: str
    reason: str
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    certificate: dict[str, Any] | None
    """What was done in each table, once the status is ``done``."""


async def export_user(conn: Connection, user: UUID) -> dict[str, Any]:
    """Give everything that the system holds of a person, by table; the export is in the audit log.

    Raises:
        NotFound: there is no such user.
        InvalidArgument: the document would be larger than 64 MiB; the message says how large.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.export_user(%s)", (user,))
        (document,) = await cursor.fetchall()
        return document


async def erase_user(conn: Connection, user: UUID, reason: str) -> UUID:
    """Register an erasure and enqueue its job; gives its id, for the same person always the same.

    Raises:
        NotFound: there is no such user.
        InvalidArgument: the reason is missing or too long.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.erase_user(%s, %s)", (user, reason))
        (erasure,) = await cursor.fetchall()
        return erasure


async def erase_batch(conn: Connection, erasure: UUID, *, limit: int = _ROWS) -> bool:
    """Go on with an erasure by at most ``limit`` rows of one table; False when it is done.

    Raises:
        NotFound: there is no such erasure.
        InvalidArgument: ``limit`` is not positive.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias_private.erase_batch(%s, %s)", (erasure, limit))
        (has_more,) = await cursor.fetchall()
        return has_more


async def finish_erasure(conn: Connection, erasure: UUID, *, limit: int = _ROWS) -> Erasure:
    """Go on with an erasure until it is done, on a connection that commits each batch; gives it with its certificate.

    Whoever else works on it takes turns with this. Killed, it goes on where it was when it is called again.

    Raises:
        NotFound: there is no such erasure.
        InvalidArgument: ``limit`` is not positive.
    """
    while await erase_batch(conn, erasure, limit=limit):
        pass
    return await get_erasure(conn, erasure)


async def get_erasure(conn: Connection, erasure: UUID) -> Erasure:
    """Give an erasure.

    Raises:
        NotFound: there is no such erasure, or it is another tenant's.
    """
    async with conn.cursor(row_factory=class_row(Erasure)) as cursor:
        await cursor.execute(
            "select id, tenant_id, status, subject_sha256, pseudonym, reason, requested_by, requested_at, finished_at,"
            " certificate from aias.erasures where id = %s",
            (erasure,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no erasure {erasure}")
    return found
