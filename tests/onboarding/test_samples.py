from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from aias.errors import Conflict
from aias.metrics.queries import count_executions, roll_up_observations
from aias.onboarding import add_samples, install_samples, list_samples, remove_samples, sign_up
from aias.settings import Settings
from aias.triggers import emit_event
from aias.workflows import check_definition
from tests.analytics.conftest import NOON, House

SERVERS = {
    "shopify": {"url": "http://127.0.0.1:9001", "token": "shpat_sample"},
    "wave": {"url": "http://127.0.0.1:9002/graphql/public", "token": "wave-sample", "business_id": "b-1"},
    "slack": {"url": "http://127.0.0.1:9003/services/sample"},
    "smtp": {"host": "127.0.0.1", "port": 9004},
}
RETAIL = ["sample-daily-summary", "sample-order-to-invoice"]


@pytest.fixture
async def house(conn: psycopg.AsyncConnection[Any]) -> House:
    house = House(conn=conn)
    await house.at(NOON)
    return house


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AIAS_HOME", str(tmp_path))
    monkeypatch.setenv("AIAS_SIMULATORS", json.dumps(SERVERS))
    return Settings()


async def names(house: House, tenant: str) -> list[str | None]:
    return [sample.workflow for sample in await list_samples(house.conn, tenant)]


async def jobs(house: House) -> int:
    return await house.value("select count(*) from aias.jobs where task = 'aias.install_samples'")


async def test_samples_come_once_through_crash_and_replay(house: House, settings: Settings) -> None:
    tenant = await house.tenant("acme")
    for _ in range(2):
        await emit_event(house.conn, "acme", "user.signed_up", {"user_id": "u"}, event_id="sign-up-1")
    await emit_event(house.conn, "acme", "user.signed_up", {"user_id": "v"}, event_id="sign-up-2")
    assert await jobs(house) == 1

    # a crash before the commit
    async with house.conn.transaction(force_rollback=True):
        assert await install_samples(house.conn, tenant, settings=settings)
    assert await names(house, "acme") == [None]
    assert await install_samples(house.conn, tenant, settings=settings)
    assert not await install_samples(house.conn, tenant, settings=settings)
    assert await names(house, "acme") == RETAIL
    # an event after the removal brings nothing back; asking for them does
    await remove_samples(house.conn, "acme")
    await emit_event(house.conn, "acme", "user.signed_up", {"user_id": "w"}, event_id="sign-up-3")
    assert not await install_samples(house.conn, tenant, settings=settings)
    assert await add_samples(house.conn, "acme")
    assert not await add_samples(house.conn, "acme")
    assert await install_samples(house.conn, tenant, settings=settings)
    assert await names(house, "acme") == RETAIL


async def test_each_industry_gets_its_own_samples_and_demo_data(house: House, settings: Settings) -> None:
    for industry, sold in (("Services", "Consulting hours"), ("food", "Lunch menus"), ("digital goods", "E-books")):
        slug = industry.lower().replace(" ", "-")
        await sign_up(house.conn, tenant=slug, email="a@example.com", industry=industry, settings=settings)
        told = await house.value(
            "select definition -> 'vars' -> 'demo' -> 'sales' -> 0 ->> 'what' from aias.workflows"
            " where tenant = %s and name = 'sample-daily-summary' and is_sample",
            slug,
        )
        assert told == sold
    assert await names(house, "services") == ["sample-daily-summary", "sample-hours-to-invoice"]


async def test_without_local_servers_the_samples_that_need_none_are_told(house: House, tmp_path: Path) -> None:
    bare = Settings(home=tmp_path)
    await sign_up(house.conn, tenant="acme", email="a@example.com", settings=bare)
    (only,) = await list_samples(house.conn, "acme")
    assert (only.status, only.workflow, only.missing_kinds) == ("installed", None, ["email", "shopify", "wave"])


