"""Eight workers under one limit: what the upstream sees stays within the bound that is published."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from aias.db import Pool, open_pool
from aias.errors import Deferred
from aias.integrations.gatekeeper import flush_reports

SECONDS = float(os.environ.get("AIAS_TEST_LIMIT_SECONDS", "4"))
"""How long the workers press on; 60 for a thorough run."""
WORKERS = 8
RATE = 2


@pytest.fixture
async def pools(workspaces_database_url: str) -> AsyncGenerator[list[Pool]]:
    """A pool, and so a gatekeeper, per worker: what they share is the database."""
    async with AsyncExitStack() as stack:
        opened = [await open_pool(workspaces_database_url, min_size=1, max_size=2) for _ in range(WORKERS)]
        yield [await stack.enter_async_context(pool) for pool in opened]


async def press_on(workspace: Any, pool: Pool, number: int, end: float) -> None:
    """Make calls one after the other, each come back to when it is due, as the engine does."""
    count = 0
    is_deferred = False
    while time.monotonic() < end:
        step = f"step-{number}-{count}"
        try:
            await asyncio.create_task(workspace.call("http.call", {}, step=step, pool=pool, is_deferred=is_deferred))
        except Deferred as error:
            is_deferred = True
            until = error.until or datetime.now(UTC)
            pause = error.seconds or (until - datetime.now(UTC)).total_seconds()
            await asyncio.sleep(min(max(pause, 0.001), max(end - time.monotonic(), 0)))
        else:
            is_deferred = False
            count += 1


@pytest.mark.timeout(SECONDS * 2 + 60)
@pytest.mark.parametrize("burst", [1, 5])
async def test_calls_of_eight_workers_stay_within_the_bound(
    workspace: Any, server: Any, pools: list[Pool], burst: int
) -> None:
    seen: list[float] = []

    async def answer(exchange: Any) -> None:
        seen.append(time.monotonic())
        await exchange.answer()

    server.says(answer)
    await workspace.connect("http", {"url": server.url}, {"headers": {"X-Key": "k-0123456789"}}, name="main")
    async with workspace.pool.connection() as conn:
        await conn.execute(
            "select aias.set_limit('connection', %s, null, %s, interval '1 s', %s)",
            (f"http:{workspace.tenant}/main", RATE, burst),
        )
    end = time.monotonic() + SECONDS
    await asyncio.gather(*(press_on(workspace, pool, number, end) for number, pool in enumerate(pools)))
    await flush_reports()
    for first, start in enumerate(seen):
        for last in range(first, len(seen)):
            # in any time T no more than burst + rate * (T + 1 s)
            assert last - first + 1 <= burst + RATE * (seen[last] - start + 1.0)
    assert len(seen) >= RATE * SECONDS * 0.6 + burst - 1  # and the rate is used
