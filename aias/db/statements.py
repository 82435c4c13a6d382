"""Statements, counted and timed: the cursor of every connection that the system opens.

A statement is named after the first function, view or table of ours in it, so that pg_stat_statements' counts can stand
beside ours (``aias.slow_queries``). Its time is the caller's: the way to the server is part of it.
"""

from __future__ import annotations

import re
import time
from functools import lru_cache
from typing import Any, Self, TypeVar

from psycopg import AsyncCursor
from psycopg.pq import PipelineStatus

from aias.observations import OTHER, observe

__all__ = ["ObservedCursor", "statement_name"]

Row = TypeVar("Row")

_NAME = re.compile(r"(?:aias(?:_private)?\.|procrastinate_)[a-z0-9_]+")
_WORD = re.compile(r"[A-Za-z]+")
_OWN = "aias_private.add_observations"
"""Not counted: it would leave something to write down each time that everything is."""


def statement_name(query: object) -> str | None:
    """Give the name under which a statement is counted; None for the one that is not."""
    return _name_of(query) if isinstance(query, str) else OTHER


@lru_cache(maxsize=2000)
def _name_of(query: str) -> str | None:
    if (found := _NAME.search(query)) is not None:
        return None if found[0] == _OWN else found[0]
    word = _WORD.search(query)
    return OTHER if word is None else word[0].lower()


class ObservedCursor(AsyncCursor[Row]):
    """A cursor whose statements are counted and timed; those of a pipeline have no time of their own, and are not."""

    async def execute(
        self,
        query: Any,  # psycopg has overloads for the template strings of Python 3.14
        params: Any = None,
        *,
        prepare: bool | None = None,
        binary: bool | None = None,
    ) -> Self:
        """Run a statement, as psycopg does."""
        name = statement_name(query)
        if name is None or self.connection.pgconn.pipeline_status != PipelineStatus.OFF:
            return await super().execute(query, params, prepare=prepare, binary=binary)
        started = time.perf_counter()
        try:
            await super().execute(query, params, prepare=prepare, binary=binary)
        except Exception:
            observe("statements", time.perf_counter() - started, key=name, ok=False)
            raise
        observe("statements", time.perf_counter() - started, key=name)
        return self
