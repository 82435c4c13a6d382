"""Calls that share a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from aias.db import Gathered


class Log:
    """Writes groups when it is let, and remembers them."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.may_go = asyncio.Event()

    async def write(self, calls: Sequence[int]) -> list[int | BaseException]:
        self.groups.append(list(calls))
        await self.may_go.wait()
        if 13 in calls:
            raise RuntimeError("the whole group")
        return [ValueError(call) if call < 0 else call * 2 for call in calls]


async def test_what_comes_while_a_group_is_written_is_the_next_group() -> None:
    log = Log()
    gathered = Gathered[int, int](log.write, most=3)
    tasks = [asyncio.create_task(gathered.call(1))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(gathered.call(n)) for n in range(2, 7)]
    await asyncio.sleep(0)
    log.may_go.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8, 10, 12]
    assert log.groups == [[1], [2, 3, 4], [5, 6]]


async def test_each_caller_gets_its_own_answer_or_error() -> None:
    log = Log()
    log.may_go.set()
    gathered = Gathered[int, int](log.write, most=10)
    good, bad = await asyncio.gather(gathered.call(1), gathered.call(-1), return_exceptions=True)
    assert good == 2
    assert isinstance(bad, ValueError)


async def test_a_group_that_fails_fails_for_its_callers_and_the_next_is_written() -> None:
    log = Log()
    log.may_go.set()
    gathered = Gathered[int, int](log.write, most=2)
    found = await asyncio.gather(*(gathered.call(n) for n in (12, 13, 14)), return_exceptions=True)
    assert [type(each) for each in found] == [RuntimeError, RuntimeError, int]


async def test_a_caller_that_gave_up_before_its_group_is_not_in_it() -> None:
    log = Log()
    gathered = Gathered[int, int](log.write, most=10)
    first = asyncio.create_task(gathered.call(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second, third = asyncio.create_task(gathered.call(2)), asyncio.create_task(gathered.call(3))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    log.may_go.set()
    assert await asyncio.gather(first, third) == [2, 6]
    assert log.groups == [[1], [3]]
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_a_group_has_a_bounded_size_and_what_is_larger_goes_alone() -> None:
    log = Log()
    log.may_go.set()
    gathered = Gathered[int, int](log.write, most=10, most_size=10)
    await asyncio.gather(*(gathered.call(n, size=size) for n, size in ((1, 6), (2, 6), (3, 50), (4, 1), (5, 1))))
    assert log.groups == [[1], [2], [3], [4, 5]]


async def test_two_writers_write_two_groups_at_a_time_and_nothing_is_left_over() -> None:
    log = Log()
    gathered = Gathered[int, int](log.write, most=2, writers=2)
    tasks = [asyncio.create_task(gathered.call(n)) for n in range(1, 6)]
    for _ in range(3):
        await asyncio.sleep(0)
    assert log.groups == [[1, 2], [3, 4]]
    log.may_go.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8, 10]
    # both writers have ended, and the next call finds one
    assert await gathered.call(6) == 12
    assert log.groups == [[1, 2], [3, 4], [5], [6]]
