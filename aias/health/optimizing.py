"""The quarterly maintenance: bloated indexes are built anew, statistics are made fresh, and a report is kept."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql

from aias.db import Pool
from aias.health import queries
from aias.health.queries import BloatedIndex, Problem

__all__ = ["optimize"]

_LEAST_BYTES = 10 * 1024 * 1024
_MOST_INDEXES = 20
_LOCK_TIMEOUT = "5s"
_STATEMENT_TIMEOUT = "30min"


async def optimize(pool: Pool, *, least_bytes: int = _LEAST_BYTES, limit: int = _MOST_INDEXES) -> list[BloatedIndex]:
    """Build the indexes anew that waste most, refresh the planner's statistics, keep a report; gives what was built.

    Indexes from ``least_bytes`` on, at most ``limit`` of them, one after the other, concurrently: nobody is kept from
    reading or writing. One whose lock is not to be had within 5 s, or that takes longer than half an hour, stays as it
    is, is told as a problem of the check ``optimization``, and leaves no invalid copy behind.
    """
    started = time.monotonic()
    problems: list[Problem] = []
    built: list[BloatedIndex] = []
    async with pool.connection() as conn:
        # what can't run in a transaction needs a connection that opens none
        await conn.set_autocommit(True)
        try:
            await conn.execute(
                "select set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false)",
                (_LOCK_TIMEOUT, _STATEMENT_TIMEOUT),
            )
            for index in await queries.bloated_indexes(conn, least_bytes=least_bytes, limit=limit):
                problem = await _rebuilt(conn, index)
                if problem is None:
                    built.append(index)
                else:
                    problems.append(Problem(object=index.index_name, problem=problem))
            try:
                await conn.execute("analyze")
            except psycopg.Error as error:
                problems.append(Problem(object="statistics", problem=_reason(error)))
            figures = await queries.database_figures(conn)
        finally:
            await conn.execute("reset lock_timeout")
            await conn.execute("reset statement_timeout")
            await conn.set_autocommit(False)
    figures["reindexed"] = [
        {"name": index.index_name, "bytes_before": index.size_bytes, "bytes_expected": index.expected_bytes}
        for index in built
    ]
    async with pool.connection() as conn:
        await queries.note_health(
            conn,
            "optimization",
            latency_ms=(time.monotonic() - started) * 1000,
            problems=problems,
            figures=figures,
        )
    return built


async def _rebuilt(conn: AsyncConnection[Any], index: BloatedIndex) -> str | None:
    """Build an index anew; gives why it could not be."""
    try:
        await conn.execute(sql.SQL("reindex index concurrently {}").format(_named(index.index_name)))
    except psycopg.Error as error:
        problem = _reason(error)
    else:
        return None
    for copy in await queries.invalid_copies(conn, index.index_name):
        try:
            await conn.execute(sql.SQL("drop index concurrently if exists {}").format(_named(copy)))
        except psycopg.Error as error:
            problem += f"; {copy} is left behind: {_reason(error)}"
    return problem


def _named(name: str) -> sql.Identifier:
    """Make an identifier of a qualified name as PostgreSQL writes it; none of our names needs quotes."""
    return sql.Identifier(*name.split("."))


def _reason(error: psycopg.Error) -> str:
    return str(error).split("\n", 1)[0]
