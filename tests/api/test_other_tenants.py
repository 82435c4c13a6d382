"""Every endpoint, asked with the key of another tenant: 404 or 403, and nothing of the tenant in any answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
import pytest

from aias.api import create_app
from aias.settings import Settings
from tests.api.conftest import NewClient
from tests.api.world import MARK, MARKED, SECRET, World, make_world

Connection = psycopg.AsyncConnection[Any]

# What is sent to operations whose body the schema does not make up by itself.
BODIES: dict[str, Any] = {
    "apply_workflow": MARKED,
    "validate_workflow": MARKED,
    "run_workflow": {"workflow": MARK},
    "set_schedule": {"workflow": MARK, "cron": "@daily"},
    "set_subscription": {"workflow": MARK, "type": "order.*"},
    "emit_events": {"specversion": "1.0", "id": "1", "source": "/t", "type": "order.paid"},
    "create_webhook": {"name": MARK, "workflow": MARK, "style": "standard"},
    "connect_integration": {"secret": {"webhook_url": "https://example.com/x"}, "tried": False},
    "backfill_schedule": {"begin": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"},
    "set_plan": {"plan": "free"},
    "create_user": {"email": "a@example.com", "name": "A"},
    "approve_step": {"approved": True},
    "send_signal": {"name": "go"},
    "discard_dead_letter": {"reason": "no"},
    "enqueue_job": {"task": "aias.none"},
    "set_alert_rule": {"source": "error_rate", "threshold": 5},
    "silence_alerts": {"until": "2099-01-01T00:00:00Z", "reason": "x"},
    "set_channel": {"kind": "webhook", "config": {"url": "https://example.com/x"}},
    "create_key": {"name": "mine", "scopes": ["*"]},
    "dry_run_workflow": {},
    "create_tenant": {"slug": "mine"},
    "invalidate_cache": {},
}
# Of these the name of the tenant stands in the body.
IN_BODY: dict[str, Any] = {
    "pause": {"scope": "workflow", "name": "{tenant}/" + MARK},
    "resume": {"scope": "workflow", "name": "{tenant}/" + MARK},
    "set_limit": {"scope": "workflow", "name": "{tenant}/" + MARK, "max_running": 9},
    "close_gate": {"gate": "slack:{tenant}/" + MARK, "reason": "x"},
    "open_gate": {"gate": "slack:{tenant}/" + MARK},
    "send_onboarding_mail": {"user": "00000000-0000-7000-8000-000000000001", "step": "getting_started"},
    "dismiss_guidance": {"user": "00000000-0000-7000-8000-000000000001", "kind": "help", "name": "workflows"},
}
# These are about nobody's own things; what they may not tell is checked all the same.
OPEN = {
    "get_lanes",
    "get_plans",
    "get_alert_sources",
    "get_fuse_rules",
    "invalidate_cache",
    "get_percentiles",
    "get_rates",
    "get_objectives",
    "list_templates",
    "get_onboarding_sequences",
    "preview_onboarding_mail",
}
LISTS_WITHOUT_TENANT = {"list_pauses", "list_limits", "list_gates", "list_tenants", "list_flags"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    name: str
    method: str
    path: str
    query: set[str]
    body: Any


def operations(settings: Settings) -> list[Operation]:
    document = create_app(settings).openapi()
    return [
        Operation(
            name=operation["operationId"],
            method=method.upper(),
            path=path,
            query={one["name"] for one in operation.get("parameters", []) if one["in"] == "query"},
            body=body_of(operation, document),
        )
        for path, methods in document["paths"].items()
        if path.startswith("/v1/")
        for method, operation in methods.items()
    ]


def body_of(operation: dict[str, Any], document: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return BODIES.get(operation["operationId"], None if content is None else made_up(content["schema"], document))


def made_up(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    """The least that fits a schema."""
    if "$ref" in schema:
        return made_up(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document)
    if "anyOf" in schema:
        return made_up(schema["anyOf"][0], document)
    if "examples" in schema or "enum" in schema:
        return (schema.get("examples") or schema["enum"])[0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: made_up(fields[name], document) for name in schema.get("required", [])}
        case "array":
            return [made_up(schema["items"], document)] * schema.get("minItems", 0)
        case kind:
            return {"integer": 1, "number": 1, "boolean": True, "string": "x"}.get(str(kind))


@pytest.fixture
async def world(client: NewClient, conn: Connection, tenants: dict[str, str], settings: Settings) -> World:
    return await make_world(conn, await client("acme"), tenants["acme"])


async def everything(conn: Connection, tenant: str) -> dict[str, Any]:
    """What there is of the tenant, without what time alone changes."""
    views: dict[str, LiteralString] = {
        "executions": "select id, status from aias.executions where tenant = %s order by id",
        "workflows": "select name, version, is_enabled, deleted_at from aias.workflows where tenant = %s order by name",
        "jobs": "select id, status from aias.jobs where tenant = %s order by id",
        "tenants": "select plan from aias.tenants where slug = %s",
        "keys": "select id, status from aias.api_keys where tenant = %s order by id",
        "pauses": "select name, reason from aias.pauses where tenant = %s order by name",
        "limits": "select name, max_running from aias.limits where tenant = %s order by name",
        "gates": "select gate, state from aias.gates where tenant = %s order by gate",
        "schedules": "select name, status from aias.schedules where tenant = %s order by name",
        "health": "select kind, name, status from aias.integration_health where tenant = %s order by kind",
        # that the tenant itself reads a person's data is told
        "audit": "select count(*) from aias.audit_log where action <> 'user.exported'"
        " and tenant_id = (select id from aias.tenants where slug = %s)",
        "erasures": "select count(*) from aias.erasures as e join aias.tenants as t on t.id = e.tenant_id"
        " where t.slug = %s",
    }
    found: dict[str, Any] = {}
    for name, query in views.items():
        cursor = await conn.execute(query, (tenant,))
        found[name] = await cursor.fetchall()
    return found


def filled(value: Any, tenant: str) -> Any:
    return {key: item.format(tenant=tenant) if isinstance(item, str) else item for key, item in value.items()}


async def test_another_tenants_key_finds_nothing_and_changes_nothing(
    client: NewClient, conn: Connection, world: World, settings: Settings
) -> None:
    other, owner = await client("other"), await client("acme")
    before = await everything(conn, world.tenant)
    reached: set[str] = set()
    for one in operations(settings):
        name, method, path = one.name, one.method, one.path
        url = re.sub(r"\{(\w+)\}", lambda match: world.path(match[1]), path)
        params = {"tenant": world.tenant} if "tenant" in one.query else {}
        if "metric" in one.query:
            params = {"metric": "requests"}
        if name == "preview_onboarding_mail":
            params = {"template": "getting_started"}
        if name in {"next_action", "help_for"}:
            params = {"user": str(world.user), "page": "integrations"}
        if name == "follow_logs":
            params["seconds"] = "1"
        if name == "remove_limit":
            params = {"scope": "workflow", "name": f"{world.tenant}/{MARK}"}
        body = filled(IN_BODY[name], world.tenant) if name in IN_BODY else one.body
        kind = {"Content-Type": "application/cloudevents+json"} if name == "emit_events" else {}
        answer = await other.request(method, url, params=params, json=body, headers=kind)
        assert SECRET not in answer.text, (name, answer.text)
        if name in OPEN or name in LISTS_WITHOUT_TENANT:
            assert answer.status_code in {200, 204}, (name, answer.text)
        else:
            assert answer.status_code in {403, 404}, (name, answer.status_code, answer.text)
        if method == "GET" and name not in OPEN:
            mine = await owner.request(method, url, params=params)
            assert mine.status_code in {200, 403, 404}, (name, mine.text)
            is_told = mine.status_code == 200 and any(mark in mine.text for mark in (SECRET, MARK, world.tenant))
            reached |= {name} if is_told else set()
    assert await everything(conn, world.tenant) == before
    # the walk is worth something: with its own key the tenant sees what the other one does not
    assert {
        "list_executions",
        "get_execution",
        "list_workflows",
        "get_workflow",
        "list_schedules",
        "list_integrations",
        "get_integration",
        "list_dead_letters",
        "get_dead_letter",
        "list_jobs",
        "get_job",
        "list_pauses",
        "list_limits",
        "list_gates",
        "list_tenants",
        "list_users",
        "export_user",
        "list_keys",
        "list_audit",
        "list_webhooks",
    } <= reached


async def test_another_tenants_thing_is_as_absent_as_one_that_never_was(client: NewClient, world: World) -> None:
    other = await client("other")
    absent = str(world.execution)[:-4] + "0000"
    theirs = (await other.get(f"/v1/executions/{world.execution}")).json()
    nobodys = (await other.get(f"/v1/executions/{absent}")).json()
    assert theirs["detail"].replace(str(world.execution), "") == nobodys["detail"].replace(absent, "")
    varying = {"detail": None, "instance": None, "request_id": None}
    assert theirs | varying == nobodys | varying


async def test_an_operators_key_sees_every_tenant_and_must_say_which(client: NewClient, world: World) -> None:
    operator = await client()
    listed = await operator.get("/v1/executions", params={"tenant": world.tenant})
    assert [item["id"] for item in listed.json()["items"]] == [str(world.execution)]
    assert (await operator.get(f"/v1/executions/{world.execution}")).status_code == 200
    asked = await operator.get(f"/v1/workflows/{MARK}")
    assert (asked.status_code, "tenant" in asked.json()["detail"]) == (422, True)
    assert (await operator.get(f"/v1/workflows/{MARK}", params={"tenant": world.tenant})).status_code == 200
