"""Schedules, events and webhooks over HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from aias.simulators.signing import ShopifyDialect
from tests.api.conftest import Client, NewClient

HOURLY = {"workflow": "greet", "cron": "0 9 * * mon-fri", "time_zone": "Europe/Berlin", "input": {"name": "you"}}


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)


async def test_a_schedule_is_set_seen_paused_and_removed(client: NewClient) -> None:
    acme = await client("acme")
    made = await acme.put("/v1/schedules/mornings", json=HOURLY)
    assert (made.status_code, made.json()["cron"]) == (HTTPStatus.OK, "0 9 * * MON-FRI")
    assert (await acme.post("/v1/schedules/mornings/pause", json={"reason": "holiday"})).json()["status"] == "paused"
    assert (await acme.post("/v1/schedules/mornings/resume")).json()["status"] == "active"
    assert [row["name"] for row in (await acme.get("/v1/schedules")).json()["items"]] == ["mornings"]
    assert (await acme.get("/v1/schedules/mornings/runs")).json()["items"] == []
    end = datetime.now(UTC) - timedelta(hours=1)
    span = {"begin": (end - timedelta(days=7)).isoformat(), "end": end.isoformat()}
    assert (await acme.post("/v1/schedules/mornings/backfills", json=span)).status_code == HTTPStatus.ACCEPTED
    assert (await acme.delete("/v1/schedules/mornings")).status_code == HTTPStatus.NO_CONTENT
    assert (await acme.get("/v1/schedules/mornings")).status_code == HTTPStatus.NOT_FOUND


async def test_a_bad_expression_is_refused_with_its_reason(client: NewClient) -> None:
    acme = await client("acme")
    answer = await acme.put("/v1/schedules/bad", json={**HOURLY, "cron": "0 25 * * *"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "hour: 25 is not between 0 and 23" in answer.json()["detail"]


async def test_another_tenants_schedules_events_and_webhooks_are_not_there(client: NewClient) -> None:
    acme, other = await client("acme"), await client("other")
    await acme.put("/v1/schedules/mine", json=HOURLY)
    await acme.post("/v1/events", json={"type": "mine"})
    await acme.post("/v1/webhooks", json={"name": "mine", "style": "github"})
    for path in ("schedules", "events", "webhooks", "webhooks/deliveries", "events/subscriptions"):
        assert (await other.get(f"/v1/{path}")).json()["items"] == []
    for path in ("schedules/mine", "webhooks/mine"):
        assert (await other.get(f"/v1/{path}")).status_code == HTTPStatus.NOT_FOUND
        assert (await other.delete(f"/v1/{path}")).status_code == HTTPStatus.NOT_FOUND


async def test_an_event_starts_what_subscribes_to_it(client: NewClient) -> None:
    acme = await client("acme")
    given = {"type": "shop.*", "workflow": "greet", "filter": {"vip": True}}
    assert (await acme.put("/v1/events/subscriptions/vips", json=given)).json()["type_pattern"] == "shop.*"
    body = {"type": "shop.visit", "payload": {"vip": True, "name": "Zoë"}, "id": "v-1"}
    first, again = await acme.post("/v1/events", json=body), await acme.post("/v1/events", json=body)
    assert (first.status_code, first.json()) == (HTTPStatus.CREATED, again.json())
    (started,) = (await acme.get("/v1/executions")).json()["items"]
    shown = (await acme.get(f"/v1/executions/{started['id']}")).json()
    assert shown["input"] == {"vip": True, "name": "Zoë"}
    (event,) = (await acme.get("/v1/events", params={"type": "shop.v*"})).json()["items"]
    assert (event["event_id"], event["source"]) == ("v-1", "api")
    changed = await acme.post("/v1/events", json={**body, "payload": {}})
    assert changed.status_code == HTTPStatus.CONFLICT
    assert (await acme.delete("/v1/events/subscriptions/vips")).status_code == HTTPStatus.NO_CONTENT


@pytest.mark.parametrize("write", [to_structured_event, to_binary_event])
async def test_cloudevents_are_taken(write: Any, client: NewClient) -> None:
    acme = await client("acme")
    attributes = {"id": "A-1", "source": "/till/3", "type": "com.example.paid", "datacontenttype": "application/json"}
    message = write(CloudEvent({**attributes, "subject": "café"}, {"n": 1}))
    answer = await acme.post("/v1/events", content=message.body, headers=message.headers)
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    (event,) = (await acme.get("/v1/events")).json()["items"]
    assert (event["type"], event["source"], event["subject"], event["payload"]) == (
        "com.example.paid",
        "/till/3",
        "café",
        {"n": 1},
    )


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{}", "application/json", HTTPStatus.UNPROCESSABLE_ENTITY),
        (b"[]", "application/json", HTTPStatus.UNPROCESSABLE_ENTITY),
        (b"{", "application/json", HTTPStatus.BAD_REQUEST),
        (b"a=1", "application/x-www-form-urlencoded", HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        (b"{}", "application/cloudevents+json", HTTPStatus.UNPROCESSABLE_ENTITY),
        (b'{"type": "a", "payload": "\\u0000"}', "application/json", HTTPStatus.BAD_REQUEST),
    ],
)
async def test_what_is_no_event_is_refused(body: bytes, media_type: str, status: HTTPStatus, client: NewClient) -> None:
    acme = await client("acme")
    answer = await acme.post("/v1/events", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def post(client: Client, path: str, payload: Any, *, secret: str = "shh", id: str = "d-1") -> Any:
    body = json.dumps(payload).encode()
    signature = ShopifyDialect(shop_domain="s").sign(secret, body)
    headers = {"X-Shopify-Hmac-Sha256": signature, "X-Shopify-Webhook-Id": id, "X-Shopify-Topic": "orders/paid"}
    return await client.post(path, content=body, headers=headers)


async def test_a_webhook_is_made_rung_and_looked_at(client: NewClient) -> None:
    acme, outside = await client("acme"), await client(token=None)
    given = {"name": "shop", "style": "shopify", "secret": "shh", "workflow": "greet"}
    made = await acme.post("/v1/webhooks", json={**given, "mapping": {"name": "{{ payload.who }}"}})
    assert made.status_code == HTTPStatus.CREATED, made.text
    path = made.json()["path"]
    taken = await post(outside, path, {"who": "Zoë"})
    assert (taken.status_code, taken.json()["status"]) == (HTTPStatus.ACCEPTED, "started")
    assert (await post(outside, path, {"who": "Zoë"})).json() == taken.json()
    assert (await post(outside, path, {"who": "x"})).status_code == HTTPStatus.CONFLICT
    assert (await post(outside, path, {"who": "x"}, secret="no", id="2")).status_code == HTTPStatus.UNAUTHORIZED
    assert (await post(outside, "/hooks/nothing", {})).status_code == HTTPStatus.NOT_FOUND
    rows = (await acme.get("/v1/webhooks/deliveries", params={"status": "started"})).json()["items"]
    assert [(row["id"], row["duplicate_count"]) for row in rows] == [(taken.json()["delivery"], 1)]
    replay = await acme.post(f"/v1/webhooks/deliveries/{rows[0]['id']}/replay")
    assert replay.status_code == HTTPStatus.ACCEPTED
    assert (await acme.get("/v1/webhooks/shop")).json().keys().isdisjoint({"secret", "path", "token"})
    rotated = (await acme.post("/v1/webhooks/shop/rotation", json={"secret": "new", "new_token": True})).json()
    assert (await post(outside, path, {"who": "x"}, id="3")).status_code == HTTPStatus.NOT_FOUND
    assert (await post(outside, rotated["path"], {"who": "x"}, id="3", secret="new")).status_code == HTTPStatus.ACCEPTED
    assert (await acme.delete("/v1/webhooks/shop")).status_code == HTTPStatus.NO_CONTENT


async def test_a_webhook_is_changed_by_what_is_given_and_stays_as_it_is_otherwise(client: NewClient) -> None:
    acme, outside = await client("acme"), await client(token=None)
    given = {"name": "shop", "style": "shopify", "secret": "shh", "workflow": "greet"}
    made = (await acme.post("/v1/webhooks", json={**given, "mapping": {"name": "{{ payload.who }}"}})).json()
    changed = await acme.patch("/v1/webhooks/shop", json={"condition": "{{ payload.vip }}", "max_bytes": 100})
    assert changed.status_code == HTTPStatus.OK, changed.text
    shown = changed.json()
    assert (shown["workflow"], shown["condition"], shown["max_bytes"]) == ("greet", "{{ payload.vip }}", 100)
    assert shown["mapping"] == {"name": "{{ payload.who }}"}
    assert (await acme.get("/v1/webhooks/shop")).json() == shown
    # what comes in is taken by what the webhook is now
    assert (await post(outside, made["path"], {"who": "Z", "vip": False})).json()["status"] == "filtered"
    assert (await post(outside, made["path"], {"who": "Z", "vip": True}, id="2")).json()["status"] == "started"
    assert (await post(outside, made["path"], {"who": "Z" * 100}, id="3")).status_code == 413
    changes = {"condition": None, "mapping": None, "workflow": None, "max_bytes": 1000}
    assert (await acme.patch("/v1/webhooks/shop", json=changes)).json()["mapping"] is None
    assert (await post(outside, made["path"], {"who": "Z" * 100}, id="4")).json()["status"] == "emitted"
    assert (await acme.patch("/v1/webhooks/shop", json={"is_enabled": False})).json()["is_enabled"] is False
    assert (await post(outside, made["path"], {"who": "Z"}, id="5")).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"condition": "{{ payload."}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"max_bytes": 0}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"max_bytes": None}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"secret": "x"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"workflow": "nothing"}, HTTPStatus.NOT_FOUND),
    ],
)
async def test_a_webhook_is_not_changed_to_what_is_not_valid(
    client: NewClient, changes: dict[str, Any], status: HTTPStatus
) -> None:
    acme, other = await client("acme"), await client("other")
    given = {"name": "shop", "style": "shopify", "secret": "shh", "workflow": "greet"}
    assert (await acme.post("/v1/webhooks", json=given)).status_code == HTTPStatus.CREATED
    before = (await acme.get("/v1/webhooks/shop")).json()
    assert (await acme.patch("/v1/webhooks/shop", json=changes)).status_code == status
    assert (await other.patch("/v1/webhooks/shop", json={"is_enabled": False})).status_code == HTTPStatus.NOT_FOUND
    assert (await acme.get("/v1/webhooks/shop")).json() == before


async def test_a_key_needs_the_scope_of_what_it_does(client: NewClient) -> None:
    reader = await client("acme", "schedules:read", "webhooks:read", "events:read")
    for path in ("schedules", "events", "webhooks"):
        assert (await reader.get(f"/v1/{path}")).status_code == HTTPStatus.OK
    assert (await reader.put("/v1/schedules/a", json=HOURLY)).status_code == HTTPStatus.FORBIDDEN
    assert (await reader.post("/v1/events", json={"type": "a"})).status_code == HTTPStatus.FORBIDDEN
    assert (
        await reader.post("/v1/webhooks", json={"name": "a", "style": "github"})
    ).status_code == HTTPStatus.FORBIDDEN


async def test_an_endpoint_is_set_rotated_and_removed(client: NewClient) -> None:
    acme, other = await client("acme"), await client("other")
    given = {"url": "https://crm.example/told", "types": ["execution.failed"]}
    made = await acme.put("/v1/webhook-endpoints/crm", json=given)
    assert made.json()["secret"].startswith("whsec_"), made.text
    assert (await acme.put("/v1/webhook-endpoints/crm", json=given)).json()["secret"] is None
    assert (await acme.post("/v1/webhook-endpoints/crm/rotation")).json()["secret"] != made.json()["secret"]
    (row,) = (await acme.get("/v1/webhook-endpoints")).json()["items"]
    assert (row["name"], row["url"], row["is_enabled"]) == ("crm", given["url"], True)
    assert (await acme.get("/v1/webhook-endpoints/crm/messages")).json()["items"] == []
    assert (await other.get("/v1/webhook-endpoints")).json()["items"] == []
    assert (await other.delete("/v1/webhook-endpoints/crm")).status_code == HTTPStatus.NOT_FOUND
    assert (await acme.delete("/v1/webhook-endpoints/crm")).status_code == HTTPStatus.NO_CONTENT


async def test_a_privacy_request_is_listed_until_it_is_settled(client: NewClient) -> None:
    acme, other, outside = await client("acme"), await client("other"), await client(token=None)
    made = await acme.post("/v1/webhooks", json={"name": "shop", "style": "shopify", "secret": "shh"})
    body = json.dumps({"shop_domain": "shop.example", "customer": {"id": 9}}).encode()
    headers = {
        "X-Shopify-Hmac-Sha256": ShopifyDialect(shop_domain="s").sign("shh", body),
        "X-Shopify-Topic": "customers/redact",
        "X-Shopify-Webhook-Id": "p-1",
    }
    taken = await outside.post(made.json()["path"], content=body, headers=headers)
    assert taken.json()["status"] == "recorded"
    (request,) = (await acme.get("/v1/privacy-requests", params={"status": "open"})).json()["items"]
    assert (request["kind"], request["customer_id"]) == ("customers/redact", "9")
    path = f"/v1/privacy-requests/{request['id']}/settlement"
    assert (await other.get("/v1/privacy-requests")).json()["items"] == []
    assert (await other.post(path, json={"note": "x"})).status_code == HTTPStatus.NOT_FOUND
    assert (await acme.post(path, json={"note": "deleted"})).status_code == HTTPStatus.NO_CONTENT
    assert (await acme.get("/v1/privacy-requests", params={"status": "open"})).json()["items"] == []
