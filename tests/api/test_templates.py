"""The gallery over HTTP: seen, recommended, used."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import psycopg
import pytest

from aias.templates import load_templates
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


@pytest.fixture(autouse=True)
async def gallery(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
    await load_templates(conn)


async def test_a_template_is_found_recommended_rendered_and_used(client: NewClient, tenants: dict[str, str]) -> None:
    acme, other = await client("acme"), await client("other")
    page = (await acme.get("/v1/templates", params={"integration": "wave", "limit": 1})).json()
    assert len(page["items"]) == 1
    detail = (await acme.get("/v1/templates/order-to-invoice")).json()
    assert detail["parameters"]["properties"]["order_tag"]["default"] == "invoiced"
    assert (await acme.get("/v1/templates/none")).status_code == HTTPStatus.NOT_FOUND
    refused = await acme.post("/v1/templates/order-to-invoice/use", json={})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, refused.text
    assert "wave" in refused.text
    advice = (await acme.get("/v1/templates/recommendations", params={"limit": 50})).json()["items"]
    assert "wave" in next(one for one in advice if one["template"] == "order-to-invoice")["missing"]
    for kind, body in (
        ("shopify", {"config": {"url": "https://a.myshopify.com"}, "secret": {"access_token": "t"}, "tried": False}),
        ("wave", {"config": {"business_id": "b"}, "secret": {"access_token": "t"}, "tried": False}),
    ):
        made = await acme.put(f"/v1/integrations/{kind}/default", json=body)
        assert made.status_code < HTTPStatus.MULTIPLE_CHOICES, made.text
    body: dict[str, Any] = {"parameters": {"order_tag": "billed"}, "workflow": "billing"}
    rendered = (await acme.post("/v1/templates/order-to-invoice/render", json=body)).json()
    assert rendered["definition"]["vars"]["order_tag"] == "billed"
    used = (await acme.post("/v1/templates/order-to-invoice/use", json=body)).json()
    assert (used["workflow"], used["is_changed"], used["triggers"][0]["name"]) == ("billing", True, "billing-paid")
    assert (await acme.post("/v1/templates/order-to-invoice/use", json=body)).json()["is_changed"] is False
    (use,) = (await acme.get("/v1/templates/uses")).json()["items"]
    assert (use["workflow"], use["template"], use["template_version"]) == ("billing", "order-to-invoice", 1)
    assert (await other.get("/v1/templates/uses")).json()["items"] == []
    narrow = await client("acme", "templates:read")
    assert (await narrow.post("/v1/templates/order-to-invoice/use", json=body)).status_code == HTTPStatus.FORBIDDEN
