"""The views over the rollups: latencies and error rates per hour and day, slow statements, objectives."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from tests.metrics.conftest import Metrics

Tx = psycopg.Connection[Any]

HOUR = datetime(2026, 3, 20, 15, tzinfo=UTC)


def rows(tx: Tx, query: Any, *values: Any) -> list[dict[str, Any]]:
    with tx.cursor(row_factory=dict_row) as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


def become(tx: Tx, role: LiteralString) -> None:
    """Go on as a role would in a session of its own: with no plan made for another role."""
    tx.execute("discard plans")
    tx.execute(f"set local role {role}")


def test_latencies_are_told_per_hour_tenant_and_endpoint(
    tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]
) -> None:
    acme = metrics.tenant("acme")
    for minutes, durations in ((0, [0.1] * 90), (59, [0.4] * 10), (60, [2.0])):
        set_clock(tx, HOUR + timedelta(minutes=minutes))
        metrics.tell("requests", "GET /v1/jobs", durations, tenant=acme, failures=1)
        metrics.roll_up()
    found = rows(tx, "select * from aias.api_latency_hourly where hour = %s", HOUR)
    assert len(found) == 1
    (first,) = found
    assert first | {"hour": HOUR, "tenant": "acme", "plan": "pro", "endpoint": "GET /v1/jobs"} == first
    assert (first["request_count"], first["error_count"], first["error_rate"]) == (100, 2, Decimal("0.02"))
    assert [first[name] for name in ("mean_ms", "p50_ms", "p95_ms", "p99_ms")] == pytest.approx(
        [130, 100, 400, 400], rel=0.01
    )
    become(tx, "aias_app")
    assert rows(tx, "select * from aias.api_latency_hourly") == []
    tx.execute("select set_config('aias.tenant_id', %s, true)", (acme,))
    assert len(rows(tx, "select * from aias.api_latency_hourly")) == 2


def test_upstreams_and_statements_have_their_views(tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]) -> None:
    set_clock(tx, HOUR)
    acme = metrics.tenant("acme")
    metrics.tell("upstream_calls", "shopify", [1.0, 2.0], tenant=acme, detail="orderCancel", refusals=1)
    metrics.tell("statements", "aias.run_workflow", [0.004])
    metrics.roll_up()
    (upstream,) = rows(tx, "select * from aias.upstream_latency_hourly")
    assert [upstream[name] for name in ("integration", "operation", "call_count", "error_count", "refusal_count")] == [
        "shopify",
        "orderCancel",
        2,
        0,
        1,
    ]
    (statement,) = rows(tx, "select * from aias.query_latency_hourly")
    assert (statement["statement"], statement["call_count"]) == ("aias.run_workflow", 1)
    assert statement["p95_ms"] == pytest.approx(4, rel=0.01)
    become(tx, "aias_app")
    tx.execute("select set_config('aias.tenant_id', %s, true)", (acme,))
    assert len(rows(tx, "select * from aias.upstream_latency_hourly")) == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.execute("select * from aias.query_latency_hourly")


def test_error_rates_are_told_apart_in_each_way(tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]) -> None:
    set_clock(tx, HOUR)
    acme, globex = metrics.tenant("acme", "pro"), metrics.tenant("globex", "free")
    metrics.tell("requests", "GET /v1/jobs", [0.1] * 10, tenant=acme, failures=2)
    metrics.tell("requests", "GET /v1/jobs", [0.1] * 10, tenant=globex)
    metrics.tell("requests", "POST /v1/jobs", [0.1] * 4, tenant=globex, refusals=4)
    metrics.tell("upstream_calls", "wave", [0.1] * 4, tenant=acme, detail="invoiceCreate", failures=3)
    metrics.roll_up()
    found = {
        (row["metric"], row["dimension"], row["key"]): (row["observation_count"], float(row["error_rate"]))
        for row in rows(tx, "select * from aias.error_rates_hourly where hour = %s", HOUR)
    }
    assert found == {
        ("requests", "all", ""): (24, 0.083333),
        ("requests", "endpoint", "GET /v1/jobs"): (20, 0.1),
        ("requests", "endpoint", "POST /v1/jobs"): (4, 0),
        ("requests", "plan", "pro"): (10, 0.2),
        ("requests", "plan", "free"): (14, 0),
        ("requests", "tenant", "acme"): (10, 0.2),
        ("requests", "tenant", "globex"): (14, 0),
        ("upstream_calls", "all", ""): (4, 0.75),
        ("upstream_calls", "integration", "wave"): (4, 0.75),
        ("upstream_calls", "plan", "pro"): (4, 0.75),
        ("upstream_calls", "tenant", "acme"): (4, 0.75),
    }
    rates = rows(tx, "select * from aias.error_rates('requests', null, null, 'endpoint')")
    assert [(row["key"], row["count"], row["failure_count"], row["refusal_count"]) for row in rates] == [
        ("GET /v1/jobs", 20, 2, 0),
        ("POST /v1/jobs", 4, 0, 4),
    ]


def test_a_days_errors_stand_beside_those_of_the_week_before(
    tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]
) -> None:
    for days, failures in ((8, 10), (7, 1), (3, 1), (0, 5)):
        set_clock(tx, HOUR - timedelta(days=days))
        metrics.tell("requests", "GET /v1/jobs", [0.1] * 10, failures=failures)
        metrics.roll_up()
    (today,) = rows(
        tx,
        "select * from aias.error_trends_daily where dimension = 'endpoint' and day = %s",
        HOUR.replace(hour=0),
    )
    told = [float(today[name]) for name in ("error_rate", "error_rate_week_before", "change")]
    assert told == [0.5, 0.1, 0.4], "the eighth day before is not in the week before"


def test_objectives_are_kept_or_not(tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]) -> None:
    set_clock(tx, HOUR)
    tx.execute("insert into aias_private.cache_uses (namespace, hit_count, miss_count) values ('n', 9, 1)")
    metrics.tell("requests", "GET /v1/jobs", [0.1] * 97 + [1.5] * 3, failures=1)
    found = {(row["objective"], row["period"]): row for row in rows(tx, "select * from aias.slo")}
    assert len(found) == 10
    kept = {objective: found[objective, "day"]["is_met"] for objective in ("api_error_rate", "api_p95", "api_p99")}
    assert kept == {"api_error_rate": False, "api_p95": True, "api_p99": False}
    assert found["api_p95", "hour"]["actual"] == pytest.approx(Decimal(100), rel=Decimal("0.01"))
    assert found["cache_hit_rate", "ever"]["is_met"] is True
    acme = metrics.tenant("acme")
    become(tx, "aias_app")
    tx.execute("select set_config('aias.tenant_id', %s, true)", (acme,))
    own = rows(tx, "select * from aias.slo")
    assert len(own) == 9
    assert {row["is_met"] for row in own} == {None}


def test_slow_statements_are_told_with_and_without_pg_stat_statements(tx: Tx, metrics: Metrics) -> None:
    metrics.tell("statements", "aias.run_workflow", [0.004] * 10)
    metrics.tell("statements", "aias.find_jobs", [0.5] * 2)
    found = rows(tx, "select * from aias.slow_queries")
    assert [row["statement"] for row in found][:2] == ["aias.find_jobs", "aias.run_workflow"]
    assert found[0]["total_seconds"] == pytest.approx(1.0, rel=0.01)
    if tx.execute("select from pg_available_extensions where name = 'pg_stat_statements'").fetchone() is None:
        assert [row["database_call_count"] for row in found] == [None, None]
        return
    # installed but not loaded with the server: it says nothing, and the view goes on without it
    tx.execute("create extension pg_stat_statements")
    assert len(rows(tx, "select * from aias.slow_queries")) >= 2


async def test_every_reader_reads_in_a_session_of_its_own(database_url: str) -> None:
    """Whose schema is not to be used by readers is not named in any plan that is made for them."""
    for role in ("aias_analyst", "aias_app", "aias_worker", "aias_admin"):
        async with await psycopg.AsyncConnection.connect(database_url) as conn:
            cursor = await conn.execute(
                "select table_name from information_schema.role_table_grants where table_schema = 'aias'"
                " and grantee = %s and table_name in ('api_latency_hourly', 'upstream_latency_hourly', 'slo',"
                " 'workflow_durations_hourly', 'query_latency_hourly', 'error_rates_hourly', 'error_trends_daily',"
                " 'slow_queries')",
                (role,),
            )
            granted = {name for (name,) in await cursor.fetchall()}
            assert len(granted) == (6 if role == "aias_app" else 8)
            told = {"metric": "requests", "key": "GET /", "count": 1, "total": 1, "buckets": [0], "counts": [1]}
            for metric in ("requests", "upstream_calls", "statements"):
                observations = json.dumps([told | {"metric": metric}])
                await conn.execute("select aias_private.add_observations(%s::jsonb)", (observations,))
            await conn.execute("select aias_private.roll_up_observations()")
            await conn.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            for name in sorted(granted):
                await conn.execute(sql.SQL("select * from aias.{}").format(sql.Identifier(name)))
            for function in ("percentiles", "error_rates"):
                await conn.execute(sql.SQL("select * from aias.{}('requests')").format(sql.Identifier(function)))
