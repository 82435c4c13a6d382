"""Each check of the database fails by a real cause, says what it is, and is ok again when the cause is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from aias.db import Pool
from aias.errors import InvalidArgument, NotFound
from aias.health import Health, list_health, look
from aias.health.looking import look_at_all
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]


async def state(pool: Pool, name: str) -> Health:
    """Look at a check, and give how it is."""
    await look(pool, name)
    async with pool.connection() as conn:
        return next(one for one in await list_health(conn) if one.name == name)


async def alerts(conn: Connection) -> list[tuple[Any, ...]]:
    cursor = await conn.execute(
        "select key, status, severity, occurrence_count from aias.alerts"
        " where rule = 'health_failing' order by opened_at"
    )
    return await cursor.fetchall()


async def value(conn: Connection, query: LiteralString, *parameters: Any) -> Any:
    cursor = await conn.execute(query, parameters)
    (row,) = await cursor.fetchall()
    return row[0]


DATABASE_CHECKS = [
    "audit",
    "bloat",
    "counters",
    "server",
    "indexes",
    "integrations",
    "orphans",
    "partitions",
    "performance",
    "plugins",
    "sequences",
    "wraparound",
]


async def test_everything_is_ok_in_a_new_database_and_nobody_is_told(pool: Pool, conn: Connection) -> None:
    before = {one.name: one for one in await list_health(conn)}
    assert {one.status for one in before.values()} == {"unknown"}
    assert not any(one.is_fresh for one in before.values())
    for name in DATABASE_CHECKS:
        found = await state(pool, name)
        assert (found.status, found.problems, found.is_fresh) == ("ok", [], True), name
        assert found.latency_ms is not None
    assert await alerts(conn) == []
    assert await value(conn, "select count(*) from aias_private.health_results") == len(DATABASE_CHECKS)


async def test_an_index_whose_build_failed_is_told_once_and_its_end_as_well(pool: Pool, conn: Connection) -> None:
    await create_tenant(conn, slug="acme")
    await create_tenant(conn, slug="zoo")
    with pytest.raises(psycopg.errors.UniqueViolation):
        await conn.execute("create unique index concurrently broken_idx on aias_private.tenants (plan)")
    found = await state(pool, "indexes")
    assert (found.status, found.problem_count) == ("failing", 1)
    assert found.detail is not None
    assert found.detail.startswith("aias_private.broken_idx: is not valid")
    again = await state(pool, "indexes")
    assert again.since == found.since
    assert again.checked_at != found.checked_at
    assert await alerts(conn) == [("indexes", "open", "warning", 1)]
    await conn.execute("drop index aias_private.broken_idx")
    assert (await state(pool, "indexes")).status == "ok"
    assert await alerts(conn) == [("indexes", "resolved", "warning", 1)]
    assert await value(conn, "select count(*) from aias_private.health_results where name = 'indexes'") == 3


async def test_a_sequence_near_its_end_is_told_by_its_columns_type(pool: Pool, conn: Connection) -> None:
    await conn.execute("create sequence aias_private.numbers as bigint")
    await conn.execute("create table aias_private.small (n integer default nextval('aias_private.numbers'))")
    await conn.execute("alter sequence aias_private.numbers owned by aias_private.small.n")
    await conn.execute("select setval('aias_private.numbers', 2000000000)")
    found = await state(pool, "sequences")
    assert (found.status, found.is_vital) == ("failing", True)
    assert found.detail == "aias_private.numbers: 93 % of its numbers are used"
    assert await alerts(conn) == [("sequences", "open", "critical", 1)]
    await conn.execute("select setval('aias_private.numbers', 5)")
    assert (await state(pool, "sequences")).status == "ok"


async def test_a_missing_partition_and_stray_rows_are_told_by_the_rule_that_watches_them(
    pool: Pool, conn: Connection
) -> None:
    month = await value(conn, "select to_char(date_trunc('month', aias_private.now()) + interval '1 month', 'YYYY_MM')")
    await conn.execute(sql.SQL("drop table aias_private.{}").format(sql.Identifier(f"logs_info_{month}")))
    found = await state(pool, "partitions")
    assert found.detail == "logs_info: next month has no partition"
    assert await alerts(conn) == []  # partition_trouble tells it within the minute
    await conn.execute("select partition_name from aias_private.ensure_partitions(3)")
    assert (await state(pool, "partitions")).status == "ok"
    await conn.execute(
        "insert into aias_private.health_results (id, name, status, latency_ms, problem_count, problems)"
        " values ('00000000-0000-7000-8000-000000000000', 'api', 'ok', 1, 0, '[]')"
    )
    assert (await state(pool, "partitions")).detail == "health_results: rows lie in the default partition"


async def test_counters_that_were_falsified_are_told_each(
    pool: Pool, conn: Connection, set_clock: Callable[..., Any]
) -> None:
    noon = datetime.now(UTC).replace(day=15, hour=12, minute=0, second=0, microsecond=0)
    await set_clock(conn, noon)
    tenant = await create_tenant(conn, slug="acme")
    await conn.execute(
        "select aias.track('acme', %s::jsonb)",
        (Jsonb([{"event_id": "1", "name": "opened", "occurred_at": noon.isoformat()}]),),
    )
    await conn.execute(
        "select aias_private.add_observations(%s)",
        (Jsonb([{"metric": "statements", "key": "x", "count": 3, "total": 1, "buckets": [5], "counts": [3]}]),),
    )
    await conn.execute("select aias_private.roll_up_observations(1000)")
    await conn.execute("select aias_private.roll_up_activity()")
    await set_clock(conn, noon + timedelta(days=1))
    assert (await state(pool, "counters")).problems == []

    await conn.execute("update aias_private.metric_hours set observation_count = 2")
    await conn.execute("update aias_private.metric_totals set observation_count = 1")
    await conn.execute("update aias_private.telemetry_tallies set event_count = 0")
    await conn.execute("update aias_private.telemetry_days set event_count = 0")
    await conn.execute(
        "insert into aias_private.usage_months (tenant_id, month, measure, used_count) values (%s, %s, 'executions', 7)"
        " on conflict (tenant_id, month, measure) do update set used_count = 7",
        (tenant, noon.replace(day=1).date()),
    )
    found = await state(pool, "counters")
    assert {one["object"]: one["problem"] for one in found.problems} == {
        "metric statements": "3 per minute, 2 per hour, 3 per day",
        "metric_totals statements": "1 are counted, 3 by their days",
        "usage acme executions": "7 are charged, 0 were counted",
        "telemetry_daily acme opened": "0 are counted, 1 are there",
    }


async def test_a_guard_that_is_off_and_a_connection_that_fails_are_found(pool: Pool, conn: Connection) -> None:
    guards = sql.SQL("alter table aias_private.audit_log_default {} trigger user")
    await conn.execute(guards.format(sql.SQL("disable")))
    assert (await state(pool, "audit")).status == "failing"
    await conn.execute(guards.format(sql.SQL("enable")))
    assert (await state(pool, "audit")).status == "ok"

    tenant = await create_tenant(conn, slug="acme")
    await conn.execute(
        "insert into aias_private.integrations"
        " (tenant_id, id, kind, name, status, status_reason, config, secret, key_id)"
        " values (%s, aias_private.uuid7(), 'slack', 'main', 'failing', 'gone', '{}', repeat('x', 40)::bytea,"
        " repeat('0', 16))",
        (tenant,),
    )
    found = await state(pool, "integrations")
    assert found.detail == "slack:acme/main: failing: gone"
    await conn.execute("delete from aias_private.integrations")
    assert (await state(pool, "integrations")).status == "ok"


@pytest.mark.usefixtures("alone")
async def test_an_audit_log_that_was_altered_or_is_not_sealed_is_found(pool: Pool, conn: Connection) -> None:
    await create_tenant(conn, slug="acme")
    assert (await state(pool, "audit")).status == "ok"
    await conn.execute(
        "insert into aias_private.audit_log (id, actor, actor_kind, action, object_kind, object_id)"
        " values (aias_private.uuid7_floor(now() - interval '2 hours'), 'test', 'system', 'a.b', 'c', 'd')"
    )
    assert (await state(pool, "audit")).detail == "audit_log: rows of more than an hour ago are not sealed"
    assert await value(conn, "select aias.seal_audit()") > 0
    await conn.execute("select ok from aias_private.check_audit_chain()")
    assert (await state(pool, "audit")).status == "ok"

    await conn.execute("set session_replication_role = replica")
    await conn.execute("update aias_private.audit_log set actor = 'nobody'")
    await conn.execute("reset session_replication_role")
    await conn.execute("select ok from aias_private.check_audit_chain()")
    found = await state(pool, "audit")
    assert (found.status, found.is_vital, found.problems[0]["object"]) == ("failing", True, "seal 1")


async def test_an_index_of_holes_and_a_table_of_dead_rows_are_found(pool: Pool, conn: Connection) -> None:
    await conn.execute("create table aias_private.holes (n integer constraint holes_pkey primary key)")
    await conn.execute("insert into aias_private.holes select generate_series(1, 600000)")
    await conn.execute("delete from aias_private.holes where n % 100 > 0")
    await conn.execute("analyze aias_private.holes")
    await conn.execute("select pg_stat_force_next_flush()")
    dead = await state(pool, "bloat")
    assert {one["object"] for one in dead.problems} >= {"aias_private.holes"}
    await conn.execute("vacuum analyze aias_private.holes")
    found = await state(pool, "bloat")
    assert [one["object"] for one in found.problems] == ["aias_private.holes_pkey"]
    assert found.problems[0]["problem"] == "12 MiB, where about 0 would do"
    await conn.execute("reindex index aias_private.holes_pkey")
    assert (await state(pool, "bloat")).status == "ok"


async def test_a_transaction_that_is_open_for_long_is_found(pool: Pool, conn: Connection) -> None:
    definition = await value(conn, "select pg_get_functiondef('aias_private.check_server()'::regprocedure)")
    async with pool.connection() as other, other.transaction():
        await other.execute("select 1")
        # an hour is not waited for
        await conn.execute(definition.replace("interval '1 hour'", "interval '0'"))
        found = await state(pool, "server")
    assert (found.status, found.is_vital) == ("failing", True)
    assert found.detail is not None
    assert "a transaction of" in found.detail
    await conn.execute(definition)
    assert (await state(pool, "server")).status == "ok"


async def test_a_table_as_old_as_half_of_all_transactions_is_told(tx: psycopg.Connection[Any]) -> None:
    rows = tx.execute(
        "select aias_private.is_wrapping(1073741824, 0), aias_private.is_wrapping(1073741825, 0),"
        " aias_private.is_wrapping(0, 1073741825)"
    ).fetchall()
    assert rows == [(False, True, True)]
    tx.execute(
        "create or replace function aias_private.is_wrapping(p_transactions bigint, p_multixacts bigint)"
        " returns boolean language sql immutable set search_path = pg_catalog, pg_temp as 'select p_transactions >= 0'"
    )
    (found,) = tx.execute("select object, problem from aias_private.check_wraparound() limit 1").fetchall()
    assert "multixacts old: vacuum (freeze) it" in found[1]


async def test_the_week_is_kept_and_what_took_twice_as_long_is_told(
    pool: Pool, conn: Connection, set_clock: Callable[..., Any]
) -> None:
    monday = datetime(2031, 3, 10, 5, tzinfo=UTC)
    await set_clock(conn, monday)
    await conn.execute("select partition_name from aias_private.ensure_partitions(1)")
    assert (await state(pool, "performance")).status == "ok"
    assert (
        await value(
            conn,
            "select count(*) from aias.performance_weekly"
            " where week = '2031-03-03' and kind = 'table' and size_bytes > 0",
        )
        > 15
    )
    await conn.execute(
        "insert into aias_private.performance_weeks (week, kind, name, observation_count, p50_seconds, p95_seconds,"
        " p99_seconds) values ('2031-02-24', 'metric', 'requests', 100, 0.1, 0.2, 0.3)"
    )
    await conn.execute(
        "create or replace function aias_private.keep_performance() returns date language sql as $$"
        " insert into aias_private.performance_weeks (week, kind, name, observation_count, p50_seconds, p95_seconds,"
        " p99_seconds) values ('2031-03-03', 'metric', 'requests', 100, 0.1, 0.5, 0.6) returning week $$"
    )
    assert (await state(pool, "performance")).detail == "requests: p95 was 500 ms, 200 ms the week before"


async def test_a_check_that_cannot_be_made_fails_with_its_reason(pool: Pool, conn: Connection) -> None:
    await conn.execute("drop function aias_private.check_sequences()")
    found = await state(pool, "sequences")
    assert found.status == "failing"
    assert found.detail is not None
    assert "check_sequences() does not exist" in found.detail


async def test_what_is_not_a_check_is_refused(pool: Pool) -> None:
    with pytest.raises(NotFound):
        await look(pool, "nonsense")
    with pytest.raises(InvalidArgument):
        await look(pool, "optimization")


async def test_each_cadence_makes_its_checks_and_says_which_have_changed(pool: Pool, conn: Connection) -> None:
    assert [await look_at_all(pool, cadence) for cadence in ("five_minutes", "hourly", "daily", "weekly")] == [[]] * 4
    async with pool.connection() as other:
        assert {one.name for one in await list_health(other) if one.status == "ok"} == set(DATABASE_CHECKS)
    await conn.execute("create sequence aias_private.numbers as smallint")
    await conn.execute("select setval('aias_private.numbers', 32000)")
    assert await look_at_all(pool, "daily") == ["sequences"]
    assert await look_at_all(pool, "daily") == []
