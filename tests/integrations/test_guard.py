"""The guard before a connection's calls: what passes, what is counted, and what an upstream's answers lead to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import structlog

from aias.errors import Deferred, PermanentError, TransientError
from aias.integrations import close_clients, gatekeeper
from aias.integrations.gatekeeper import flush_reports, gatekeeper_of


def ok(exchange: Any) -> Any:
    return exchange.answer(200, b'{"ok": true}')


@pytest.fixture
async def site(workspace: Any, server: Any) -> AsyncGenerator[Any]:
    """A connection of kind http to the scripted server; gives the workspace."""
    server.says(ok)
    await workspace.connect("http", {"url": server.url}, {"headers": {"X-Key": "planted-0123456789"}}, name="main")
    yield workspace
    await flush_reports()


async def call(workspace: Any, step: str = "step", **given: Any) -> Any:
    return await workspace.call("http.call", given.pop("data", {}), step=step, **given)


async def rows(workspace: Any, query: Any, *arguments: Any) -> list[tuple[Any, ...]]:
    async with workspace.pool.connection() as conn:
        return await (await conn.execute(query, arguments)).fetchall()


async def counts(workspace: Any) -> list[tuple[Any, ...]]:
    await gatekeeper_of(workspace.pool).flush()
    return await rows(
        workspace,
        "select operation, status_class, sum(call_count)::int, sum(failure_count)::int"
        " from aias.upstream_calls where tenant_id = %s group by 1, 2 order by 1, 2",
        workspace.tenant_id,
    )


async def gate(workspace: Any) -> tuple[Any, ...] | None:
    found = await rows(
        workspace,
        "select state, source, extract(epoch from closed_until - closed_at)::float from aias.gates where gate = %s",
        f"http:{workspace.tenant}/main",
    )
    return found[0] if found else None


async def limit(workspace: Any, **given: Any) -> None:
    await rows(
        workspace,
        "select aias.set_limit('connection', %s, %s, %s, %s::interval, %s)",
        f"http:{workspace.tenant}/main",
        given.get("running"),
        given.get("rate"),
        given.get("per"),
        given.get("burst"),
    )


async def test_calls_are_counted_by_what_was_called_and_what_came_of_it(site: Any, server: Any) -> None:
    server.says(
        ok,
        lambda x: x.answer(404, b"{}"),
        lambda x: x.answer(500, b"{}"),
        lambda x: x.reset() or asyncio.sleep(0),
        lambda x: x.answer(429, b"{}", retry_after="0.1"),
    )
    for number, error in enumerate((None, PermanentError, TransientError, TransientError, Deferred)):
        if error is None:
            await call(site)
            continue
        with pytest.raises(error):
            await call(site, f"step-{number}")
    assert await counts(site) == [
        ("GET", "2xx", 1, 0),
        ("GET", "4xx", 1, 0),
        ("GET", "5xx", 1, 1),
        ("GET", "no_answer", 1, 1),
        ("GET", "throttled", 1, 0),
    ]
    told = await rows(site, "select min(max_ms), bool_and(total_ms >= max_ms) from aias.upstream_calls")
    assert told[0][0] > 0
    assert told[0][1]


async def test_calls_of_an_address_of_the_steps_own_are_counted_too(
    workspace: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    server.says(ok, lambda x: x.answer(500, b"{}"))
    await workspace.call("http.request", {"url": server.url})
    with pytest.raises(TransientError):
        await workspace.call("http.request", {"url": server.url})
    await gatekeeper_of(workspace.pool).flush()
    assert await rows(
        workspace,
        "select kind, connection, integration_id, operation, status_class, call_count, failure_count"
        " from aias.upstream_calls where tenant_id = %s order by status_class",
        workspace.tenant_id,
    ) == [("http", None, None, "GET", "2xx", 1, 0), ("http", None, None, "GET", "5xx", 1, 1)]


async def test_calls_are_written_within_a_second_and_when_the_process_ends(site: Any) -> None:
    written = "select coalesce(sum(call_count), 0)::int from aias.upstream_calls where tenant_id = %s"
    await call(site, "one")
    await call(site, "two")
    writing = gatekeeper_of(site.pool)._flusher
    assert writing is not None
    await asyncio.wait_for(writing, 2.0)
    assert await rows(site, written, site.tenant_id) == [(2,)]
    await call(site, "three")
    await close_clients()
    assert await rows(site, written, site.tenant_id) == [(3,)]


async def test_what_is_not_written_is_bounded_and_what_is_left_out_is_counted(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatekeeper, "_MOST_COUNTS", 3)
    keeper = gatekeeper_of(site.pool)
    (found,) = await rows(site, "select id from aias.integrations where tenant_id = %s", site.tenant_id)
    for number in range(5):
        keeper.count((site.tenant_id, found[0]), f"operation-{number}", "2xx", ms=1.0, is_failure=False)
    with structlog.testing.capture_logs() as told:
        await keeper.flush()
    assert len(await counts(site)) == 3
    assert [line["calls"] for line in told if "calls" in line] == [2]


async def test_reports_outlast_a_database_that_is_away(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = gatekeeper_of(site.pool)
    write = keeper._write

    async def lost(*_: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(keeper, "_write", lost)
    await call(site, "one")
    await keeper.flush()
    monkeypatch.setattr(keeper, "_write", write)
    await call(site, "two")
    assert await counts(site) == [("GET", "2xx", 2, 0)]


async def test_a_closed_gate_lets_no_call_out(site: Any, server: Any) -> None:
    await rows(site, "select aias.close_gate(%s, null, 'the site moves')", f"http:{site.tenant}/main")
    with pytest.raises(Deferred, match="the site moves") as caught:
        await call(site)
    assert (caught.value.kind, caught.value.detail) == ("gate", {"gate": f"http:{site.tenant}/main"})
    assert server.requests == []


async def test_429_closes_the_gate_for_all_until_one_call_came_back_well(site: Any, server: Any) -> None:
    server.says(lambda x: x.answer(429, b"{}", retry_after="0.5"), ok)
    await call_refused(site, "first")
    assert await gate(site) == ("closed", "upstream", 0.5)
    await call_refused(site, "second")
    assert len(server.requests) == 1
    await asyncio.sleep(0.55)
    await call(site, "first", is_deferred=True)
    assert await gate(site) == ("open", "upstream", None)
    await call(site, "second", is_deferred=True)


async def call_refused(workspace: Any, step: str) -> Deferred:
    with pytest.raises(Deferred) as caught:
        await call(workspace, step)
    return caught.value


async def test_503_with_a_time_closes_the_gate_and_costs_an_attempt(site: Any, server: Any) -> None:
    server.says(lambda x: x.answer(503, b"{}", retry_after="30"))
    with pytest.raises(TransientError):
        await call(site)
    assert await gate(site) == ("closed", "upstream", 30.0)


async def test_a_storm_of_failures_opens_the_breaker(site: Any, server: Any) -> None:
    server.says(lambda x: x.answer(500, b"{}"))
    for number in range(20):
        with pytest.raises(TransientError):
            await call(site, f"step-{number}")
    await gatekeeper_of(site.pool).flush()
    assert await gate(site) == ("closed", "breaker", 30.0)
    await asyncio.sleep(1.0)  # calls that were taken ahead are good for a second
    refused = await call_refused(site, "last")
    assert "20 of its last 20 calls failed" in refused.message


async def test_answers_that_cannot_be_read_are_failures(sims: Any, workspace: Any) -> None:
    sims.shopify.faults.add({"match": {}, "times": 1, "do": {"html": True}})
    with pytest.raises(TransientError, match="can't be read"):
        await workspace.call("shopify.order_get", {"id": 1})
    sims.shopify.faults.add({"match": {}, "times": 1, "do": {"internal_error": True}})
    with pytest.raises(TransientError):
        await workspace.call("shopify.order_get", {"id": 1})
    with pytest.raises(PermanentError, match="has no order"):
        await workspace.call("shopify.order_get", {"id": 1})
    found = {(status, failures) for _, status, _, failures in await counts(workspace)}
    assert found == {("unreadable", 1), ("5xx", 1), ("2xx", 0)}


async def test_the_first_call_of_an_action_is_put_off_and_later_ones_wait_where_they_are(
    site: Any, server: Any
) -> None:
    await limit(site, rate=2, per="1 s", burst=1)
    await call(site, "one")
    refused = await call_refused(site, "two")
    assert (refused.kind, refused.detail) == ("limit", {"gate": f"http:{site.tenant}/main"})
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def action() -> None:  # an action is a task of its own
        for _ in range(3):
            await call(site, "three", is_deferred=True)

    await asyncio.sleep(0.5)
    await asyncio.create_task(action())
    assert loop.time() - began > 1.0
    assert len(server.requests) == 4


async def test_one_at_a_time_means_one_at_a_time(site: Any, server: Any) -> None:
    running = most = 0
    refusals: list[Any] = []

    async def slow(exchange: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.03)
        running -= 1
        await exchange.answer()

    server.says(slow)
    await limit(site, running=1)

    async def until_done(step: str) -> None:
        for _ in range(100):
            try:
                await asyncio.create_task(call(site, step))
            except Deferred as error:
                refusals.append(error.detail)
                await asyncio.sleep(0.02)
            else:
                return
        raise AssertionError(step)

    await asyncio.gather(*(until_done(f"step-{number}") for number in range(6)))
    assert (most, len(server.requests)) == (1, 6)
    assert all(detail == {"gate": f"http:{site.tenant}/main", "place": True} for detail in refusals)
    assert await rows(site, "select count(*) from aias_private.upstream_places") == [(0,)]


async def test_a_call_that_is_cancelled_gives_its_place_back(site: Any, server: Any) -> None:
    called = asyncio.Event()

    async def hang(exchange: Any) -> None:
        called.set()
        await exchange.reader.read()

    server.says(hang, ok)
    await limit(site, running=1)
    task = asyncio.create_task(call(site, "one"))
    await called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await gatekeeper_of(site.pool).flush()
    await call(site, "two")


async def test_calls_far_from_the_limit_do_not_ask_each(site: Any, server: Any, monkeypatch: Any) -> None:
    keeper = gatekeeper_of(site.pool)
    asked = 0
    ask = keeper.ask

    async def counted(*given: Any) -> Any:
        nonlocal asked
        asked += 1
        return await ask(*given)

    monkeypatch.setattr(keeper, "ask", counted)
    for number in range(50):
        await call(site, f"step-{number}")
    assert asked <= 5


async def test_without_a_database_a_call_is_put_off_and_never_in_doubt(
    site: Any, server: Any, monkeypatch: Any
) -> None:
    keeper = gatekeeper_of(site.pool)

    async def lost(*_: Any) -> Any:
        raise TimeoutError

    await call(site, "warm")
    monkeypatch.setattr(keeper, "ask", lost)
    keeper._ahead.clear()
    refused = await call_refused(site, "step")
    assert refused.seconds == 5.0


async def test_shopifys_own_bucket_is_kept_to(sims: Any, workspace: Any) -> None:
    sims.shopify.faults.add({"match": {}, "times": 1, "do": {"throttled": True}})
    order = next(iter(sims.shopify.shop.orders.values())).gid
    with pytest.raises(Deferred) as caught:
        await workspace.call("shopify.order_get", {"id": order})
    assert caught.value.kind == "limit"
    learned = await rows(
        workspace,
        "select points_per_second, burst from aias_private.learned_limits where tenant_id = %s",
        workspace.tenant_id,
    )
    assert learned == [(1e6, 1e6)]
