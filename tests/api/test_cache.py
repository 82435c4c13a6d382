"""What answers read through the cache, and that no change is missed by it."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from aias.cache import Cache, tend_cache
from tests.api.conftest import Client, NewClient

Connection = psycopg.AsyncConnection[Any]

PATH = "/v1/integrations/slack/talk"
GIVEN = {"secret": {"webhook_url": "https://example.com/x"}, "tried": False}


async def statuses(client: Client) -> list[tuple[str, str]]:
    answer = await client.get("/v1/integrations")
    return [(row["name"], row["status"]) for row in answer.json()["items"]]


async def become(client: Client, wanted: list[tuple[str, str]]) -> None:
    for _ in range(1000):
        if await statuses(client) == wanted:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"there are not {wanted}")


@pytest.mark.parametrize("is_operator", [False, True])
async def test_the_state_of_connections_is_read_through_the_cache_and_no_change_is_missed(
    client: NewClient, conn: Connection, tenants: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, is_operator: bool
) -> None:
    namespaces: list[str] = []
    through = Cache.through

    async def counted(self: Cache, namespace: str, key: str, *given: Any, **named: Any) -> Any:
        namespaces.append(namespace)
        return await through(self, namespace, key, *given, **named)

    monkeypatch.setattr(Cache, "through", counted)
    acme, other = await client("acme"), await client("other")
    asking = await client() if is_operator else acme
    asking.params = {"tenant": tenants["acme"]}
    assert await statuses(asking) == []
    assert (await acme.put(PATH, json=GIVEN)).status_code == 200
    # whoever has changed it sees it at once
    assert await statuses(asking) == [("talk", "connected")]
    assert await statuses(other) == []
    await conn.execute(
        "update aias_private.integrations set status = 'failing', status_reason = 'refused'"
        " where tenant_id = (select id from aias.tenants where slug = %s)",
        (tenants["acme"],),
    )
    await become(asking, [("talk", "failing")])
    assert (await acme.delete(PATH)).status_code == 204
    await become(asking, [])
    assert set(namespaces) == {"integrations"}


async def test_uses_of_the_state_of_connections_are_counted(client: NewClient, conn: Connection) -> None:
    acme = await client("acme")
    async with asyncio.timeout(20):
        hits = 0
        while not hits:
            assert await statuses(acme) == []
            await tend_cache(conn)
            cursor = await conn.execute(
                "select s.memory_hit_count + s.hit_count from aias.cache_stats as s where s.namespace = 'integrations'"
            )
            (hits,) = await cursor.fetchone() or (0,)
            await asyncio.sleep(0.05)
