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
    "Gauge",
    "Objective",
    "Percentiles",
    "SlowQuery",
    "Total",
    "add_observations",
    "count_executions",
    "error_rates",
    "exposed",
    "objectives",
    "percentiles",
    "roll_up_observations",
    "slow_queries",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is promised, and what is kept (``aias.slo``)."""

    objective: str
    period: str
    comparison: str
    target: Decimal
    actual: Decimal | None
    unit: str
    observation_count: int
    is_met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowQuery:
    """A statement of the last 24 hours (``aias.slow_queries``), and what pg_stat_statements says of it where it is."""

    statement: str
    call_count: int | None
    error_count: int | None
    total_seconds: float | None
    mean_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    database_call_count: int | None
    database_mean_ms: float | None
    database_max_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All observations of a key ever, with their histogram."""

    metric: str
    key: str
    observation_count: int
    failure_count: int
    refusal_count: int
    total_seconds: float
    buckets: list[int]
    counts: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """What is at this moment, as Prometheus wants it; without a label where there is one value only."""

    name: str
    help: str
    label: str
    value_of_label: str
    value: float


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


async def objectives(conn: Connection) -> list[Objective]:
    """Give what is promised and what is kept: of the caller's tenant, or of all."""
    async with conn.cursor(row_factory=class_row(Objective)) as cursor:
        await cursor.execute(
            "select s.objective, s.period, s.comparison, s.target, s.actual, s.unit, s.observation_count, s.is_met"
            " from aias.slo as s"
        )
        return await cursor.fetchall()


async def slow_queries(conn: Connection, *, limit: int) -> list[SlowQuery]:
    """Give the statements that took most in the last 24 hours; for operators."""
    async with translated(), conn.cursor(row_factory=class_row(SlowQuery)) as cursor:
        await cursor.execute(
            "select q.statement, q.call_count, q.error_count, q.total_seconds, q.mean_ms, q.p95_ms, q.p99_ms,"
            " q.database_call_count, q.database_mean_ms, q.database_max_ms from aias.slow_queries as q limit %s",
            (limit,),
        )
        return await cursor.fetchall()


async def exposed(conn: Connection) -> tuple[list[Total], list[Gauge]]:
    """Give what Prometheus is told: counters since the beginning, and what is at this moment."""
    async with conn.cursor(row_factory=class_row(Total)) as cursor:
        await cursor.execute(
            "select t.metric, t.key, t.observation_count, t.failure_count, t.refusal_count, t.total_seconds, t.buckets,"
            " t.counts from aias_private.exposed_totals() as t"
        )
        totals = await cursor.fetchall()
    async with conn.cursor(row_factory=class_row(Gauge)) as cursor:
        await cursor.execute(
            "select g.name, g.help, g.label, g.value_of_label, g.value from aias_private.exposed_gauges() as g"
        )
        return totals, await cursor.fetchall()
