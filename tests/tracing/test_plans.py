"""A trace is found by indexes, however much is stored, whoever asks."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.types.json import Jsonb

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

FILL: LiteralString = """
    set session_replication_role = replica;  -- no foreign keys, and no notification per row
    insert into aias_private.executions (tenant_id, id, workflow_id, version, input, lane, trace_parent, correlation_id)
    select
        t.id, aias_private.uuid7(), w.id, 1, '{}', 'pro',
        case when i % 2 = 0 then '00-' || md5(i::text) || '-00f067aa0ba902b7-01' end,
        case when i % 4 = 0 then i::text end
    from aias_private.tenants as t, aias_private.workflows as w, generate_series(1, 20000) as i;
    insert into aias_private.steps (tenant_id, execution_id, id, action, status, execution_attempt)
    select e.tenant_id, e.id, 'one', 'transform', 'running', 1 from aias_private.executions as e;
    insert into aias_private.trace_spans (
        tenant_id, trace_id, span_id, kind, name, started_at, finished_at, status, request_id, correlation_id
    )
    select
        t.id, md5(i::text), '00f067aa0ba902b7', 'request', 'x', aias_private.now(), aias_private.now(), 'succeeded',
        'r' || i, 'c' || i
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.events (tenant_id, source, event_id, type, at, payload, emitted_by, trace_parent)
    select t.id, 'x', i::text, 'x', aias_private.now(), '{}', 'x', '00-' || md5(i::text) || '-00f067aa0ba902b7-01'
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.webhook_deliveries (
        tenant_id, webhook_id, delivery_id, headers, payload, body_hash, status, trace_parent, request_id
    )
    select
        t.id, aias_private.uuid7(), i::text, '{}', '{}', sha256('x'), 'filtered',
        '00-' || md5(i::text) || '-00f067aa0ba902b7-01', 'r' || i
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.webhook_messages (tenant_id, endpoint_id, type, payload, trace_parent)
    select t.id, aias_private.uuid7(), 'x', '{}', '00-' || md5(i::text) || '-00f067aa0ba902b7-01'
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into public.procrastinate_jobs (queue_name, task_name, trace_parent)
    select 'pro', 't', '00-' || md5(i::text) || '-00f067aa0ba902b7-01' from generate_series(1, 20000) as i;
    set session_replication_role = origin;
    analyze;
"""
TABLES = "executions|steps|trace_spans|events|webhook_deliveries|webhook_messages|procrastinate_jobs"


@pytest.mark.parametrize("is_tenant", [True, False])
def test_a_trace_is_found_without_reading_a_whole_table(database_url: str, is_tenant: bool) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("select aias.create_tenant('acme', 'pro')")
        definition = {"name": "flow", "steps": [{"id": "one", "action": "transform", "input": {}}]}
        conn.execute("select aias.apply_workflow('acme', %s)", (Jsonb(definition),))
        conn.execute(FILL)
        row = conn.execute("select tenant_id, id from aias.executions limit 1").fetchone()
        assert row is not None
        tenant, execution = row
        if is_tenant:
            conn.execute("set role aias_app")
            conn.execute("select set_config('aias.tenant_id', %s, false)", (str(tenant),))
        own = conn.execute("select md5('4')").fetchone() or ("",)
        for id in (own[0], "r7", "c9", str(execution), "8"):
            before = rows_read(conn)
            found = conn.execute("select kind from aias.trace(%s)", (id,)).fetchall()
            assert found, id
            after = rows_read(conn)
            assert {name: after[name] - before[name] for name in after if after[name] > before[name]} == {}, id


def rows_read(conn: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows were read by going through whole tables."""
    conn.execute("select pg_stat_force_next_flush()")
    rows = conn.execute(
        "select relname, seq_tup_read from pg_stat_all_tables where relname ~ %s", (f"^({TABLES})(_|$)",)
    ).fetchall()
    return dict(rows)
