"""Executions over HTTP: started, seen, narrowed down, intervened in."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_an_execution_is_started_and_seen(client: NewClient) -> None:
    acme = await client("acme")
    made = await acme.post("/v1/executions", json={"workflow": "greet", "input": {"name": "Ada"}})
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/v1/executions/{made.json()['id']}"
    seen = await acme.get(made.headers["location"])
    assert seen.status_code == 200
    assert (seen.json()["status"], seen.json()["input"], seen.json()["steps"]) == ("queued", {"name": "Ada"}, [])
    listed = await acme.get("/v1/executions")
    assert [item["id"] for item in listed.json()["items"]] == [made.json()["id"]]
    assert "input" not in listed.json()["items"][0]


async def test_an_input_that_does_not_fit_is_told_with_its_path(client: NewClient) -> None:
    acme = await client("acme")
    refused = await acme.post("/v1/executions", json={"workflow": "greet", "input": {"name": 7}})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert problem["type"] == "urn:aias:problem:invalid"
    assert [error["path"] for error in problem["errors"]] == ["$.input.name"]
    assert problem["detail"].startswith("$.input.name must be string")
    assert (await acme.get("/v1/executions")).json()["items"] == []


async def test_a_list_is_narrowed_by_workflow_state_time_key_and_trace(client: NewClient) -> None:
    acme = await client("acme")
    body = {"workflow": "greet", "input": {"name": "Ada"}, "idempotency_key": "one"}
    first = (await acme.post("/v1/executions", json=body, headers={"traceparent": TRACE})).json()
    second = (await acme.post("/v1/executions", json={"workflow": "greet", "input": {"name": "Bo"}})).json()
    await acme.post(f"/v1/executions/{second['id']}/cancel")

    async def ids(**filters: str) -> list[str]:
        answer = await acme.get("/v1/executions", params=filters)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert await ids() == [second["id"], first["id"]]
    assert await ids(workflow="greet", status="queued") == [first["id"]]
    assert await ids(status="cancelled") == [second["id"]]
    assert await ids(workflow="none") == []
    assert await ids(idempotency_key="one") == [first["id"]]
    assert await ids(trace_id=TRACE.split("-")[1]) == [first["id"]]
    assert await ids(since=second["created_at"]) == [second["id"]]
    assert await ids(until=second["created_at"]) == [first["id"]]


async def test_one_is_cancelled_retried_and_replayed(client: NewClient) -> None:
    acme = await client("acme")
    body = {"workflow": "greet", "input": {"name": "Ada"}}
    url = (await acme.post("/v1/executions", json=body)).headers["location"]
    assert (await acme.post(f"{url}/retry")).status_code == 409
    cancelled = await acme.post(f"{url}/cancel", json={"reason": "typing error"})
    assert (cancelled.json()["status"], cancelled.json()["cancel_reason"]) == ("cancelled", "typing error")
    assert (await acme.post(f"{url}/cancel")).status_code == 200
    replayed = await acme.post(f"{url}/replay", json={"input_patch": {"name": "Bo"}})
    assert replayed.status_code == 201
    assert (replayed.json()["input"], replayed.json()["replayed_from_id"]) == ({"name": "Bo"}, url.rsplit("/", 1)[1])
    assert (await acme.post(f"{url}/retry")).json()["status"] == "queued"
    events = (await acme.get(f"{url}/events")).json()["items"]
    assert {"cancelled", "retried"} <= {event["type"] for event in events}
    reasons = (await acme.get(f"{url}/explanation")).json()["reasons"]
    assert [reason["reason"] for reason in reasons] == ["no_worker"]


async def test_what_is_done_over_http_is_audited_with_key_address_and_request(
    client: NewClient, conn: Connection
) -> None:
    acme = await client("acme")
    body = {"workflow": "greet", "input": {"name": "Ada"}}
    made = await acme.post("/v1/executions", json=body, headers={"X-Request-ID": "req-1"})
    assert made.headers["x-request-id"] == "req-1"
    cursor = await conn.execute(
        "select actor, actor_kind, request_id, address from aias.audit_log"
        " where action = 'execution.started' and object_id = %s",
        (made.json()["id"],),
    )
    (row,) = await cursor.fetchall()
    key = acme.headers["authorization"].split("_")[1]
    assert row == (f"key:{key}", "application", "req-1", "192.0.2.7")
