"""Every mutation over HTTP is on record: who did it, from where, in which request, what is now and what was before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg
import pytest

from aias.api import create_app
from aias.settings import Settings
from aias.simulators.signing import ShopifyDialect
from tests.api.conftest import GREET, Client, NewClient
from tests.api.test_upstreams import doubted
from tests.api.world import make_world

Connection = psycopg.AsyncConnection[Any]

# These change nothing of anybody's, or call the outside, where what they do is written down under test.
CHANGE_NOTHING = {"validate_workflow", "dry_run_workflow"}
ELSEWHERE = {
    "ask_for_consent": "only makes an address; tests/integrations",
    "finish_consent": "connects, as connect_integration does; tests/integrations",
    "check_integration": "on record where the status changes; tests/integrations",
    "take_webhook": "has no key; its deliveries are its record; tests/triggers",
}
# What others add to the API has its own line in Walk, or is not of these.
TAGS = {
    "executions", "workflows", "schedules", "events", "webhooks", "integrations",
    "effects", "dead-letters", "jobs", "queue", "tenants", "keys", "cache",
}  # fmt: skip


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)


@dataclass(slots=True)
class Walk:
    """Asks, and looks at what was written down of it."""

    conn: Connection
    seen: set[str] = field(default_factory=set[str])

    async def step(
        self,
        client: Client,
        operation: str,
        method: str,
        path: str,
        action: str,
        before: dict[str, Any] | Literal["something", "nothing"],
        **given: Any,
    ) -> Any:
        """One request, and its row: with what was before where something was there, without it where it is new."""
        answer = await client.request(method, path, **given)
        assert answer.status_code < 300, (operation, answer.text)
        self.seen.add(operation)
        cursor = await self.conn.execute(
            "select a.actor, a.actor_kind, a.address, a.detail, a.object_kind, a.object_id from aias.audit_log as a"
            " where a.request_id = %s and a.action = %s",
            (answer.headers["x-request-id"], action),
        )
        rows = await cursor.fetchall()
        assert len(rows) == 1, (operation, action, rows)
        actor, kind, address, detail, object_kind, object_id = rows[0]
        key = client.headers["authorization"].split("_")[1]
        assert (actor, address) == (f"key:{key}", "192.0.2.7"), operation
        assert kind in {"application", "administrator"}, operation
        assert object_kind, operation
        # a limit of everybody is no one thing
        assert object_id or operation == "invalidate_cache", operation
        if isinstance(before, dict):
            assert detail.get("before", {}) | before == detail.get("before"), (operation, detail)
        else:
            assert (before == "something") == bool(detail.get("before")), (operation, detail)
        return answer.json() if answer.content else None


def mutating(settings: Settings) -> set[str]:
    """The operations that change something, by their tags."""
    paths = create_app(settings).openapi()["paths"]
    return {
        operation["operationId"]
        for methods in paths.values()
        for method, operation in methods.items()
        if method != "get" and TAGS & set(operation["tags"])
    }


async def test_every_mutation_is_on_record_with_actor_address_request_and_what_was_before(
    client: NewClient, conn: Connection, tenants: dict[str, str], settings: Settings
) -> None:
    acme, operator, tenant = await client("acme"), await client(), tenants["acme"]
    world = await make_world(conn, acme, tenant)
    walk = Walk(conn)
    await walk_through_triggers(walk, acme, await client(token=None))
    await walk_through_executions(walk, acme, conn, str(world.dead_letter))
    await walk_through_the_queue(walk, acme, operator, tenant)
    await walk_through_tenants(walk, acme, operator, tenant)
    assert walk.seen == mutating(settings) - CHANGE_NOTHING - ELSEWHERE.keys()


async def walk_through_triggers(walk: Walk, acme: Client, outside: Client) -> None:
    step = walk.step
    every = {"workflow": "greet", "cron": "@daily", "input": {"name": "you"}}
    path = "/v1/schedules/s"
    await step(acme, "set_schedule", "PUT", path, "schedule.created", "nothing", json=every)
    was = {"cron": "0 0 * * *"}
    await step(acme, "set_schedule", "PUT", path, "schedule.changed", was, json={**every, "cron": "@hourly"})
    await step(acme, "pause_schedule", "POST", f"{path}/pause", "schedule.paused", {"is_paused": False})
    await step(acme, "resume_schedule", "POST", f"{path}/resume", "schedule.resumed", {"is_paused": True})
    span = {"begin": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}
    await step(acme, "backfill_schedule", "POST", f"{path}/backfills", "schedule.backfilled", "nothing", json=span)
    await step(acme, "remove_schedule", "DELETE", path, "schedule.removed", {"cron": "0 * * * *"})

    await step(acme, "emit_events", "POST", "/v1/events", "event.emitted", "nothing", json={"type": "shop.visit"})
    path, given = "/v1/events/subscriptions/s", {"type": "a.*", "workflow": "greet"}
    await step(acme, "set_subscription", "PUT", path, "subscription.created", "nothing", json=given)
    was = {"type_pattern": "a.*", "is_enabled": True}
    await step(acme, "set_subscription", "PUT", path, "subscription.changed", was, json={**given, "type": "b.*"})
    await step(acme, "remove_subscription", "DELETE", path, "subscription.removed", {"type_pattern": "b.*"})

    path, given = "/v1/webhook-endpoints/e", {"url": "https://crm.example/told", "types": ["execution.failed"]}
    await step(acme, "set_webhook_endpoint", "PUT", path, "webhook_endpoint.created", "nothing", json=given)
    was = {"types": ["execution.failed"]}
    given["types"] = ["execution.started"]
    await step(acme, "set_webhook_endpoint", "PUT", path, "webhook_endpoint.changed", was, json=given)
    rotation = f"{path}/rotation"
    await step(acme, "rotate_webhook_endpoint", "POST", rotation, "integration.reconnected", "something")
    was = {"types": ["execution.started"]}
    await step(acme, "remove_webhook_endpoint", "DELETE", path, "webhook_endpoint.removed", was)

    given = {"name": "w", "style": "shopify", "secret": "shh", "workflow": "greet"}
    made = await step(acme, "create_webhook", "POST", "/v1/webhooks", "webhook.created", "nothing", json=given)
    taken = await ring(outside, made["path"], {"name": "Zoë"}, "orders/paid")
    replay = f"/v1/webhooks/deliveries/{taken['delivery']}/replay"
    await step(acme, "replay_delivery", "POST", replay, "webhook.replayed", "nothing")
    path = "/v1/webhooks/w"
    was = {"max_bytes": 1_000_000}
    await step(acme, "change_webhook", "PATCH", path, "webhook.changed", was, json={"max_bytes": 10})
    await step(acme, "change_webhook", "PATCH", path, "webhook.changed", "something", json={"max_bytes": 1_000_000})
    await ring(outside, made["path"], {"shop_domain": "s.example", "customer": {"id": 9}}, "customers/redact")
    (request,) = (await acme.get("/v1/privacy-requests")).json()["items"]
    settle = f"/v1/privacy-requests/{request['id']}/settlement"
    was = {"status": request["status"]}
    await step(acme, "settle_privacy_request", "POST", settle, "privacy.settled", was, json={"note": "done"})
    rotation = f"{path}/rotation"
    await step(acme, "rotate_webhook", "POST", rotation, "webhook.rotated", {"version": 3}, json={"secret": "new"})
    await step(acme, "remove_webhook", "DELETE", path, "webhook.removed", {"name": "w", "style": "shopify"})


async def ring(outside: Client, path: str, payload: Any, topic: str) -> Any:
    body = json.dumps(payload).encode()
    headers = {
        "X-Shopify-Hmac-Sha256": ShopifyDialect(shop_domain="s").sign("shh", body),
        "X-Shopify-Topic": topic,
        "X-Shopify-Webhook-Id": hashlib.sha256(body).hexdigest(),
    }
    answer = await outside.post(path, content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def walk_through_executions(walk: Walk, acme: Client, conn: Connection, dead_letter: str) -> None:
    step = walk.step
    gated = {
        "name": "gated",
        "steps": [
            {"id": "ask", "action": "approval", "input": {"message": "?"}},
            {"id": "wait", "action": "wait_for_event", "input": {"name": "go"}},
        ],
    }
    path = "/v1/workflows/gated"
    await step(acme, "apply_workflow", "PUT", path, "workflow.applied", "nothing", json=gated)
    await step(
        acme, "apply_workflow", "PUT", path, "workflow.applied", {"version": 1}, json={**gated, "description": "x"}
    )
    run = {"workflow": "gated"}
    made = await step(acme, "run_workflow", "POST", "/v1/executions", "execution.started", "nothing", json=run)
    path = f"/v1/executions/{made['id']}"
    # as the engine leaves a step that asks
    await conn.execute(
        "insert into aias_private.steps (tenant_id, execution_id, id, action, status, attempt_count, execution_attempt,"
        " wait_kind) select e.tenant_id, e.id, 'ask', 'approval', 'waiting', 1, 1, 'approval'"
        " from aias_private.executions as e where e.id = %s",
        (made["id"],),
    )
    approval, was = f"{path}/steps/ask/approval", {"status": "waiting"}
    await step(acme, "approve_step", "POST", approval, "step.approved", was, json={"approved": True})
    signal = {"name": "go"}
    await step(acme, "send_signal", "POST", f"{path}/signals", "execution.signalled", "nothing", json=signal)
    await step(acme, "cancel_execution", "POST", f"{path}/cancel", "execution.cancelled", {"status": "queued"})
    await step(acme, "replay_execution", "POST", f"{path}/replay", "execution.replayed", "nothing")
    await step(acme, "retry_execution", "POST", f"{path}/retry", "execution.retried", {"status": "cancelled"})
    await doubted(conn, made["id"], "pay")
    resolve = f"/v1/effects/{made['id']}/pay/resolve"
    was = {"state": "in_doubt"}
    await step(acme, "resolve_effect", "POST", resolve, "effect.resolved", was, json={"happened": True})
    path = f"/v1/dead-letters/{dead_letter}"
    await acme.post(f"/v1/executions/{(await acme.get(path)).json()['execution_id']}/cancel")
    await step(acme, "requeue_dead_letter", "POST", f"{path}/retry", "dead_letter.requeued", "something")
    await conn.execute(
        "update aias_private.dead_letters set resolution = null, resolved_at = null, resolved_by = null where id = %s",
        (dead_letter,),
    )
    reason = {"reason": "no"}
    await step(
        acme, "discard_dead_letter", "POST", f"{path}/discard", "dead_letter.discarded", "something", json=reason
    )
    path = "/v1/workflows/idle"
    await acme.put(path, json={**GREET, "name": "idle"})
    await step(acme, "disable_workflow", "POST", f"{path}/disable", "workflow.disabled", {"is_enabled": True})
    await step(acme, "enable_workflow", "POST", f"{path}/enable", "workflow.enabled", {"is_enabled": False})
    await step(acme, "delete_workflow", "DELETE", path, "workflow.deleted", {"version": 1, "is_enabled": True})
    await step(acme, "restore_workflow", "POST", f"{path}/restore", "workflow.restored", "something")


async def walk_through_the_queue(walk: Walk, acme: Client, operator: Client, tenant: str) -> None:
    step = walk.step
    job = {"task": "aias.none"}
    made = await step(acme, "enqueue_job", "POST", "/v1/jobs", "job.enqueued", "nothing", json=job)
    path = f"/v1/jobs/{made['id']}"
    await step(acme, "retry_job", "POST", f"{path}/retry", "job.retried", {"status": "todo"})
    await step(acme, "cancel_job", "POST", f"{path}/cancel", "job.cancelled", {"status": "todo"})
    paused = {"scope": "workflow", "name": f"{tenant}/greet"}
    why = {**paused, "reason": "a"}
    await step(acme, "pause", "POST", "/v1/pauses", "workflow.paused", "nothing", json=why)
    await step(acme, "pause", "POST", "/v1/pauses", "workflow.paused", {"reason": "a"}, json={**why, "reason": "b"})
    await step(acme, "resume", "POST", "/v1/pauses/resume", "workflow.resumed", {"reason": "b"}, json=paused)
    limit = {**paused, "max_running": 3}
    await step(acme, "set_limit", "PUT", "/v1/limits", "workflow.limited", "nothing", json=limit)
    was = {"max_running": 3}
    await step(acme, "set_limit", "PUT", "/v1/limits", "workflow.limited", was, json={**limit, "max_running": 4})
    was = {"max_running": 4}
    await step(acme, "remove_limit", "DELETE", "/v1/limits", "workflow.unlimited", was, params=paused)
    gate, was = {"gate": "slack"}, {"status": "open"}
    await step(operator, "close_gate", "POST", "/v1/gates/close", "gate.closed", was, json={**gate, "reason": "down"})
    was = {"status": "closed", "reason": "down"}
    await step(operator, "open_gate", "POST", "/v1/gates/open", "gate.opened", was, json=gate)


async def walk_through_tenants(walk: Walk, acme: Client, operator: Client, tenant: str) -> None:
    step = walk.step
    path, given = "/v1/integrations/slack/talk", {"secret": {"webhook_url": "https://example.com/x"}, "tried": False}
    await step(acme, "connect_integration", "PUT", path, "integration.connected", "nothing", json=given)
    await step(acme, "connect_integration", "PUT", path, "integration.reconnected", "something", json=given)
    await step(acme, "disconnect_integration", "DELETE", path, "integration.disconnected", "something")
    slug = {"slug": f"{tenant}-new"}
    await step(operator, "create_tenant", "POST", "/v1/tenants", "tenant.created", "nothing", json=slug)
    path, was = f"/v1/tenants/{tenant}", {"plan": "enterprise"}
    await step(operator, "set_plan", "PUT", f"{path}/plan", "tenant.plan_changed", was, json={"plan": "pro"})
    user = {"email": "zoe@example.com", "name": "Zoë"}
    await step(acme, "create_user", "POST", f"{path}/users", "user.created", "nothing", json=user)
    given = {"name": "other", "scopes": ["jobs:read"]}
    made = await step(acme, "create_key", "POST", "/v1/keys", "api_key.created", "nothing", json=given)
    path, was = f"/v1/keys/{made['id']}/revoke", {"status": "active", "scopes": ["jobs:read"]}
    await step(acme, "revoke_key", "POST", path, "api_key.revoked", was)
    forget = {"namespace": "plans"}
    await step(
        operator, "invalidate_cache", "POST", "/v1/cache/invalidate", "cache.invalidated", "nothing", json=forget
    )
