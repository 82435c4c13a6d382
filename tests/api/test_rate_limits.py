"""Limits: of the plan, of the key, told in headers, and never at others' expense."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg

from aias.tenants import set_plan
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def test_a_plan_lets_so_many_requests_in_and_says_when_to_come_back(
    client: NewClient, conn: Connection, tenants: dict[str, str], set_clock: Any
) -> None:
    await set_plan(conn, tenant=tenants["acme"], plan="free")
    acme, second, other = await client("acme"), await client("acme"), await client("other")
    cursor = await conn.execute("select now()")
    (now,) = await cursor.fetchone() or (None,)
    await set_clock(conn, now)
    try:
        first = await acme.get("/v1/workflows")
        assert first.headers["ratelimit-policy"] == '"plan";q=60;w=60'
        assert first.headers["ratelimit"] == '"plan";r=59;t=1'
        # all keys of the tenant together, and whatever becomes of the requests
        answers = await asyncio.gather(*(second.get("/v1/nothing-like-it/../executions/x") for _ in range(59)))
        assert {answer.status_code for answer in answers} == {422}
        refused = await acme.get("/v1/workflows")
        assert (refused.status_code, refused.json()["type"]) == (429, "urn:aias:problem:too-many-requests")
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["ratelimit"] == '"plan";r=0;t=60'
        assert (await other.get("/v1/workflows")).status_code == 200
        cursor = await conn.execute("select %s::timestamptz + interval '1 second'", (now,))
        await set_clock(conn, (await cursor.fetchone() or (None,))[0])
        assert (await acme.get("/v1/workflows")).status_code == 200
        assert (await acme.get("/v1/workflows")).status_code == 429
    finally:
        await set_clock(conn, None)


async def test_a_key_has_its_own_limit_beside_the_plans(client: NewClient) -> None:
    slow, fast = await client("acme", rate=2), await client("acme")
    assert [(await slow.get("/v1/workflows")).status_code for _ in range(3)] == [200, 200, 429]
    refused = await slow.get("/v1/workflows")
    assert refused.headers["ratelimit-policy"] == '"plan";q=6000;w=60, "key";q=2;w=60'
    assert 20 <= int(refused.headers["retry-after"]) <= 30
    assert (await fast.get("/v1/workflows")).status_code == 200


async def test_an_unknown_key_uses_up_nobodys_limit(client: NewClient) -> None:
    slow = await client("acme", rate=1)
    token = slow.headers["authorization"]
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    for _ in range(5):
        assert (await slow.get("/v1/workflows", headers={"Authorization": wrong})).status_code == 401
    assert (await slow.get("/v1/workflows")).status_code == 200
