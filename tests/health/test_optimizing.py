"""The quarterly maintenance builds bloated indexes anew, and leaves one alone whose lock is not to be had."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from aias.app import app
from aias.db import Pool
from aias.health import Health, get_health, optimizing
from aias.health.optimizing import optimize

Connection = psycopg.AsyncConnection[Any]


@pytest.fixture
async def holes(conn: Connection) -> None:
    await conn.execute("create table aias_private.holes (n integer constraint holes_pkey primary key)")
    await conn.execute("insert into aias_private.holes select generate_series(1, 100000)")
    await conn.execute("delete from aias_private.holes where n % 100 > 0")
    await conn.execute("vacuum analyze aias_private.holes")


async def state(conn: Connection) -> Health:
    return await get_health(conn, "optimization")


async def size(conn: Connection) -> int:
    cursor = await conn.execute("select pg_relation_size('aias_private.holes_pkey')")
    (row,) = await cursor.fetchall()
    return row[0]


@pytest.mark.usefixtures("holes")
async def test_a_bloated_index_is_built_anew_and_the_report_is_kept(pool: Pool, conn: Connection) -> None:
    before = await size(conn)
    built = await optimize(pool, least_bytes=1_000_000)
    assert [one.index_name for one in built] == ["aias_private.holes_pkey"]
    assert await size(conn) < before / 20
    assert (await state(conn)).status == "ok"
    cursor = await conn.execute("select figures from aias_private.health_results where name = 'optimization'")
    (row,) = await cursor.fetchall()
    assert row[0]["reindexed"][0]["bytes_before"] == before
    assert {"database_bytes", "block_hit_rate", "tables", "unread_indexes"} <= set(row[0])
    cursor = await conn.execute(
        "select count(*) from pg_stats where schemaname = 'aias_private' and tablename = 'plans'"
    )
    assert (await cursor.fetchall())[0][0] > 0  # analyzed
    assert await optimize(pool, least_bytes=1_000_000) == []
    async with pool.connection() as other:  # given back as it was
        cursor = await other.execute("show lock_timeout")
        assert (await cursor.fetchall())[0][0] == "0"


@pytest.mark.usefixtures("holes")
async def test_an_index_in_use_is_left_as_it_is_and_nothing_is_left_behind(
    pool: Pool, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimizing, "_LOCK_TIMEOUT", "200ms")
    async with pool.connection() as other, other.transaction():
        await other.execute("insert into aias_private.holes values (1)")
        assert await optimize(pool, least_bytes=1_000_000) == []
        cursor = await conn.execute("select count(*) from pg_index where not indisvalid")
        left = (await cursor.fetchall())[0][0]
    found = await state(conn)
    assert found.status == "failing"
    assert found.problems[0]["problem"].startswith("canceling statement due to lock timeout")
    if left:  # the lock that kept it from being built kept it from being dropped
        assert "is left behind" in found.problems[0]["problem"]
    built = await optimize(pool, least_bytes=1_000_000)
    assert [one.index_name for one in built] == ["aias_private.holes_pkey"]
    assert (await state(conn)).status == "ok"


def test_it_is_in_the_unified_schedule() -> None:
    app.perform_import_paths()
    assert {name: one.cron for name, one in app.scheduled.items() if name.startswith(("health", "optimization"))} == {
        "health-api": "*/5 * * * *",
        "health-integrations": "23 * * * *",
        "health-consistency": "43 3 * * *",
        "health-performance": "13 4 * * 1",
        "optimization": "13 2 2 1,4,7,10 *",
    }
