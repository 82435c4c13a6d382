"""The periodic work of health: what is looked at how often, and what is put in order."""

from __future__ import annotations

import structlog
from procrastinate import JobContext

from aias.health.looking import look, look_at_all
from aias.health.optimizing import optimize
from aias.jobs import pool_of, scheduled

__all__ = ["check_api", "check_consistency", "check_integrations", "check_performance", "optimize_database"]

_log = structlog.stdlib.get_logger(__name__)


async def _checked(context: JobContext, cadence: str) -> None:
    for name in await look_at_all(pool_of(context), cadence):
        _log.warning("health has changed", check=name)


@scheduled(name="health-api", cron="*/5 * * * *", task="aias.check_api", max_attempts=1, timeout=280)
async def check_api(context: JobContext) -> None:
    """Look every five minutes at the HTTP servers and at whether the database serves."""
    await _checked(context, "five_minutes")
    await look(pool_of(context), "api")


@scheduled(name="health-integrations", cron="23 * * * *", task="aias.check_integrations", max_attempts=1, timeout=600)
async def check_integrations(context: JobContext) -> None:
    """Sum up every hour what the checks of the connections found."""
    await _checked(context, "hourly")


@scheduled(name="health-consistency", cron="43 3 * * *", task="aias.check_consistency")
async def check_consistency(context: JobContext) -> None:
    """Look every day, in the night, at what must fit together, and at what wears out."""
    await _checked(context, "daily")


@scheduled(name="health-performance", cron="13 4 * * 1", task="aias.check_performance")
async def check_performance(context: JobContext) -> None:
    """Keep every Monday the figures of the last week, beside those of the week before."""
    await _checked(context, "weekly")


@scheduled(name="optimization", cron="13 2 2 1,4,7,10 *", task="aias.optimize_database", max_attempts=1, timeout=14400)
async def optimize_database(context: JobContext) -> None:
    """Build bloated indexes anew every quarter, refresh the statistics, and keep a report."""
    for index in await optimize(pool_of(context)):
        _log.info("index built anew", index=index.index_name)
