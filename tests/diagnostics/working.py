"""A worker in this process that records, with tasks that do as they are told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aias.app
from aias.diagnostics import Recording
from aias.jobs import AiasApp, AiasConnector

__all__ = ["made_app", "until", "working"]


def made_app(url: str) -> AiasApp:
    """An app on the database that knows the engine's own tasks and records."""
    aias.app.app.perform_import_paths()
    made = AiasApp(connector=AiasConnector(url=url))
    made.side_tasks.append(Recording)
    advance = aias.app.app.tasks["aias.advance_execution"]
    made.task(name=advance.name, pass_context=True)(advance.func)
    return made


@asynccontextmanager
async def working(app: AiasApp, *, concurrency: int = 5) -> AsyncGenerator[None]:
    """Work while the block runs; afterwards everything that was recorded is written."""
    async with app.open_async():
        task = asyncio.create_task(
            app.run_worker_async(
                install_signal_handlers=False,
                shutdown_graceful_timeout=5,
                concurrency=concurrency,
                fetch_job_polling_interval=0.2,
            )
        )
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """Ask the database until it holds; gives what it said."""
    async with asyncio.timeout(40):
        while not (held := await condition()):  # noqa: ASYNC110 (it watches the database)
            await asyncio.sleep(0.05)
        return held
