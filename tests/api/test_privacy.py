"""``/v1/users/{id}/export`` and ``/erasure``, ``/v1/erasures``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from aias.privacy import finish_erasure
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def test_a_person_is_exported_and_erased_with_a_certificate(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    key = await client("acme")
    body = {"email": "eve@people.example", "name": "Eve"}
    user = (await key.post(f"/v1/tenants/{tenants['acme']}/users", json=body)).json()["id"]
    document = (await key.get(f"/v1/users/{user}/export")).json()
    assert document["tables"]["users"][0]["email"] == body["email"]
    asked = await key.post(f"/v1/users/{user}/erasure", json={"reason": "eve@people.example asked"})
    assert asked.status_code == 202
    assert asked.json()["status"] == "running"
    assert "eve@" not in asked.text
    await finish_erasure(conn, UUID(asked.json()["id"]))
    done = (await key.get(asked.headers["Location"])).json()
    assert done["status"] == "done"
    assert done["certificate"]["deleted"] >= 1
    assert (await key.get(f"/v1/users/{user}/export")).status_code == 404
    assert (await (await client("other")).get(asked.headers["Location"])).status_code == 404


async def test_exporting_and_erasing_have_scopes_of_their_own(client: NewClient, tenants: dict[str, str]) -> None:
    key = await client("acme")
    body = {"email": "guy@people.example", "name": "Guy"}
    user = (await key.post(f"/v1/tenants/{tenants['acme']}/users", json=body)).json()["id"]
    reader = await client("acme", "users:read")
    assert (await reader.get(f"/v1/users/{user}/export")).status_code == 200
    assert (await reader.post(f"/v1/users/{user}/erasure", json={"reason": "x"})).status_code == 403
    eraser = await client("acme", "users:write")
    assert (await eraser.get(f"/v1/users/{user}/export")).status_code == 403
    assert (await eraser.post(f"/v1/users/{user}/erasure", json={"reason": "x"})).status_code == 202
