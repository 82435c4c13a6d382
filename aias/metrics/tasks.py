"""The metrics' own work: what each worker does for them, and what is done each minute."""

from __future__ import annotations

from procrastinate import JobContext

from aias.jobs import app, pool_of, scheduled
from aias.metrics.flushing import Flushing
from aias.metrics.queries import roll_up_observations

__all__ = ["roll_up_metrics"]

_ROWS_AT_A_TIME = 20_000

app.side_tasks.append(Flushing)


@scheduled(name="metrics", cron="* * * * *", task="aias.roll_up_metrics", max_attempts=1, timeout=55)
async def roll_up_metrics(context: JobContext) -> None:
    """Add what processes saw to the rollups, every minute; what is not done in time is for the next minute."""
    pool = pool_of(context)
    while True:
        async with pool.connection() as conn:
            if await roll_up_observations(conn, limit=_ROWS_AT_A_TIME) < _ROWS_AT_A_TIME:
                break
