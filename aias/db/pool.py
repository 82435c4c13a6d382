"""Connection pools, set up the same way for every part of the system."""

from __future__ import annotations

import asyncio
import select
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool

from aias.db.json import loads
from aias.db.statements import ObservedCursor

__all__ = ["CancellablePool", "Pool", "configure_connection", "connection_options", "is_open", "open_pool"]

Pool = AsyncConnectionPool[AsyncConnection[Any]]

OPEN_TIMEOUT = 10.0
_MOST_READS = 3
_CONNECT_TIMEOUT = 5
# A peer that vanished without a word (a pulled cable, a stopped VM) is noticed within half a minute.
_KEEPALIVE = {
    "tcp_user_timeout": 10000,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
}


class CancellablePool(AsyncConnectionPool[AsyncConnection[Any]]):
    """A pool of connections in which no cancellation is lost.

    On Python 3.11 ``asyncio.wait_for``, by which psycopg_pool waits, forgets a cancellation that comes together with
    what was waited for (bpo-37658): an interrupt would be ignored, and a timeout would pass by.
    """

    async def wait(self, timeout: float = 30.0) -> None:  # as its base says it
        """Wait until the least number of connections is there; as ``AsyncConnectionPool.wait``."""
        cancelled = _cancellations()
        await super().wait(timeout)
        if _cancellations() > cancelled:
            raise asyncio.CancelledError

    async def getconn(self, timeout: float | None = None) -> AsyncConnection[Any]:
        """Take a connection, which ``putconn`` gives back; as ``AsyncConnectionPool.getconn``."""
        cancelled = _cancellations()
        conn = await super().getconn(timeout)
        if _cancellations() > cancelled:
            await self.putconn(conn)
            raise asyncio.CancelledError
        return conn


def _cancellations() -> int:
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()


def connection_options(application_name: str) -> dict[str, Any]:
    """Give the options of a pool's connections: autocommit, and no endless wait for a peer that is gone."""
    return {
        "autocommit": True,
        "connect_timeout": _CONNECT_TIMEOUT,
        "application_name": application_name,
        **_KEEPALIVE,
    }


async def configure_connection(conn: AsyncConnection[Any]) -> None:
    """Let a connection read JSON within bounds (``aias.db.loads``) and have its statements counted and timed."""
    set_json_loads(loads, conn)
    conn.cursor_factory = ObservedCursor


async def is_open(conn: AsyncConnection[Any]) -> None:
    """Refuse a connection that the server has closed, without asking the server.

    Between statements a server says nothing but that it ends the connection (or changes a setting): then there is
    something to read. A peer that vanished without a word shows only in the next statement.

    Raises:
        psycopg.OperationalError: the connection is closed.
    """
    waiting = select.poll()
    waiting.register(conn.fileno(), select.POLLIN)
    for _ in range(_MOST_READS):
        if not waiting.poll(0):
            return
        conn.pgconn.consume_input()
    await AsyncConnectionPool.check_connection(conn)


async def open_pool(url: str, *, min_size: int = 1, max_size: int = 10, application_name: str = "aias") -> Pool:
    """Open a pool of autocommitting connections and wait until the first one is there.

    JSON that comes back is read within bounds (``aias.db.loads``). The caller closes the pool.

    Raises:
        psycopg_pool.PoolTimeout: no connection within ten seconds.
    """
    pool = CancellablePool(
        url,
        min_size=min_size,
        max_size=max_size,
        open=False,
        configure=configure_connection,
        check=is_open,
        kwargs=connection_options(application_name),
    )
    try:
        await pool.open(wait=True, timeout=OPEN_TIMEOUT)
    except BaseException:
        await pool.close()
        raise
    return pool
