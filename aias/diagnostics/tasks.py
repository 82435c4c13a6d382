"""The periodic work of diagnostics."""

from __future__ import annotations

from procrastinate import JobContext

from aias.diagnostics.queries import tend_fuses
from aias.jobs import pool_of, scheduled

__all__ = ["look_after_fuses"]


@scheduled(name="fuses", cron="* * * * *", task="aias.look_after_fuses", max_attempts=1, timeout=50)
async def look_after_fuses(context: JobContext) -> None:
    """Divert what the blown fuses hold, and start again what released ones had diverted, every minute."""
    pool = pool_of(context)
    while True:
        async with pool.connection() as conn:
            if not await tend_fuses(conn):
                return
