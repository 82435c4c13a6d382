"""Retention over HTTP."""

from __future__ import annotations

from tests.api.conftest import NewClient


async def test_operators_see_the_policies_and_run_them(client: NewClient) -> None:
    operator = await client()
    answer = await operator.get("/v1/retention")
    assert answer.status_code == 200, answer.text
    policies = {row["policy"]: row for row in answer.json()["items"]}
    assert policies["executions"]["age"] == "P90D"
    assert policies["metric_hours"]["age"] == "P400D"
    assert policies["steps"]["follows"] == "executions"
    dry = await operator.post("/v1/retention/run", json={})
    assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
    # nothing is old enough; rows of months without a partition, which neighbours here leave, are to be moved
    assert [item for item in dry.json()["items"] if item["action"] != "drain"] == []
    assert (await operator.post("/v1/retention/run", json={"dry_run": False})).status_code == 200


async def test_a_tenants_key_does_not(client: NewClient) -> None:
    acme = await client("acme")
    assert (await acme.get("/v1/retention")).status_code == 403
    assert (await acme.post("/v1/retention/run", json={})).status_code == 403
