"""The job of the system's own schedules."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import structlog
from procrastinate import JobContext
from psycopg.rows import scalar_row

from aias.errors import AiasError
from aias.jobs import AiasApp, AiasConnector, Backoff, task

__all__ = ["run_scheduled_task"]

_log = structlog.stdlib.get_logger(__name__)


@task(
    name="aias.run_scheduled_task",
    pass_context=True,
    # what the scheduled task raises is the schedule's to retry; this is for a database that is away
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0, lane="maintenance"),
    args_schema={
        "type": "object",
        "properties": {"schedule": {"type": "string", "format": "uuid"}, "due_at": {"type": "string"}},
        "required": ["schedule", "due_at"],
        "additionalProperties": False,
    },
)
async def run_scheduled_task(context: JobContext, schedule: str, due_at: str) -> None:
    """Run one of the system's own tasks for one due time, and note how it ended."""
    app = cast("AiasApp", context.app)
    pool = cast("AiasConnector", app.connector).pool
    place = (UUID(schedule), datetime.fromisoformat(due_at), context.job.id)
    async with pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.begin_task_run(%s, %s, %s)", place)
        name = await cursor.fetchone()
    if name is None:
        return
    error: dict[str, Any] | None = None
    wanted = next((scheduled for scheduled in app.scheduled.values() if scheduled.task == name), None)
    if wanted is None:
        error = {"type": "UnknownTask", "message": f"this worker has no task {name!r}"}
    else:
        try:
            async with asyncio.timeout(wanted.timeout):
                await wanted.function(context)
        except Exception as raised:  # noqa: BLE001 (whatever it raises is the outcome of the run, and recorded)
            _log.exception("a scheduled task failed", task=name, due_at=due_at)
            message = raised.message if isinstance(raised, AiasError) else str(raised)
            error = {"type": type(raised).__name__, "message": message[:1000] or type(raised).__name__}
    async with pool.connection() as conn:
        await conn.execute(
            "select aias_private.end_task_run(%s, %s, %s, %s::jsonb)",
            (*place, None if error is None else json.dumps(error)),
        )
