from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from aias.db import Pool
from aias.lifecycle import carry_out, restore_workflow
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]
BEGIN = datetime(2031, 1, 1, tzinfo=UTC)


async def _names(conn: Connection) -> list[tuple[str, bool]]:
    cursor = await conn.execute("select name, deleted_at is null from aias.workflows order by name")
    return await cursor.fetchall()


async def test_an_unused_workflow_goes_a_fortnight_after_its_owner_was_told_and_comes_back(
    conn: Connection, pool: Pool, set_clock: Callable[..., Any]
) -> None:
    await set_clock(conn, BEGIN)
    tenant = await create_tenant(conn, slug="acme")
    for name in ("idle", "used"):
        await conn.execute(
            "with w as (insert into aias_private.workflows (tenant_id, name, current_version) values (%s, %s, 1)"
            " returning tenant_id, id)"
            " insert into aias_private.workflow_versions"
            " (tenant_id, workflow_id, version, definition, checksum, created_by)"
            " select w.tenant_id, w.id, 1, '{}', '', 'test' from w",
            (tenant, name),
        )
    await conn.execute("update aias_private.retention_policies set is_enabled = table_name = 'workflows'")
    await conn.execute(
        "insert into aias_private.execution_days (tenant_id, day, workflow_id, is_open, started_count)"
        " select w.tenant_id, '2031-12-01', w.id, false, 1 from aias_private.workflows as w where w.name = 'used'"
    )
    told = BEGIN + timedelta(days=370)
    await set_clock(conn, told)
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _names(conn) == [("idle", True), ("used", True)]
    cursor = await conn.execute(
        "select details ->> 'workflow' from aias_private.notices where kind = 'retention.workflow_unused'"
    )
    assert await cursor.fetchall() == [("idle",)]
    await set_clock(conn, told + timedelta(days=3))
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _names(conn) == [("idle", True), ("used", True)]
    await set_clock(conn, told + timedelta(days=31))
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _names(conn) == [("idle", False), ("used", True)]
    await restore_workflow(conn, "acme", "idle")
    assert await _names(conn) == [("idle", True), ("used", True)]
    # its owner has a fortnight again
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _names(conn) == [("idle", True), ("used", True)]
