"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import translated

__all__ = [
    "ErrorRate",
    "Percentiles",
    "add_observations",
    "count_executions",
    "error_rates",
    "percentiles",
    "roll_up_observations",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """How often something happened in a window, and how long it took, in seconds."""

    key: str
    count: int
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRate:
    """How often something happened in a window, and how much of it failed or was refused."""

    key: str
    count: int
    failure_count: int
    refusal_count: int
    error_rate: Decimal | None
    mean_seconds: float | None


async def add_observations(conn: Connection, observations: str) -> None:
    """Tell what a process saw: JSON, as ``aias.observations.Book`` gives it.

    Raises:
        InvalidArgument: a metric is not one that processes observe.
    """
    with translated():
        await conn.execute("select aias_private.add_observations(%s::jsonb)", (observations,))


async def roll_up_observations(conn: Connection, *, limit: int) -> int:
    """Add at most ``limit`` rows of what processes saw to the rollups; gives how many there were."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.roll_up_observations(%s)", (limit,))
        (count,) = await cursor.fetchall()
        return count


async def count_executions(conn: Connection) -> bool:
    """Count the executions that have ended or begun since the last time; False while there is more to count.

    In one transaction of its own, so that one that is broken off has changed nothing.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.count_executions()")
        (is_done,) = await cursor.fetchall()
        return is_done


async def percentiles(
    conn: Connection,
    metric: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: str | None = None,
) -> list[Percentiles]:
    """Give the percentiles of a metric over a window, the most observed first; without one, of the last hour.

    Raises:
        InvalidArgument: there is no such metric, it is not told apart by that, or the window is empty.
    """
    async with translated(), conn.cursor(row_factory=class_row(Percentiles)) as cursor:
        await cursor.execute(
            "select p.key, p.count, p.p50, p.p95, p.p99 from aias.percentiles(%s, %s, %s, %s) as p",
            (metric, since, until, by),
        )
        return await cursor.fetchall()


async def error_rates(
    conn: Connection,
    metric: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: str | None = None,
) -> list[ErrorRate]:
    """Give how much of a metric failed over a window, the most failures first; without one, of the last hour.

    Raises:
        InvalidArgument: there is no such metric, it is not told apart by that, or the window is empty.
    """
    async with translated(), conn.cursor(row_factory=class_row(ErrorRate)) as cursor:
        await cursor.execute(
            "select r.key, r.count, r.failure_count, r.refusal_count, r.error_rate, r.mean_seconds"
            " from aias.error_rates(%s, %s, %s, %s) as r",
            (metric, since, until, by),
        )
        return await cursor.fetchall()
