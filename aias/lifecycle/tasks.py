"""The system's own periodic work."""

from __future__ import annotations

from typing import cast

import structlog
from procrastinate import JobContext

from aias.jobs import AiasConnector, app, task
from aias.lifecycle.queries import ensure_partitions

__all__ = ["make_partitions"]

_log = structlog.stdlib.get_logger(__name__)


@app.periodic(cron="17 3 * * *")
@task(name="aias.make_partitions", pass_context=True)
async def make_partitions(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 (the engine's interface)
    """Make the partitions of the months to come, daily; the default partitions catch what would lie beyond."""
    connector = cast("AiasConnector", context.app.connector)
    async with connector.pool.connection() as conn:
        for made in await ensure_partitions(conn):
            if made.problem is None:
                _log.info("partition made", partition=made.partition_name)
            else:
                _log.error("partition missing", partition=made.partition_name, problem=made.problem)
