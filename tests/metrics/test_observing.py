"""What processes observe, and how it gets into the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from aias import observations
from aias.api import create_api_key, create_app
from aias.db import Pool
from aias.integrations.gatekeeper import gatekeeper_of
from aias.jobs import AiasConnector, app, enqueue_job
from aias.metrics import Flusher, flushing, observe, percentiles
from aias.observations import OTHER, Book, Sketch, keep, take
from aias.settings import Settings
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]


@pytest.fixture
def kept() -> Iterator[None]:
    """As if somebody wrote down what is observed."""
    keep(is_kept=True)
    take()
    yield
    keep(is_kept=False)


async def counts(conn: Connection, metric: str, by: str) -> dict[str, int]:
    return {row.key: row.count for row in await percentiles(conn, metric, by=by)}


def test_nothing_is_kept_where_nobody_writes_it_down() -> None:
    observe("requests", 0.1, key="GET /")
    assert take().sketches == {}


def test_a_process_keeps_a_bounded_number_of_keys_and_counts_the_rest(
    kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observations, "_MOST_KEYS", 3)
    for number in range(10):
        observe("statements", 0.1, key=f"s{number}")
    book = take()
    assert {key[3]: sketch.count for key, sketch in book.sketches.items()} == {"s0": 1, "s1": 1, "s2": 1, OTHER: 7}
    assert book.overflow_count == 7
    assert len(observations._Process.book.sketches) == 0


def test_what_could_not_be_written_is_joined_to_what_comes_next(kept: None) -> None:
    tenant = uuid4()
    observe("requests", 0.1, tenant_id=tenant, key="GET /", ok=False)
    book = take()
    observe("requests", 0.2, tenant_id=tenant, key="GET /")
    observations.give_back(book)
    sketches = [sketch for key, sketch in take().sketches.items() if key[2] == tenant]
    assert sum(sketch.count for sketch in sketches) == 2
    assert sum(sketch.failures for sketch in sketches) == 1


async def test_a_flusher_writes_when_it_ends_and_again_when_it_is_closed(pool: Pool, conn: Connection) -> None:
    flusher = Flusher(pool.connection)
    running = asyncio.create_task(flusher.run())
    await asyncio.sleep(0)
    observe("requests", 0.5, key="GET /v1/jobs")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await counts(conn, "requests", "endpoint") == {"GET /v1/jobs": 1}
    observe("requests", 0.5, key="GET /v1/jobs", refused=True)
    await flusher.close()
    assert await counts(conn, "requests", "endpoint") == {"GET /v1/jobs": 2}
    observe("requests", 0.5, key="GET /v1/jobs")
    assert take().sketches == {}


async def test_a_database_that_is_away_costs_nothing_but_time(pool: Pool, conn: Connection) -> None:
    is_away = True

    @asynccontextmanager
    async def connect() -> AsyncIterator[Connection]:
        if is_away:
            raise psycopg.OperationalError("the server closed the connection")
        async with pool.connection() as opened:
            yield opened

    flusher = Flusher(connect)
    running = asyncio.create_task(flusher.run())
    await asyncio.sleep(0)
    observe("requests", 0.5, key="GET /v1/jobs")
    await flusher.flush()
    observe("requests", 0.5, key="GET /v1/jobs")
    assert await counts(conn, "requests", "endpoint") == {}
    is_away = False
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await flusher.close()
    assert await counts(conn, "requests", "endpoint") == {"GET /v1/jobs": 2}


async def test_statements_are_counted_under_what_they_call(kept: None, pool: Pool) -> None:
    async with pool.connection() as opened:
        await opened.execute("select p.name from aias.plans as p")
        await opened.execute("select 1")
        with pytest.raises(psycopg.Error):
            await opened.execute("select aias.percentiles(null)")
        await opened.execute("select aias_private.add_observations('[]')")
        async with opened.pipeline():
            await opened.execute("select p.name from aias.plans as p")
    found = {key[3]: (sketch.count, sketch.failures) for key, sketch in take().sketches.items()}
    assert found == {"aias.plans": (1, 0), "select": (1, 0), "aias.percentiles": (1, 1)}


async def test_requests_are_counted_under_their_routes_tenant_and_outcome(
    database_url: str, conn: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("AIAS_HOME", str(tmp_path))
    await create_tenant(conn, slug="acme", plan="pro")
    key = await create_api_key(conn, tenant="acme", name="test", scopes=["*"])
    served = create_app(Settings(database_url=database_url, _env_file=None))  # pyright: ignore[reportCallIssue, reportArgumentType]
    async with (
        served.router.lifespan_context(served),
        httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://test") as client,
    ):
        given = {"Authorization": f"Bearer {key.token}"}
        for path in (f"/v1/executions/{uuid4()}", f"/v1/executions/{uuid4()}", "/v1/executions", "/no/such/thing"):
            await client.get(path, headers=given)
        await client.get("/v1/executions")
        await client.request("BREW", "/v1/executions", headers=given)
    assert await counts(conn, "requests", "endpoint") == {
        "GET /v1/executions/{execution}": 2,
        "GET /v1/executions": 2,
        OTHER: 2,
    }
    # without a key, and where no route asks for one, nobody knows whose request it is
    assert await counts(conn, "requests", "tenant") == {"acme": 3, "": 3}
    cursor = await conn.execute("select failure_count, refusal_count from aias.error_rates('requests')")
    assert await cursor.fetchone() == (0, 5)
    assert "aias_private.find_api_key" in await counts(conn, "statements", "statement")


async def test_calls_of_upstreams_are_told_with_their_counts(pool: Pool, conn: Connection) -> None:
    tenant = await create_tenant(conn, slug="acme", plan="pro")
    keeper = gatekeeper_of(pool)
    for ms, status, is_failure in ((100, "2xx", False), (200, "5xx", True), (300, "throttled", False)):
        keeper.count((tenant, UUID(int=0)), "GET", status, ms=ms, is_failure=is_failure)
    await keeper.stop()
    (row,) = await percentiles(conn, "upstream_calls", by="operation")
    assert (row.key, row.count) == ("http GET", 3)
    assert row.p50 == pytest.approx(0.2, rel=0.01)
    cursor = await conn.execute(
        "select r.failure_count, r.refusal_count, sum(u.call_count)"
        " from aias.error_rates('upstream_calls') as r cross join aias.upstream_calls as u group by 1, 2"
    )
    assert await cursor.fetchone() == (1, 1, 3)


async def test_a_worker_tells_its_statements_until_its_last_job_has_ended(
    database_url: str, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    import aias.app  # noqa: F401, PLC0415 (registers what a worker imports)

    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(flushing, "FLUSH_EVERY", 3600.0)
    await enqueue_job(conn, "aias.unknown")
    with app.replace_connector(AiasConnector(url=database_url)) as replaced:
        async with replaced.open_async():
            await replaced.run_worker_async(wait=False, install_signal_handlers=False)
    told = await counts(conn, "statements", "statement")
    assert told["aias_private.finish_job"] == 1


def test_a_sketch_is_told_as_the_database_takes_it() -> None:
    sketch = Sketch()
    for seconds in (1.0, 0.5, 1.0):
        sketch.add(seconds)
    book = Book({(0, "requests", None, "k" * 300, ""): sketch})
    (told,) = book.to_json()
    assert told | {"count": 3, "counts": [1, 2], "total": 2.5} == told
    assert len(told["key"]) == 200
