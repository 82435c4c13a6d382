"""The enqueueing side of every contender, as a program: one by one, in bulk, or one whenever it is told to.

::

    PROGRAM single|bulk COUNT      enqueue the jobs 0 to COUNT-1; prints the seconds that it took
    PROGRAM paced                  for each number on stdin: enqueue that job; prints the clock before and after
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable

__all__ = ["CHUNK", "enqueue"]

CHUNK = 1000
"""Jobs per call in bulk, for every contender."""


async def enqueue(one: Callable[[int], Awaitable[object]], many: Callable[[list[int]], Awaitable[object]]) -> None:
    """Do what the command line says, by what the contender gives: a call for one job and one for a list."""
    mode, *rest = sys.argv[1:]
    if mode == "paced":
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            before = time.monotonic()
            await one(int(line))
            print(before, time.monotonic(), flush=True)
        return
    count = int(rest[0])
    started = time.monotonic()
    if mode == "single":
        for number in range(count):
            await one(number)
    else:
        for first in range(0, count, CHUNK):
            await many(list(range(first, min(first + CHUNK, count))))
    print(json.dumps({"seconds": time.monotonic() - started}))
