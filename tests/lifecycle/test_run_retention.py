from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from aias.db import Pool
from aias.errors import Conflict, InvalidArgument, NotFound
from aias.lifecycle import (
    carry_out,
    ensure_partitions,
    hold_retention,
    release_retention,
    retention_holds,
    retention_status,
    run_retention,
    set_retention,
)
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]
OLD = datetime(2031, 3, 10, tzinfo=UTC)
LATER = datetime(2031, 9, 20, tzinfo=UTC)
FAMILY = ("executions", "steps", "execution_events", "effects")


@pytest.fixture
async def acme(conn: Connection, set_clock: Callable[..., Any]) -> UUID:
    """A tenant with a workflow; it is March 2031, and the months have their partitions."""
    await set_clock(conn, OLD)
    await ensure_partitions(conn)
    tenant = await create_tenant(conn, slug="acme")
    await conn.execute(
        "insert into aias_private.workflows (tenant_id, name, current_version) values (%s, 'orders', 1)", (tenant,)
    )
    await conn.execute(
        "insert into aias_private.workflow_versions (tenant_id, workflow_id, version, definition, checksum, created_by)"
        " select tenant_id, id, 1, '{}', '', 'test' from aias_private.workflows"
    )
    return tenant


async def _execute(conn: Connection, tenant: UUID, at: datetime, count: int, status: str = "succeeded") -> None:
    """Write executions of a day as they would be, with a step each."""
    await conn.execute(
        """
        with run as (
            insert into aias_private.executions
            (tenant_id, id, workflow_id, version, status, input, lane, created_at, finished_at, wait_reason)
            select %(tenant)s,
                overlay(
                    aias_private.uuid7_floor(%(at)s)::text placing right(gen_random_uuid()::text, 12) from 25
                )::uuid,
                w.id, 1, %(status)s, '{}', 'free', %(at)s,
                case when %(status)s in ('succeeded', 'failed') then %(at)s::timestamptz end,
                case when %(status)s = 'waiting' then 'sleep' end
            from (select w.id from aias_private.workflows as w order by w.tenant_id = %(tenant)s desc limit 1) as w,
            generate_series(1, %(count)s)
            returning tenant_id, id
        )
        insert into aias_private.steps (tenant_id, execution_id, id, action, status, execution_attempt, finished_at)
        select tenant_id, id, 'a', 'transform', 'succeeded', 1, %(at)s from run
        """,
        {"tenant": tenant, "at": at, "count": count, "status": status},
    )


async def _count(conn: Connection, table: str) -> int:
    cursor = await conn.execute(sql.SQL("select count(*) from aias_private.{}").format(sql.Identifier(table)))
    (row,) = await cursor.fetchall()
    return row[0]


async def _exists(conn: Connection, table: str) -> bool:
    cursor = await conn.execute("select to_regclass('aias_private.' || %s) is not null", (table,))
    (row,) = await cursor.fetchall()
    return row[0]


