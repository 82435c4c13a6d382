"""A trace as people see it: the tree, the bars, the picture; on the command line and over HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import anyio.to_thread
import click.testing
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aias.cli import COMMANDS
from aias.tracing import TraceSpan, as_svg, bar, branches, duration_text, placed
from aias.workflows import as_svg as draw
from aias.workflows import graph_of, parse_definition
from tests.tracing.conftest import World

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def span(id: str, parent: str | None = None, *, at: float = 0.0, took: float | None = 1.0, **other: Any) -> TraceSpan:
    started = NOON + timedelta(seconds=at)
    given: dict[str, Any] = {"kind": "step", "name": id, "status": "succeeded", "detail": {}, **other}
    return TraceSpan(
        tenant_id=None,
        trace_id="ab" * 16,
        span_id=id,
        parent_span_id=parent,
        correlation_id="x",
        started_at=started,
        finished_at=None if took is None else started + timedelta(seconds=took),
        request_id=None,
        execution_id=None,
        step=None,
        item=None,
        attempt=None,
        **given,
    )


def test_a_tree_is_drawn_with_its_lines() -> None:
    spans = [span("a"), span("b", "a"), span("c", "b", at=0.5), span("d", "a", at=1), span("e", "gone", at=2)]
    assert [branch.prefix + branch.span.name for branch in branches(spans)] == ["a", "├─ b", "│  └─ c", "└─ d", "e"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_every_span_stands_in_the_tree_once_whatever_their_parents_say(pairs: list[tuple[int, int]]) -> None:
    spans = [span(str(own), str(parent)) for own, parent in pairs]
    shown = [branch.span.span_id for branch in branches(spans)]
    assert sorted(shown) == sorted({one.span_id for one in spans})


def test_bars_lie_where_their_spans_do() -> None:
    spans = [
        span("a", took=4),
        span("b", "a", at=1, took=2),
        span("c", "a", at=4, took=0),
        span("d", "a", at=2, took=None),
    ]
    by_name = {place.branch.span.name: bar(place, 8) for place in placed(spans, now=NOON + timedelta(seconds=4))}
    assert by_name == {"a": "━━━━━━━━", "b": "  ━━━━  ", "c": "       •", "d": "    ━━━▶"}


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 µs"), (0.0000125, "12 µs"), (0.0123, "12.3 ms"), (1.5, "1.5 s"), (3723, "1:02:03")]
)
def test_durations_are_short(seconds: float, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text


NASTY = '<script>alert("x")</script>&\x00\x1b[31m\ud800'


def test_a_picture_escapes_whatever_names_hold() -> None:
    drawn = as_svg([span("a", name=NASTY, detail={"error": NASTY}, status="failed")], now=NOON)
    root = ET.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<script" not in drawn
    assert 'alert("x")' in "".join(root.itertext())


def test_a_workflow_is_drawn_with_every_step_and_edge_once() -> None:
    step = {"action": "transform", "input": {}}
    definition = parse_definition(
        {
            "name": "flow",
            "steps": [
                {"id": "a", **step},
                {"id": "b", **step, "needs": ["a"], "when": "{{ input.x == 1 }}"},
                {"id": "c", **step, "needs": ["a"]},
                {"id": "d", **step, "needs": ["b", "c", "a"], "on_failure": {"step": "e"}},
                {"id": "e", **step},
            ],
        }
    )
    drawn = draw(graph_of(definition), title="flow <&>")
    root = ET.fromstring(drawn)
    named = "{http://www.w3.org/2000/svg}"
    boxes = {group.findtext(f"{named}text"): group.find(f"{named}rect") for group in root.iter(f"{named}g")}
    assert list(boxes) == ["a", "b", "c", "d", "e"]
    edges = [path.get("class") for path in root.iter(f"{named}path") if "edge" in (path.get("class") or "")]
    assert sorted(edges, key=str) == ["edge fails", *["edge needs"] * 5]
    top = {name: float(box.get("y", "0")) for name, box in boxes.items() if box is not None}
    assert top["a"] < top["b"] == top["c"] < top["d"] < top["e"]
    left = sorted(float(box.get("x", "0")) for name, box in boxes.items() if box is not None and name in {"b", "c"})
    assert left[1] - left[0] >= 200, "no box stands on another"


def aias(*arguments: str) -> click.testing.Result:
    module = __import__(COMMANDS[arguments[0]], fromlist=["command"])
    return click.testing.CliRunner().invoke(module.command, list(arguments[1:]), catch_exceptions=True)


async def test_a_trace_is_shown_on_the_command_line_and_over_http(world: World, tmp_path: Path) -> None:
    answer = await world.client.post(
        "/v1/executions", json={"workflow": "parent"}, headers={"X-Correlation-ID": "order-17"}
    )
    await world.work()
    picture = tmp_path / "trace.svg"
    shown = await anyio.to_thread.run_sync(aias, "trace", "order-17", "--svg", str(picture))
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    assert lines[0].split() == ["SPAN", "TIME", "AT", "TOOK", "STATUS"]
    assert lines[1].startswith("request POST /v1/executions")
    assert lines[2].startswith("└─ execution parent")
    assert all("━" in line or "•" in line for line in lines[1:])
    assert "execution child" in "".join(ET.fromstring(picture.read_text(encoding="utf-8")).itertext())
    listed = json.loads((await anyio.to_thread.run_sync(aias, "trace", answer.json()["id"], "--json")).output)
    over_http = (await world.client.get("/v1/traces/order-17")).json()
    names = [one["name"] for one in listed["spans"]]
    assert names == [one["name"] for one in over_http["spans"]]
    assert names[0] == "POST /v1/executions"
    drawn = await world.client.get(f"/v1/traces/{answer.json()['id']}", headers={"Accept": "image/svg+xml"})
    assert drawn.headers["Content-Type"].startswith("image/svg+xml")
    assert ET.fromstring(drawn.text).tag.endswith("svg")
    missing = await world.client.get(f"/v1/traces/{uuid4()}")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "application/problem+json")


async def test_a_command_is_a_trace_of_its_own_or_part_of_its_callers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anyio.to_thread.run_sync(aias, "run", "child", "--tenant", "acme")
    monkeypatch.setenv("TRACEPARENT", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    monkeypatch.setenv("AIAS_CORRELATION_ID", "order-17")
    await anyio.to_thread.run_sync(aias, "run", "child", "--tenant", "acme")
    found = await world.rows("select trace_id, correlation_id from aias.executions order by id")
    assert found[0]["trace_id"] == found[0]["correlation_id"]
    assert found[1] == {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "correlation_id": "order-17"}
