"""The flusher: writes down, every few seconds and when the process ends, what the process has observed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Final

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg_pool import PoolClosed, PoolTimeout

from aias.errors import AiasError
from aias.jobs import connector_of
from aias.metrics.queries import add_observations
from aias.observations import give_back, keep, take

if TYPE_CHECKING:
    from aias.jobs import AiasWorker

__all__ = ["Flusher", "Flushing"]

FLUSH_EVERY: Final = 5.0
_ANSWER_WITHIN: Final = 5.0
_LAST_ANSWER_WITHIN: Final = 2.0
_MOST_FAILURES: Final = 100
"""About eight minutes of a database that is away; what came together until then is given up."""

_log = structlog.stdlib.get_logger(__name__)

_BROKEN = (psycopg.Error, PoolTimeout, AiasError, OSError, TimeoutError)

Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection[Any]]]


class Flusher:
    """Keeps what the process observes and writes it down over connections of ``connect``, one statement each time.

    What can't be written is kept for the next time, in bounded memory (``aias.observations``). A commit whose answer is
    lost counts twice, a process that is killed takes its last seconds along: they are measurements, not accounts.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._is_keeping = False
        self._failures = 0
        self._writing = asyncio.Lock()

    async def run(self) -> None:
        """Work until cancelled, and write once more then; what is observed after that waits for ``close``."""
        if not self._is_keeping:
            self._is_keeping = True
            keep(is_kept=True)
        try:
            while True:
                await asyncio.sleep(FLUSH_EVERY)
                await self.flush()
        finally:
            await self.flush(within=_LAST_ANSWER_WITHIN)

    async def close(self) -> None:
        """Write what is left, and keep no more of what is observed."""
        if not self._is_keeping:
            return
        await self.flush(within=_LAST_ANSWER_WITHIN)
        self._is_keeping = False
        keep(is_kept=False)

    async def flush(self, *, within: float = _ANSWER_WITHIN) -> None:
        """Write what has come together; returns when it is committed, or could not be and is kept for the next time."""
        async with self._writing:
            book = take()
            if not book.sketches:
                return
            try:
                async with asyncio.timeout(within), self._connect() as conn:
                    await add_observations(conn, json.dumps(book.to_json()))
            except PoolClosed:
                _log.debug("observations are dropped: the pool is closed", keys=len(book.sketches))
            except _BROKEN as error:
                self._failures += 1
                if self._failures >= _MOST_FAILURES:
                    self._failures = 0
                    _log.error("observations are dropped", keys=len(book.sketches), reason=_reason(error))
                    return
                _log.warning("observations can't be written just now", reason=_reason(error))
                give_back(book)
            except BaseException:
                give_back(book)
                raise
            else:
                self._failures = 0
                if book.overflow_count:
                    _log.warning(
                        "more is told apart than is kept: the rest is counted as other", count=book.overflow_count
                    )


def _reason(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0] or type(error).__name__


class Flushing:
    """The side task (``aias.jobs.SideTask``) of one worker: its flusher, closed with the worker's connections."""

    name = "observations"
    channels: Sequence[str] = ()

    def __init__(self, worker: AiasWorker) -> None:
        self._connector = connector_of(worker.app.connector)
        self._flusher: Flusher | None = None

    def hear(self, channel: str, payload: str) -> None:
        """Nothing: it goes by the clock."""

    async def run(self) -> None:
        """Write until cancelled; jobs that end after that are written when the connections are closed."""
        if self._flusher is None:
            self._flusher = Flusher(self._connector.pool.connection)
            self._connector.on_close.append(self._flusher.close)
        await self._flusher.run()
