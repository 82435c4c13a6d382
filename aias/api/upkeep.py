"""What the server does beside answering: write down uses of keys, and what telemetry was not taken."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable

import psycopg
import structlog

from aias.api.services import Services
from aias.errors import DatabaseError

__all__ = ["upkeep"]

_log = structlog.stdlib.get_logger(__name__)

_WRITE_USES_EVERY = 5.0
_LAST_WRITE = 2.0


async def upkeep(services: Services) -> None:
    """Work until cancelled; what fails is told and tried again the next time."""
    try:
        while True:
            await asyncio.sleep(_WRITE_USES_EVERY)
            await _tried(services.keys.write_uses())
            await _tried(services.telemetry.write_counts())
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WRITE):
                await _tried(services.keys.write_uses())
                await _tried(services.telemetry.write_counts())


async def _tried(work: Awaitable[None]) -> None:
    try:
        await work
    except (psycopg.Error, DatabaseError) as error:
        _log.warning("upkeep failed", reason=str(error).split("\n", 1)[0])
