"""Jobs, pauses, limits, gates, lanes, plans and connections over HTTP, and what the audit log says of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import NewClient


async def test_a_job_is_enqueued_explained_cancelled_and_retried(client: NewClient) -> None:
    acme = await client("acme")
    made = await acme.post("/v1/jobs", json={"task": "aias.none", "args": {"a": 1}, "idempotency_key": "one"})
    assert (made.status_code, made.json()["lane"], made.json()["args"]) == (201, "enterprise", {"a": 1})
    url = made.headers["location"]
    assert [item["id"] for item in (await acme.get("/v1/jobs", params={"status": "waiting"})).json()["items"]] == [
        made.json()["id"]
    ]
    assert (await acme.get(f"{url}/explanation")).json()["reasons"][0]["reason"] == "no_worker"
    assert (await acme.post(f"{url}/cancel")).json()["status"] == "cancelled"
    again = (await acme.post(f"{url}/retry")).json()
    assert (again["status"], again["task"]) == ("waiting", "aias.none")
    assert (await acme.get("/v1/jobs/9223372036854775807")).status_code == 404
    for bad in ("0", "-1", "9223372036854775808", "1e3", "x"):
        assert (await acme.get(f"/v1/jobs/{bad}")).status_code == 422


async def test_pauses_and_limits_are_set_listed_and_lifted(client: NewClient, tenants: dict[str, str]) -> None:
    acme = await client("acme")
    name = f"{tenants['acme']}/greet"
    for reason in ("first", "second"):
        paused = await acme.post("/v1/pauses", json={"scope": "workflow", "name": name, "reason": reason})
        assert paused.status_code == 204
    (shown,) = (await acme.get("/v1/pauses")).json()["items"]
    assert (shown["name"], shown["reason"]) == ("greet", "second")
    assert (await acme.post("/v1/pauses/resume", json={"scope": "workflow", "name": name})).status_code == 204
    assert (await acme.post("/v1/pauses/resume", json={"scope": "workflow", "name": name})).status_code == 404
    assert (await acme.post("/v1/pauses", json={"scope": "lane", "name": "bulk"})).status_code == 403
    limit = {"scope": "workflow", "name": name, "rate": 10, "per_seconds": 60}
    assert (await acme.put("/v1/limits", json={**limit, "max_running": 3})).status_code == 204
    assert (await acme.put("/v1/limits", json=limit)).status_code == 204
    (shown,) = (await acme.get("/v1/limits")).json()["items"]
    assert (shown["rate"], shown["per"], shown["max_running"]) == (10, "PT1M", None)
    gone = {"scope": "workflow", "name": name}
    assert (await acme.delete("/v1/limits", params=gone)).status_code == 204
    assert (await acme.delete("/v1/limits", params=gone)).status_code == 404


async def test_the_audit_log_says_what_was_before(client: NewClient, tenants: dict[str, str]) -> None:
    acme = await client("acme")
    name = f"{tenants['acme']}/greet"
    await acme.put("/v1/limits", json={"scope": "workflow", "name": name, "max_running": 3})
    await acme.put("/v1/limits", json={"scope": "workflow", "name": name, "max_running": 5})
    await acme.delete("/v1/limits", params={"scope": "workflow", "name": name})
    await acme.post("/v1/workflows/greet/disable")
    items = (await acme.get("/v1/audit", params={"limit": 4})).json()["items"]
    assert [(item["action"], item["detail"]) for item in items[::-1]] == [
        ("workflow.limited", {"max_running": 3}),
        ("workflow.limited", {"max_running": 5, "before": {"max_running": 3}}),
        ("workflow.unlimited", {"before": {"max_running": 5}}),
        ("workflow.disabled", {"name": "greet", "before": {"is_enabled": True}}),
    ]
    (mine,) = {item["actor"] for item in items}
    assert mine == f"key:{acme.headers['authorization'].split('_')[1]}"
    request = items[0]["request_id"]
    found = (await acme.get("/v1/audit", params={"request_id": request, "action": "workflow.disabled"})).json()["items"]
    assert [item["id"] for item in found] == [items[0]["id"]]


async def test_a_connection_is_made_renewed_gated_and_forgotten(client: NewClient, tenants: dict[str, str]) -> None:
    acme = await client("acme")
    url = "/v1/integrations/slack/team"
    body = {"secret": {"webhook_url": "https://hooks.example/secret-one"}, "tried": False}
    made = await acme.put(url, json=body)
    assert (made.status_code, made.json()["status"], made.json()["problem"]) == (200, "connected", None)
    assert "secret-one" not in made.text + (await acme.get(url)).text + (await acme.get("/v1/audit")).text
    assert (await acme.put(url, json=body)).json()["id"] == made.json()["id"]
    (entry,) = (await acme.get("/v1/audit", params={"action": "integration.reconnected"})).json()["items"]
    assert entry["detail"]["before"]["status"] == "connected"
    assert (entry["address"], entry["actor"].startswith("key:")) == ("192.0.2.7", True)
    wrong = await acme.put(url, json={"secret": {"token": "secret-two"}, "tried": False})
    assert (wrong.status_code, "secret-two" in wrong.text) == (422, False)
    assert (await acme.put("/v1/integrations/nothing/x", json=body)).status_code == 422
    gate = f"slack:{tenants['acme']}/team"
    assert (await acme.post("/v1/gates/close", json={"gate": gate, "reason": "quiet"})).status_code == 204
    (shown,) = (await acme.get("/v1/gates", params={"state": "closed"})).json()["items"]
    assert (shown["gate"], shown["reason"]) == (gate, "quiet")
    assert (await acme.post("/v1/gates/open", json={"gate": gate})).json() == {"was_closed": True}
    assert (await acme.post("/v1/gates/close", json={"gate": "slack", "reason": "x"})).status_code == 403
    assert (await acme.delete(url)).status_code == 204
    assert (await acme.get(url)).status_code == 404


async def test_what_a_service_refuses_is_422_and_one_that_is_away_is_told(
    client: NewClient, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", f"127.0.0.1:{unused_tcp_port}")
    acme = await client("acme")
    url = "/v1/integrations/http/crm"
    body = {"config": {"url": f"http://127.0.0.1:{unused_tcp_port}"}, "secret": {"headers": {"X-Key": "k"}}}
    away = await acme.put(url, json=body)
    assert away.status_code == 200, away.text
    assert away.json()["problem"]
    checked = (await acme.post(f"{url}/check")).json()
    assert (checked["is_working"], checked["is_refused"]) == (False, False)
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "")
    refused = await acme.put("/v1/integrations/http/other", json=body)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:aias:problem:upstream-refused")


async def test_tenants_and_plans_are_for_operators_to_change(client: NewClient, tenants: dict[str, str]) -> None:
    acme, operator = await client("acme"), await client()
    slug = tenants["acme"]
    assert [item["slug"] for item in (await acme.get("/v1/tenants")).json()["items"]] == [slug]
    assert (await acme.put(f"/v1/tenants/{slug}/plan", json={"plan": "free"})).status_code == 403
    assert (await acme.post("/v1/tenants", json={"slug": f"{slug}-b"})).status_code == 403
    made = await operator.post("/v1/tenants", json={"slug": f"{slug}-b", "plan": "pro"})
    assert (made.status_code, made.json()["lane"]) == (201, "pro")
    assert (await operator.post("/v1/tenants", json={"slug": f"{slug}-b"})).status_code == 409
    assert (await operator.put(f"/v1/tenants/{slug}-b/plan", json={"plan": "none"})).status_code == 404
    assert (await operator.put(f"/v1/tenants/{slug}-b/plan", json={"plan": "free"})).json()["plan"] == "free"
    ada = {"email": "ada@example.com", "name": "Ada", "role": "owner"}
    person = await acme.post(f"/v1/tenants/{slug}/users", json=ada)
    assert (person.status_code, person.json()["email"]) == (201, "ada@example.com")
    assert (await acme.post(f"/v1/tenants/{slug}/users", json=ada)).status_code == 409
    assert [user["name"] for user in (await acme.get(f"/v1/tenants/{slug}/users")).json()["items"]] == ["Ada"]


async def test_plans_and_lanes_come_through_the_cache(client: NewClient) -> None:
    acme, operator = await client("acme"), await client()
    for _ in range(3):
        plans = (await acme.get("/v1/plans")).json()["items"]
        assert {"free", "starter", "pro", "enterprise"} == {plan["name"] for plan in plans}
    mine = (await acme.get("/v1/lanes")).json()["items"]
    assert {lane["waiting_count"] for lane in mine} == {None}
    theirs = (await operator.get("/v1/lanes")).json()["items"]
    assert all(isinstance(lane["waiting_count"], int) for lane in theirs)
    assert (await acme.get("/v1/cache")).status_code == 403
    assert (await acme.post("/v1/cache/invalidate", json={"namespace": "plans"})).status_code == 204
    assert (await acme.post("/v1/cache/invalidate", json={"key": "all"})).status_code == 422
    assert (await operator.get("/v1/cache")).status_code == 200


async def test_a_workflow_is_checked_applied_drawn_and_tried(client: NewClient) -> None:
    acme = await client("acme")
    bad: dict[str, Any] = {"name": "two", "steps": [{"id": "a", "action": "none.such", "needs": ["b"]}]}
    checked = (await acme.post("/v1/workflows/validate", json=bad)).json()
    assert (checked["is_valid"], len(checked["problems"]) > 1) == (False, True)
    refused = await acme.put("/v1/workflows/two", json=bad)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:aias:problem:invalid-definition")
    assert {error["path"] for error in refused.json()["errors"]} == {one["path"] for one in checked["problems"]}
    good: dict[str, Any] = {"name": "two", "steps": [{"id": "a", "action": "transform", "input": {"x": "{{ 1 + 1 }}"}}]}
    assert (await acme.put("/v1/workflows/three", json=good)).status_code == 422
    assert (await acme.put("/v1/workflows/two", json=good)).json()["version"] == 1
    assert (await acme.put("/v1/workflows/two", json=good)).json()["is_changed"] is False
    good["steps"].append({"id": "b", "action": "transform", "needs": ["a"], "input": {}})
    assert (await acme.put("/v1/workflows/two", json=good)).json()["version"] == 2
    assert [v["version"] for v in (await acme.get("/v1/workflows/two/versions")).json()["items"]] == [2, 1]
    assert len((await acme.get("/v1/workflows/two/versions/1")).json()["steps"]) == 1
    graph = (await acme.get("/v1/workflows/two/graph")).json()
    assert graph["edges"] == [{"source": "a", "target": "b", "kind": "needs"}]
    planned = (await acme.post("/v1/workflows/two/dry-run", json={})).json()["steps"]
    assert [step["step"] for step in planned] == ["a", "b"]
    assert (await acme.delete("/v1/workflows/two")).status_code == 204
    assert (await acme.get("/v1/workflows/two")).status_code == 404
