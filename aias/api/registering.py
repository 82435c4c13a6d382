"""A server says each minute that it is there, so that the workers can look every five minutes whether it answers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from uuid import UUID, uuid4

import psycopg
import structlog

from aias.api.database import Database
from aias.errors import DatabaseError
from aias.health import forget_api_server, note_api_server

__all__ = ["reachable", "registered"]

_log = structlog.stdlib.get_logger(__name__)

_EVERY = 60.0
_LAST_WORD = 2.0


async def registered(database: Database, url: str) -> None:
    """Say until cancelled that the server at ``url`` is there, then that it has ended.

    While the database is away it goes on trying.
    """
    server = uuid4()
    try:
        while True:
            await _said(database, server, url)
            await asyncio.sleep(_EVERY)
    finally:
        with contextlib.suppress(TimeoutError, psycopg.Error, DatabaseError):
            async with asyncio.timeout(_LAST_WORD), database.connection() as conn:
                await forget_api_server(conn, server)


def reachable(url: str, host: str) -> str:
    """Give the address under which others find a server that listens on every address of its machine."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 (it is read, not listened on)
        return url
    return f"http://{socket.gethostname()}:{url.rsplit(':', 1)[1]}"


async def _said(database: Database, server: UUID, url: str) -> None:
    try:
        async with database.connection() as conn:
            await note_api_server(conn, server, url=url, host_name=socket.gethostname())
    except (psycopg.Error, DatabaseError) as error:
        _log.warning("the server could not say that it is there", reason=str(error).split("\n", 1)[0])
