"""Group commit for the engine: what the executions of one process write at the same time shares a transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary, ref

import psycopg
import structlog
from psycopg.rows import tuple_row

from aias.db import Gathered, Pool
from aias.errors import translated
from aias.jobs import answered_within

_MOST: Final = 100
"""Calls of one group: the rows of an execution stay locked until its group is committed."""
_PATIENCE: Final = 30.0

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call gave, and the database's time then."""

    value: Any
    at: datetime


class Writer:
    """Makes the engine's calls over one pool, in groups where several come at once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = ref(pool)
        self._groups = Gathered[str, Answer | None](self._write, most=_MOST)

    async def call(self, call: dict[str, Any]) -> Answer:
        """Make a call of ``aias_private.advance_executions``; returns when it is committed.

        Raises:
            SqlError: the call is not valid.
            psycopg.Error: the database is out of reach; whether the call was made is not known.
        """
        text = json.dumps(call)
        with translated():
            answer = await self._groups.call(text, size=len(text))
            if answer is None:
                # another transaction holds the execution, or one of the group's calls is not valid
                (answer,) = await self._send([text])
        if answer is None:
            raise AssertionError("a call that is made alone waits until it can be made")
        return answer

    async def _write(self, calls: Sequence[str]) -> Sequence[Answer | None]:
        try:
            return await self._send(calls)
        except psycopg.Error as error:
            is_cut_off = error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
            if is_cut_off or len(calls) == 1:
                raise
            _log.warning("a group of calls failed, each is made alone", error=str(error), calls=len(calls))
            return [None] * len(calls)

    async def _send(self, calls: Sequence[str]) -> list[Answer | None]:
        pool = self._pool()
        if pool is None:
            raise AssertionError("the pool is gone while its callers wait")
        async with answered_within(_PATIENCE), pool.connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(
                "select a.is_busy, a.answer, a.at from aias_private.advance_executions(%s::jsonb) as a"
                " order by a.place",
                (f"[{','.join(calls)}]",),
            )
            rows = await cursor.fetchall()
        return [None if is_busy else Answer(value=value, at=at) for is_busy, value, at in rows]


_writers: "WeakKeyDictionary[Pool, Writer]" = WeakKeyDictionary()


def writer_of(pool: Pool) -> Writer:
    """Give the one writer of a pool."""
    writer = _writers.get(pool)
    if writer is None:
        writer = _writers[pool] = Writer(pool)
    return writer
