"""A year of days: the clock set, partitions made, rows written, the policies run each day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from aias.db import Pool
from aias.lifecycle import carry_out, ensure_partitions
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]
BEGIN = datetime(2031, 1, 1, tzinfo=UTC)
DAYS = 365
KEPT = timedelta(days=40)
PER_DAY = 20
STUCK = 30
"""One execution of each so many days never ends."""

_DAY = """
    with run as (
        insert into aias_private.executions
        (tenant_id, id, workflow_id, version, status, input, lane, created_at, finished_at, wait_reason)
        select
            w.tenant_id,
            overlay(
                aias_private.uuid7_floor(%(at)s)::text placing right(gen_random_uuid()::text, 12) from 25
            )::uuid,
            w.id, 1, case when n = 0 then 'waiting' else 'succeeded' end, '{}', 'free', %(at)s,
            case when n > 0 then %(at)s::timestamptz end, case when n = 0 then 'sleep' end
        from aias_private.workflows as w
        cross join generate_series(%(first)s::integer, %(count)s::integer) as n
        returning tenant_id, id
    ),

    step as (
        insert into aias_private.steps (tenant_id, execution_id, id, action, status, execution_attempt, finished_at)
        select r.tenant_id, r.id, 'a', 'transform', 'succeeded', 1, %(at)s from run as r
    )

    insert into aias_private.idempotency_keys (tenant_id, scope, key, target, request_hash, created_at)
    select r.tenant_id, 'execution:orders', r.id::text, r.id::text, '', %(at)s from run as r
"""


@pytest.mark.slow
async def test_a_year_ends_with_the_right_rows_each_once_and_the_size_stays_flat(
    conn: Connection, pool: Pool, set_clock: Callable[..., Any]
) -> None:
    await set_clock(conn, BEGIN)
    tenant = await create_tenant(conn, slug="acme")
    await conn.execute(
        "insert into aias_private.workflows (tenant_id, name, current_version) values (%s, 'orders', 1)", (tenant,)
    )
    await conn.execute(
        "insert into aias_private.workflow_versions (tenant_id, workflow_id, version, definition, checksum, created_by)"
        " select tenant_id, id, 1, '{}', '', 'test' from aias_private.workflows"
    )
    # the tables that the year writes to; the partitions of the others would only take the test's time
    await conn.execute(
        "update aias_private.retention_policies set is_enabled = false"
        " where table_name <> all (array['executions', 'steps', 'execution_events', 'effects', 'idempotency_keys'])"
    )
    await conn.execute(
        "update aias_private.retention_policies set age = %s where table_name in ('executions', 'idempotency_keys')",
        (KEPT,),
    )
    sizes: list[int] = []
    stuck, at = 0, BEGIN
    for day in range(DAYS):
        at = BEGIN + timedelta(days=day)
        await set_clock(conn, at)
        if day % 14 == 0:
            assert {made.problem for made in await ensure_partitions(conn, months_ahead=1)} <= {None}
        is_stuck = day % STUCK == 0
        stuck += is_stuck
        await conn.execute(_DAY, {"at": at, "first": 0 if is_stuck else 1, "count": PER_DAY})
        assert await carry_out(pool, requested_by="test", is_scheduled=True) in {"done", None}
        cursor = await conn.execute("select count(*) from aias_private.executions where status = 'succeeded'")
        sizes.append((await cursor.fetchall())[0][0])

    # what is left: the months that are not wholly too old, and what never ended
    first_kept = (at - KEPT).replace(day=1)
    cursor = await conn.execute(
        "select count(*), count(distinct e.id), min(e.created_at), bool_and(s.id is not null)"
        " from aias_private.executions as e"
        " left join aias_private.steps as s on s.tenant_id = e.tenant_id and s.execution_id = e.id"
        " where e.status = 'succeeded'"
    )
    (row,) = await cursor.fetchall()
    expected = ((at - first_kept).days + 1) * PER_DAY
    assert row == (expected, expected, first_kept, True)
    cursor = await conn.execute("select count(*) from aias_private.executions where status = 'waiting'")
    assert await cursor.fetchall() == [(stuck,)]
    cursor = await conn.execute("select count(*) from aias_private.steps")
    assert await cursor.fetchall() == [(expected + stuck,)]
    cursor = await conn.execute("select min(created_at) >= %s from aias_private.idempotency_keys", (at - KEPT,))
    assert await cursor.fetchall() == [(True,)]
    cursor = await conn.execute("select count(*) from pg_class where relname like '%\\_retired' and relkind = 'r'")
    assert await cursor.fetchall() == [(0,)]
    cursor = await conn.execute("select count(*) from aias_private.executions_default")
    assert await cursor.fetchall() == [(0,)]
    # a month of rows at most beyond what is kept, all year long
    assert max(sizes[90:]) <= (KEPT.days + 32) * PER_DAY
    assert max(sizes[270:]) <= max(sizes[90:180]) + 3 * PER_DAY
