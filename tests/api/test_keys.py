"""Keys: shown once, stored as hashes, never worth more than who made them."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg

from aias.api import create_app
from aias.settings import Settings
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def test_a_key_is_made_used_seen_and_revoked(client: NewClient, tenants: dict[str, str]) -> None:
    acme = await client("acme")
    made = await acme.post("/v1/keys", json={"name": "shop", "scopes": ["workflows:read"]})
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    key = made.json()
    assert (key["tenant"], key["status"], key["scopes"]) == (tenants["acme"], "active", ["workflows:read"])
    shop = await client(token=key["token"])
    assert (await shop.get("/v1/workflows")).status_code == 200
    seen = (await acme.get(f"/v1/keys/{key['id']}")).json()
    assert "token" not in seen
    assert seen["created_by"] == f"key:{acme.headers['authorization'].split('_')[1]}"
    assert (await acme.post(f"/v1/keys/{key['id']}/revoke")).json()["status"] == "revoked"
    assert (await shop.get("/v1/workflows")).status_code == 401


async def test_no_secret_is_stored_or_audited(client: NewClient, conn: Connection) -> None:
    acme = await client("acme")
    secret = acme.headers["authorization"].rsplit("_", 1)[1]
    for query in (
        "select count(*) from aias_private.api_keys as k where position(%s in k::text) > 0",
        "select count(*) from aias_private.audit_log as a where position(%s in a::text) > 0",
    ):
        cursor = await conn.execute(query, (secret,))
        assert await cursor.fetchone() == (0,)


async def test_a_key_gives_away_no_scope_that_it_has_not_got(client: NewClient) -> None:
    keeper = await client("acme", "keys:*", "executions:read", "*:read")
    given = {"executions:read": 201, "jobs:read": 201, "*": 403, "executions:*": 403, "jobs:write": 403}
    for scope, status in given.items():
        answer = await keeper.post("/v1/keys", json={"name": "x", "scopes": [scope]})
        assert answer.status_code == status, (scope, answer.text)


async def test_a_tenants_key_makes_none_for_others_or_for_operators(client: NewClient, tenants: dict[str, str]) -> None:
    acme = await client("acme")
    body = {"name": "x", "scopes": ["*"]}
    assert (await acme.post("/v1/keys", json=body, params={"tenant": tenants["other"]})).status_code == 404
    made = (await acme.post("/v1/keys", json=body)).json()
    assert made["tenant"] == tenants["acme"]
    operator = await client()
    assert (await operator.post("/v1/keys", json=body)).json()["tenant"] is None


async def test_a_bad_key_is_refused_with_its_reason(client: NewClient) -> None:
    acme = await client("acme")
    for body in (
        {"name": "", "scopes": ["*"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["*"], "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "x", "scopes": ["*"], "expires_at": "2030-01-01T00:00:00"},
        {"name": "x", "scopes": ["*"], "requests_per_minute": 0},
    ):
        refused = await acme.post("/v1/keys", json=body)
        assert (refused.status_code, bool(refused.json()["errors"])) == (422, True), body


async def test_the_last_use_is_written_down(client: NewClient, conn: Connection, settings: Settings) -> None:
    token = (await client("acme")).headers["authorization"]
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as one,
    ):
        assert (await one.get("/v1/workflows", headers={"Authorization": token})).status_code == 200
    # at the latest when the server ends
    cursor = await conn.execute("select last_used_at from aias.api_keys where id = %s", (token.split("_")[1],))
    (used,) = await cursor.fetchone() or (None,)
    assert used is not None
