"""Mails to new people over HTTP: seen, changed, sent before their time, and nobody else's."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import psycopg
import pytest

from aias.tenants import create_user
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)


async def test_mails_are_seen_page_by_page_and_sent_before_their_time(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme, other = await client("acme"), await client("other")
    user = await create_user(conn, tenant=tenants["acme"], email="ada@example.com", name="Ada")
    first = await acme.get("/v1/onboarding/mails", params={"limit": 1})
    assert len(first.json()["items"]) == 1
    found = (await acme.get("/v1/onboarding/mails", params={"user": str(user), "state": "planned"})).json()["items"]
    assert {one["step"] for one in found} >= {"getting_started", "integration_setup", "success_stories"}
    second = (await acme.get(first.links["next"]["url"])).json()["items"]
    assert [one["id"] for one in first.json()["items"] + second] == [one["id"] for one in found[:2]]
    assert (await other.get("/v1/onboarding/mails")).json()["items"] == []

    body = {"user": str(user), "step": "getting_started"}
    refused = await acme.post("/v1/onboarding/mails", json=body)
    assert refused.status_code == HTTPStatus.CONFLICT, "no channel takes such mails yet"
    operator = await client()
    channel = {
        "kind": "email",
        "config": {"host": "smtp.example.com", "sender": "aias@example.com", "to": ["ops@example.com"]},
        "kinds": ["onboarding"],
    }
    made = await operator.put("/v1/channels/mails", json=channel)
    assert made.status_code < HTTPStatus.MULTIPLE_CHOICES, made.text
    sent = await acme.post("/v1/onboarding/mails", json=body)
    assert (sent.status_code, sent.json()["state"]) == (HTTPStatus.ACCEPTED, "queued")
    assert (await other.post("/v1/onboarding/mails", json=body)).status_code == HTTPStatus.NOT_FOUND
    narrow = await client("acme", "onboarding:read")
    assert (await narrow.post("/v1/onboarding/mails", json=body)).status_code == HTTPStatus.FORBIDDEN

    shown = (await acme.get("/v1/onboarding/mails/preview", params={"template": "getting_started"})).json()
    assert "Ada" in shown["text"]
    assert "<html" in shown["html"]
    bad = await acme.get("/v1/onboarding/mails/preview", params={"template": "none"})
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_people_accounts_and_operators_say_what_is_sent(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme, other, operator = await client("acme"), await client("other"), await client()
    user = await create_user(conn, tenant=tenants["acme"], email="ada@example.com", name="Ada")
    place = f"/v1/onboarding/preferences/{user}"
    for changes, status in (
        ({"time_zone": "Asia/Tokyo", "language": "de"}, HTTPStatus.NO_CONTENT),
        ({"time_zone": "Mars/Olympus"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"is_subscribed": False}, HTTPStatus.NO_CONTENT),
    ):
        assert (await acme.patch(place, json=changes)).status_code == status, changes
    assert (await other.patch(place, json={"is_subscribed": True})).status_code == HTTPStatus.NOT_FOUND
    mails = (await acme.get("/v1/onboarding/mails")).json()["items"]
    assert {(one["time_zone"], one["language"], one["skip_reason"]) for one in mails} == {
        ("Asia/Tokyo", "de", "unsubscribed")
    }

    assert (await acme.patch("/v1/onboarding/locale", json={"language": "de"})).status_code == HTTPStatus.NO_CONTENT
    about = {"tenant": tenants["acme"]}
    assert (await acme.put("/v1/onboarding/trial", json={"days": 7})).status_code == HTTPStatus.FORBIDDEN
    assert "ends_at" in (await operator.put("/v1/onboarding/trial", params=about, json={"days": 7})).json()
    assert (await operator.delete("/v1/onboarding/trial", params=about)).status_code == HTTPStatus.NO_CONTENT
    assert (await operator.delete("/v1/onboarding/trial", params=about)).status_code == HTTPStatus.CONFLICT

    step = "/v1/onboarding/sequences/welcome/getting_started"
    assert (await acme.patch(step, json={"delay_days": 1})).status_code == HTTPStatus.FORBIDDEN
    assert (await operator.patch(step, json={"send_at": "10:30"})).status_code == HTTPStatus.NO_CONTENT
    steps = (await acme.get("/v1/onboarding/sequences")).json()["items"]
    assert next(one["send_at"] for one in steps if one["step"] == "getting_started") == "10:30"
    nowhere = await operator.patch("/v1/onboarding/sequences/none/x", json={"delay_days": 1})
    assert nowhere.status_code == HTTPStatus.NOT_FOUND
