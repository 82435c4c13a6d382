"""The worker's own database, as a step meets it: out of reach, it puts the step off, which costs no attempt."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection

from aias.db import Pool
from aias.errors import Deferred

__all__ = ["own_database", "unreachable"]

_WITHIN: Final = 5.0
"""Seconds that a step waits for a connection: less than a call may take, lest it be taken for the upstream's."""
_BACK_WITHIN: Final = (2.0, 8.0)
"""Seconds after which a step comes back: not all at once."""


@asynccontextmanager
async def own_database(pool: Pool) -> AsyncGenerator[AsyncConnection[Any]]:
    """Lend a connection for a statement that may be made again, before anything is sent.

    Raises:
        Deferred: none was free within 5 s, or it broke; whether the statement was committed is not known then.
    """
    try:
        async with pool.connection(timeout=_WITHIN) as conn:
            yield conn
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise unreachable(error) from error


def unreachable(error: Exception) -> Deferred:
    """Give the word that puts a step off because of what happened to its worker's database."""
    back = random.uniform(*_BACK_WITHIN)  # noqa: S311 (no secret)
    message = f"the worker's own database can't be reached just now ({type(error).__name__})"
    return Deferred(message, kind="limit", seconds=back)
