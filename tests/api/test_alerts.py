"""Alerts, rules, silences, channels and notifications over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import psycopg
import pytest

from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)


async def raised(conn: Connection, tenant: str | None, key: str) -> str:
    cursor = await conn.execute(
        "select aias_private.raise_alert('fuse_blown', (select id from aias.tenants where slug = %s), %s, 'critical',"
        " 'It blew', '{}')",
        (tenant, key),
    )
    (found,) = await cursor.fetchone() or (None,)
    return str(found)


async def test_an_alert_is_seen_acknowledged_and_closed_by_its_tenant_and_no_other(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme, other, operator = await client("acme"), await client("other"), await client()
    alert, nobodys = await raised(conn, tenants["acme"], "flow"), await raised(conn, None, "x")
    assert [row["id"] for row in (await acme.get("/v1/alerts")).json()["items"]] == [alert]
    assert [row["id"] for row in (await operator.get("/v1/alerts")).json()["items"]] == [nobodys, alert]
    assert (await other.get("/v1/alerts")).json()["items"] == []
    for path in ("", "/acknowledgement", "/closure"):
        method = "POST" if path else "GET"
        assert (await other.request(method, f"/v1/alerts/{alert}{path}")).status_code == HTTPStatus.NOT_FOUND
    taken = await acme.post(f"/v1/alerts/{alert}/acknowledgement", json={"note": "I look"})
    assert (taken.json()["status"], taken.json()["acknowledged_note"]) == ("acknowledged", "I look")
    closed = await acme.post(f"/v1/alerts/{alert}/closure")
    assert (closed.json()["status"], closed.json()["resolved_by"][:4]) == ("resolved", "key:")
    assert (await acme.post(f"/v1/alerts/{alert}/closure")).status_code == HTTPStatus.CONFLICT
    assert (await acme.get("/v1/alerts")).json()["items"] == []
    assert len((await acme.get("/v1/alerts", params={"status": "all"})).json()["items"]) == 1


async def test_a_tenant_makes_rules_of_its_own_and_does_not_touch_the_operators(
    client: NewClient, tenants: dict[str, str]
) -> None:
    acme, operator = await client("acme"), await client()
    sources = [row["name"] for row in (await acme.get("/v1/alerts/sources")).json()]
    assert "failed_for_good" in sources
    given = {"source": "failed_for_good", "threshold": 10, "wait": 120, "severity": "critical"}
    made = await acme.put("/v1/alerts/rules/mine", json=given)
    assert made.status_code == HTTPStatus.OK, made.text
    assert (made.json()["tenant"], made.json()["tells"], made.json()["is_shipped"]) == (
        tenants["acme"],
        ["tenant"],
        False,
    )
    listed = (await acme.get("/v1/alerts/rules", params={"limit": 500})).json()["items"]
    assert {"mine", "error_rate"} <= {row["name"] for row in listed}
    assert len((await operator.get("/v1/alerts/rules", params={"limit": 5})).json()["items"]) == 5
    bad = {
        "there is no source": {"source": "nothing", "threshold": 1},
        "tells the tenant": {**given, "tells": ["operators"]},
        "not a lane": {**given, "scope": "lane", "scope_name": "pro"},
        "looks at": {"source": "error_rate", "threshold": 1},
    }
    for said, body in bad.items():
        answer = await acme.put(f"/v1/alerts/rules/{'mine' if said == 'looks at' else 'bad'}", json=body)
        assert answer.status_code in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_FOUND}, answer.text
        assert said in answer.json()["detail"]
    changed = await operator.put("/v1/alerts/rules/error_rate", json={"threshold": 7.5, "renotify_every": 0})
    assert (changed.json()["threshold"], changed.json()["renotify_every"], changed.json()["tenant"]) == (
        7.5,
        None,
        None,
    )
    assert (await acme.delete("/v1/alerts/rules/error_rate")).status_code == HTTPStatus.NOT_FOUND
    assert (await operator.delete("/v1/alerts/rules/error_rate")).status_code == HTTPStatus.CONFLICT
    assert (await acme.delete("/v1/alerts/rules/mine")).status_code == HTTPStatus.NO_CONTENT


async def test_a_silence_is_made_listed_and_ended(client: NewClient) -> None:
    acme, other = await client("acme"), await client("other")
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = await acme.post("/v1/alerts/silences", json={"rule": "job_failed", "until": until, "reason": "a move"})
    assert made.status_code == HTTPStatus.CREATED, made.text
    path = f"/v1/alerts/silences/{made.json()['id']}"
    assert [row["reason"] for row in (await acme.get("/v1/alerts/silences")).json()["items"]] == ["a move"]
    assert (await other.get("/v1/alerts/silences")).json()["items"] == []
    assert (await other.delete(path)).status_code == HTTPStatus.NOT_FOUND
    assert (await acme.delete(path)).status_code == HTTPStatus.NO_CONTENT
    assert (await acme.delete(path)).status_code == HTTPStatus.NOT_FOUND
    past = {"until": "2020-01-01T00:00:00Z", "reason": "x"}
    assert (await acme.post("/v1/alerts/silences", json=past)).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_channels_are_set_tested_and_removed_and_never_tell_their_secret(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme, other, operator = await client("acme"), await client("other"), await client()
    hook = {"kind": "webhook", "config": {"url": "https://example.com/told"}}
    made = await acme.put("/v1/channels/hook", json=hook)
    assert made.json()["secret"].startswith("whsec_")
    assert (await acme.put("/v1/channels/hook", json={**hook, "min_severity": "critical"})).json()["secret"] is None
    assert (await operator.put("/v1/channels/ours", json={**hook, "secret": "whsec_b3VycyBvdXJz"})).status_code == 200
    slack = {"kind": "slack", "secret": "https://hooks.example.com/services/T/B/hidden"}
    assert (await acme.put("/v1/channels/slack", json=slack)).status_code == HTTPStatus.OK
    listed = await acme.get("/v1/channels")
    assert [(row["name"], row["min_severity"]) for row in listed.json()["items"]] == [
        ("hook", "critical"),
        ("slack", "info"),
    ]
    everybodys = await operator.get("/v1/channels")
    assert [(row["tenant"], row["name"]) for row in everybodys.json()["items"]][:2] == [
        (None, "dashboard"),
        (None, "ours"),
    ]
    assert "hidden" not in listed.text + everybodys.text
    assert (await other.get("/v1/channels")).json()["items"] == []
    asked = await acme.post("/v1/channels/hook/test")
    assert asked.status_code == HTTPStatus.ACCEPTED
    (shown,) = (await acme.get("/v1/notifications")).json()["items"]
    assert (shown["id"], shown["status"], shown["kind"]) == (asked.json()["notification"], "pending", "test")
    retried = await acme.post(f"/v1/notifications/{shown['id']}/retry")
    assert retried.status_code == HTTPStatus.CONFLICT
    assert (await other.post("/v1/channels/hook/test")).status_code == HTTPStatus.NOT_FOUND
    await conn.execute(
        "select aias_private.post_notice(t.id, 'news', 'info', 'T', 'B', '{}', 'k') from aias.tenants as t"
        " where t.slug = %s",
        (tenants["acme"],),
    )
    assert len((await acme.get("/v1/notifications", params={"unread": True})).json()["items"]) == 1
    assert (await other.post("/v1/notifications/read")).json() == {"count": 0}
    assert (await acme.post("/v1/notifications/read")).json() == {"count": 1}
    assert (await acme.delete("/v1/channels/hook")).status_code == HTTPStatus.NO_CONTENT
    bad = await acme.put("/v1/channels/mail", json={"kind": "email", "config": {"host": "mail.example.com"}})
    assert (bad.status_code, "sender" in bad.json()["detail"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