async def use(house: House, tenant: str, workflow: str) -> UUID:
    """Run a workflow to its end, with a call of its connection, as somebody."""
    async with house.conn.transaction():
        await house.value("select set_config('aias.actor', 'ada', true), set_config('aias.actor_kind', 'user', true)")
        execution = await house.value("select aias.run_workflow(%s, %s)", tenant, workflow)
    await house.finish(execution)
    connection = await house.value("select id from aias.integrations where tenant_id = (select id from aias.tenants"
                                   " where slug = %s) limit 1", tenant)  # fmt: skip
    await house.value(
        "select aias_private.note_upstream_calls(jsonb_build_array(jsonb_build_object("
        "'tenant', (select id from aias.tenants where slug = %s), 'integration', %s::uuid, 'operation', 'orders',"
        "'status_class', '2xx', 'count', 1, 'failures', 0, 'total_ms', 5, 'max_ms', 5, 'buckets', '[1]'::jsonb,"
        "'counts', '[1]'::jsonb)), '[]')",
        tenant,
        connection,
    )
    return execution


async def counted(house: House, tenant: str) -> dict[str, Any]:
    """Everything that says how much a tenant did."""
    await house.later(minutes=2)
    await roll_up_observations(house.conn, limit=1000)
    while not await count_executions(house.conn):
        pass
    await house.refresh()
    return {
        "usage": await house.value("select sum(used_count)::int from aias.usage where tenant = %s", tenant),
        "volume": await house.value("select count(*) from aias.execution_volume_daily where tenant = %s", tenant),
        "integrations": await house.value(
            "select count(*) from aias.integration_usage_daily where tenant = %s", tenant
        ),
        "durations": await house.value("select count(*) from aias.workflow_durations_hourly where tenant = %s", tenant),
        "rollups": await house.value(
            "select count(*) from aias_private.metric_minutes as m join aias.tenants as t on t.id = m.tenant_id"
            " where t.slug = %s and m.metric in ('executions', 'steps', 'queue_wait', 'upstream_calls')",
            tenant,
        ),
        "upstream_calls": await house.value(
            "select count(*) from aias.upstream_calls as u join aias.tenants as t on t.id = u.tenant_id"
            " where t.slug = %s",
            tenant,
        ),
        "active": await house.value("select count(*) from aias.active_users_daily where tenant = %s", tenant),
        "milestones": await house.value(
            "select num_nonnulls(connected_at, first_workflow_at, first_success_at) from aias.activation"
            " where tenant = %s",
            tenant,
        ),
        "alerts": await house.value(
            "select count(*) from aias_private.watch_failed_for_good('1 day') as w"
            " join aias.tenants as t on t.id = w.tenant_id where t.slug = %s",
            tenant,
        ),
    }


async def test_nothing_of_samples_counts_in_usage_metrics_funnels_or_activation(
    house: House, settings: Settings
) -> None:
    await sign_up(house.conn, tenant="acme", email="a@example.com", settings=settings)
    await use(house, "acme", RETAIL[0])
    # a quota that is used up stops no sample
    await house.conn.execute(
        "update aias_private.plans set executions_per_month = 1, is_quota_hard = true where name = 'free'"
    )
    zero = await counted(house, "acme")
    assert not any(zero.values()), zero
    funnel = {row["stage"]: row["tenant_count"] for row in await house.rows("select * from aias.conversion_funnel")}
    assert funnel == {"signed_up": 1, "connected": 0, "first_workflow": 0, "first_success": 0, "weekly_active": 0}
    assert await house.value("select sum(activated_count) from aias.activation_monthly") == 0

    # the same with what is the tenant's own is counted everywhere
    await house.tenant("other", "free")
    await house.connect("other")
    await house.apply("other")
    await use(house, "other", "flow")
    all_counted = await counted(house, "other")
    del all_counted["alerts"]
    assert all(all_counted.values()), all_counted
    # and the daily check of the counters finds nothing missing
    await house.later(days=1)
    await counted(house, "acme")
    assert await house.rows("select * from aias_private.check_counters()") == []


async def test_a_used_up_quota_stops_no_sample(house: House, settings: Settings) -> None:
    await sign_up(house.conn, tenant="acme", email="a@example.com", settings=settings)
    await house.conn.execute(
        "update aias_private.plans set executions_per_month = 1, is_quota_hard = true where name = 'free'"
    )
    await house.apply("acme")
    await house.run("acme")
    await house.later(minutes=2)
    await house.roll_up()
    with pytest.raises(psycopg.Error, match="used up"):
        await house.run("acme")
    await house.run("acme", RETAIL[0])


