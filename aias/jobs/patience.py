"""Waiting for a database that is away: some errors pass, for as long as there is patience."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg
from procrastinate import exceptions

from aias.errors import DatabaseError

__all__ = ["Patience", "answered_within", "may_pass"]

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_TRIES = 3
_TICKS = 4


@asynccontextmanager
async def answered_within(seconds: float) -> AsyncGenerator[None]:
    """End the block with ``TimeoutError`` after that time, during which the loop was there to see an answer.

    ``asyncio.timeout`` goes by the clock: after a task has blocked the loop for a while it ends what had its answer
    waiting in the socket all along. Here only time counts in which the loop turned.
    """
    loop = asyncio.get_running_loop()
    left = _TICKS
    handle: asyncio.TimerHandle | None = None

    def tick() -> None:
        nonlocal left, handle
        left -= 1
        if left > 0:
            handle = loop.call_later(seconds / _TICKS, tick)
        else:
            scope.reschedule(loop.time())

    async with asyncio.timeout(None) as scope:
        handle = loop.call_later(seconds / _TICKS, tick)
        try:
            yield
        finally:
            handle.cancel()


def may_pass(error: BaseException) -> bool:
    """Whether the same statement may work a moment later.

    A lost connection, a server that restarts, a full pool, a deadlock; and a unique index that another transaction met
    first (our functions look again and find the twin). Not: a statement that is wrong, a value that is refused.
    """
    if isinstance(error, exceptions.UniqueViolation):
        return True
    cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) else error
    return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError | OSError)


class Patience:
    """How long one thing may fail, from the moment when it was begun; ``begin`` again when it went well.

    It takes several failures, however much time has passed: one may only mean that a task has blocked the loop.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self.begin()

    def begin(self) -> None:
        """Forget past trouble: something new is tried now."""
        self._since = time.monotonic()
        self._pause = _FIRST_PAUSE
        self._failure_count = 0

    async def wait(self, error: BaseException) -> None:
        """Wait before the next try, longer each time, with jitter so that workers do not come back all at once.

        Raises:
            DatabaseError: it has failed for ``limit`` seconds.
        """
        self._failure_count += 1
        if self._failure_count >= _TRIES and time.monotonic() - self._since > self._limit:
            raise DatabaseError(f"the database is out of reach for {self._limit:g} s: {_describe(error)}") from error
        await asyncio.sleep(random.uniform(0.5, 1) * self._pause)  # noqa: S311 (jitter, no secret)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)


def _describe(error: BaseException) -> str:
    cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) and error.__cause__ else error
    return str(cause).strip() or type(cause).__name__
