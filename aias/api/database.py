"""The server's way to PostgreSQL: a pool that gives up fast, and one watch that knows when the database is back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import Context
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg_pool import PoolTimeout

from aias.db import CancellablePool, Pool, configure_connection, connection_options, is_open
from aias.errors import DatabaseError

__all__ = ["Database"]

_log = structlog.stdlib.get_logger(__name__)

_PATIENCE = 2.0
"""Seconds that a request waits for a connection."""
_PROBE_EVERY = 0.5


class Database:
    """Connections for requests. While the database is away every request is refused at once."""

    def __init__(self, url: str, *, max_size: int) -> None:
        self._url = url
        self._is_away = False
        self._watch: asyncio.Task[None] | None = None
        self._waits: set[asyncio.Timeout] = set()
        self._pool: Pool = CancellablePool(
            url,
            min_size=min(2, max_size),
            max_size=max_size,
            timeout=_PATIENCE,
            open=False,
            configure=configure_connection,
            check=self._check,
            # an attempt that failed for so long is given up; the next request makes a new one, without its long pause
            reconnect_timeout=_PATIENCE,
            kwargs=connection_options("aias http"),
        )

    @property
    def url(self) -> str:
        """Where it is."""
        return self._url

    @property
    def pool(self) -> Pool:
        """The pool, for what calls the outside world between its own short transactions."""
        return self._pool

    async def open(self) -> None:
        """Begin; a database that is away now may come later."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close every connection."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._pool.close(timeout=_PATIENCE)

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[AsyncConnection[Any]]:
        """Lend an autocommitting connection.

        Raises:
            DatabaseError: the database is away, or no connection is free within two seconds.
        """
        if self._is_away:
            raise DatabaseError("the database is away")
        conn = await self._get()
        try:
            async with conn:
                yield conn
        except psycopg.OperationalError:
            self._look()
            raise
        finally:
            await self._pool.putconn(conn)

    async def _get(self) -> AsyncConnection[Any]:
        """Take a connection of the pool; when the database is seen to be away, waiting ends."""
        patience = asyncio.timeout(None)
        try:
            async with patience:
                self._waits.add(patience)
                return await self._pool.getconn()
        except (PoolTimeout, TimeoutError, psycopg.OperationalError) as error:
            self._look()
            raise DatabaseError(f"no connection to PostgreSQL: {error}") from error
        finally:
            self._waits.discard(patience)

    async def _check(self, conn: AsyncConnection[Any]) -> None:
        """See that a connection is good before it is lent; one that the server has closed may be the first of all."""
        try:
            await is_open(conn)
        except psycopg.OperationalError:
            self._look()
            raise

    def _look(self) -> None:
        """See whether the database is away; until it is back nobody waits for it."""
        if self._watch is None or self._watch.done():
            # in a context of its own: it is no part of the request that found it out
            self._watch = asyncio.create_task(self._until_back(), context=Context())

    async def _until_back(self) -> None:
        while not await self._answers():
            if not self._is_away:
                _log.error("the database is away")
                self._is_away = True
            for patience in self._waits:
                patience.reschedule(asyncio.get_running_loop().time())
            await asyncio.sleep(_PROBE_EVERY)
        if self._is_away:
            _log.info("the database is back")
            self._is_away = False

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                async with await AsyncConnection.connect(self._url, connect_timeout=2) as conn:
                    await conn.execute("select 1")
        except (psycopg.Error, TimeoutError):
            return False
        return True
