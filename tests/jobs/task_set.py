"""Tasks for the tests of the engine; each notes what it does in the table ``journal`` of its database."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import procrastinate
import psycopg

from aias.errors import PermanentError, TransientError
from aias.jobs import Backoff, lease_is_fresh

JOURNAL = """
    create table public.journal (
        id bigint generated always as identity primary key,
        job_id bigint,
        event text not null,
        pid integer not null,
        worker_id bigint,
        at timestamptz not null default clock_timestamp()
    )
"""


class RetryAtOnce(procrastinate.BaseRetryStrategy):
    """Tries again after a moment, as often as it takes; works on the plain engine too."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def get_retry_decision(self, **_: Any) -> procrastinate.RetryDecision | None:
        return procrastinate.RetryDecision(retry_in={"milliseconds": int(self.seconds * 1000)})


async def note(url: str, context: procrastinate.JobContext, event: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute(
            "insert into public.journal (job_id, event, pid, worker_id) values (%s, %s, %s, %s)",
            (context.job.id, event, os.getpid(), context.job.worker_id),
        )


def register(app: procrastinate.App, url: str) -> None:
    """Declare the tasks on an app whose jobs live in the database ``url``."""
    _register_slow(app, url)
    _register_failing(app, url)

    @app.task(name="mark", pass_context=True)
    async def mark(context: procrastinate.JobContext, **_: Any) -> None:
        await note(url, context, "ran")


def _register_slow(app: procrastinate.App, url: str) -> None:
    @app.task(name="nap", pass_context=True)
    async def nap(context: procrastinate.JobContext, seconds: float) -> None:
        await note(url, context, "start")
        await asyncio.sleep(seconds)
        await note(url, context, "end")

    @app.task(name="careful_nap", pass_context=True)
    async def careful_nap(context: procrastinate.JobContext, seconds: float) -> None:
        await note(url, context, "start")
        await asyncio.sleep(seconds)
        if not lease_is_fresh():
            await note(url, context, "held back")
            raise RuntimeError("another may be at it by now")
        await note(url, context, "end")

    @app.task(name="nap_in_a_thread", pass_context=True)
    def nap_in_a_thread(context: procrastinate.JobContext, seconds: float) -> None:
        asyncio.run(note(url, context, "start"))
        time.sleep(seconds)
        asyncio.run(note(url, context, "end"))

    @app.task(name="block_the_loop", pass_context=True)
    async def block_the_loop(context: procrastinate.JobContext, seconds: float) -> None:
        await note(url, context, "start")
        time.sleep(seconds)  # noqa: ASYNC251 (the point)
        await note(url, context, "end")


def _register_failing(app: procrastinate.App, url: str) -> None:
    @app.task(name="fail_once", pass_context=True, retry=RetryAtOnce())
    async def fail_once(context: procrastinate.JobContext, seconds: float = 0.0) -> None:
        await note(url, context, "start")
        await asyncio.sleep(seconds)
        if context.job.attempts == 0:
            raise RuntimeError("the first attempt fails")
        await note(url, context, "end")

    @app.task(name="fail_for_an_hour", pass_context=True, retry=RetryAtOnce(3600))
    async def fail_for_an_hour(context: procrastinate.JobContext) -> None:
        await note(url, context, "start")
        raise RuntimeError("try again in an hour")

    @app.task(name="fail_for_good", pass_context=True)
    async def fail_for_good(context: procrastinate.JobContext) -> None:
        await note(url, context, "start")
        raise PermanentError("no way, \x00 ever")

    @app.task(name="back_off", pass_context=True, retry=Backoff(max_attempts=3, initial=0.01, lane="retry"))
    async def back_off(context: procrastinate.JobContext, retry_after: float | None = None) -> None:
        await note(url, context, f"start on {context.job.queue}")
        raise TransientError("not now", retry_after=retry_after)

    @app.task(name="crash", pass_context=True)
    async def crash(context: procrastinate.JobContext) -> None:
        await note(url, context, "start")
        os._exit(9)
