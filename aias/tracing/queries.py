"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.tracing.context import TraceContext

__all__ = ["TraceSpan", "sign", "trace"]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSpan:
    """A span as ``aias.traces`` shows it."""

    tenant_id: UUID | None
    trace_id: str
    span_id: str
    parent_span_id: str | None
    correlation_id: str
    kind: str
    name: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    request_id: str | None
    execution_id: UUID | None
    step: str | None
    item: int | None
    attempt: int | None
    detail: dict[str, Any]


async def sign(conn: Connection, context: TraceContext | None, *, is_local: bool = True) -> None:
    """Say for whom the connection acts: what it starts from now on is of this context's trace; None: of none.

    Holds until the transaction ends, or, not ``is_local``, for the session.
    """
    given = ("", "", "")
    if context is not None:
        given = (context.trace_parent, context.trace_state or "", context.given_correlation_id or "")
    await conn.execute(
        "select set_config('aias.traceparent', %s, %s), set_config('aias.tracestate', %s, %s),"
        " set_config('aias.correlation_id', %s, %s)",
        (given[0], is_local, given[1], is_local, given[2], is_local),
    )


async def trace(conn: Connection, id: str, *, limit: int = 1000) -> list[TraceSpan]:
    """Return the spans of a trace, the oldest first, by its id, an execution's, a correlation id or a request's.

    Raises:
        NotFound: nothing is known of the id, or nothing that the caller may see.
        InvalidArgument: ``limit`` is out of range.
    """
    async with conn.cursor(row_factory=class_row(TraceSpan)) as cursor:
        await cursor.execute(
            "select t.tenant_id, t.trace_id, t.span_id, t.parent_span_id, t.correlation_id, t.kind, t.name,"
            " t.started_at, t.finished_at, t.status, t.request_id, t.execution_id, t.step, t.item, t.attempt, t.detail"
            " from aias.trace(%s, %s) as t",
            (id, limit),
        )
        return await cursor.fetchall()
