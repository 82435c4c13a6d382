"""Usage: what is metered is what happened, and a hard quota stops what would begin, within a minute."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from aias.errors import TooManyRequests, translated
from tests.analytics.conftest import NOON, House

MARCH, APRIL = date(2040, 3, 1), date(2040, 4, 1)


@pytest.fixture
async def small(house: House) -> House:
    """A tenant on the plan free, which includes three executions a month, and one on pro."""
    await house.conn.execute("update aias_private.plans set executions_per_month = 3 where name = 'free'")
    for slug, plan in (("acme", "free"), ("zoo", "pro")):
        await house.tenant(slug, plan)
        await house.apply(slug)
    return house


async def used(house: House, tenant: str = "acme", month: date = MARCH) -> dict[str, Any]:
    rows = await house.rows(
        "select measure, used_count from aias.usage where tenant = %s and month = %s order by 1", tenant, month
    )
    return {row["measure"]: row["used_count"] for row in rows}


async def test_usage_is_metered_by_tenant_month_and_measure(small: House) -> None:
    await small.run("acme")
    await small.run("acme", status="failed")
    await small.run("zoo", status=None)
    await small.connect("acme")
    await small.rows(
        "select aias_private.count_upstream_calls(jsonb_build_array(jsonb_build_object('tenant', tenant_id,"
        " 'integration', id, 'operation', 'x', 'status_class', '2xx', 'count', 4, 'failures', 0, 'total_ms', 4,"
        " 'max_ms', 1))) from aias.integrations"
    )
    await small.rows(
        "select * from aias.track('acme', %s)", [{"event_id": str(number), "name": "clicked"} for number in range(5)]
    )
    for _ in range(3):
        await small.roll_up()
        assert await used(small) == {"executions": 2, "steps": 2, "telemetry_events": 5, "upstream_calls": 4}
        assert (await used(small, "zoo"))["executions"] == 1
    (row,) = await small.rows("select * from aias.usage where tenant = 'acme' and measure = 'executions'")
    assert (row["quota"], row["is_hard"], row["state"]) == (3, True, "within")
    assert row["used_ratio"] == pytest.approx(2 / 3)
    assert (row["resets_at"].date(), row["as_of"]) == (APRIL, NOON)
    (row,) = await small.rows("select * from aias.usage where tenant = 'zoo' and measure = 'executions'")
    assert (row["quota"], row["is_hard"]) == (200000, False)

    await small.at(NOON + timedelta(days=30))
    await small.run("acme")
    await small.roll_up()
    assert (await used(small))["executions"] == 2
    assert (await used(small, month=APRIL))["executions"] == 1


async def test_a_hard_quota_refuses_what_would_begin_until_the_month_ends(small: House) -> None:
    running = await small.run("acme", status=None)
    for _ in range(3):
        await small.run("acme")  # until the count of the minute, nobody is refused
    await small.roll_up()
    with pytest.raises(TooManyRequests) as refused, translated():
        await small.run("acme")
    assert refused.value.message == (
        "the 3 executions that the plan free includes per month are used up until 2040-04-01T00:00Z"
    )
    assert refused.value.argument == "p_tenant"
    assert refused.value.retry_after == (21 * 24 + 12) * 3600
    (row,) = await small.rows("select * from aias.usage where tenant = 'acme' and measure = 'executions'")
    assert (row["used_count"], row["state"]) == (4, "over")
    # what runs already goes on, and so do the others
    await small.finish(running)
    await small.run("zoo")

    await small.at(NOON + timedelta(days=22))
    await small.run("acme")
    await small.roll_up()
    assert await small.value("select count(*) from aias_private.quota_stops") == 0


async def test_a_call_that_is_repeated_is_answered_beyond_the_quota(small: House) -> None:
    call = "select aias.run_workflow('acme', 'flow', '{}', 'key-1')"
    execution = await small.value(call)
    for _ in range(3):
        await small.run("acme")
    await small.roll_up()
    assert await small.value(call) == execution


async def test_a_plan_with_more_or_with_a_soft_quota_lets_it_go_on_at_once(small: House) -> None:
    for _ in range(3):
        await small.run("acme")
    await small.roll_up()
    with pytest.raises(psycopg.DatabaseError, match="used up"):
        await small.run("acme")
    await small.value("select aias.set_plan('acme', 'starter')")
    await small.run("acme")
    # and back: what is used already is beyond what is included
    await small.value("select aias.set_plan('acme', 'free')")
    await small.roll_up()
    with pytest.raises(psycopg.DatabaseError, match="used up"):
        await small.run("acme")
    await small.conn.execute("update aias_private.plans set is_quota_hard = false where name = 'free'")
    await small.run("acme")


async def test_a_trigger_is_refused_as_well_and_what_it_brought_is_kept(small: House) -> None:
    await small.value("select aias.set_subscription('acme', 'paid', 'order.paid', 'flow', '{}', null, null)")
    for _ in range(3):
        await small.run("acme")
    await small.roll_up()
    await small.value("select aias.emit_event('acme', 'order.paid', '{}')")
    (delivery,) = await small.rows("select status, error from aias.event_deliveries")
    assert delivery["status"] == "failed"
    assert "used up until 2040-04-01" in delivery["error"]["message"]


async def test_a_tenant_sees_its_own_usage(small: House) -> None:
    tenant = await small.value("select id from aias.tenants where slug = 'acme'")
    async with small.conn.transaction():
        await small.conn.execute("set local role aias_app")
        await small.value("select set_config('aias.tenant_id', %s, true)", str(tenant))
        rows = await small.rows("select distinct tenant from aias.usage")
    assert rows == [{"tenant": "acme"}]


async def test_use_that_nears_its_quota_or_is_over_it_is_told(small: House) -> None:
    await small.conn.execute("update aias_private.plans set executions_per_month = 5 where name = 'free'")
    told = []
    for _ in range(5):
        await small.run("acme")
        await small.roll_up()
        await small.rows("select * from aias_private.evaluate_alerts()")
        told.append(
            [
                (row["rule"], row["key"])
                for row in await small.rows(
                    "select rule, key from aias.alerts where rule like 'usage%%' and status = 'open' order by rule", *()
                )
            ]
        )
    assert told[2:4] == [[], [("usage_80", "executions")]]
    assert ("usage_100", "executions") in told[4]
