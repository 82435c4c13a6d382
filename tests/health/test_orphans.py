"""What no key holds together is found per kind, and repaired where that is the policy and was asked for."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from aias.errors import Forbidden
from aias.health import OrphanKind, find_orphans
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]

FLOW = '{"name": "flow", "steps": [{"id": "one", "action": "transform", "input": {"value": 1}}]}'


async def found(conn: Connection, *, repair: bool = False) -> dict[str, OrphanKind]:
    return {one.kind: one for one in await find_orphans(conn, repair=repair) if one.row_count > 0}


async def start(conn: Connection) -> Any:
    await create_tenant(conn, slug="acme")
    await conn.execute("select aias.apply_workflow('acme', %s)", (FLOW,))
    cursor = await conn.execute("select aias.run_workflow('acme', 'flow')")
    (row,) = await cursor.fetchall()
    return row[0]


async def test_children_of_what_is_gone_are_found_with_samples_and_only_some_are_repaired(conn: Connection) -> None:
    await start(conn)
    assert await found(conn) == {}
    await conn.execute("set session_replication_role = replica")  # no key is checked
    await conn.execute(
        "insert into aias_private.execution_events (tenant_id, id, execution_id, type)"
        " select t.id, aias_private.uuid7(), aias_private.uuid7(), 'suspended'"
        " from aias_private.tenants as t, generate_series(1, 7)"
    )
    await conn.execute(
        "insert into aias_private.usage_months (tenant_id, month, measure, used_count)"
        " values (gen_random_uuid(), '2026-01-01', 'steps', 1)"
    )
    await conn.execute(
        "insert into aias_private.users (tenant_id, email, name, role)"
        " values (gen_random_uuid(), 'a@b.c', 'A', 'owner')"
    )
    await conn.execute("reset session_replication_role")

    orphans = await found(conn)
    assert {kind: (one.row_count, one.repaired_count, one.policy) for kind, one in orphans.items()} == {
        "events_without_execution": (7, 0, "repair"),
        "usage_without_tenant": (1, 0, "repair"),
        "users_without_tenant": (1, 0, "report"),
    }
    assert len(orphans["events_without_execution"].samples) == 5
    assert set(orphans["events_without_execution"].samples[0]) == {"tenant_id", "execution_id"}
    assert await found(conn) == orphans  # looking changes nothing

    repaired = await found(conn, repair=True)
    assert {kind: one.repaired_count for kind, one in repaired.items()} == {
        "events_without_execution": 7,
        "usage_without_tenant": 1,
        "users_without_tenant": 0,
    }
    assert set(await found(conn)) == {"users_without_tenant"}
    cursor = await conn.execute("select object_id from aias.audit_log where action = 'orphans.repaired' order by 1")
    assert await cursor.fetchall() == [("events_without_execution",), ("usage_without_tenant",)]


async def test_executions_without_jobs_and_jobs_without_executions_are_repaired_from_the_ledger(
    conn: Connection,
) -> None:
    execution = await start(conn)
    await conn.execute("delete from procrastinate_jobs")
    await conn.execute(
        "insert into procrastinate_jobs (task_name, queue_name, args) values ('aias.advance_execution', 'free', %s)",
        (Jsonb({"tenant_id": str(execution), "execution_id": str(execution)}),),
    )
    orphans = await found(conn)
    assert {kind: one.row_count for kind, one in orphans.items()} == {
        "executions_without_job": 1,
        "jobs_without_execution": 1,
    }
    assert orphans["executions_without_job"].samples[0]["execution_id"] == str(execution)
    repaired = await found(conn, repair=True)
    assert {kind: one.repaired_count for kind, one in repaired.items()}["executions_without_job"] == 1
    assert await found(conn) == {}


async def test_what_retention_has_dropped_leaves_no_orphans(conn: Connection) -> None:
    await start(conn)
    await conn.execute(
        "insert into aias_private.execution_events (tenant_id, id, execution_id, type)"
        " select t.id, aias_private.uuid7(), aias_private.uuid7_floor('2020-01-01 00:00+00'), 'suspended'"
        " from aias_private.tenants as t"
    )
    assert await found(conn) == {}


async def test_a_tenant_sees_no_orphans(conn: Connection) -> None:
    await create_tenant(conn, slug="acme")
    await conn.execute("grant execute on function aias.find_orphans(boolean) to aias_app")
    await conn.execute("set role aias_app")
    with pytest.raises(Forbidden):
        await find_orphans(conn)
