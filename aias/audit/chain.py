"""The SQL calls around the chain of the audit log. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import translated

__all__ = ["Head", "Look", "Verification", "audit_head", "check_audit", "seal_audit", "seal_hash_at", "verify_audit"]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a look at the chain found; ``first_bad_id`` is the first row that is not what was sealed."""

    ok: bool
    checked: int
    first_bad_id: UUID | None
    reason: str | None
    finding: str | None
    """altered, missing, inserted, seal_altered, seal_missing or guard_off; None when all is well."""
    bad_seal: int | None
    archived: int
    unsealed: int
    from_seal: int
    to_seal: int
    head_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One of the looks of the daily task."""

    kind: str
    ok: bool
    checked: int
    first_bad_id: UUID | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last seal, and the database that it is of."""

    seq: int
    hash: str
    sealed_at: datetime
    database: str


async def seal_audit(conn: Connection, *, limit: int = 10_000) -> int:
    """Seal the next rows, at most ``limit``, and give how many; 0 when there are none or another session seals.

    Raises:
        InvalidArgument: ``limit`` is not between 1 and 100,000.
        Conflict: the transaction is not read committed.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.seal_audit(%s)", (limit,))
        (count,) = await cursor.fetchall()
        return count


async def verify_audit(conn: Connection, *, from_seal: int | None = None, to_seal: int | None = None) -> Verification:
    """Look whether the log is what was sealed, from one seal to another, both included.

    None is the first and the last. What is found is recorded, and opens an alert.

    Raises:
        Forbidden: the caller is no operator.
        NotFound: there is no such seal.
        InvalidArgument: the range ends before it begins.
    """
    async with conn.cursor(row_factory=class_row(Verification)) as cursor:
        with translated():
            await cursor.execute(
                "select v.ok, v.checked, v.first_bad_id, v.reason, v.finding, v.bad_seal, v.archived, v.unsealed,"
                " v.from_seal, v.to_seal, v.head_hash from aias.verify_audit(%s, %s) as v",
                (from_seal, to_seal),
            )
        (found,) = await cursor.fetchall()
        return found


async def check_audit(conn: Connection) -> list[Look]:
    """Verify what was sealed since the last time, and the next part of what was sealed before."""
    async with conn.cursor(row_factory=class_row(Look)) as cursor:
        with translated():
            await cursor.execute(
                "select c.kind, c.ok, c.checked, c.first_bad_id, c.reason from aias_private.check_audit_chain() as c"
            )
        return await cursor.fetchall()


async def audit_head(conn: Connection) -> Head | None:
    """Give the last seal; None before the first."""
    async with conn.cursor(row_factory=class_row(Head)) as cursor:
        await cursor.execute(
            "select s.seq, s.hash, s.sealed_at, current_database()::text as database"
            " from aias.audit_seals as s order by s.seq desc limit 1"
        )
        return await cursor.fetchone()


async def seal_hash_at(conn: Connection, seq: int) -> str | None:
    """Give the hash of a seal, in hexadecimal; None when there is no such seal."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select s.hash from aias.audit_seals as s where s.seq = %s", (seq,))
        return await cursor.fetchone()
