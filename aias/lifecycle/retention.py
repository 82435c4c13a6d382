"""Carrying out a run of retention: one short transaction after the other, each noted where it is done.

A process that dies leaves the run as it is; whoever carries it out next goes on where it was. Two that carry it out at
the same time take the same steps: the second of each finds it done.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection

from aias.archive import archive_partition
from aias.db import Pool
from aias.errors import ConfigurationError, SqlError
from aias.lifecycle import queries
from aias.lifecycle.queries import Item

__all__ = ["carry_out"]

_log = structlog.stdlib.get_logger(__name__)

Value = TypeVar("Value")

_LONGEST_LOCK: Final = "set local statement_timeout = '180ms'"
"""What bounds how long writers are held up: the statement that locks a table ends by then, whatever it waits for."""
_LONGEST_WORK: Final = "set local statement_timeout = '1h'"
"""For what blocks nobody: an archived month is read once to be sure of it."""
_LOCK_ATTEMPTS: Final = 30
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0


async def carry_out(pool: Pool, *, requested_by: str, is_scheduled: bool) -> str | None:
    """Carry out what is due, or the run that is not over; gives the run's status, None where nothing was due.

    What fails is noted with its reason and tried again by the next run; the other items go on. Scheduled, only the
    policies whose cadence is up are looked at.
    """
    async with pool.connection() as conn:
        run = await queries.begin_retention(conn, requested_by=requested_by, is_scheduled=is_scheduled)
        if run is None:
            return None
        items = await queries.open_items(conn, run)
    for item in items:
        try:
            await _carry_out(pool, item)
        except psycopg.Error as error:
            _log.warning("retention could not go on", table=item.table_name, object=item.object, reason=str(error))
            async with pool.connection() as conn:
                await queries.settle_item(conn, item, "failed", str(error))
    async with pool.connection() as conn:
        status = await queries.end_retention(conn, run)
    _log.info("retention ran", run=str(run), status=status)
    return status


async def _carry_out(pool: Pool, item: Item) -> None:
    if item.state == "detached":
        await _drop(pool, item.run_id, item.item)
    elif item.kind == "partition":
        await _retire(pool, item)
    elif item.kind == "strays":
        await _locking(pool, lambda conn: queries.drain_strays(conn, item))
    elif item.kind == "workflows":
        await _working(pool, lambda conn: queries.retire_workflows(conn, item))
    else:
        await _delete(pool, item.run_id, item.item)


async def _retire(pool: Pool, item: Item) -> None:
    """Archive a month where that is due, detach it, and drop it; or note what it waits for."""
    verdict = await _working(pool, lambda conn: queries.check_unit(conn, item))
    if verdict.verdict == "archive":
        problem = await _archive(pool, item)
        verdict = await _working(pool, lambda conn: queries.check_unit(conn, item))
        if verdict.verdict == "archive":
            reason = f"it is not archived yet: {problem or 'rows have changed'}"
            async with pool.connection() as conn:
                await queries.settle_item(conn, item, "waiting", reason)
            return
    if verdict.verdict == "rows":
        # more rows stay than can be moved: the others are deleted
        for part in verdict.items or []:
            await _delete(pool, item.run_id, part)
    elif verdict.verdict == "retire":
        for detached in await _locking(pool, lambda conn: queries.retire_partitions(conn, item)):
            await _drop(pool, item.run_id, detached)


async def _archive(pool: Pool, item: Item) -> str | None:
    """Have the month's partitions archived that policies want in the archive; gives why that could not be done."""
    async with pool.connection() as conn:
        members = await queries.members_to_archive(conn, item)
    try:
        for table, partition in members:
            await archive_partition(pool, table, partition)
    except (ConfigurationError, SqlError, OSError) as error:
        _log.warning("a partition could not be archived", object=item.object, reason=str(error))
        return str(error)
    return None


async def _drop(pool: Pool, run: UUID, item: int) -> None:
    await _locking(pool, lambda conn: queries.drop_retired(conn, run, item))


async def _delete(pool: Pool, run: UUID, item: int) -> None:
    """Delete batch after batch; each is noted in its own transaction."""
    is_more = True
    while is_more:
        is_more = await _working(pool, lambda conn: queries.delete_expired(conn, run, item))


async def _working(pool: Pool, work: Callable[[AsyncConnection[Any]], Awaitable[Value]]) -> Value:
    async with pool.connection() as conn, conn.transaction():
        await conn.execute(_LONGEST_WORK)
        return await work(conn)


async def _locking(pool: Pool, work: Callable[[AsyncConnection[Any]], Awaitable[Value]]) -> Value:
    """Do what needs a table for itself, in a transaction that is over soon, until the lock is to be had.

    Raises:
        psycopg.errors.LockNotAvailable, QueryCanceled, DeadlockDetected: the last of 30 attempts, over about 40 s.
    """
    pause = _FIRST_PAUSE
    for attempt in range(1, _LOCK_ATTEMPTS + 1):
        try:
            async with pool.connection() as conn, conn.transaction():
                await conn.execute(_LONGEST_LOCK)
                return await work(conn)
        except (
            psycopg.errors.LockNotAvailable,
            psycopg.errors.QueryCanceled,
            psycopg.errors.DeadlockDetected,
        ):
            if attempt == _LOCK_ATTEMPTS:
                raise
        await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 (jitter)
        pause = min(pause * 2, _LONGEST_PAUSE)
    raise AssertionError("unreachable")
