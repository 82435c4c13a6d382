"""The app of the contender ``procrastinate``: ``procrastinate --app=bench.plain_app.app worker``."""

from __future__ import annotations

import asyncio
import os

import procrastinate

from bench.programs.recorder import Recorder

__all__ = ["app"]

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["BENCH_URL"]))

recorder = Recorder() if "BENCH_RECORD" in os.environ else None


@app.task(name="bench.noop")
async def noop(n: int) -> None:
    """Only be counted."""
    assert recorder is not None
    recorder.ran(n)


@app.task(name="bench.nap")
async def nap(n: int, seconds: float) -> None:
    """Be counted, and take a while."""
    assert recorder is not None
    recorder.ran(n)
    await asyncio.sleep(seconds)
