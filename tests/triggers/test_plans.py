"""No hot statement of schedules, events and webhooks reads a whole table, however much is stored."""

from __future__ import annotations

from typing import Any, LiteralString

from tests.triggers.conftest import Shop

TABLES = (
    "schedules", "schedule_ticks", "events", "event_subscriptions", "event_deliveries", "steps", "idempotency_keys",
    "webhooks", "webhook_deliveries", "webhook_messages",
)  # fmt: skip

FEW = 100

FILL: LiteralString = """
    set session_replication_role = replica;  -- no foreign keys, and no notification per row
    insert into aias_private.schedules (
        tenant_id, name, kind, workflow_id, cron, time_zone, overlap, catch_up, catch_up_limit, jitter, max_attempts,
        retry_delay, next_at, wake_at
    )
    select
        t.id, 's' || i, 'workflow', aias_private.uuid7(), '0 0 1 1 *', 'UTC', 'skip', 'last', 1, '0', 1, '1 minute',
        aias_private.now() + interval '1 day', aias_private.now() + interval '1 day'
    from aias_private.tenants as t, generate_series(1, 5000) as i;
    insert into aias_private.events (tenant_id, source, event_id, type, at, payload, emitted_by)
    select t.id, 'x', i::text, 'type.' || i, aias_private.now(), '{}', 'x'
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.event_subscriptions (tenant_id, name, type_pattern, workflow_id)
    select aias_private.uuid7(), 's', '*', aias_private.uuid7() from generate_series(1, 20000);
    insert into aias_private.steps (
        tenant_id, execution_id, id, action, status, wait_kind, wait_detail, execution_attempt
    )
    select
        t.id, aias_private.uuid7(), 'one', 'wait_for_event', 'waiting', 'event',
        jsonb_build_object('name', 'type.' || i, 'match', '{"id": 1}'::jsonb), 1
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.idempotency_keys (tenant_id, scope, key, target, request_hash)
    select t.id, 'x', i::text, 'x', sha256('x') from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.webhook_deliveries (
        tenant_id, webhook_id, delivery_id, headers, payload, body_hash, status
    )
    select t.id, aias_private.uuid7(), i::text, '{}', '{}', sha256('x'), 'filtered'
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.webhook_messages (tenant_id, endpoint_id, type, payload)
    select t.id, aias_private.uuid7(), 'execution.failed', '{}'
    from aias_private.tenants as t, generate_series(1, 20000) as i;
    insert into aias_private.webhooks (tenant_id, name, style, integration_id, token_hash, max_bytes)
    select t.id, 'w' || i, 'github', aias_private.uuid7(), sha256(i::text::bytea), 1000
    from aias_private.tenants as t, generate_series(1, 5000) as i;
    set session_replication_role = origin;
    analyze;
"""

CALLS: dict[str, LiteralString] = {
    "due schedules": "select * from aias_private.look_at_schedules()",
    "one due schedule": "select * from aias_private.claim_schedule()",
    "an event": "select aias.emit_event('acme', 'type.7', '{}', 'new')",
    "an event that came before": (
        "select * from aias_private.find_event(%(tenant)s, aias_private.nil_uuid(), 'type.7', '{\"a\": 1}')"
    ),
    "a webhook": "select * from aias_private.find_webhooks(array[sha256('7')])",
    "a delivery": (
        "select * from aias_private.take_delivery(%(tenant)s, %(webhook)s,"
        " '{\"delivery_id\": \"7\", \"topic\": \"push\"}', '{}', sha256('y'), 'filtered', null, null, null, null)"
    ),
    "a message": "select * from aias_private.outgoing_message(%(tenant)s, %(message)s)",
}


async def rows_read(shop: Shop) -> dict[str, int]:
    """How many rows were read by going through whole tables, partitions included."""
    await shop.conn.execute("select pg_stat_force_next_flush()")
    rows = await shop.rows("select relname, seq_tup_read from pg_stat_user_tables where schemaname = 'aias_private'")
    return {
        table: sum(r["seq_tup_read"] for r in rows if r["relname"] == table or r["relname"].startswith(f"{table}_"))
        for table in TABLES
    }


async def test_each_hot_statement_finds_its_rows_by_an_index(shop: Shop) -> None:
    for statement in FILL.split(";\n"):
        if statement.strip():
            await shop.conn.execute(statement)
    message = await shop.value("select id from aias_private.webhook_messages limit 1")
    await shop.conn.execute(
        "select aias.connect_integration('acme', 'webhook_in', 'real', '{}', %s, %s, gen_random_uuid())",
        (b"\x01" * 29, "0" * 16),
    )
    integration = await shop.value("select id from aias_private.integrations where name = 'real'")
    webhook = await shop.value("select aias.create_webhook('acme', 'real', 'github', %s, sha256('real'))", integration)
    values: dict[str, Any] = {"tenant": shop.tenant_id, "message": message, "webhook": webhook}
    readers: dict[str, list[str]] = {}
    for name, call in CALLS.items():
        before = await rows_read(shop)
        async with shop.conn.transaction(force_rollback=True):
            await shop.conn.execute(call, values)
        after = await rows_read(shop)
        if read := [table for table in TABLES if after[table] - before[table] > FEW]:
            readers[name] = read
    assert readers == {}
