"""Following the log: every record once, as it is committed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.diagnostics.models import LogFilter, LogRow
from aias.errors import translated

__all__ = ["follow_logs"]

_AT_A_TIME = 500


async def follow_logs(
    conn: AsyncConnection[Any], which: LogFilter, *, every: float = 0.5
) -> AsyncGenerator[LogRow | None]:
    """Give the records that are committed from now on, each once; None when nothing is missed from now on.

    Commits are out of order, so a place in the order of ids would miss what is committed late. Instead each look asks
    for what the snapshot of the look before did not show; ``every`` is the seconds between two looks. Runs until it is
    closed; the connection must be in autocommit mode and is busy meanwhile. Of the filter the times don't count.
    """
    snapshot: str | None = None
    while True:
        async with conn.transaction():
            await conn.execute("set transaction isolation level repeatable read, read only")
            async with conn.cursor(row_factory=scalar_row) as asked:
                await asked.execute("select pg_current_snapshot()::text")
                (now,) = await asked.fetchall()
            if snapshot is not None:
                async with aclosing(_since(conn, snapshot, which)) as rows:
                    async for row in rows:
                        yield row
        if snapshot is None:
            yield None
        snapshot = now
        await asyncio.sleep(every)


async def _since(conn: AsyncConnection[Any], snapshot: str, which: LogFilter) -> AsyncGenerator[LogRow]:
    async with conn.cursor("followed", row_factory=class_row(LogRow)) as cursor:
        with translated():
            await cursor.execute(
                "select f.id, f.at, f.level, f.logger, f.message, f.tenant, f.execution_id, f.step, f.job_id,"
                " f.correlation_id, f.trace_id, f.request_id, f.context, f.process"
                " from aias.follow_logs(%s::pg_snapshot, %s, %s, %s, %s, %s, %s) as f",
                (
                    snapshot,
                    which.tenant_id,
                    which.level,
                    which.execution_id,
                    which.correlation_id,
                    which.request_id,
                    which.text,
                ),
            )
        cursor.itersize = _AT_A_TIME
        async for row in cursor:
            yield row
