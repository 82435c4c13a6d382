"""What happens to a tenant's connections and executions is an event of the tenant: a subscription can start from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from aias.db import Pool
from aias.errors import PermanentError
from aias.triggers import set_subscription
from tests.triggers.conftest import Shop
from tests.workflows.lab import Lab, step


async def told(shop: Shop) -> list[tuple[str, str, dict[str, Any]]]:
    rows = await shop.rows("select type, subject, payload from aias.events order by id")
    return [(row["type"], row["subject"], row["payload"]) for row in rows]


async def connected(shop: Shop) -> Any:
    return await shop.value(
        "select aias.connect_integration('acme', 'http', 'main', '{}', %s, '0123456789abcdef', %s)",
        b"\x01" + b"s" * 60,
        uuid4(),
    )


async def test_a_breaker_that_opens_and_closes_starts_what_waits_for_that(shop: Shop) -> None:
    integration = await connected(shop)
    await set_subscription(shop.conn, "acme", "ill", type="aias.breaker.opened", workflow="flow")
    for state in ("open", "closed"):
        await shop.rows(
            "select aias_private.note_breaker(%s, %s, 'http', 'main', %s, 40, 30, null)",
            shop.tenant_id,
            integration,
            state,
        )
    seen = {"kind": "http", "connection": "main", "call_count": 40, "failure_count": 30}
    assert await told(shop) == [
        ("aias.breaker.opened", "http:acme/main", seen),
        ("aias.breaker.closed", "http:acme/main", seen),
    ]
    assert await shop.rows("select workflow, input from aias.executions") == [{"workflow": "flow", "input": seen}]


async def test_a_connection_tells_when_it_fails_is_revoked_and_works_again(shop: Shop) -> None:
    integration = await connected(shop)
    for status in ("connected", "failing", "failing", "revoked", "connected"):
        await shop.rows(
            "select aias_private.set_integration_status(%s, %s, null, %s, 'told no')",
            shop.tenant_id,
            integration,
            status,
        )
    events = await told(shop)
    assert [type for type, _, _ in events] == [
        "aias.integration.failing",
        "aias.integration.revoked",
        "aias.integration.recovered",
    ]
    assert events[1][1:] == (
        "http:main",
        {"kind": "http", "connection": "main", "owner": events[1][2]["owner"], "reason": "told no"},
    )


async def test_an_effect_in_doubt_is_told_once(shop: Shop) -> None:
    execution = await shop.value("select aias.run_workflow('acme', 'flow')")
    await shop.rows(
        """
        select c.*
        from aias.executions as e
        cross join lateral aias_private.claim_execution(e.tenant_id, e.id, e.job_id, null) as c
        where e.id = %s
        """,
        execution,
    )
    await shop.rows(
        """
        select b.verdict
        from aias_private.begin_effect(
            %s, %s, 1, 'one', -1, '', 'orderCancel', 'shopify:main', sha256('x'),
            gen_random_uuid(), '30 s', '0 s', false
        ) as b
        """,
        shop.tenant_id,
        execution,
    )
    for _ in range(2):
        await shop.rows("select aias_private.doubt_effect(%s, %s, 1, 'one', -1, '', true)", shop.tenant_id, execution)
    asked = {"operation": "orderCancel", "connection": "shopify:main"}
    assert await told(shop) == [
        ("aias.effect.in_doubt", str(execution), {"execution_id": str(execution), "step": "one", **asked})
    ]


@pytest.fixture
async def lab(pool: Pool) -> AsyncIterator[Lab]:
    made = await Lab(pool=pool, tenant="lab").open()
    with made.actions():
        yield made


async def test_a_workflow_that_starts_at_its_own_fallbacks_ends_after_ten(lab: Lab) -> None:
    lab.behaviours["no"] = [PermanentError("refused")]
    first = await lab.start({"steps": [step("main", input={"do": "no"}, on_failure="continue")]})
    async with lab.pool.connection() as conn:
        await set_subscription(conn, lab.tenant, "again", type="aias.fallback.used", workflow="flow")
    ran = {first}
    await lab.drive(first)
    while (queued := await lab.value("select id from aias.executions where status = 'queued'")) is not None:
        ran.add(queued)
        assert (await lab.drive(queued)).status == "succeeded"
        assert len(ran) < 20
    payload = await lab.value("select payload from aias.events where subject = %s", str(first))
    assert (payload["failed"], payload["used"], payload["why"]) == ("main", "continue", "refused")
    assert len(ran) == 10
