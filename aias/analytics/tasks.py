"""The periodic work that keeps the figures up to date."""

from __future__ import annotations

from procrastinate import JobContext

from aias.analytics.upkeep import bring_up_to_date
from aias.errors import PermanentError
from aias.jobs import pool_of, scheduled

__all__ = ["refresh_figures"]


@scheduled(name="figures", cron="* * * * *", task="aias.refresh_figures", max_attempts=1, timeout=600)
async def refresh_figures(context: JobContext) -> None:
    """Bring the daily figures up to date, then the materialized views that are due, every minute.

    Raises:
        PermanentError: some could not be refreshed; the others are.
    """
    if failed := await bring_up_to_date(pool_of(context)):
        raise PermanentError(f"views are not refreshed: {'; '.join(failed)}")
