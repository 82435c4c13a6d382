"""Spans as a collector gets them: a real HTTP server that reads OTLP's own messages."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from aias.errors import ConfigurationError
from aias.tracing import Span, exporter, flush_spans, new_context, start_export, tell
from tests.tracing.collector import Collector, attributes, settings
from tests.tracing.conftest import World

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"


async def test_a_collector_gets_the_tree_of_a_trace_with_its_names_attributes_and_statuses(
    world: World, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what the worker reads
    monkeypatch.setenv("AIAS_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("AIAS_OTLP_HEADERS", "x-team=shop, authorization=Bearer secret")
    start_export(settings(collector.url, "x-team=shop, authorization=Bearer secret"))
    world.sims.shopify.faults.add({"times": 1, "do": {"status": 503}})
    orders = {"id": "orders", "action": "shopify.order_list", "retry": {"initial": "1ms", "max_delay": "1ms"}}
    sub = {"id": "sub", "action": "workflow.run", "needs": ["orders"], "input": {"workflow": "child"}}
    await world.apply({"name": "flow", "steps": [orders, sub]})
    headers = {"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Correlation-ID": "order-17"}
    answer = await world.client.post("/v1/executions", json={"workflow": "flow"}, headers=headers)
    await world.work()
    await flush_spans()

    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    request = next(span for span in collector.spans if span.parent_span_id.hex() == CALLER)
    assert request.name == "POST /v1/executions"
    assert attributes(request)["http.response.status_code"] == 201
    children: dict[str, list[Any]] = {}
    for span in sorted(collector.spans, key=lambda span: span.start_time_unix_nano):
        children.setdefault(span.parent_span_id.hex(), []).append(span)
    (execution,) = children[request.span_id.hex()]
    assert (execution.name, execution.status.code) == ("flow", 1)
    assert attributes(execution)["aias.execution_id"] == answer.json()["id"]
    first, second, third = children[execution.span_id.hex()]
    assert [span.name for span in (first, second, third)] == ["orders", "orders", "sub"]
    assert (first.status.code, second.status.code) == (2, 1), "an attempt that failed is an error"
    assert "503" in first.status.message
    assert attributes(second)["aias.attempt"] == 2
    (failed,) = children[first.span_id.hex()]
    assert attributes(failed)["http.response.status_code"] == 503
    assert failed.kind == 3, "a client's span"
    assert failed.start_time_unix_nano <= failed.end_time_unix_nano
    (child,) = children[third.span_id.hex()]
    assert child.name == "child"
    assert {attributes(span)["aias.correlation_id"] for span in collector.spans} == {"order-17"}
    assert {attributes(span)["aias.tenant_id"] for span in collector.spans} == {str(world.tenant_id)}
    assert {resource["service.name"] for resource in collector.resources} == {"aias"}
    assert collector.headers[0]["x-team"] == "shop"
    assert collector.headers[0]["authorization"] == "Bearer secret"


def span(name: str) -> Span:
    now = time.monotonic()
    return Span(
        kind="step",
        name=name,
        context=new_context(),
        parent_span_id=None,
        began_at=now,
        ended_at=now,
        status="succeeded",
    )


def test_a_collector_that_does_not_answer_holds_nothing_up_and_what_is_kept_is_bounded(collector: Collector) -> None:
    collector.may_answer.clear()
    start_export(settings(collector.url))
    export = exporter()
    assert export is not None
    began = time.monotonic()
    for number in range(20_000):
        tell(span(f"span {number}"))
    assert time.monotonic() - began < 60, "telling never waits"
    assert export.flush(timeout=0.2) is False, "the end of a process does not wait for ever"
    collector.may_answer.set()
    assert export.flush(timeout=20.0)
    assert 8_000 < len(collector.spans) < 20_000


def test_a_trace_that_its_caller_does_not_sample_is_not_exported(collector: Collector) -> None:
    start_export(settings(collector.url))
    export = exporter()
    assert export is not None
    tell(replace(span("unsampled"), context=new_context()._replace(flags="00")))
    tell(span("sampled"))
    assert export.flush()
    assert [one.name for one in collector.spans] == ["sampled"]


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'aias\[otlp\]'"):
        start_export(settings("http://127.0.0.1:1/v1/traces"))
    assert exporter() is None
