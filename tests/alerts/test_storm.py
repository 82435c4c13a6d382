"""A storm: 50,000 failures in a minute are one alert and one notice a channel; a dead mail server only holds it up."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.alerts.desk import Desk

FAILURES = 50_000


async def storm(desk: Desk) -> None:
    """Let that many executions of one workflow fail for good within a minute."""
    await desk.rows(
        "select aias.apply_workflow('acme', %s)",
        {"name": "flow", "steps": [{"id": "one", "action": "transform", "input": {"value": 1}}]},
    )
    await desk.rows(
        """
        with spread as (
            select n, aias_private.now() - n * interval '1 minute' / 50000 as at from generate_series(1, 50000) as n
        ),
        failed as (
            insert into aias_private.executions (
                tenant_id, id, workflow_id, version, status, input, error, lane, started_at, finished_at
            )
            select
                w.tenant_id,
                overlay(
                    aias_private.uuid7_floor(s.at)::text placing right(gen_random_uuid()::text, 21) from 16
                )::uuid,
                w.id, 1, 'failed', '{}', '{"message": "no"}', 'pro', s.at, s.at
            from spread as s, aias_private.workflows as w
            where w.name = 'flow'
            returning tenant_id, id
        )
        insert into aias_private.dead_letters (tenant_id, id, kind, execution_id, reason, error, snapshot)
        select tenant_id, id, 'execution', id, 'it gave up', '{"message": "no"}', '{}' from failed
        """
    )


@pytest.mark.slow
async def test_fifty_thousand_failures_in_a_minute_are_one_alert_and_one_notice_per_channel_once_the_mail_is_back(
    desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    # nobody works here but the test
    await desk.rows("select aias.set_alert_rule(null, 'no_worker', p_is_enabled => false)")
    await desk.rows("select aias.set_alert_rule(null, 'queue_wait', p_is_enabled => false)")
    for tenant in (None, "acme"):
        await desk.channel(tenant, "email", config={**desk.mail, "to": [f"{tenant or 'ops'}@example.com"]})
        await desk.channel(tenant, "webhook")
    await desk.minute()
    await storm(desk)
    smtp = desk.sims.smtp
    host, port = smtp.host, smtp.port
    await smtp.stop()
    began = time.monotonic()
    await desk.minute()
    record_property("seconds to evaluate and tell", round(time.monotonic() - began, 2))
    assert await desk.value("select count(*) from aias.dead_letters") == FAILURES
    alerts = await desk.rows("select rule, tenant, key, status, details from aias.alerts")
    assert [(one["rule"], one["tenant"], one["key"], one["status"]) for one in alerts] == [
        ("error_rate", "acme", "", "open")
    ]
    assert alerts[0]["details"]["failed"] == FAILURES
    assert len(desk.listener.heard) == 2  # the operators and the tenant, once each
    waiting = await desk.notifications("email")
    assert [(row["status"], row["attempt_count"]) for row in waiting] == [("pending", 1), ("pending", 1)]
    await smtp.start(host, port)
    for _ in range(5):
        await desk.minute()
    assert sorted(mail["to"][0] for mail in smtp.records()) == ["acme@example.com", "ops@example.com"]
    assert len({mail["message_id"] for mail in smtp.records()}) == 2
    assert len(desk.listener.heard) == 2
    assert await desk.value("select count(*) from aias.alerts") == 1
    assert await desk.value("select max(doubt_count) from aias.notifications") == 0
