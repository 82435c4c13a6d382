"""What keeps the figures up to date, on any pool of connections."""

from __future__ import annotations

import psycopg
import structlog

from aias.analytics.queries import due_views, refresh_view, roll_up_activity
from aias.db import Pool

__all__ = ["bring_up_to_date"]

_log = structlog.stdlib.get_logger(__name__)


async def bring_up_to_date(pool: Pool) -> list[str]:
    """Add what is new to the daily figures, then refresh the materialized views that are due.

    Each is a transaction of its own: one that fails does not hold up the others. Gives the views that failed, each with
    its reason.
    """
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
    return failed
