"""A storm: 50,000 failures in a minute are one error, one alert and one notice a channel; dead mail holds it up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from aias.reporting import Failed, report
from tests.alerts.desk import Desk
from tests.diagnostics.recorded import recorder, written

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


def _import(number: int) -> None:
    raise ValueError(f"order {number} has no price")


async def record(desk: Desk, database_url: str) -> None:
    """Have the recorder of a worker told of each of them, as the engine tells it, from four threads at once."""

    def fail(first: int) -> None:
        for number in range(first, FAILURES, 4):
            try:
                _import(number)
            except ValueError as error:
                report(
                    Failed(
                        source="step",
                        name="transform",
                        error=error,
                        type="ValueError",
                        message=str(error),
                        tenant_id=desk.tenant_id,
                        fuse=("workflow", "flow"),
                    )
                )

    async with recorder(database_url) as opened:
        await asyncio.gather(*(asyncio.to_thread(fail, first) for first in range(4)))
        await written(opened)


@pytest.mark.slow
async def test_fifty_thousand_failures_are_one_error_one_alert_and_one_notice_per_channel_once_the_mail_is_back(
    desk: Desk, database_url: str, record_property: Callable[[str, object], None]
) -> None:
    # nobody works here but the test
    await desk.rows("select aias.set_alert_rule(null, 'no_worker', p_is_enabled => false)")
    await desk.rows("select aias.set_alert_rule(null, 'queue_wait', p_is_enabled => false)")
    for tenant in (None, "acme"):
        await desk.channel(tenant, "email", config={**desk.mail, "to": [f"{tenant or 'ops'}@example.com"]})
        await desk.channel(tenant, "webhook")
    await desk.minute()
    await storm(desk)
    await record(desk, database_url)
    smtp = desk.sims.smtp
    host, port = smtp.host, smtp.port
    await smtp.stop()
    began = time.monotonic()
    await desk.minute()
    record_property("seconds to evaluate and tell", round(time.monotonic() - began, 2))
    assert await desk.value("select count(*) from aias.dead_letters") == FAILURES
    alerts = await desk.rows("select rule, tenant, key, status, details from aias.alerts")
    # the fuse blew at once: what the rates and the dead letters say as well is not told besides
    assert [(one["rule"], one["tenant"], one["status"]) for one in alerts] == [("fuse_blown", "acme", "open")]
    errors = await desk.rows("select failure_count, message, tenants from aias.error_groups")
    assert errors == [{"failure_count": FAILURES, "message": "order <n> has no price", "tenants": ["acme"]}]
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
