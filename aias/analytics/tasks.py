"""The periodic work that keeps the figures up to date."""

from __future__ import annotations

import psycopg
import structlog
from procrastinate import JobContext

from aias.analytics.queries import due_views, refresh_view, roll_up_activity
from aias.errors import PermanentError
from aias.jobs import pool_of, scheduled

__all__ = ["refresh_figures"]

_log = structlog.stdlib.get_logger(__name__)


@scheduled(name="figures", cron="* * * * *", task="aias.refresh_figures", max_attempts=1, timeout=600)
async def refresh_figures(context: JobContext) -> None:
    """Bring the daily figures up to date, then the materialized views that are due, every minute.

    Each is a transaction of its own: one that fails does not hold up the others.

    Raises:
        PermanentError: some could not be refreshed; the others are.
    """
    pool = pool_of(context)
    is_behind = True
    while is_behind:
        async with pool.connection() as conn:
            is_behind = await roll_up_activity(conn)
    async with pool.connection() as conn:
        due = await due_views(conn)
    failed: list[str] = []
    for name in due:
        try:
            async with pool.connection() as conn:
                if not await refresh_view(conn, name=name):
                    _log.warning("a view is not refreshed: its lock was not to be had", view=name)
        except psycopg.Error as error:
            failed.append(f"{name}: {error}")
    if failed:
        raise PermanentError(f"views are not refreshed: {'; '.join(failed)}")
