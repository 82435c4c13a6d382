"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import scalar_row

from aias.errors import translated

__all__ = ["due_views", "refresh_view", "roll_up_activity"]


async def roll_up_activity(conn: AsyncConnection[Any]) -> bool:
    """Add what happened since the last run to the daily figures; True while there is more to add.

    Adds nothing, and gives False, while another run is at it.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.roll_up_activity()")
        (is_behind,) = await cursor.fetchall()
        return is_behind


async def due_views(conn: AsyncConnection[Any]) -> list[str]:
    """Give the materialized views that are to be refreshed now, the longest overdue first."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select name from aias_private.due_views()")
        return await cursor.fetchall()


async def refresh_view(conn: AsyncConnection[Any], *, name: str) -> bool:
    """Refresh a materialized view while its readers go on; False when it can't be had just now.

    What can't be had within five seconds stands in ``aias.freshness`` and is tried again when it is due.

    Raises:
        NotFound: no such materialized view.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias_private.refresh_view(%s)", (name,))
        (refreshed,) = await cursor.fetchall()
        return refreshed
