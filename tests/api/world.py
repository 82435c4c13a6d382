"""A tenant with one of everything, so that others can look for it; all of it is marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import psycopg

from aias.jobs import enqueue_job
from aias.workflows import run_workflow

MARK = "zebra-7f3a"
"""What the tenant's things are called: another tenant may know the names."""

SECRET = "okapi 51c9"
"""What stands in all of them: no answer to another tenant may hold it."""

MARKED = {
    "name": MARK,
    "input": {"type": "object"},
    "steps": [{"id": "wait", "action": "approval", "input": {"message": SECRET}}],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Ids of what the tenant has."""

    tenant: str
    execution: UUID
    job: int
    dead_letter: UUID
    key: str
    user: UUID

    def path(self, name: str) -> str:
        """What stands for a parameter of a path."""
        known = {
            "execution": self.execution,
            "job": self.job,
            "dead_letter": self.dead_letter,
            "key": self.key,
            "user": self.user,
            "slug": self.tenant,
            "name": MARK,
            "kind": "slack",
            "scope": "workflow",
            "version": 1,
            "step": "wait",
        }
        return str(known.get(name, self.execution))


async def make_world(conn: psycopg.AsyncConnection[Any], client: httpx.AsyncClient, tenant: str) -> World:
    """Give the tenant, whose key the client has, one of everything."""
    for method, path, body in (
        ("PUT", f"/v1/workflows/{MARK}", MARKED),
        ("POST", "/v1/pauses", {"scope": "workflow", "name": f"{tenant}/{MARK}", "reason": SECRET}),
        ("PUT", "/v1/limits", {"scope": "workflow", "name": f"{tenant}/{MARK}", "max_running": 1}),
        ("POST", f"/v1/tenants/{tenant}/users", {"email": f"{MARK}@example.com", "name": SECRET}),
        ("PUT", f"/v1/schedules/{MARK}", {"workflow": MARK, "cron": "0 0 1 1 *", "input": {"mark": SECRET}}),
        (
            "PUT",
            f"/v1/integrations/slack/{MARK}",
            {"secret": {"webhook_url": f"https://example.com/{MARK}"}, "tried": False},
        ),
        ("POST", "/v1/gates/close", {"gate": f"slack:{tenant}/{MARK}", "reason": SECRET}),
        (
            "POST",
            "/v1/webhooks",
            {"name": MARK, "workflow": MARK, "style": "standard", "condition": "{{ '" + SECRET + "' }}"},
        ),
    ):
        made = await client.request(method, path, json=body)
        assert made.status_code < 300, (path, made.text)
    execution = await run_workflow(conn, tenant, MARK, {"mark": SECRET})
    job = await enqueue_job(conn, "aias.none", {"mark": SECRET}, tenant=tenant)
    # only the engine makes dead letters, from what has failed for good
    cursor = await conn.execute(
        "insert into aias_private.dead_letters (tenant_id, kind, execution_id, reason, error, snapshot)"
        " select e.tenant_id, 'execution', e.id, %s, jsonb_build_object('message', %s::text), '{}'"
        " from aias.executions as e where e.id = %s returning id",
        (SECRET, SECRET, execution),
    )
    (letter,) = await cursor.fetchone() or (None,)
    assert letter is not None
    key = client.headers["authorization"].split("_")[1]
    (user,) = (await client.get(f"/v1/tenants/{tenant}/users")).json()["items"]
    return World(tenant=tenant, execution=execution, job=job, dead_letter=letter, key=key, user=UUID(user["id"]))
