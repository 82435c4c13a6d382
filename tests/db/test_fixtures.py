"""What every other test stands on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from aias.db import Pool


async def test_a_database_of_the_tests_own_has_the_schema(conn: psycopg.AsyncConnection[Any], pool: Pool) -> None:
    cursor = await conn.execute("create table public.mine (id integer)")
    assert cursor.statusmessage == "CREATE TABLE"
    async with pool.connection() as other:
        row = await (await other.execute("select count(*) from mine")).fetchone()
    assert row == (0,)


def test_what_a_test_does_in_tx_is_gone_for_the_next(tx: psycopg.Connection[Any]) -> None:
    tx.execute("create table public.once (id integer)")


def test_really_gone(tx: psycopg.Connection[Any]) -> None:
    assert tx.execute("select to_regclass('public.once')").fetchone() == (None,)


async def test_the_clock_can_be_stopped(conn: psycopg.AsyncConnection[Any], set_clock: Callable[..., Any]) -> None:
    moment = datetime(2030, 3, 1, 12, tzinfo=UTC)
    await set_clock(conn, moment)
    assert await (await conn.execute("select aias_private.now()")).fetchone() == (moment,)
    await set_clock(conn, None)
    row = await (await conn.execute("select aias_private.now() = now()")).fetchone()
    assert row == (True,)


def test_the_clock_can_be_stopped_in_a_transaction(tx: psycopg.Connection[Any], set_clock: Callable[..., Any]) -> None:
    moment = datetime(2030, 3, 1, 12, tzinfo=UTC)
    set_clock(tx, moment)
    assert tx.execute("select aias_private.now()").fetchone() == (moment,)
