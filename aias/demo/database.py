"""The demo's own database, made anew each time, on whatever server the settings mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo

from aias.client import as_ours
from aias.db import database_url, migrate
from aias.errors import Conflict, DatabaseError
from aias.settings import Settings

__all__ = ["DEMO_DATABASE", "demo_database"]

DEMO_DATABASE = "aias_demo"

_MARK = "AIAS: made anew by each `aias demo`; drop it when you like"
_LOCK = int.from_bytes(b"aiasdemo", "big")


@asynccontextmanager
async def demo_database(settings: Settings) -> AsyncGenerator[str]:
    """Make the database with the current schema and give its URL; it stays when the block ends.

    Nothing else on the server is touched. The block is held by one process at a time.

    Raises:
        Conflict: another demo runs on this server, or the database there is not one that a demo made.
        DatabaseError: the server is unreachable, or we may not create databases there.
    """
    server = await asyncio.to_thread(database_url, settings)
    url = make_conninfo(server, dbname=DEMO_DATABASE)
    try:
        async with await AsyncConnection.connect(server, autocommit=True, connect_timeout=10) as admin:
            await _replace(admin)
            await asyncio.to_thread(migrate, url, lock_timeout=settings.lock_timeout)
            yield url
    except psycopg.Error as error:
        raise as_ours(error) or DatabaseError(str(error).strip()) from error


async def _replace(admin: AsyncConnection[Any]) -> None:
    """Drop the former one, if a demo made it, and make a new one."""
    cursor = await admin.execute("select pg_catalog.pg_try_advisory_lock(%s)", (_LOCK,))
    if await cursor.fetchone() != (True,):
        raise Conflict("another demo runs on this server")
    cursor = await admin.execute(
        "select pg_catalog.shobj_description(d.oid, 'pg_database') from pg_catalog.pg_database as d"
        " where d.datname = 'aias_demo'"
    )
    found = await cursor.fetchone()
    if found is not None and found[0] != _MARK:
        raise Conflict("the server has a database aias_demo that no demo made: rename it, or use another server")
    await admin.execute("drop database if exists aias_demo with (force)")
    await admin.execute("create database aias_demo template template0 encoding 'UTF8'")
    await admin.execute("comment on database aias_demo is 'AIAS: made anew by each `aias demo`; drop it when you like'")
