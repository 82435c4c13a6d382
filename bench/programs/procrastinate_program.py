"""Plain procrastinate: ``install`` | what ``enqueuing`` says. Setting: BENCH_URL."""

from __future__ import annotations

import asyncio
import sys

from procrastinate.types import JSONDict

from bench.plain_app import app, noop
from bench.programs.enqueuing import enqueue


async def _main() -> None:
    async with app.open_async():
        if sys.argv[1] == "install":
            await app.schema_manager.apply_schema_async()
            return
        await enqueue(
            lambda number: noop.defer_async(n=number),
            lambda numbers: noop.batch_defer_async(*(JSONDict(n=number) for number in numbers)),
        )


asyncio.run(_main())
