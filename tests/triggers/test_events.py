"""Events: what they start and wake is one transaction with them, once, however long the chain."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from procrastinate import JobContext

from aias.db import Pool
from aias.errors import InvalidArgument
from aias.plugins import ActionContext, get_action, load_plugins
from aias.triggers import emit_event, set_subscription
from aias.triggers.tasks import dispatch_event
from tests.triggers.conftest import NOON, Shop


async def emit(shop: Shop, type: str = "order.paid", payload: Any = None, **more: Any) -> UUID:
    return await emit_event(shop.conn, shop.tenant, type, payload, **more)


async def deliveries(shop: Shop) -> list[str]:
    rows = await shop.rows("select status from aias.event_deliveries order by event_id, subscription_id")
    return [row["status"] for row in rows]


async def dispatch(shop: Shop) -> None:
    """Do what the jobs of pending deliveries do."""
    context = cast("JobContext", SimpleNamespace(app=SimpleNamespace(connector=SimpleNamespace(pool=shop.pool))))
    for job in await shop.rows("select * from aias.jobs where task = 'aias.dispatch_event' order by id"):
        await dispatch_event.func(context, **job["args"])


async def test_an_event_starts_the_workflows_whose_subscription_it_matches(shop: Shop) -> None:
    await set_subscription(shop.conn, "acme", "paid", type="order.*", workflow="flow", filter={"currency": "EUR"})
    await set_subscription(shop.conn, "acme", "all", type="*", workflow="other")
    await set_subscription(shop.conn, "acme", "off", type="*", workflow="other", enabled=False)
    event = await emit(shop, payload={"currency": "EUR", "total": 5})
    await emit(shop, payload={"currency": "USD"})
    await emit(shop, type="orders.paid")
    started = await shop.rows("select workflow, input, origin from aias.executions order by id")
    assert [row["workflow"] for row in started] == ["flow", "other", "other", "other"]
    assert started[0]["input"] == {"currency": "EUR", "total": 5}
    assert started[0]["origin"] == "event"
    (row,) = await shop.rows("select * from aias.events where id = %s", event)
    assert (row["type"], row["source"], row["at"], row["depth"]) == ("order.paid", "aias", NOON, 0)


async def test_a_letter_of_like_in_a_pattern_is_itself(shop: Shop) -> None:
    await set_subscription(shop.conn, "acme", "one", type="a_c%", workflow="flow")
    await emit(shop, type="abcd")
    assert await deliveries(shop) == []
    await emit(shop, type="a_c%")
    assert await deliveries(shop) == ["started"]


async def test_an_event_that_is_rolled_back_never_happened(shop: Shop) -> None:
    await set_subscription(shop.conn, "acme", "all", type="*", workflow="flow")
    await set_subscription(shop.conn, "acme", "mapped", type="*", workflow="flow", mapping={"a": 1})
    async with shop.conn.transaction(force_rollback=True):
        await emit(shop, event_id="1")
        assert await deliveries(shop) == ["started", "pending"]
    counts = await shop.rows(
        "select (select count(*) from aias.events) as events, (select count(*) from aias.executions) as executions,"
        " (select count(*) from aias.event_deliveries) as deliveries, (select count(*) from aias.jobs) as jobs"
    )
    assert counts == [{"events": 0, "executions": 0, "deliveries": 0, "jobs": 0}]
    await emit(shop, event_id="1")
    assert await deliveries(shop) == ["started", "pending"]


async def test_the_same_id_of_the_same_source_is_the_same_event(shop: Shop, pool: Pool) -> None:
    await set_subscription(shop.conn, "acme", "all", type="*", workflow="flow")

    async def once() -> UUID:
        async with pool.connection() as conn:
            return await emit_event(conn, "acme", "a", {"n": 1}, event_id="e-1", source="till")

    found = await asyncio.gather(*(once() for _ in range(8)))
    assert len(set(found)) == 1
    assert await deliveries(shop) == ["started"]
    await emit(shop, type="a", payload={"n": 1}, event_id="e-1", source="other till")
    assert len(await deliveries(shop)) == 2
    with pytest.raises(Exception, match="stands for another event") as refused:
        await emit(shop, type="a", payload={"n": 2}, event_id="e-1", source="till")
    assert getattr(refused.value, "sqlstate", None) == "JR409"


async def test_a_condition_and_a_mapping_are_decided_by_a_worker_once(shop: Shop) -> None:
    await set_subscription(
        shop.conn,
        "acme",
        "large",
        type="order.paid",
        workflow="flow",
        condition="{{ payload.total > 100 }}",
        mapping={"order": "{{ payload.id }}", "said_by": "{{ event.source }}"},
    )
    await emit(shop, payload={"id": 1, "total": 500}, source="till")
    await emit(shop, payload={"id": 2, "total": 5})
    await emit(shop, payload={"id": 3})
    for _ in range(2):  # a job that is run again does nothing
        await dispatch(shop)
    assert await deliveries(shop) == ["started", "filtered", "failed"]
    (execution,) = await shop.rows("select input from aias.executions")
    assert execution["input"] == {"order": 1, "said_by": "till"}
    assert "subscription.failed" in await shop.actions("subscription")


async def test_a_subscription_that_can_not_start_does_not_undo_the_event(shop: Shop) -> None:
    await set_subscription(shop.conn, "acme", "a", type="*", workflow="other")
    await set_subscription(shop.conn, "acme", "b", type="*", workflow="flow")
    await shop.conn.execute("select aias.set_workflow_enabled('acme', 'other', false)")
    await emit(shop)
    await emit(shop, payload=[1])
    assert await deliveries(shop) == ["failed", "started", "failed", "failed"]  # an input is an object


@pytest.mark.parametrize(
    "bad",
    [
        {"condition": "{{ payload. }}"},
        {"mapping": {"a": "{{ payload | nothing }}"}},
        {"type": "two words"},
        {"name": "Bad"},
    ],
)
async def test_a_subscription_that_is_not_valid_is_refused_at_once(bad: dict[str, Any], shop: Shop) -> None:
    given = {"name": "s", "type": "*", "workflow": "flow", **bad}
    with pytest.raises(InvalidArgument):
        await set_subscription(shop.conn, "acme", given.pop("name"), **given)


async def test_a_workflow_that_emits_what_starts_it_ends_after_ten(shop: Shop) -> None:
    load_plugins()
    await set_subscription(shop.conn, "acme", "loop", type="ping", workflow="flow")
    await emit(shop, type="ping")
    action = get_action("event.emit")
    assert action is not None
    seen: set[UUID] = set()
    for _ in range(20):
        rows = await shop.rows("select id from aias.executions order by id desc limit 1")
        if rows[0]["id"] in seen:
            break
        seen.add(rows[0]["id"])
        context = ActionContext(
            tenant_id=shop.tenant_id, tenant="acme", execution_id=rows[0]["id"], workflow="flow", step_id="one",
            item=None, attempt=1, idempotency_key=f"{rows[0]['id']}:one", connection=None, pool=shop.pool,
            trace_parent=None,
        )  # fmt: skip
        for _ in range(2):  # tried again, it is the same event
            await action.call(context, {"type": "ping"})
    assert len(seen) == 10
    assert (await deliveries(shop))[-1] == "failed"


async def test_a_confined_caller_emits_and_sees_its_own_tenants_events_only(shop: Shop) -> None:
    await emit(shop)
    beta = await shop.value("select aias.create_tenant('beta', 'pro')")
    async with shop.conn.transaction(force_rollback=True):
        await shop.conn.execute("set local role aias_app")
        await shop.conn.execute("select set_config('aias.tenant_id', %s, true)", (str(beta),))
        assert await shop.rows("select * from aias.events") == []
        await emit_event(shop.conn, "beta", "a")
        with pytest.raises(Exception, match="no tenant 'acme'"):
            await emit(shop)
