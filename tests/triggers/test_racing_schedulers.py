"""Schedulers that race, die and come back while the clock goes on in steps, forward and back: each due time once."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.triggers.conftest import NOON, Shop

ROOT = Path(__file__).parents[2]
MINUTES = 10
SCHEDULES = 6
SCHEDULERS = 2


class Crew:
    """Some schedulers, one of which is killed now and then and replaced."""

    def __init__(self, url: str) -> None:
        self._env = {**os.environ, "DATABASE_URL": url}
        self.members = [self._start() for _ in range(SCHEDULERS)]
        self.killed = 0

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "tests.triggers.scheduler_process"], cwd=ROOT, env=self._env)

    def kill_one(self, which: int) -> None:
        """Kill -9 one of them, wherever it is, and put another in its place."""
        self.members[which].kill()
        self.members[which].wait()
        self.members[which] = self._start()
        self.killed += 1


@contextmanager
def racing(url: str) -> Iterator[Crew]:
    crew = Crew(url)
    try:
        yield crew
    finally:
        for member in crew.members:
            member.kill()
            member.wait()


@pytest.mark.slow
async def test_each_due_time_runs_once_through_kills_and_clock_steps(shop: Shop, database_url: str) -> None:
    chance = random.Random(20260601)
    schedules = [
        await shop.schedule(f"s{number}", catch_up="all", overlap="allow", max_attempts=2)
        for number in range(SCHEDULES)
    ]
    end = NOON + timedelta(minutes=MINUTES)

    async def ran() -> int:
        return await shop.value("select count(*) from aias.schedule_runs where due_at <= %s", shop.now)

    with racing(database_url) as crew:
        step = 0
        while shop.now < end:
            step += 1
            # ten seconds on, and now and then a clock that is set back or ahead by a little
            await shop.later(seconds=chance.choice([10, 10, 10, 10, -15, 40]))
            if step % 8 == 0:
                crew.kill_one(chance.randrange(SCHEDULERS))
            await asyncio.sleep(0.1 + chance.random() * 0.2)  # somewhere in the middle of what they do
        await shop.at(end)
        async with asyncio.timeout(30):
            while await ran() < SCHEDULES * MINUTES:  # noqa: ASYNC110 (it watches the database)
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)  # and nothing more
        assert crew.killed >= 5
    expected = [f"12:{minute:02} started" for minute in range(1, MINUTES + 1)]
    for schedule in schedules:
        assert await shop.due(schedule) == expected
    # one execution and one job per due time, and none beside
    assert await shop.value("select count(*) from aias.executions") == SCHEDULES * MINUTES
    assert await shop.value("select count(*) from aias.jobs") == SCHEDULES * MINUTES
    assert await shop.value("select count(distinct execution_id) from aias.schedule_runs") == SCHEDULES * MINUTES
