"""A recorder on the test's own database, and how to wait until it has written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aias.diagnostics import Recorder
from aias.logs import through_logging

__all__ = ["recorder", "written"]


@asynccontextmanager
async def recorder(url: str, *, log_store: str = "info") -> AsyncGenerator[Recorder]:
    """Record what the test logs and reports, as a worker does."""
    through_logging()
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    opened = Recorder(url, role="worker", log_store=log_store)
    opened.open()
    try:
        yield opened
    finally:
        root.setLevel(level)
        await asyncio.to_thread(opened.close)


async def written(opened: Recorder) -> None:
    """Wait until everything is in the database."""
    assert await asyncio.to_thread(opened.flush)
