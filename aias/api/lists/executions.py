"""Pages of executions and of what happened to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.executions import Event, ExecutionSummary

__all__ = ["ExecutionFilter", "page_of_events", "page_of_executions"]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionFilter:
    """Which executions; what is None does not narrow the list."""

    tenant_id: UUID | None = None
    workflow: str | None = None
    status: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    idempotency_key: str | None = None
    trace_id: str | None = None
    parent: UUID | None = None


async def page_of_executions(
    conn: Connection, which: ExecutionFilter, *, before: UUID | None, limit: int
) -> list[ExecutionSummary]:
    """Give executions, the newest first, from before an id on."""
    async with conn.cursor(row_factory=class_row(ExecutionSummary)) as cursor:
        await cursor.execute(
            "select f.id, f.tenant, f.workflow, f.version, f.status, f.lane, f.attempt, f.run_at, f.wait_reason,"
            " f.wait_until, f.idempotency_key, f.parent_execution_id, f.replayed_from_id, f.trace_parent, f.error,"
            " f.created_at, f.started_at, f.finished_at"
            " from aias.find_executions(%(tenant_id)s, %(workflow)s, %(status)s, %(since)s, %(until)s,"
            " %(idempotency_key)s, %(trace_id)s, %(parent)s, %(before)s, %(limit)s) as f",
            {
                "tenant_id": which.tenant_id,
                "workflow": which.workflow,
                "status": which.status,
                "since": which.since,
                "until": which.until,
                "idempotency_key": which.idempotency_key,
                "trace_id": which.trace_id,
                "parent": which.parent,
                "before": before,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def page_of_events(conn: Connection, execution: UUID, *, after: UUID | None, limit: int) -> list[Event]:
    """Give what happened to an execution beside its plain course, the oldest first."""
    async with conn.cursor(row_factory=class_row(Event)) as cursor:
        await cursor.execute(
            "select v.id, v.at, v.type, v.step, v.item, v.attempt, v.detail"
            " from aias.execution_events as v"
            " where v.execution_id = %(execution)s and (%(after)s::uuid is null or v.id > %(after)s)"
            " order by v.id limit %(limit)s",
            {"execution": execution, "after": after, "limit": limit},
        )
        return await cursor.fetchall()
