"""The scheduler: a side task of every worker that starts what is due by the clock.

Any number of them work together. Each takes one schedule at a time under its row's lock and advances it in one
transaction, so that one that dies has done all of it or nothing; and a due time is a row with a key of its own, so that
nothing starts it twice. An idle scheduler sleeps until the next due time, at most half a minute, or until it is told
(``aias_schedules``) that schedules were changed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, LiteralString

import psycopg
import structlog
from psycopg.rows import class_row, scalar_row

from aias.db import Pool
from aias.jobs import connector_of
from aias.triggers.cron import Cron
from aias.triggers.models import Backfill
from aias.triggers.planning import DueSchedule, plan

if TYPE_CHECKING:
    from aias.jobs import AiasWorker

__all__ = ["Scheduler", "advance_schedules"]

_log = structlog.stdlib.get_logger(__name__)

CHANNEL: Final = "aias_schedules"
_LONGEST_SLEEP: Final = 30.0
_BACKFILL_BATCH: Final = 100
_TIMEOUT: Final = 60.0


class Scheduler:
    """The side task (``aias.jobs.SideTask``) of one worker."""

    name = "scheduler"
    channels: Sequence[str] = (CHANNEL,)

    def __init__(self, worker: AiasWorker) -> None:
        self._worker = worker
        self._wake = asyncio.Event()

    def hear(self, channel: str, payload: str) -> None:  # noqa: ARG002 (the interface of side tasks)
        """Look again now: schedules were changed, or a run has ended that others wait for."""
        self._wake.set()

    async def run(self) -> None:
        """Store the system's own schedules, and then start what is due, until cancelled."""
        connector = connector_of(self._worker.app.connector)
        await _register(connector.pool, self._worker.app.scheduled)
        while True:
            self._wake.clear()
            async with asyncio.timeout(_TIMEOUT):
                seconds = await advance_schedules(connector.pool)
            try:
                async with asyncio.timeout(min(max(seconds, 0.001), _LONGEST_SLEEP)):
                    await self._wake.wait()
            except TimeoutError:
                continue


async def _register(pool: Pool, scheduled: dict[str, Any]) -> None:
    stored = [task.to_json() for task in scheduled.values()]
    async with pool.connection() as conn:
        await conn.execute("select aias_private.register_task_schedules(%s::jsonb)", (json.dumps(stored),))


async def advance_schedules(pool: Pool) -> float:
    """Start everything that is due now; gives the seconds until the next due time, infinity when there is none."""
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "select seconds, has_due, has_retries, has_queued, has_backfills from aias_private.look_at_schedules()"
        )
        (row,) = await cursor.fetchall()
        seconds, has_due, has_retries, has_queued, has_backfills = row
        while has_due and await _advance_one(conn):
            pass
        while has_retries and await _once(conn, "select aias_private.retry_tick()"):
            pass
        while has_queued and await _once(conn, "select aias_private.start_queued_tick()"):
            pass
        if has_backfills and await _backfill(conn):
            return 0.0
    if has_due or has_retries:
        return 0.0  # look again: what was advanced has a next time now
    return float("inf") if seconds is None else float(seconds)


async def _once(conn: psycopg.AsyncConnection[Any], call: LiteralString) -> bool:
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(call)
        (was_there,) = await cursor.fetchall()
        return was_there


async def _advance_one(conn: psycopg.AsyncConnection[Any]) -> bool:
    """Advance one schedule that is due; one that can't be advanced holds no other up."""
    due: DueSchedule | None = None
    try:
        async with conn.transaction():
            async with conn.cursor(row_factory=class_row(DueSchedule)) as cursor:
                await cursor.execute(
                    "select tenant_id, id, name, cron, time_zone, catch_up, catch_up_limit, starts_at, ends_at,"
                    " horizon_at, now from aias_private.claim_schedule()"
                )
                due = await cursor.fetchone()
            if due is None:
                return False
            planned = plan(due)
            await conn.execute(
                "select aias_private.advance_schedule(%s, %s, %s::timestamptz[], %s, %s, %s, %s)",
                (
                    due.tenant_id,
                    due.id,
                    planned.due,
                    planned.horizon,
                    planned.next_at,
                    planned.missed_from,
                    planned.problem,
                ),
            )
    except psycopg.OperationalError:
        raise  # the connection, a lock, a deadlock: the side task begins again
    except Exception as error:
        if due is None:
            raise
        _log.exception("a schedule can't be advanced", schedule=due.name, id=str(due.id))
        await conn.execute(
            "select aias_private.postpone_schedule(%s, %s, %s)", (due.tenant_id, due.id, str(error) or repr(error))
        )
    return True


async def _backfill(conn: psycopg.AsyncConnection[Any]) -> bool:
    """Run the next due times of one backfill; whether there was one."""
    async with conn.transaction():
        async with conn.cursor(row_factory=class_row(Backfill)) as cursor:
            await cursor.execute(
                "select tenant_id, schedule_id, id, cron, time_zone, done_to, to_at from aias_private.claim_backfill()"
            )
            found = await cursor.fetchone()
        if found is None:
            return False
        due: list[datetime] = []
        for at in Cron(found.cron, found.time_zone).after(found.done_to):
            if at > found.to_at or len(due) == _BACKFILL_BATCH:
                break
            due.append(at)
        done_to = due[-1] if len(due) == _BACKFILL_BATCH else found.to_at
        await conn.execute(
            "select aias_private.advance_backfill(%s, %s, %s, %s::timestamptz[], %s)",
            (found.tenant_id, found.schedule_id, found.id, due, done_to),
        )
    return True
