"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import translated

__all__ = ["MadePartition", "ensure_partitions", "forget_answers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePartition:
    """A monthly partition that was made, or why it could not be."""

    partition_name: str
    problem: str | None


async def ensure_partitions(conn: AsyncConnection[Any], *, months_ahead: int = 3) -> list[MadePartition]:
    """Make the partitions of every growing table up to ``months_ahead`` from now; those that exist are left alone.

    Raises:
        InvalidArgument: ``months_ahead`` is not between 0 and 120.
    """
    async with conn.cursor(row_factory=class_row(MadePartition)) as cursor:
        with translated():
            await cursor.execute(
                "select partition_name, problem from aias_private.ensure_partitions(%s)", (months_ahead,)
            )
        return await cursor.fetchall()


async def forget_answers(conn: AsyncConnection[Any]) -> int:
    """Drop answers of HTTP requests that are kept for more than a day, at most 10,000; gives how many."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.forget_answers()")
        (count,) = await cursor.fetchall()
        return count
