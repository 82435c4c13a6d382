"""The periodic work: counts are summed up, the keys are turned, and neither waits for who stores events for long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import psycopg
from procrastinate import JobContext

from aias.client import Aias
from aias.db import Pool
from aias.telemetry import track
from aias.telemetry.tasks import tend_telemetry
from tests.clock import set_clock

Connection = psycopg.AsyncConnection[Any]


async def one(conn: Connection, query: Any) -> Any:
    return (await (await conn.execute(query)).fetchone() or (None,))[0]


async def test_the_upkeep_sums_up_and_turns_the_keys_as_soon_as_it_can(conn: Connection, pool: Pool) -> None:
    context = cast("JobContext", SimpleNamespace(app=SimpleNamespace(connector=SimpleNamespace(pool=pool))))
    await conn.execute("select aias.create_tenant('acme', 'free')")
    start = datetime.now(UTC)
    await track(conn, "acme", [{"name": "n", "event_id": "a"}] * 3)
    await tend_telemetry(context)
    assert await one(conn, "select event_count from aias_private.telemetry_days") == 1
    assert await one(conn, "select count(*) from aias_private.telemetry_tallies") == 0
    assert await one(conn, "select count(*) from aias_private.telemetry_charges") == 0
    assert await one(conn, "select side from aias_private.telemetry_sides") == 0
    await set_clock(conn, start + timedelta(days=8))
    async with pool.connection() as long, long.transaction():
        await track(long, "acme", {"name": "n", "event_id": "b"})
        await tend_telemetry(context)
        assert await one(conn, "select side from aias_private.telemetry_sides") == 0
    await tend_telemetry(context)
    assert await one(conn, "select side from aias_private.telemetry_sides") == 1
    assert (await track(conn, "acme", {"name": "n", "event_id": "b"})).duplicates == 1


async def test_a_client_tracks_alone_or_in_the_transaction_of_its_caller(conn: Connection, database_url: str) -> None:
    await conn.execute("select aias.create_tenant('acme')")
    async with Aias(database_url, max_connections=2) as aias:
        done = await aias.track([{"name": "a", "event_id": "1"}, {"name": ""}], tenant="acme")
        assert (done.accepted, done.rejected, done.problems[0].index) == (1, 1, 1)
        async with conn.transaction(force_rollback=True):
            done = await aias.track({"name": "a", "event_id": "2"}, tenant="acme", connection=conn)
            assert done.accepted == 1
        assert (await aias.track({"name": "a", "event_id": "2"}, tenant="acme")).accepted == 1
    assert await one(conn, "select count(*) from aias.telemetry_events") == 2
