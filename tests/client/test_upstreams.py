"""Connections, gates and effects from Python: what the command line can do, the client can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from aias import Aias
from aias.errors import Conflict, NotFound
from aias.integrations import close_clients, connect
from aias.simulators import running_simulators


@pytest.fixture
async def aias(
    database_url: str, conn: psycopg.AsyncConnection[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Aias]:
    monkeypatch.setenv("AIAS_HOME", str(tmp_path))
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    await conn.execute("select aias.create_tenant('acme', 'pro')")
    async with Aias(database_url, max_connections=4) as client:
        yield client


async def test_a_gate_is_closed_seen_and_opened(aias: Aias) -> None:
    await aias.close_gate("wave", reason="Wave is down")
    (gate,) = await aias.gates()
    assert (gate.gate, gate.state, gate.reason) == ("wave", "closed", "Wave is down")
    assert await aias.open_gate("wave")
    assert not await aias.open_gate("wave")
    assert await aias.gates() == []
    with pytest.raises(NotFound):
        await aias.close_gate("wave:nobody/main", reason="x")


async def test_a_connection_is_tried_and_its_health_is_known(aias: Aias) -> None:
    async with running_simulators(which=("shopify",), orders=1) as sims:
        async with aias.session.connection() as conn:
            await connect(
                conn,
                tenant="acme",
                kind="shopify",
                config={"url": sims.shopify.url},
                secret={"access_token": sims.shopify.token},
            )
        checked = await aias.check_integration("shopify", tenant="acme")
        await close_clients()
    assert checked.is_working
    (health,) = await aias.integration_health(tenant="acme")
    assert (health.kind, health.status, health.last_ok_at is not None) == ("shopify", "connected", True)
    assert [one.call_count for one in await aias.breakers(tenant="acme")] == [1]
    with pytest.raises(NotFound, match="wave:default"):
        await aias.check_integration("wave", tenant="acme")


async def test_an_effect_in_doubt_is_seen_and_resolved(aias: Aias, conn: psycopg.AsyncConnection[Any]) -> None:
    steps = [{"id": "pay", "action": "transform"}]
    await aias.apply_workflow({"name": "flow", "steps": steps}, tenant="acme")
    execution = await aias.run_workflow("flow", tenant="acme")
    await conn.execute(
        """
        insert into aias_private.effects (
            tenant_id, execution_id, step_id, operation, request_hash, idempotency_key, attempt, state, doubted_at
        )
        select e.tenant_id, e.id, 'pay', 'POST', sha256('x'), gen_random_uuid(), 1, 'in_doubt', now()
        from aias.executions as e
        """
    )
    (effect,) = await aias.effects(tenant="acme")
    assert (effect.execution_id, effect.step, effect.state) == (UUID(str(execution.id)), "pay", "in_doubt")
    assert await aias.resolve_effect(execution.id, "pay", happened=True, by="ann", response={"id": 7}) == "done"
    assert await aias.effects() == []
    (effect,) = await aias.effects(execution=execution.id, everything=True)
    assert effect.state == "done"
    with pytest.raises(Conflict):
        await aias.resolve_effect(execution.id, "pay", happened=False, by="ann")
