"""Plugins, who may use them, and flags over HTTP."""

from __future__ import annotations

import psycopg

from aias.plugins import forget_rules, report_plugins
from tests.api.conftest import NewClient


async def test_a_plugin_is_shown_refused_and_given_back(
    client: NewClient, tenants: dict[str, str], conn: psycopg.AsyncConnection
) -> None:
    boss, acme = await client(None), await client("acme")
    told = {"name": "aias-parcel", "version": "1.2.0", "api_version": "1.0", "brings": {"actions": ["parcel.ship"]}}
    await report_plugins(conn, "box-1", [{**told, "state": "loaded", "problem": None}])
    await report_plugins(conn, "box-2", [{**told, "state": "left_out", "problem": "no such luck"}])
    items = (await boss.get("/v1/plugins")).json()["items"]
    assert [(item["reported_by"], item["state"], item["problem"]) for item in items] == [
        ("box-1", "loaded", None),
        ("box-2", "left_out", "no such luck"),
    ]
    assert (await acme.get("/v1/plugins")).status_code == 403

    mine = {"tenant": tenants["acme"]}
    rule = {"is_allowed": False, "reason": "in trial"}
    assert (await acme.put("/v1/plugins/aias-parcel/rule", json=rule)).status_code == 403
    assert (await boss.put("/v1/plugins/aias-parcel/rule", params=mine, json=rule)).status_code == 204
    assert (await boss.put("/v1/plugins/aias-parcel/rule", json={"is_allowed": True})).status_code == 204
    assert (await boss.put("/v1/plugins/aias/rule", json=rule)).status_code == 422
    seen = (await acme.get("/v1/plugins/rules")).json()["items"]
    assert [(item["tenant"], item["is_allowed"], item["reason"]) for item in seen] == [
        (None, True, None),
        (tenants["acme"], False, "in trial"),
    ]
    assert (await boss.delete("/v1/plugins/aias-parcel/rule", params=mine)).status_code == 204
    assert len((await acme.get("/v1/plugins/rules")).json()["items"]) == 1


async def test_a_flag_is_rolled_out_by_operators_and_asked_for_by_tenants(
    client: NewClient, tenants: dict[str, str]
) -> None:
    boss, acme = await client(None), await client("acme")
    mine = {"tenant": tenants["acme"]}
    assert (await acme.put("/v1/flags/new_way", json={"percentage": 100})).status_code == 403
    assert (await boss.put("/v1/flags/new_way", json={"percentage": 101})).status_code == 422
    assert (await boss.put("/v1/flags/new_way/tenant", params=mine, json={"is_on": True})).status_code == 404
    assert (await boss.put("/v1/flags/new_way", json={"percentage": 0, "description": "a way"})).status_code == 204
    assert (await acme.get("/v1/flags/new_way/tenant")).json()["is_on"] is False
    assert (await boss.put("/v1/flags/new_way/tenant", params=mine, json={"is_on": True})).status_code == 204
    assert (await acme.get("/v1/flags/new_way/tenant")).json() == {"name": "new_way", **mine, "is_on": True}
    shown = {item["name"]: item for item in (await boss.get("/v1/flags")).json()["items"]}
    assert set(shown) == {"equal_jitter", "new_way"}
    assert (shown["new_way"]["percentage"], shown["new_way"]["tenant_count"]) == (0, 1)
    assert (await boss.delete("/v1/flags/new_way/tenant", params=mine)).status_code == 204
    assert (await acme.get("/v1/flags/new_way/tenant")).json()["is_on"] is False
    assert (await boss.delete("/v1/flags/new_way")).status_code == 204
    assert (await boss.delete("/v1/flags/new_way")).status_code == 404
    forget_rules()
