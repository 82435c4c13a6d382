"""Usage and business figures over HTTP, and what is refused once a hard quota is used up."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from aias.analytics import roll_up_activity
from aias.tenants import set_plan
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


@pytest.fixture
async def used(client: NewClient, conn: Connection, tenants: dict[str, str]) -> None:
    """Three executions of acme, which is on the plan free, and what they come to."""
    acme = await client("acme")
    for _ in range(3):
        assert (
            await acme.post("/v1/executions", json={"workflow": "greet", "input": {"name": "A"}})
        ).status_code == 201
    await set_plan(conn, tenant=tenants["acme"], plan="free")
    await roll_up_activity(conn)


@pytest.mark.usefixtures("used")
async def test_usage_is_listed_page_by_page(client: NewClient, tenants: dict[str, str]) -> None:
    acme = await client("acme", "usage:read")
    first = (await acme.get("/v1/usage", params={"limit": 3})).json()
    assert [(item["measure"], item["used_count"], item["quota"], item["state"]) for item in first["items"]] == [
        ("executions", 3, 500, "within"),
        ("steps", 0, 5000, "within"),
        ("telemetry_events", 0, 10000, "within"),
    ]
    assert first["items"][0]["is_hard"] is True
    second = (await acme.get(first["next"])).json()
    assert ([item["measure"] for item in second["items"]], second["next"]) == (["upstream_calls"], None)
    assert (await acme.get("/v1/usage", params={"month": "2020-01-15"})).json()["items"] == []
    assert (await acme.get("/v1/usage", params={"tenant": tenants["other"]})).status_code == 404
    assert (await acme.get("/v1/business")).status_code == 403


@pytest.mark.usefixtures("used")
async def test_a_used_up_quota_is_answered_with_429_and_when_to_come_back(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme = await client("acme")
    await conn.execute("update aias_private.plans set executions_per_month = 3 where name = 'free'")
    try:
        await conn.execute("update aias_private.refreshes set settled_until = settled_until - interval '1 day'")
        await conn.execute("select aias.set_plan(%s, 'pro')", (tenants["acme"],))
        await conn.execute("select aias.set_plan(%s, 'free')", (tenants["acme"],))
        await roll_up_activity(conn)
        refused = await acme.post("/v1/executions", json={"workflow": "greet", "input": {"name": "A"}})
    finally:
        await conn.execute("update aias_private.plans set executions_per_month = 500 where name = 'free'")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 31 * 86400
    assert "that the plan free includes per month are used up until" in refused.json()["detail"]


@pytest.mark.usefixtures("used")
async def test_business_figures_are_of_the_keys_tenant_and_say_as_of_when(
    client: NewClient, tenants: dict[str, str]
) -> None:
    mine = (await (await client("acme")).get("/v1/business", params={"days": 2})).json()
    assert [day["started_count"] for day in mine["days"]] == [0, 3]
    assert mine["funnel"] == []
    assert {one["name"]: one["is_late"] for one in mine["freshness"]}["activity"] is False
    theirs = (await (await client("other")).get("/v1/business", params={"days": 1})).json()
    assert [day["started_count"] for day in theirs["days"]] == [0]
    operator = await client()
    every = (await operator.get("/v1/business", params={"days": 1})).json()
    assert every["days"][0]["started_count"] >= 3
    one = (await operator.get("/v1/business", params={"days": 1, "tenant": tenants["acme"]})).json()
    assert one["days"] == mine["days"][1:]
    assert (await operator.get("/v1/business", params={"days": 0})).status_code == 422
    assert (await operator.get("/v1/business", params={"tenant": "nobody"})).status_code == 404


@pytest.mark.usefixtures("used")
async def test_the_usage_report_is_json_a_file_or_a_page(client: NewClient, tenants: dict[str, str]) -> None:
    acme, operator = await client("acme", "usage:read", "reports:read"), await client(None, "reports:read")
    this = {"month": (await acme.get("/v1/usage")).json()["items"][0]["month"]}
    report = await acme.get("/v1/reports/usage", params=this)
    assert report.status_code == 200
    assert (report.json()["tenant"], report.json()["totals"]["started_count"]) == (tenants["acme"], 3)
    of_all = (await operator.get("/v1/reports/usage", params=this)).json()
    assert of_all["tenant"] is None
    assert tenants["acme"] in {one["tenant"] for one in of_all["tenants"]}
    for wanted, start in (("text/csv", "section,name,measure,value"), ("text/html", "<!doctype html>")):
        answer = await acme.get("/v1/reports/usage", params=this, headers={"Accept": f"{wanted}, */*;q=0.1"})
        assert answer.headers["content-type"].split(";")[0] == wanted
        assert answer.text.startswith(start)
    assert (await acme.get("/v1/reports/usage", params={"tenant": tenants["other"]})).status_code == 404
    assert (await acme.get("/v1/reports/usage", params={"month": "2999-01-01"})).status_code == 422
    assert (await (await client("acme", "logs:read")).get("/v1/reports/usage")).status_code == 403
    for path in ("/v1/usage", "/v1/reports/usage"):
        assert (await acme.get(path, params={"month": "0"})).status_code == 422
