"""The app of the contender ``aias``, with tasks to measure: ``procrastinate --app=bench.aias_app.app worker``."""

from __future__ import annotations

import asyncio
import os

from pydantic import JsonValue, RootModel

from aias.app import app
from aias.jobs import task
from aias.plugins import ActionContext, action
from bench.programs.recorder import Recorder

__all__ = ["app"]

recorder = Recorder() if "BENCH_RECORD" in os.environ else None


@task(name="bench.noop", queue="enterprise")
async def noop(n: int) -> None:
    """Only be counted."""
    assert recorder is not None
    recorder.ran(n)


@task(name="bench.nap", queue="enterprise")
async def nap(n: int, seconds: float) -> None:
    """Be counted, and take a while."""
    assert recorder is not None
    recorder.ran(n)
    await asyncio.sleep(seconds)


class AnyJson(RootModel[JsonValue]):
    """Any JSON value."""


@action("bench.step", effect="none")
async def step(_context: ActionContext, _data: AnyJson) -> None:
    """Do nothing, as a step that is checkpointed before and after: ``noop`` is instant, and shares its checkpoint."""
