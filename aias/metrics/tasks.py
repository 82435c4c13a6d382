"""The metrics' own work: what each worker does for them, and what is done each minute."""

from __future__ import annotations

from procrastinate import JobContext

from aias.jobs import app, pool_of, scheduled
from aias.metrics.flushing import Flushing
from aias.metrics.queries import count_executions, roll_up_observations

__all__ = ["roll_up_metrics"]

_ROWS_AT_A_TIME = 20_000

app.side_tasks.append(Flushing)


@scheduled(name="metrics", cron="* * * * *", task="aias.roll_up_metrics", max_attempts=1, timeout=600)
async def roll_up_metrics(context: JobContext) -> None:
    """Bring the rollups up to what processes saw and to what has ended, every minute; both go on where they stopped."""
    pool = pool_of(context)
    taken = _ROWS_AT_A_TIME
    while taken == _ROWS_AT_A_TIME:
        async with pool.connection() as conn:
            taken = await roll_up_observations(conn, limit=_ROWS_AT_A_TIME)
    is_done = False
    while not is_done:
        async with pool.connection() as conn:
            is_done = await count_executions(conn)
