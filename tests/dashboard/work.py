"""Work for pages to show: executions in every state, run by the engine itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from aias.db import Pool
from aias.workflows import apply_workflow, run_workflow
from aias.workflows.engine import advance

__all__ = ["HOSTILE", "ORDER", "drive", "run"]

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
"""What no page may hold as it is."""

ORDER: dict[str, Any] = {
    "name": "order",
    "description": HOSTILE,
    "input": {"type": "object"},
    "steps": [
        {"id": "first", "action": "transform", "input": {"text": "{{ input.note }}"}},
        {"id": "asked", "action": "approval", "input": {"message": HOSTILE}, "needs": ["first"]},
        {"id": "last", "action": "transform", "input": {"ok": "{{ steps.first.output.text }}"}, "needs": ["asked"]},
    ],
}

Connection = psycopg.AsyncConnection[Any]


async def drive(pool: Pool, execution: UUID) -> str:
    """Do what workers do until the execution ends or waits; give its state."""
    for _ in range(20):
        async with pool.connection() as conn:
            cursor = await conn.execute(
                "select tenant_id, job_id, status from aias.executions where id = %s", (execution,)
            )
            found = await cursor.fetchone()
        assert found is not None
        tenant, job, status = found
        if job is None or status != "queued":
            return status
        await advance(pool, tenant=tenant, execution=execution, job=job, worker=None, lease_is_fresh=lambda: True)
    raise AssertionError("it neither ends nor waits")


async def run(conn: Connection, pool: Pool, tenant: str, input: dict[str, Any] | None = None) -> UUID:
    """Start ``order`` and run it until it asks a person."""
    await apply_workflow(conn, tenant, ORDER)
    started = await run_workflow(conn, tenant, "order", {"note": "a note", **(input or {})})
    assert await drive(pool, started) == "waiting"
    return started
