"""AIAS: ``sql``, ``defer`` (procrastinate's calls), ``bare`` rows; then what ``enqueuing`` says. Setting: BENCH_URL."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from functools import partial

import psycopg
from procrastinate.types import JSONDict

from bench.aias_app import app, noop
from bench.aias_sql import enqueue_jobs, enqueue_one
from bench.programs.enqueuing import enqueue
from bench.programs.raw_sql import Connection, bare_insert, bare_job_insert


async def _by_sql() -> None:
    tenant = os.environ.get("BENCH_TENANT", "")
    with psycopg.connect(os.environ["BENCH_URL"], autocommit=True) as conn:
        # synchronous calls in a coroutine: nothing else runs here, and a call costs what it costs a plain script
        async def one(number: int) -> None:
            enqueue_one(conn, number, tenant)

        async def many(numbers: list[int]) -> None:
            enqueue_jobs(conn, numbers)

        await enqueue(one, many)


async def _by_defer() -> None:
    async with app.open_async():
        await enqueue(
            lambda number: noop.defer_async(n=number),
            lambda numbers: noop.batch_defer_async(*(JSONDict(n=number) for number in numbers)),
        )


async def _bare(insert: Callable[[Connection, int], None]) -> None:
    with psycopg.connect(os.environ["BENCH_URL"], autocommit=True) as conn:

        async def one(number: int) -> None:
            insert(conn, number)

        async def many(numbers: list[int]) -> None:
            raise NotImplementedError

        await enqueue(one, many)


way = sys.argv.pop(1)
ways = {
    "sql": _by_sql,
    "defer": _by_defer,
    "bare": partial(_bare, bare_insert),
    "bare-job": partial(_bare, bare_job_insert),
}
asyncio.run(ways[way]())
