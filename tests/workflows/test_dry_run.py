"""A dry run: what would be called, without a call."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from aias.errors import DefinitionError
from aias.plugins import load_plugins
from aias.workflows import dry_run

STEPS: list[dict[str, Any]] = [
    {"id": "shape", "action": "transform", "input": {"twice": "{{ input.n * 2 }}"}},
    {
        "id": "fetch",
        "action": "http.request",
        "input": {"url": "https://example.com/{{ steps.shape.output.twice }}"},
        "needs": ["shape"],
    },
    {"id": "big", "action": "noop", "needs": ["fetch"], "when": "{{ steps.fetch.output.status == 200 }}"},
    {"id": "never", "action": "noop", "when": "{{ input.n > 100 }}"},
    {"id": "after", "action": "noop", "needs": ["never"]},
    {
        "id": "each",
        "action": "http.request",
        "for_each": "{{ range(2) }}",
        "input": {"url": "https://example.com/{{ item }}"},
    },
    {"id": "nap", "action": "sleep", "input": {"seconds": "1h"}},
    {"id": "stop", "action": "fail", "input": {"message": "no"}},
]


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    load_plugins()

    def refuse(*_args: Any, **_kwargs: Any) -> Any:
        raise AssertionError("a dry run opens no socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)


async def test_it_tells_what_each_step_would_do() -> None:
    plan = await dry_run({"name": "flow", "steps": STEPS}, {"n": 4})
    assert [(found.step, found.item, found.fate) for found in plan] == [
        ("shape", None, "computed"),
        ("fetch", None, "called"),
        ("big", None, "may be called"),
        ("never", None, "skipped"),
        ("after", None, "skipped"),
        ("each", 0, "called"),
        ("each", 1, "called"),
        ("nap", None, "waits"),
        ("stop", None, "fails"),
    ]
    assert plan[1].input == {"url": "https://example.com/8"}
    assert plan[6].input == {"url": "https://example.com/1"}


async def test_what_depends_on_a_call_follows_from_an_assumed_output() -> None:
    plan = await dry_run({"name": "flow", "steps": STEPS}, {"n": 4}, outputs={"fetch": {"status": 404}})
    assert next(found for found in plan if found.step == "big").fate == "skipped"


async def test_templates_that_need_an_unknown_output_are_left_as_they_are() -> None:
    steps = [
        {"id": "a", "action": "http.request", "input": {"url": "https://example.com"}},
        {"id": "b", "action": "transform", "needs": ["a"], "input": ["{{ steps.a.output.status }}", "{{ input.n }}"]},
    ]
    plan = await dry_run({"name": "flow", "steps": steps}, {"n": 1})
    assert (plan[1].fate, plan[1].input) == ("called", ["{{ steps.a.output.status }}", 1])


async def test_a_definition_with_problems_is_refused() -> None:
    with pytest.raises(DefinitionError):
        await dry_run({"name": "flow", "steps": [{"id": "a", "action": "nope"}]})
