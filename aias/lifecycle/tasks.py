"""The system's own periodic work."""

from __future__ import annotations

from typing import cast

import structlog
from procrastinate import JobContext

from aias import cache
from aias.jobs import AiasConnector, scheduled
from aias.lifecycle.queries import ensure_partitions

__all__ = ["make_partitions", "tend_cache"]

_log = structlog.stdlib.get_logger(__name__)


@scheduled(name="partitions", cron="17 3 * * *", task="aias.make_partitions")
async def make_partitions(context: JobContext) -> None:
    """Make the partitions of the months to come, daily; the default partitions catch what would lie beyond."""
    connector = cast("AiasConnector", context.app.connector)
    async with connector.pool.connection() as conn:
        for made in await ensure_partitions(conn):
            if made.problem is None:
                _log.info("partition made", partition=made.partition_name)
            else:
                _log.error("partition missing", partition=made.partition_name, problem=made.problem)


@scheduled(name="cache", cron="* * * * *", task="aias.tend_cache", max_attempts=1, timeout=50)
async def tend_cache(context: JobContext) -> None:
    """Sum up how the cache is used and drop what is not good any more, every minute."""
    connector = cast("AiasConnector", context.app.connector)
    async with connector.pool.connection() as conn:
        await cache.tend_cache(conn)
