"""Waiting for a database that is away: some errors pass, for as long as there is patience."""

from __future__ import annotations

import asyncio
import random
import time

import psycopg
from procrastinate import exceptions

from aias.errors import DatabaseError

__all__ = ["Patience", "may_pass"]

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0


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
    """How long one thing may fail, from the moment when it was begun; ``begin`` again when it went well."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self.begin()

    def begin(self) -> None:
        """Forget past trouble: something new is tried now."""
        self._since = time.monotonic()
        self._pause = _FIRST_PAUSE

    async def wait(self, error: BaseException) -> None:
        """Wait before the next try, longer each time, with jitter so that workers do not come back all at once.

        Raises:
            DatabaseError: it has failed for ``limit`` seconds.
        """
        if time.monotonic() - self._since > self._limit:
            raise DatabaseError(f"the database is out of reach for {self._limit:g} s: {_describe(error)}") from error
        await asyncio.sleep(random.uniform(0.5, 1) * self._pause)  # noqa: S311 (jitter, no secret)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)


def _describe(error: BaseException) -> str:
    cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) and error.__cause__ else error
    return str(cause).strip() or type(cause).__name__
