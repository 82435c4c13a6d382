"""The cache: computed once, never older than a change, and never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from aias.cache import Cache, cache_invalidate, cache_stats, tend_cache
from aias.cache.queries import begin_cached, end_cached
from aias.tenants import create_tenant, set_plan

Connection = psycopg.AsyncConnection[Any]

pytestmark = pytest.mark.usefixtures("alone")  # what is kept and what is dropped goes by the transactions of the server


class Counter:
    """Computes a value and counts how often; holds it back where told."""

    def __init__(self) -> None:
        self.count = 0
        self.gate = asyncio.Event()
        self.begun = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> int:
        self.count += 1
        self.begun.set()
        await self.gate.wait()
        return self.count


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache takes its time where the machine is busy, for tests of what it does when it is there."""
    monkeypatch.setattr("aias.cache.cache._PATIENCE", 20.0)


@pytest.fixture
async def cache(database_url: str) -> AsyncIterator[Cache]:
    async with Cache(database_url) as opened:
        yield opened


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Cache]:
    """Another process's."""
    async with Cache(database_url) as opened:
        yield opened


@pytest.mark.usefixtures("patient")
async def test_a_value_is_computed_once_for_two_processes(cache: Cache, other: Cache) -> None:
    counter = Counter()
    assert await cache.through("n", "k", counter, ttl=60) == 1
    assert await other.through("n", "k", counter, ttl=60) == 1
    assert await cache.through("n", "k", counter, ttl=60) == 1
    assert counter.count == 1


@pytest.mark.usefixtures("patient")
async def test_a_stampede_of_two_processes_is_computed_once(cache: Cache, other: Cache) -> None:
    counter = Counter()
    counter.gate.clear()
    asked = [asyncio.create_task(one.through("n", "k", counter, ttl=60)) for one in (cache, other) for _ in range(20)]
    await counter.begun.wait()
    counter.gate.set()
    assert await asyncio.gather(*asked) == [1] * 40


