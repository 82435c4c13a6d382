"""Connections by consent, workflows that need them, and effects in doubt, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from aias.integrations import close_clients
from aias.simulators import Simulators, running_simulators
from aias.simulators.oauth import CLIENT_ID, CLIENT_SECRET
from aias.workflows import apply_workflow, run_workflow
from tests.api.conftest import NewClient
from tests.integrations.oauth_help import BACK, consent

Connection = psycopg.AsyncConnection[Any]


@pytest.fixture
async def sims(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Simulators]:
    async with running_simulators(which=("shopify",), orders=1) as made:
        monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
        monkeypatch.setenv("AIAS_SHOPIFY_OAUTH_URL", made.shopify.url)
        monkeypatch.setenv("AIAS_SHOPIFY_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("AIAS_SHOPIFY_CLIENT_SECRET", CLIENT_SECRET)
        yield made
        await close_clients()


async def test_a_shop_is_connected_by_consent_with_the_key_that_asked(client: NewClient, sims: Simulators) -> None:
    acme = await client("acme")
    asked = await acme.post(
        "/v1/integrations/shopify/main/consent", json={"config": {"url": sims.shopify.url}, "redirect_uri": BACK}
    )
    assert asked.status_code == 200, asked.text
    query = {"query": await consent(asked.json()["url"])}
    for stranger in (await client("other"), await client("acme")):
        assert (await stranger.post("/v1/integrations/consented", json=query)).status_code == 404
    made = await acme.post("/v1/integrations/consented", json=query)
    assert made.status_code == 200, made.text
    assert (made.json()["kind"], made.json()["name"], made.json()["status"]) == ("shopify", "main", "connected")
    assert (await acme.post("/v1/integrations/consented", json=query)).status_code == 409


async def test_a_workflow_is_not_enabled_while_a_connection_that_it_needs_does_not_work(
    client: NewClient, sims: Simulators, conn: Connection, tenants: dict[str, str]
) -> None:
    acme = await client("acme")
    made = await acme.put(
        "/v1/integrations/shopify/main",
        json={"config": {"url": sims.shopify.url}, "secret": {"access_token": sims.shopify.token}},
    )
    assert made.status_code == 200, made.text
    steps = [{"id": "one", "action": "shopify.order_list", "input": {}}]
    await apply_workflow(conn, tenants["acme"], {"name": "orders", "steps": steps})
    assert (await acme.post("/v1/workflows/orders/disable")).json()["is_enabled"] is False
    sims.shopify.token = "another"
    refused = await acme.post("/v1/workflows/orders/enable")
    assert (refused.status_code, "shopify:main" in refused.json()["detail"]) == (409, True)
    sims.shopify.token = "shpat_simulator"
    await acme.put(
        "/v1/integrations/shopify/main",
        json={"config": {"url": sims.shopify.url}, "secret": {"access_token": sims.shopify.token}},
    )
    assert (await acme.post("/v1/workflows/orders/enable")).json()["is_enabled"] is True


async def doubted(conn: Connection, execution: UUID, *steps: str) -> None:
    for step in steps:
        await conn.execute(
            """
            insert into aias_private.effects (
                tenant_id, execution_id, step_id, operation, request_hash, idempotency_key, attempt, state, doubted_at
            )
            select e.tenant_id, e.id, %s, 'POST', sha256('x'), gen_random_uuid(), 1, 'in_doubt', now()
            from aias.executions as e
            where e.id = %s
            """,
            (step, execution),
        )


async def test_effects_in_doubt_are_listed_and_resolved(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    execution = await run_workflow(conn, tenants["acme"], "greet", {"name": "Ann"})
    await doubted(conn, execution, "a", "b", "c")
    acme = await client("acme")
    page = (await acme.get("/v1/effects", params={"state": "in_doubt", "limit": 2})).json()
    rest = (await acme.get(page["next"])).json()
    assert [row["step"] for row in page["items"] + rest["items"]] == ["c", "b", "a"]
    assert rest["next"] is None
    path = f"/v1/effects/{execution}/a/resolve"
    assert (await (await client("other")).post(path, json={"happened": True})).status_code == 404
    told = await acme.post(path, json={"happened": True, "response": {"id": 7}, "comment": "seen in the books"})
    assert told.json() == {"state": "done"}
    assert (await acme.post(path, json={"happened": False})).status_code == 409
    (row,) = (await acme.get("/v1/effects", params={"execution": str(execution), "state": "done"})).json()["items"]
    assert (row["response"], row["resolved_comment"]) == ({"id": 7}, "seen in the books")
    assert row["resolved_by"].startswith("key:")
