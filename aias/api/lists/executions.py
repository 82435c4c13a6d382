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
            "select e.id, e.tenant, e.workflow, e.version, e.status, e.lane, e.attempt, e.run_at, e.wait_reason,"
            " e.wait_until, e.idempotency_key, e.parent_execution_id, e.replayed_from_id, e.trace_parent, e.error,"
            " e.created_at, e.started_at, e.finished_at"
            " from aias.executions as e"
            " where (%(tenant_id)s::uuid is null or e.tenant_id = %(tenant_id)s)"
            " and (%(workflow)s::text is null or e.workflow = %(workflow)s)"
            " and (%(status)s::text is null or e.status = %(status)s)"
            " and (%(since)s::timestamptz is null or e.created_at >= %(since)s)"
            " and (%(until)s::timestamptz is null or e.created_at < %(until)s)"
            " and (%(idempotency_key)s::text is null or e.idempotency_key = %(idempotency_key)s)"
            " and (%(trace_id)s::text is null or split_part(e.trace_parent, '-', 2) = %(trace_id)s)"
            " and (%(parent)s::uuid is null or e.parent_execution_id = %(parent)s)"
            " and (%(before)s::uuid is null or e.id < %(before)s)"
            " order by e.id desc limit %(limit)s",
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
