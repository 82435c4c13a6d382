"""What only the pages of work ask of the database, one function each. The caller owns the connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row

__all__ = ["Chosen", "DayCount", "Occurrence", "chosen_executions", "latest_occurrences", "progress_of", "trend"]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An execution that somebody chose."""

    id: UUID
    tenant: str
    workflow: str
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A single failure."""

    id: UUID
    at: datetime
    source: str
    name: str
    message: str
    execution_id: UUID | None
    trace_id: str | None
    traceback: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """A day (UTC) of executions: how many ended, and how many of them failed."""

    day: date
    count: int
    failure_count: int


async def chosen_executions(conn: Connection, executions: Sequence[UUID]) -> list[Chosen]:
    """Give those of some executions that the caller sees, the newest first."""
    async with conn.cursor(row_factory=class_row(Chosen)) as cursor:
        await cursor.execute(
            "select e.id, e.tenant, e.workflow, e.status, e.created_at from aias.executions as e"
            " where e.id = any(%s) order by e.id desc",
            (list(executions),),
        )
        return await cursor.fetchall()


async def progress_of(conn: Connection, execution: UUID) -> tuple[Any, ...] | None:
    """Give what changes when an execution moves: two answers that are equal say that it did not. None: no such one."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select e.status, e.attempt, e.wait_reason, e.wait_until,"
            " (select array_agg(s.status order by s.step, s.item) from aias.execution_steps as s"
            " where s.execution_id = e.id)"
            " from aias.executions as e where e.id = %s",
            (execution,),
        )
        return await cursor.fetchone()


async def latest_occurrences(conn: Connection, group: UUID, *, since: UUID, limit: int) -> list[Occurrence]:
    """Give single failures of a group with an id from ``since`` on, the newest first."""
    async with conn.cursor(row_factory=class_row(Occurrence)) as cursor:
        await cursor.execute(
            "select o.id, o.at, o.source, o.name, o.message, o.execution_id, o.trace_id, o.traceback"
            " from aias.error_occurrences as o where o.group_id = %s and o.id >= %s order by o.id desc limit %s",
            (group, since, limit),
        )
        return await cursor.fetchall()


async def trend(conn: Connection, *, since: date) -> list[DayCount]:
    """Give per day how many executions ended and how many of them failed, from the rollups."""
    async with conn.cursor(row_factory=class_row(DayCount)) as cursor:
        await cursor.execute(
            "select t.day, t.observation_count as count, t.failure_count from aias.error_trends_daily as t"
            " where t.metric = 'executions' and t.dimension = 'all' and t.day >= %s order by t.day",
            (since,),
        )
        return await cursor.fetchall()
