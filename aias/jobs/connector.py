"""procrastinate's connector over our pool: the database is looked up when it is opened, JSON is read within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

import psycopg
from procrastinate import JobContext, PsycopgConnector, SyncPsycopgConnector
from procrastinate import connector as base
from procrastinate.exceptions import ConnectorException
from psycopg import sql

from aias.db import Pool, database_url, loads, open_pool, without_password
from aias.errors import DatabaseError
from aias.jobs.patience import answered_within
from aias.settings import get_settings

__all__ = ["CONNECTION_OPTIONS", "AiasConnector", "connector_of", "pool_of"]

CONNECTION_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "connect_timeout": 5,
    # a peer that vanished without a word is noticed well within a lease
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10000,
}
"""For connections outside of the pool: the heartbeat's and the listener's."""

_WAIT_FOR_CONNECTION = 10.0
_LISTEN_ROUND = 30.0


class AiasConnector(PsycopgConnector):
    """A connector to the database of the settings (or ``url``), found when it is opened and not at import.

    Without ``DATABASE_URL`` and PG* variables that is the embedded server, which is started then.
    """

    def __init__(self, *, url: str | None = None, max_size: int = 10, application_name: str = "aias") -> None:
        super().__init__(json_loads=loads)  # pyright: ignore[reportUnknownMemberType] (bare Callable in its signature)
        self.json_loads = loads
        self._url = url
        self._opened_url: str | None = None
        self._max_size = max_size
        self._application_name = application_name
        self.on_close: list[Callable[[], Awaitable[None]]] = []
        """What else is to be closed with the pool: the connections of those who work for the app."""

    def conninfo(self) -> str:
        """Give the connection string; starts the embedded server when it is the one meant (so: may take seconds)."""
        return self._opened_url or self._url or database_url(get_settings())

    async def open_async(self, pool: Pool | None = None) -> None:
        """Open the pool (or take the given one, which stays its owner's to close).

        Raises:
            DatabaseError: the server can't be reached within ten seconds.
        """
        if self._async_pool is not None or pool is not None:
            await super().open_async(pool)
            return
        if self._sync_connector is not None:
            await asyncio.to_thread(self._sync_connector.close)
            self._sync_connector = None
        url = await asyncio.to_thread(self.conninfo)
        try:
            opened = await open_pool(url, max_size=self._max_size, application_name=self._application_name)
        except psycopg.OperationalError as error:
            raise DatabaseError(f"PostgreSQL can't be reached: {without_password(url)}") from error
        opened.timeout = _WAIT_FOR_CONNECTION
        self._async_pool = opened
        self._opened_url = url
        self._pool_externally_set = False

    def wait_at_most(self, seconds: float) -> None:
        """Bound how long a statement waits for a connection of the pool (default: ten seconds)."""
        self.pool.timeout = min(seconds, _WAIT_FOR_CONNECTION)

    async def close_async(self) -> None:
        """Close the pool, unless it was given, and what was opened beside it."""
        for close in self.on_close:
            await close()
        await super().close_async()
        self._opened_url = None

    def get_sync_connector(self) -> base.BaseConnector:
        """Give a connector for synchronous code: this one once it is open, else one of its own."""
        if self._async_pool is None and self._sync_connector is None:
            self._sync_connector = SyncPsycopgConnector(
                json_loads=loads,
                conninfo=self.conninfo(),
                kwargs=CONNECTION_OPTIONS | {"application_name": self._application_name},
            )
        return super().get_sync_connector()

    async def listen_notify(
        self,
        on_notification: base.Notify,
        channels: Iterable[str],
        on_listening: Callable[[], None] = lambda: None,
    ) -> None:
        """Hand over notifications until cancelled or the connection is lost.

        ``on_listening`` is called when nothing more is missed: whoever waits for a notification looks once then.

        Raises:
            ConnectorException: the connection was lost, or there is none.
        """
        try:
            async with await psycopg.AsyncConnection.connect(
                await asyncio.to_thread(self.conninfo),
                application_name=f"{self._application_name} listener",
                **CONNECTION_OPTIONS,
            ) as connection:
                for channel in channels:
                    await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                on_listening()
                while True:
                    async for notification in connection.notifies(timeout=_LISTEN_ROUND):
                        await on_notification(channel=notification.channel, payload=notification.payload)
                    async with answered_within(_WAIT_FOR_CONNECTION):
                        await connection.execute("select 1")  # finds out about a connection that died silently
        except (psycopg.Error, TimeoutError) as error:
            raise ConnectorException from error


def connector_of(app_connector: base.BaseConnector) -> AiasConnector:
    """Give an app's connector as ours.

    Raises:
        DatabaseError: it was replaced by one of another kind.
    """
    if not isinstance(app_connector, AiasConnector):
        raise DatabaseError(f"an AIAS worker needs an AiasConnector, not {type(app_connector).__name__}")
    return app_connector


def pool_of(context: JobContext) -> Pool:
    """Give a running task the pool of its worker, which does not run with any other connector."""
    return cast("AiasConnector", context.app.connector).pool
