"""A scheduler in a process of its own, which never rests, to be killed at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import os

import psycopg

from aias.db import open_pool
from aias.triggers import advance_schedules


async def main() -> None:
    async with await open_pool(os.environ["DATABASE_URL"], min_size=1, max_size=1) as pool:
        while True:
            with contextlib.suppress(psycopg.OperationalError):  # a deadlock, a lock: as the side task, begin again
                await advance_schedules(pool)
            await asyncio.sleep(0.005)


if __name__ == "__main__":
    asyncio.run(main())
