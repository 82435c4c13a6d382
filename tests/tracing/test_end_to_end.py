"""One trace from the request to the last call, wherever one looks."""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog

from aias.logs import merge_fields
from aias.tracing import TraceSpan
from tests.tracing.conftest import World

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
HEADERS = {"traceparent": f"00-{TRACE}-{CALLER}-01", "tracestate": "rojo=1", "X-Correlation-ID": "order-17"}


def paths(spans: Sequence[TraceSpan]) -> list[str]:
    """Each span as its way from the root, by kind and name."""
    by_id = {span.span_id: span for span in spans}

    def path(span: TraceSpan) -> str:
        own = f"{span.kind} {span.name}"
        parent = by_id.get(span.parent_span_id or "")
        return own if parent is None else f"{path(parent)} / {own}"

    return sorted(path(span) for span in spans)


async def test_a_request_its_execution_their_calls_and_their_children_are_one_trace(world: World) -> None:
    with structlog.testing.capture_logs(processors=[merge_fields]) as logs:
        answer = await world.client.post("/v1/executions", json={"workflow": "parent"}, headers=HEADERS)
        assert answer.status_code == 201, answer.text
        await world.work()
    execution = answer.json()["id"]
    assert (answer.json()["trace_id"], answer.json()["correlation_id"]) == (TRACE, "order-17")
    assert answer.headers["X-Correlation-ID"] == "order-17"

    # the upstream was told of the trace, by the span that called it
    told = [entry.trace for entry in world.sims.shopify.journal]
    spans = await world.trace(execution)
    calls = [span for span in spans if span.kind == "call"]
    assert told == [f"00-{TRACE}-{span.span_id}-01" for span in calls]
    assert calls, "the workflow calls the shop"

    # one tree
    tree = paths(spans)
    request = "request POST /v1/executions"
    assert tree[0] == request
    assert f"{request} / execution parent" in tree
    assert f"{request} / execution parent / step sub / execution child / step one" in tree
    assert any(
        re.fullmatch(rf"{request} / execution parent / step orders / call shopify\S* \S+", path) for path in tree
    )
    assert all(path.startswith(request) for path in tree)
    assert {(span.trace_id, span.correlation_id) for span in spans} == {(TRACE, "order-17")}
    assert all(span.status == "succeeded" and span.finished_at is not None for span in spans)
    (root,) = [span for span in spans if span.kind == "request"]
    assert root.parent_span_id == CALLER
    assert root.request_id == answer.headers["X-Request-ID"]

    # by whatever id one has
    for id in (TRACE, "order-17", root.request_id):
        assert paths(await world.trace(id)) == tree

    # logs, audit
    ours = [entry for entry in logs if entry.get("trace_id") == TRACE]
    assert {entry["event"] for entry in ours} >= {"request", "upstream call"}
    (line,) = [entry for entry in ours if entry["event"] == "upstream call"]
    assert line["correlation_id"] == "order-17"
    assert line["execution_id"] == execution
    assert (line["step"], line["tenant_id"]) == ("orders", str(world.tenant_id))
    assert line["job_id"]
    audited = await world.rows(
        "select action, trace_id, correlation_id from aias.audit_log where object_id = %s", execution
    )
    assert [tuple(row.values()) for row in audited] == [("execution.started", TRACE, "order-17")]
    shown = (await world.client.get("/v1/audit", params={"object_id": execution, "object_kind": "execution"})).json()
    assert {item["trace_id"] for item in shown["items"]} == {TRACE}


async def test_a_request_with_an_invalid_trace_begins_one(world: World) -> None:
    bad = {"traceparent": f"00-{TRACE}-{'0' * 16}-01", "tracestate": "rojo=1"}
    answer = await world.client.post("/v1/executions", json={"workflow": "child"}, headers=bad)
    assert answer.json()["trace_id"] != TRACE
    assert re.fullmatch("[0-9a-f]{32}", answer.json()["trace_id"])
    assert answer.json()["correlation_id"] == answer.json()["trace_id"]
    state = await world.value("select trace_state from aias_private.executions where id = %s", answer.json()["id"])
    assert state is None


async def test_what_nobody_traced_is_a_trace_of_its_own(world: World) -> None:
    execution = await world.value("select aias.run_workflow('acme', 'parent')")
    await world.work()
    spans = await world.trace(execution)
    assert paths(spans)[0] == "execution parent"
    assert {span.trace_id for span in spans} == {execution.hex}
    assert paths(await world.trace(execution.hex)) == paths(spans)
    assert (
        await world.value("select trace_id from aias.audit_log where object_id = %s", str(execution)) == execution.hex
    )
    found = await world.client.get("/v1/executions", params={"trace_id": execution.hex})
    assert {item["workflow"] for item in found.json()["items"]} == {"parent", "child"}


async def test_a_replay_is_of_its_originals_trace_and_correlation(world: World) -> None:
    answer = await world.client.post("/v1/executions", json={"workflow": "child"}, headers=HEADERS)
    await world.work()
    again = await world.client.post(
        f"/v1/executions/{answer.json()['id']}/replay", headers={"X-Correlation-ID": "other"}
    )
    assert again.status_code == 201, again.text
    await world.work()
    assert (again.json()["trace_id"], again.json()["correlation_id"]) == (TRACE, "order-17")
    tree = paths(await world.trace(TRACE))
    assert "request POST /v1/executions / execution child / execution child / step one" in tree


async def test_a_failed_attempt_is_a_span_beside_the_one_that_succeeded(world: World) -> None:
    await world.apply(
        {
            "name": "flaky",
            "steps": [
                {
                    "id": "orders",
                    "action": "shopify.order_list",
                    "input": {},
                    "retry": {"initial": "1ms", "max_delay": "1ms"},
                }
            ],
        }
    )
    world.sims.shopify.faults.add({"times": 1, "do": {"status": 503}})
    execution = await world.value("select aias.run_workflow('acme', 'flaky')")
    await world.work()
    spans = await world.trace(execution)
    assert [span.status for span in spans if span.kind == "step"] == ["failed", "succeeded"]
    assert [span.attempt for span in spans if span.kind == "step"] == [1, 2]
