"""Group commit: calls that are made at the same time share a statement and its commit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Gathered"]

C = TypeVar("C")
A = TypeVar("A")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[C, A]):
    call: C
    size: int
    answer: asyncio.Future[A]


class Gathered(Generic[C, A]):
    """Gathers calls while groups are being written, and writes them as the next group.

    At most ``writers`` groups are written at a time: with two, one is gathered and answered while the database has the
    other. ``write`` takes the calls of a group and gives one answer for each, in their order: a value, or the exception
    that its caller is to get. What ``write`` itself raises, every caller of the group gets. A group has at most
    ``most`` calls, and no more than ``most_size`` in the sum of their sizes unless one alone is larger.
    """

    def __init__(
        self,
        write: Callable[[Sequence[C]], Awaitable[Sequence[A | BaseException]]],
        *,
        most: int,
        most_size: int = 4_000_000,
        writers: int = 1,
    ) -> None:
        self._write = write
        self._most = most
        self._most_size = most_size
        self._most_writers = writers
        self._waiting: deque[_Waiting[C, A]] = deque()
        self._writers: list[asyncio.Task[None]] = []

    async def call(self, call: C, *, size: int = 0) -> A:
        """Have a call made with the others of the moment; returns when its transaction is committed.

        A caller that is cancelled before its group is written makes no call; later, the call is made all the same.
        """
        waiting = _Waiting[C, A](call, size, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._writers = [writer for writer in self._writers if not writer.done()]
        if len(self._writers) < self._most_writers:
            # in a context of its own: it goes on for others when the caller that began it has ended
            writing = asyncio.create_task(self._write_groups(), name="write gathered calls", context=Context())
            self._writers.append(writing)
        return await waiting.answer

    async def settle(self) -> None:
        """Wait until nothing is being written."""
        if self._writers:
            await asyncio.wait(self._writers)

    async def _write_groups(self) -> None:
        while group := self._next():
            try:
                answers = await self._write([waiting.call for waiting in group])
                for waiting, answer in zip(group, answers, strict=True):
                    _answer(waiting.answer, answer)
            except BaseException as error:
                for waiting in group:
                    _answer(waiting.answer, error)
                if not isinstance(error, Exception):
                    raise

    def _next(self) -> list[_Waiting[C, A]]:
        group: list[_Waiting[C, A]] = []
        size = 0
        while self._waiting and len(group) < self._most:
            if self._waiting[0].answer.done():  # its caller has gone
                self._waiting.popleft()
                continue
            size += self._waiting[0].size
            if group and size > self._most_size:
                break
            group.append(self._waiting.popleft())
        return group


def _answer(future: asyncio.Future[A], answer: A | BaseException) -> None:
    if future.done():
        return
    if isinstance(answer, asyncio.CancelledError):
        future.cancel()
    elif isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)
