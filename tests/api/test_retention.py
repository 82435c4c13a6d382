"""Retention over HTTP."""

from __future__ import annotations

from typing import Any

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


async def test_a_tenants_key_does_not(client: NewClient, tenants: dict[str, str]) -> None:
    acme = await client("acme")
    assert (await acme.get("/v1/retention")).status_code == 403
    assert (await acme.post("/v1/retention/run", json={})).status_code == 403
    assert (await acme.patch("/v1/retention/logs_info", json={"days": 1})).status_code == 403
    assert (await acme.put(f"/v1/retention/*/holds/{tenants['acme']}", json={"reason": "x"})).status_code == 403
    assert (await acme.delete(f"/v1/retention/*/holds/{tenants['acme']}")).status_code == 403


async def test_operators_change_policies_and_hold_and_release_the_rows_of_a_tenant(
    client: NewClient, tenants: dict[str, str]
) -> None:
    operator, slug = await client(), tenants["acme"]

    async def seen() -> tuple[dict[str, Any], list[tuple[str, str | None, str]]]:
        shown = (await operator.get("/v1/retention")).json()
        policies = {row["policy"]: row for row in shown["items"]}
        return policies, [(one["policy"], one["age"], one["reason"]) for one in shown["holds"] if one["tenant"] == slug]

    path = "/v1/retention/logs_info"
    former = (await seen())[0]["logs_info"]
    assert (await operator.patch(path, json={"days": 3, "is_enabled": False})).status_code == 204
    changed = (await seen())[0]["logs_info"]
    assert (changed["age"], changed["is_enabled"], changed["cadence"]) == ("P3D", False, former["cadence"])
    days = int(former["age"].strip("PD"))
    assert (await operator.patch(path, json={"days": days, "is_enabled": True})).status_code == 204
    assert (await operator.patch(path, json={"days": 0})).status_code == 422
    assert (await operator.patch("/v1/retention/nothing", json={"days": 3})).status_code == 404
    assert (await operator.patch("/v1/retention/steps", json={"days": 3})).status_code == 409

    assert (await operator.put(f"/v1/retention/*/holds/{slug}", json={"reason": "lawsuit"})).status_code == 204
    own = f"/v1/retention/executions/holds/{slug}"
    assert (await operator.put(own, json={"reason": "contract", "days": 400})).status_code == 204
    assert sorted((await seen())[1]) == [("*", None, "lawsuit"), ("executions", "P400D", "contract")]
    assert (await operator.put("/v1/retention/*/holds/nobody", json={"reason": "x"})).status_code == 404
    assert (await operator.delete(own)).status_code == 204
    assert (await operator.delete(own)).status_code == 404
    assert (await operator.delete(f"/v1/retention/*/holds/{slug}")).status_code == 204
    assert (await seen())[1] == []


async def test_a_deleted_workflow_comes_back_switched_off(client: NewClient) -> None:
    own, other = await client("acme"), await client("other")
    assert (await own.post("/v1/workflows/greet/restore")).status_code == 404
    assert (await own.delete("/v1/workflows/greet")).status_code == 204
    assert (await own.get("/v1/workflows/greet")).status_code == 404
    assert (await other.post("/v1/workflows/greet/restore")).status_code == 404
    restored = await own.post("/v1/workflows/greet/restore")
    assert (restored.status_code, restored.json()["name"], restored.json()["is_enabled"]) == (200, "greet", False)
    assert (await own.get("/v1/workflows/greet")).json()["version"] == 1