async def test_a_sample_stays_what_it_is_and_stands_in_nobodys_way(house: House, settings: Settings) -> None:
    made = await sign_up(house.conn, tenant="acme", email="a@example.com", settings=settings)
    with pytest.raises(psycopg.Error, match="is a sample: give yours another name"):
        await house.apply("acme", RETAIL[0])
    with pytest.raises(psycopg.Error, match="it is a sample's: give yours another name"):
        await house.value(
            "select aias.connect_integration('acme', 'shopify', 'sample', '{}', %s, i.key_id, i.id)"
            " from aias.integrations as i where i.kind = 'shopify'",
            b"\x01" * 40,
        )
    find = "select name from aias_private.find_integration(%s, 'shopify', null)"
    with pytest.raises(psycopg.Error, match="there is no shopify connection: connect one"):
        await house.value(find, made.tenant_id)
    await house.connect("acme")
    assert await house.value(find, made.tenant_id) == "main"
    # a workflow that names no connection is the only one's, and valid
    step = {"id": "one", "action": "shopify.order_list", "input": {}}
    assert await check_definition(house.conn, "acme", {"name": "mine", "steps": [step]}) == []
    # what the tenant has of such a name is not touched, and is no sample
    own = await house.tenant("own")
    await house.apply("own", RETAIL[0])
    await add_samples(house.conn, "own")
    assert await install_samples(house.conn, own, settings=settings)
    assert await names(house, "own") == RETAIL[1:]


async def test_one_call_removes_all_of_the_samples_and_nothing_else(house: House, settings: Settings) -> None:
    await sign_up(house.conn, tenant="acme", email="a@example.com", settings=settings)
    await house.connect("acme")
    await house.apply("acme")
    own = await house.run("acme")
    ended = await house.run("acme", RETAIL[0])
    failed = await house.run("acme", RETAIL[0], "failed")
    live = await house.run("acme", RETAIL[1], None)
    assert await house.value("select count(*) from aias.dead_letters") == 1

    removed = await remove_samples(house.conn, "acme")
    assert (removed.workflow_count, removed.connection_count) == (2, 3)
    assert (removed.execution_count, removed.cancelled_count) == (2, 1)
    left = {row["id"]: row["status"] for row in await house.rows("select id, status from aias.executions")}
    assert left == {own: "succeeded", live: "cancelled"}
    for query in (
        "select count(*) from aias.dead_letters",
        "select count(*) from aias.execution_steps where execution_id = any(%s)",
        "select count(*) from aias.execution_events where execution_id = any(%s)",
    ):
        cursor = await house.conn.execute(query, [[ended, failed]] if "%s" in query else None)
        assert await cursor.fetchone() == (0,)
    assert await house.rows("select name, is_sample from aias.workflows where deleted_at is null") == [
        {"name": "flow", "is_sample": False}
    ]
    assert await house.rows("select name from aias.integrations") == [{"name": "main"}]
    (told,) = await house.rows("select detail from aias.audit_log where action = 'samples.removed'")
    assert told["detail"]["before"] == {"workflows": RETAIL}
    # again: the one that was cancelled goes too, then there is nothing left
    assert (await remove_samples(house.conn, "acme")).execution_count == 1
    again = await remove_samples(house.conn, "acme")
    assert (again.workflow_count, again.connection_count, again.execution_count, again.cancelled_count) == (0, 0, 0, 0)
    assert [sample.status for sample in await list_samples(house.conn, "acme")] == ["removed"]


async def test_a_sign_up_is_all_or_nothing(house: House, settings: Settings) -> None:
    made = await sign_up(
        house.conn, tenant="acme", email="ada@example.com", name="Ada", company="Acme Ltd", settings=settings
    )
    (event,) = await house.rows("select type, payload from aias.events")
    assert event == {"type": "user.signed_up", "payload": {"user_id": str(made.user_id), "role": "owner"}}
    assert made.token.startswith("aias_")
    with pytest.raises(Conflict):
        await sign_up(house.conn, tenant="acme", email="eve@example.com", settings=settings)
    assert await house.value("select count(*) from aias.users") == 1
    # what could not be installed where somebody signed up is left to a worker
    broken = settings.model_copy(update={"simulators": "@/nowhere"})
    await sign_up(house.conn, tenant="later", email="a@example.com", settings=broken)
    assert [sample.status for sample in await list_samples(house.conn, "later")] == ["due"]
