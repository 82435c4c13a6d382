"""The periodic work of telemetry."""

from __future__ import annotations

import psycopg
import structlog
from procrastinate import JobContext

from aias.jobs import pool_of, scheduled
from aias.telemetry.queries import fold_telemetry, turn_telemetry_keys

__all__ = ["tend_telemetry"]

_log = structlog.stdlib.get_logger(__name__)


@scheduled(name="telemetry", cron="* * * * *", task="aias.tend_telemetry", max_attempts=1, timeout=50)
async def tend_telemetry(context: JobContext) -> None:
    """Sum up what was counted, and empty the keys of events that are too old to be repeated, every minute."""
    async with pool_of(context).connection() as conn:
        await fold_telemetry(conn)
        try:
            is_turned = await turn_telemetry_keys(conn)
        except psycopg.errors.LockNotAvailable:
            # somebody stores events for long: the keys stay as they are for another minute
            _log.info("the keys of telemetry are in use")
            return
    if is_turned:
        _log.info("the keys of telemetry are turned")
