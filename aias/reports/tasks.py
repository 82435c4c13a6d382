"""The periodic work of reports."""

from __future__ import annotations

import structlog
from procrastinate import JobContext

from aias.jobs import pool_of, scheduled
from aias.reports.queries import post_usage_reports

__all__ = ["send_usage_reports"]

_log = structlog.stdlib.get_logger(__name__)


@scheduled(
    name="usage_reports",
    cron="30 5 1 * *",
    task="aias.send_usage_reports",
    max_attempts=8,
    retry_delay=300,
    timeout=3600,
)
async def send_usage_reports(context: JobContext) -> None:
    """Tell every tenant and the operators how the last month went, once each, on the first of the month.

    What tells them goes through the outbox: this ends before the mails are sent. Figures that are not whole yet are
    waited for by trying again.
    """
    told = 0
    while True:
        async with pool_of(context).connection() as conn:
            count = await post_usage_reports(conn)
        if not count:
            break
        told += count
    _log.info("the usage reports are posted", count=told)
