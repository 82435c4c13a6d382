"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import translated

__all__ = [
    "Begun",
    "CacheStats",
    "Uses",
    "begin_cached",
    "cache_invalidate",
    "cache_stats",
    "end_cached",
    "note_cache_uses",
    "tend_cache",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the cache has: a value (``hit``, as JSON), the right to compute it (``lease``), or neither (``wait``)."""

    state: str
    value: str | None
    lease: UUID | None


@dataclass(slots=True, kw_only=True)
class Uses:
    """Uses of a namespace since they were last written down."""

    namespace: str
    memory_hit_count: int = 0
    hit_count: int = 0
    miss_count: int = 0
    wait_count: int = 0
    failure_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStats:
    """A namespace as ``aias.cache_stats`` shows it."""

    namespace: str
    memory_hit_count: int
    hit_count: int
    miss_count: int
    wait_count: int
    failure_count: int
    hit_rate: Decimal | None
    entry_count: int
    byte_count: int


async def begin_cached(
    conn: Connection, tenant: UUID | None, namespace: str, key: str, *, tags: Sequence[str], lease: timedelta
) -> Begun:
    """Give a value, or the right to compute it for ``lease``; must be a transaction of its own."""
    async with conn.cursor(row_factory=class_row(Begun)) as cursor:
        await cursor.execute(
            "select b.state, b.value::text as value, b.lease from aias_private.begin_cached(%s, %s, %s, %s, %s) as b",
            (tenant, namespace, key, list(tags), lease),
        )
        (found,) = await cursor.fetchall()
        return found


async def end_cached(
    conn: Connection, tenant: UUID | None, namespace: str, key: str, *, lease: UUID, value: str | None, ttl: timedelta
) -> None:
    """Store a value (JSON text) under the lease, or give the lease back."""
    await conn.execute(
        "select aias_private.end_cached(%s, %s, %s, %s, %s::jsonb, %s)", (tenant, namespace, key, lease, value, ttl)
    )


async def note_cache_uses(conn: Connection, uses: Sequence[Uses]) -> None:
    """Count uses."""
    await conn.execute("select aias_private.note_cache_uses(%s)", (Jsonb([asdict(one) for one in uses]),))


async def cache_invalidate(
    conn: Connection, *, namespace: str | None = None, key: str | None = None, tag: str | None = None
) -> None:
    """Give nothing out any more of a namespace, of a key of it or under a tag, or of anything, from the commit on.

    Raises:
        InvalidArgument: a key without its namespace, or both a tag and a namespace.
    """
    with translated():
        await conn.execute("select aias.cache_invalidate(%s, %s, %s)", (namespace, key, tag))


async def cache_stats(conn: Connection) -> list[CacheStats]:
    """Give how each namespace is used, by name."""
    async with conn.cursor(row_factory=class_row(CacheStats)) as cursor:
        await cursor.execute(
            "select s.namespace, s.memory_hit_count, s.hit_count, s.miss_count, s.wait_count, s.failure_count,"
            " s.hit_rate, s.entry_count, s.byte_count from aias.cache_stats as s order by s.namespace"
        )
        return await cursor.fetchall()


async def tend_cache(conn: Connection) -> int:
    """Sum up the uses and drop what is not good any more; gives how many values."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.tend_cache()")
        return await cursor.fetchone() or 0
