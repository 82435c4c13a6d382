"""What keeps open pages fresh: one listener per process, whose news go to every page as one word.

PostgreSQL says when something changes (NOTIFY); no table is asked for it. A page hears ``changed`` at most every two
seconds, however much happens, and asks for its parts anew, with its own rights. The listener lives as long as a page
listens.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable

import psycopg
import structlog
from psycopg import AsyncConnection, sql

from aias.api.streaming import Streams
from aias.db import connection_options

__all__ = ["Hub"]

_log = structlog.stdlib.get_logger(__name__)

_CHANNELS = ("aias_dashboard", "aias_event", "aias_control", "procrastinate_any_queue_v1")
_AT_MOST_EVERY = 2.0
_HEARTBEAT = 15.0
_LOOK_UP = 0.5
"""Seconds between looks whether the server is about to end."""
_LISTEN_ROUND = 30.0
_LISTEN_AGAIN = 2.0


class Hub:
    """The process's listener, and the pages that hear of it."""

    def __init__(self, url: str, *, most: int) -> None:
        self._url = url
        self._pages: set[asyncio.Event] = set()
        self._listener: asyncio.Task[None] | None = None
        self.streams = Streams(most)
        """The places for pages that listen."""

    async def events(
        self, *, is_ending: Callable[[], bool], is_good: Callable[[], Awaitable[bool]]
    ) -> AsyncGenerator[bytes]:
        """Give the stream of one page, until the server ends or the session does (looked at with each heartbeat)."""
        news = asyncio.Event()
        self._join(news)
        try:
            yield b"retry: 3000\n\n"
            loop = asyncio.get_running_loop()
            beat = told = loop.time()
            while not is_ending():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_UP):
                        await news.wait()
                now = loop.time()
                if news.is_set() and now - told >= _AT_MOST_EVERY:
                    news.clear()
                    told = now
                    yield b"event: changed\ndata: 1\n\n"
                elif news.is_set():
                    await asyncio.sleep(min(_LOOK_UP, _AT_MOST_EVERY - (now - told)))
                if now - beat >= _HEARTBEAT:
                    if not await is_good():
                        return
                    beat = now
                    yield b":\n\n"
        finally:
            self._leave(news)

    def _join(self, news: asyncio.Event) -> None:
        self._pages.add(news)
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())

    def _leave(self, news: asyncio.Event) -> None:
        self._pages.discard(news)
        if not self._pages and self._listener is not None:
            self._listener.cancel()
            self._listener = None

    def _tell(self) -> None:
        for news in self._pages:
            news.set()

    async def _listen(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._url, **connection_options("aias dashboard listener")
                ) as conn:
                    for channel in _CHANNELS:
                        await conn.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                    # whatever was missed before
                    self._tell()
                    while True:
                        async for _ in conn.notifies(timeout=_LISTEN_ROUND):
                            self._tell()
                        await conn.execute("select 1")
            except psycopg.Error as error:
                _log.warning("pages do not hear of changes", reason=str(error).split("\n", 1)[0])
            await asyncio.sleep(_LISTEN_AGAIN)