async def test_who_asks_while_the_value_is_being_stored_gets_it(conn: Connection, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as storing:
        begun = await begin_cached(storing, None, "n", "k", tags=(), lease=timedelta(seconds=10))
        await storing.commit()
        assert begun.lease is not None
        await end_cached(storing, None, "n", "k", lease=begun.lease, value="1", ttl=timedelta(seconds=60))
        # it has looked for the value, finds none, and wants the lease that is given back just now
        asking = asyncio.create_task(begin_cached(conn, None, "n", "k", tags=(), lease=timedelta(seconds=10)))
        async with asyncio.timeout(10):
            blocked = "select cardinality(pg_blocking_pids(%s)) > 0"
            # the server tells nobody of it
            while (await (await storing.execute(blocked, [conn.info.backend_pid])).fetchone()) != (True,):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await storing.commit()
        got = await asking
    assert (got.state, got.value, got.lease) == ("hit", "1", None)


async def test_what_fails_to_compute_is_computed_by_the_next(cache: Cache, other: Cache) -> None:
    async def broken() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await cache.through("n", "k", broken, ttl=60)
    async with asyncio.timeout(5):
        assert await other.through("n", "k", Counter(), ttl=60) == 1


async def test_a_tenants_value_is_not_anothers(cache: Cache) -> None:
    counter = Counter()
    one, two = UUID(int=1), UUID(int=2)
    assert await cache.through("n", "k", counter, ttl=60, tenant_id=one) == 1
    assert await cache.through("n", "k", counter, ttl=60, tenant_id=two) == 2
    assert await cache.through("n", "k", counter, ttl=60, tenant_id=one) == 1


@pytest.mark.parametrize("how", [{"namespace": "n"}, {"namespace": "n", "key": "k"}, {"tag": "t"}, {}])
async def test_an_invalidated_value_is_computed_again(
    cache: Cache, other: Cache, conn: Connection, how: dict[str, str]
) -> None:
    counter = Counter()
    for one in (cache, other):
        assert await one.through("n", "k", counter, ttl=60, tags=["t"]) == 1
    await cache_invalidate(conn, **how)
    for one in (cache, other):
        for _ in range(500):
            if await one.through("n", "k", counter, ttl=60, tags=["t"]) == 2:
                break
            await asyncio.sleep(0.01)  # the notice is on its way
    assert await other.through("n", "k", counter, ttl=60, tags=["t"]) == 2
    assert counter.count == 2


async def test_what_was_computed_before_a_change_is_not_given_out_after_it(
    cache: Cache, other: Cache, conn: Connection
) -> None:
    counter = Counter()
    counter.gate.clear()
    async with conn.transaction():
        await cache_invalidate(conn, tag="t")  # not committed yet
        asked = asyncio.create_task(cache.through("n", "k", counter, ttl=60, tags=["t"]))
        await counter.begun.wait()
    counter.gate.set()
    assert await asked == 1  # begun before the commit, stored after it
    assert await other.through("n", "k", counter, ttl=60, tags=["t"]) == 2


async def test_a_change_that_is_rolled_back_invalidates_nothing(cache: Cache, other: Cache, conn: Connection) -> None:
    counter = Counter()
    await cache.through("n", "k", counter, ttl=60, tags=["t"])
    async with conn.transaction(force_rollback=True):
        await cache_invalidate(conn, tag="t")
    assert await other.through("n", "k", counter, ttl=60, tags=["t"]) == 1


async def test_a_change_of_a_row_that_feeds_the_cache_invalidates_its_tenants_values(
    other: Cache, conn: Connection
) -> None:
    acme = await create_tenant(conn, slug="acme", plan="free")
    zoo = await create_tenant(conn, slug="zoo", plan="free")
    counter = Counter()
    for tenant in (acme, zoo, None):
        await other.through("n", "k", counter, ttl=60, tags=["tenants"], tenant_id=tenant)
    await set_plan(conn, tenant="acme", plan="pro")
    async with Cache(conn.info.dsn) as cache:
        assert await cache.through("n", "k", counter, ttl=60, tags=["tenants"], tenant_id=zoo) == 2
        assert await cache.through("n", "k", counter, ttl=60, tags=["tenants"], tenant_id=acme) == 4
        assert await cache.through("n", "k", counter, ttl=60, tags=["tenants"]) == 5


async def test_sql_reads_and_writes_its_own_tenants_values(conn: Connection) -> None:
    await create_tenant(conn, slug="acme")
    zoo = await create_tenant(conn, slug="zoo")
    async with conn.transaction():
        await conn.execute("set local role aias_app")
        await conn.execute("select set_config('aias.tenant_id', %s, true)", (str(zoo),))
        await conn.execute("select aias.cache_put('n', 'k', '7', '1 minute', '{t}')")
        cursor = await conn.execute("select aias.cache_get('n', 'k')")
        assert await cursor.fetchone() == (7,)
        await conn.execute("select set_config('aias.tenant_id', %s, true)", (str(UUID(int=1)),))
        cursor = await conn.execute("select aias.cache_get('n', 'k')")
        assert await cursor.fetchone() == (None,)
    cursor = await conn.execute("select aias.cache_get('n', 'k')")
    assert await cursor.fetchone() == (None,)


async def test_a_value_whose_time_is_over_is_gone(conn: Connection) -> None:
    await conn.execute("select aias.cache_put('n', 'k', '7', '1 millisecond')")
    await conn.execute("select pg_sleep(0.01)")
    cursor = await conn.execute("select aias.cache_get('n', 'k')")
    assert await cursor.fetchone() == (None,)
    assert await tend_cache(conn) == 1


async def test_times_to_live_are_spread_by_a_tenth(conn: Connection) -> None:
    await conn.execute("select aias.cache_put('n', i::text, '7', '100 seconds') from generate_series(1, 200) as i")
    cursor = await conn.execute(
        "select min(expires_at - now()), max(expires_at - now()) from aias_private.cache_entries where namespace = 'n'"
    )
    row = await cursor.fetchone()
    assert row is not None
    least, most = (value.total_seconds() for value in row)
    assert 85 < least < 95
    assert 105 < most <= 110


async def test_uses_are_counted_and_summed_up(cache: Cache, database_url: str, conn: Connection) -> None:
    async with Cache(database_url) as other:
        for _ in range(4):
            await other.through("n", "k", Counter(), ttl=60)
    await conn.execute("select aias.cache_get('n', 'nothing')")
    for _ in range(2):
        (found,) = await cache_stats(conn)
        assert (found.memory_hit_count + found.hit_count, found.miss_count, found.entry_count) == (3, 2, 1)
        assert float(found.hit_rate or 0) == pytest.approx(0.6)
        await tend_cache(conn)


async def test_a_cache_that_is_locked_up_costs_time_and_no_answer(cache: Cache, conn: Connection) -> None:
    counter = Counter()
    async with conn.transaction():
        await conn.execute("lock table aias_private.cache_entries in access exclusive mode")
        async with asyncio.timeout(5):
            assert await cache.through("n", "k", counter, ttl=60) == 1
            assert await cache.through("n", "k", counter, ttl=60) == 2


async def test_a_cache_that_is_away_costs_no_answer(unused_tcp_port: int) -> None:
    async with Cache(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none") as cache, asyncio.timeout(5):
        assert await cache.through("n", "k", Counter(), ttl=60) == 1


async def test_changes_that_nothing_depends_on_are_dropped(cache: Cache, conn: Connection, set_clock: Any) -> None:
    await cache_invalidate(conn, tag="t")
    await cache.through("n", "k", Counter(), ttl=60, tags=["t"])
    cursor = await conn.execute("select now() + interval '2 minutes'")
    (later,) = await cursor.fetchone() or (None,)
    await set_clock(conn, later)
    await tend_cache(conn)
    cursor = await conn.execute("select count(*) from aias_private.cache_changes")
    assert await cursor.fetchone() == (0,)