async def test_a_dry_run_tells_what_would_go_and_changes_nothing(
    conn: Connection, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    await _execute(conn, acme, OLD, 7)
    await set_clock(conn, LATER)
    found = {r.object: r for r in await run_retention(conn)}
    assert found["executions_2031_03"].rows == 7
    assert found["executions_2031_03"].action == "drop"
    assert found["executions_2031_03"].bytes > 0
    assert {f"{table}_2031_03" for table in FAMILY} <= set(found)
    assert "executions_2031_06" not in found
    assert await _count(conn, "executions") == 7
    assert (await conn.execute("select from aias_private.retention_runs")).rowcount == 0


async def test_a_month_goes_when_all_of_it_is_too_old_and_what_is_not_final_stays(
    conn: Connection, pool: Pool, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    await _execute(conn, acme, OLD, 7)
    await _execute(conn, acme, OLD, 2, "waiting")
    await _execute(conn, acme, OLD + timedelta(days=90), 5)
    await set_clock(conn, LATER)
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    cursor = await conn.execute(
        "select status, tableoid::regclass::text, count(*) from aias_private.executions group by 1, 2 order by 1"
    )
    assert await cursor.fetchall() == [
        ("succeeded", "aias_private.executions_2031_06", 5),
        ("waiting", "aias_private.executions_2031_03", 2),
    ]
    assert await _count(conn, "steps") == 7
    assert not await _exists(conn, "executions_2031_03_retired")
    assert not await _exists(conn, "logs_info_2031_03")
    # they stay until they end, and no run is bothered with them
    assert "executions_2031_03" not in {r.object for r in await run_retention(conn)}
    await conn.execute(
        "update aias_private.executions set status = 'succeeded', wait_reason = null, finished_at = aias_private.now()"
        " where status = 'waiting'"
    )
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _count(conn, "executions") == 5
    assert not await _exists(conn, "executions_2031_03")
    rows = {s.policy: s for s in await retention_status(conn)}
    assert (rows["executions"].status, rows["executions"].removed_count) == ("done", 2)
    cursor = await conn.execute("select count(*) from aias.audit_log where action = 'retention.ran'")
    assert (await cursor.fetchall())[0][0] == 2


async def test_a_held_tenant_keeps_its_rows_and_a_contract_shortens_them(
    conn: Connection, pool: Pool, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    held, short = await create_tenant(conn, slug="held"), await create_tenant(conn, slug="short")
    # the key to the workflow's version is of no interest here
    await conn.execute("alter table aias_private.executions drop constraint executions_version_fkey")
    await hold_retention(conn, "held", reason="a lawsuit")
    await hold_retention(conn, "short", reason="the contract", age=timedelta(days=10))
    for tenant in (acme, held, short):
        await _execute(conn, tenant, OLD, 3)
        await _execute(conn, tenant, OLD + timedelta(days=170), 3)
    await set_clock(conn, LATER)
    assert {(h.tenant, h.age) for h in await retention_holds(conn)} == {("held", None), ("short", timedelta(days=10))}
    assert ("executions of short", 6) in [(r.object, r.rows) for r in await run_retention(conn)]
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    cursor = await conn.execute(
        "select t.slug, count(*) from aias_private.executions as e join aias_private.tenants as t on t.id = e.tenant_id"
        " group by 1 order by 1"
    )
    assert await cursor.fetchall() == [("acme", 3), ("held", 6)]
    assert await _count(conn, "steps") == 9
    await release_retention(conn, "held")
    with pytest.raises(NotFound):
        await release_retention(conn, "held")
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _count(conn, "executions") == 6


async def test_where_many_rows_stay_the_others_are_deleted(
    conn: Connection, pool: Pool, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    await _execute(conn, acme, OLD, 1500, "waiting")
    await _execute(conn, acme, OLD, 200)
    await set_clock(conn, LATER)
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _count(conn, "executions") == 1500
    assert await _count(conn, "steps") == 1500


async def test_what_must_be_archived_waits_until_it_is(
    conn: Connection,
    pool: Pool,
    acme: UUID,
    set_clock: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", conn.info.dsn)
    partition = "audit_log_2031_03"
    # what the functions write has ids of the real clock
    await conn.execute(
        "insert into aias_private.audit_log (id, actor, actor_kind, action, object_kind, object_id)"
        " values (aias_private.uuid7_floor('2031-03-05 00:00+00'), 'test', 'system', 'a.b', 'c', 'd')"
    )
    await set_clock(conn, datetime(2032, 6, 1, tzinfo=UTC))
    cursor = await conn.execute("select aias_private.unsealed_reason(%s)", (partition,))
    assert await cursor.fetchall() == [("it holds rows that are not sealed yet",)]
    await conn.execute("update aias_private.retention_policies set guard = null")
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    status = {s.policy: s for s in await retention_status(conn)}["audit_log"]
    assert status.status == "waiting"
    assert status.problem
    assert "AIAS_ARCHIVE_URL is not set" in status.problem
    rows = await _count(conn, partition)
    assert rows > 0
    monkeypatch.setenv("AIAS_ARCHIVE_URL", tmp_path.as_uri())
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert not await _exists(conn, partition)
    cursor = await conn.execute(
        "select row_count from aias_private.archives where partition_name = %s and state = 'verified'", (partition,)
    )
    assert await cursor.fetchall() == [(rows,)]


async def test_a_run_that_was_cut_off_goes_on_where_it_was(
    conn: Connection, pool: Pool, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    await _execute(conn, acme, OLD, 7)
    await _execute(conn, acme, OLD, 1, "waiting")
    await set_clock(conn, LATER)
    cursor = await conn.execute("select aias_private.begin_retention('test', false)")
    (run,) = (await cursor.fetchall())[0]
    await conn.execute(
        "select aias_private.retire_partitions(i.run_id, i.position) from aias_private.retention_items as i"
        " where i.object = 'executions_2031_03'"
    )
    assert await _count(conn, "executions") == 1
    assert await _exists(conn, "executions_2031_03_retired")
    # a second run is the same run
    assert await run_retention(conn, dry_run=False)
    assert await carry_out(pool, requested_by="test", is_scheduled=True) == "done"
    cursor = await conn.execute("select id from aias_private.retention_runs")
    assert await cursor.fetchall() == [(run,)]
    assert not await _exists(conn, "executions_2031_03_retired")
    assert await _count(conn, "executions") == 1


async def test_strays_are_moved_to_the_partition_of_their_month(
    conn: Connection, pool: Pool, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    for month in ("2031-11-05", "2031-12-05"):
        await conn.execute(
            "insert into aias_private.audit_log (id, actor, actor_kind, action, object_kind, object_id)"
            " values (aias_private.uuid7_floor(%s::timestamptz), 'test', 'system', 'a.b', 'c', 'd')",
            (month,),
        )
    assert await _count(conn, "audit_log_default") == 2
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _count(conn, "audit_log_default") == 0
    assert await _count(conn, "audit_log_2031_12") == 1
    cursor = await conn.execute("select count(*) from aias_private.audit_log where action = 'a.b'")
    assert await cursor.fetchall() == [(2,)]
    for table in ("audit_log_2031_12", "audit_log_default"):
        with pytest.raises(psycopg.Error, match="append-only"):
            await conn.execute(sql.SQL("truncate aias_private.{}").format(sql.Identifier(table)))


async def test_a_lock_that_is_not_to_be_had_is_tried_again(
    conn: Connection, pool: Pool, database_url: str, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    await _execute(conn, acme, OLD, 7)
    await set_clock(conn, LATER)
    async with await psycopg.AsyncConnection.connect(database_url) as reader:
        await reader.execute("select count(*) from aias_private.executions")
        cursor = await conn.execute("select aias_private.begin_retention('test', false)")
        await cursor.fetchall()
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await conn.execute(
                "select aias_private.retire_partitions(i.run_id, i.position) from aias_private.retention_items as i"
                " where i.object = 'executions_2031_03'"
            )
    assert await _count(conn, "executions") == 7
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    assert await _count(conn, "executions") == 0


async def test_policies_are_changed_within_bounds(conn: Connection) -> None:
    await set_retention(conn, "logs_info", age=timedelta(days=7), cadence="weekly", is_enabled=False)
    status = {s.policy: s for s in await retention_status(conn)}["logs_info"]
    assert (status.age, status.cadence, status.is_enabled) == (timedelta(days=7), "weekly", False)
    with pytest.raises(InvalidArgument) as caught:
        await set_retention(conn, "logs_info", age=timedelta(hours=1))
    assert caught.value.argument == "p_age"
    with pytest.raises(NotFound):
        await set_retention(conn, "nothing", age=timedelta(days=7))
    with pytest.raises(Conflict):
        await set_retention(conn, "steps", age=timedelta(days=7))


async def test_what_stays_of_a_month_is_found_without_reading_the_month(
    conn: Connection, acme: UUID, set_clock: Callable[..., Any]
) -> None:
    await _execute(conn, acme, OLD, 20_000)
    await _execute(conn, acme, OLD, 2, "waiting")
    await conn.execute("analyze aias_private.executions_2031_03")
    cursor = await conn.execute("select aias_private.kept_condition('executions')")
    (condition,) = (await cursor.fetchall())[0]
    for holders in ("{}", "{11111111-1111-4111-8111-111111111111}"):
        query = sql.SQL(
            "explain (analyze, format json) select from aias_private.executions_2031_03 as r where {}"
        ).format(sql.SQL(condition.replace("$1", f"'{holders}'::uuid[]")))
        (plan,) = (await (await conn.execute(query)).fetchall())[0]
        assert "Seq Scan" not in str(plan)
        assert plan[0]["Plan"]["Actual Rows"] == 2
        assert plan[0]["Plan"].get("Rows Removed by Filter", 0) == 0
