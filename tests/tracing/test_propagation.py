"""Whatever begins from something else is of its trace: jobs, events, webhooks in and out, fallbacks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from aias.jobs import task
from aias.tracing import current, flush_spans, start_export
from aias.triggers import MadeWebhook, create_webhook, set_endpoint
from aias.triggers.signatures import sign_standard
from tests.tracing.collector import Collector, settings
from tests.tracing.conftest import World
from tests.tracing.test_end_to_end import paths
from tests.triggers.test_endpoints import listening

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
VALID = f"00-{TRACE}-{SPAN}-01"
Tx = psycopg.Connection[Any]


@pytest.fixture
def acme(tx: Tx) -> Tx:
    tx.execute("select aias.create_tenant('acme', 'pro')")
    definition = {"name": "flow", "steps": [{"id": "one", "action": "transform", "input": {"value": 1}}]}
    tx.execute("select aias.apply_workflow('acme', %s)", (Jsonb(definition),))
    return tx


def value(tx: Tx, query: Any, *values: Any) -> Any:
    row = tx.execute(query, values).fetchone()
    return None if row is None else row[0]


def test_what_sql_starts_is_of_the_trace_that_its_transaction_names(acme: Tx) -> None:
    acme.execute("select set_config('aias.traceparent', %s, true)", (VALID,))
    acme.execute(
        "select set_config('aias.correlation_id', 'order-17', true), set_config('aias.tracestate', 'a=1', true)"
    )
    execution = value(acme, "select aias.run_workflow('acme', 'flow')")
    job = value(acme, "select aias.enqueue_job('a.task', '{}', 'acme')")
    event = value(acme, "select aias.emit_event('acme', 'order.paid')")
    for kind, id in (("executions", execution), ("jobs", job), ("events", event)):
        query = f"select trace_id || ' ' || correlation_id from aias.{kind} where id = %s"
        assert value(acme, query, id) == f"{TRACE} order-17", kind  # pyright: ignore[reportArgumentType]
    query = "select trace_parent || ' ' || trace_state from aias_private.executions where id = %s"
    assert value(acme, query, execution) == f"{VALID} a=1"
    audited = acme.execute(
        "select distinct trace_id, correlation_id from aias.audit_log where action like '%.enqueued'"
    )
    assert audited.fetchall() == [(TRACE, "order-17")]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (VALID, VALID),
        (f"00-{TRACE}-{SPAN}-00", f"00-{TRACE}-{SPAN}-00"),
        (f"cc-{TRACE}-{SPAN}-ff-more", VALID),
        ("", None),
        ("nonsense", None),
        (f"ff-{TRACE}-{SPAN}-01", None),
        (f"00-{'0' * 32}-{SPAN}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE}-{SPAN}-01-more", None),
        (f"00-{TRACE.upper()}-{SPAN}-01", None),
    ],
)
def test_sql_takes_the_trace_parents_that_the_specification_allows(acme: Tx, given: str, taken: str | None) -> None:
    acme.execute("select set_config('aias.traceparent', %s, true)", (given,))
    execution = value(acme, "select aias.run_workflow('acme', 'flow')")
    assert value(acme, "select trace_parent from aias.executions where id = %s", execution) == taken
    expected = execution.hex if taken is None else TRACE
    assert value(acme, "select trace_id from aias.executions where id = %s", execution) == expected


def test_a_tenant_sees_its_own_spans_only(acme: Tx) -> None:
    acme.execute("select set_config('aias.traceparent', %s, true)", (VALID,))
    acme.execute("select aias.run_workflow('acme', 'flow')")
    acme.execute("select aias.create_tenant('other', 'pro')")
    mine, other = (value(acme, "select id from aias.tenants where slug = %s", slug) for slug in ("acme", "other"))
    acme.execute("set local role aias_app")
    acme.execute("select set_config('aias.tenant_id', %s, true)", (str(mine),))
    assert value(acme, "select count(*) from aias.trace(%s)", TRACE) == 1
    assert value(acme, "select count(*) from aias.traces where trace_id = %s", TRACE) == 1
    acme.execute("select set_config('aias.tenant_id', %s, true)", (str(other),))
    assert value(acme, "select count(*) from aias.traces where trace_id = %s", TRACE) == 0
    with pytest.raises(psycopg.Error, match="nothing is known") as refused:
        acme.execute("select * from aias.trace(%s)", (TRACE,))
    assert refused.value.sqlstate == "JR404"


def test_a_failed_executions_fallback_is_of_its_trace(acme: Tx) -> None:
    failing = {"name": "failing", "on_failure": {"workflow": "flow"}, "steps": [{"id": "one", "action": "transform"}]}
    acme.execute("select aias.apply_workflow('acme', %s)", (Jsonb(failing),))
    execution = value(acme, "select aias.run_workflow('acme', 'failing')")
    acme.execute(
        "select aias_private.fail_execution(tenant_id, id, 'test', '{}') from aias.executions where id = %s",
        (execution,),
    )
    found = acme.execute("select trace_id, trace_parent from aias.executions where workflow = 'flow'").fetchall()
    assert found == [(execution.hex, f"00-{execution.hex}-{execution.hex[16:]}-01")]


def test_what_a_schedule_starts_is_a_trace_with_the_schedule_at_its_root(acme: Tx) -> None:
    schedule = value(acme, "select aias.set_schedule('acme', 'nightly', 'flow', '0 3 * * *')")
    acme.execute(
        "select aias_private.start_tick(tenant_id, id, aias_private.now(), false) from aias.schedules where id = %s",
        (schedule,),
    )
    execution = value(acme, "select id from aias.executions")
    found = acme.execute(
        "select t.kind, t.name, t.parent_span_id = lag(t.span_id) over (order by t.kind desc) from aias.trace(%s) as t"
        " order by t.kind desc",
        (str(execution),),
    ).fetchall()
    assert found == [("schedule", "nightly", None), ("execution", "flow", True)]


async def test_a_job_runs_under_the_trace_of_whoever_enqueued_it(world: World) -> None:
    seen: list[Any] = []

    @task(name="tests.traced")
    async def traced() -> None:
        seen.append(current())

    async with world.conn.transaction():
        await world.conn.execute("select set_config('aias.traceparent', %s, true)", (VALID,))
        await world.conn.execute("select aias.enqueue_job('tests.traced', '{}', 'acme')")
    waiting = await world.trace(TRACE)
    assert [(span.kind, span.name, span.status) for span in waiting] == [("job", "tests.traced", "waiting")]
    await world.work()
    assert [context.trace_id for context in seen] == [TRACE]
    (span,) = await world.trace(TRACE)
    assert (span.status, span.parent_span_id, span.span_id) == ("succeeded", SPAN, seen[0].span_id)
    assert span.tenant_id == world.tenant_id


async def test_who_is_told_of_an_execution_is_told_its_trace(world: World) -> None:
    async with listening() as listener:
        await set_endpoint(world.conn, "acme", "erp", url=listener.url, types=["execution.succeeded"])
        answer = await world.client.post("/v1/executions", json={"workflow": "child"}, headers={"traceparent": VALID})
        await world.work()
        (message,) = [span for span in await world.trace(TRACE) if span.kind == "webhook_out"]
        assert [headers["traceparent"] for headers, _ in listener.heard] == [f"00-{TRACE}-{message.span_id}-01"]
    assert (message.name, message.status) == ("execution.succeeded to erp", "delivered")
    assert str(message.execution_id) == answer.json()["id"]
    assert message.parent_span_id == message.execution_id.hex[16:] if message.execution_id else False


async def test_a_collector_hears_of_webhooks_in_and_out(
    world: World, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_OTLP_ENDPOINT", collector.url)  # what the worker reads
    start_export(settings(collector.url))
    made = await create_webhook(world.conn, "acme", "orders", style="standard", workflow="child")
    async with listening() as listener:
        await set_endpoint(world.conn, "acme", "erp", url=listener.url, types=["execution.succeeded"])
        answer = await deliver(world, made)
        assert answer.status_code == 202, answer.text
        await world.work()
        await flush_spans()
        told = listener.heard[0][0]["traceparent"]
    found = collector.by_kind()
    names = ("request POST", "webhook_in order.paid", "execution child", "webhook_out execution.succeeded")
    request, delivery, execution, message = (found[name] for name in names)
    assert request.parent_span_id.hex() == SPAN
    assert delivery.parent_span_id == request.span_id
    assert execution.parent_span_id == delivery.span_id
    assert message.parent_span_id == execution.span_id
    assert told == f"00-{TRACE}-{message.span_id.hex()}-01"


async def deliver(world: World, made: MadeWebhook) -> httpx.Response:
    """Send the webhook what happened, under a trace."""
    body = json.dumps({"type": "order.paid"}).encode()
    now = str(int(datetime.now(UTC).timestamp()))
    return await world.client.post(
        f"/hooks/{made.token}",
        content=body,
        headers={
            "Content-Type": "application/json",
            "webhook-id": "msg_1",
            "webhook-timestamp": now,
            "webhook-signature": sign_standard(made.secret, "msg_1", now, body),
            "traceparent": VALID,
            "X-Correlation-ID": "order-17",
        },
    )


async def test_events_webhooks_and_what_they_start_are_one_trace(world: World) -> None:
    """A webhook comes in, starts a workflow that emits an event, which starts another, whose end is told outside."""
    emit = {"id": "emit", "action": "event.emit", "input": {"type": "order.seen"}}
    await world.apply({"name": "hooked", "steps": [emit]})
    await world.conn.execute("select aias.set_subscription('acme', 'seen', 'order.seen', 'child')")
    made = await create_webhook(world.conn, "acme", "orders", style="standard", workflow="hooked")
    answer = await deliver(world, made)
    assert answer.status_code == 202, answer.text
    await world.work()
    spans = await world.trace("order-17")
    assert paths(spans) == [
        "webhook_in orders: order.paid",
        "webhook_in orders: order.paid / execution hooked",
        "webhook_in orders: order.paid / execution hooked / step emit",
        "webhook_in orders: order.paid / execution hooked / step emit / event order.seen",
        "webhook_in orders: order.paid / execution hooked / step emit / event order.seen / execution child",
        "webhook_in orders: order.paid / execution hooked / step emit / event order.seen / execution child / step one",
    ]
    assert {span.correlation_id for span in spans} == {"order-17"}
    assert paths(await world.trace(answer.headers["X-Request-ID"])) == paths(spans)
    audited = await world.rows("select distinct trace_id from aias.audit_log where action = 'execution.started'")
    assert [row["trace_id"] for row in audited] == [TRACE]
