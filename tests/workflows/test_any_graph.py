"""Any graph, any failures, a crash anywhere: the outcome is the one that the definition says."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aias.errors import PermanentError, TransientError
from aias.workflows.checkpoints import Ledger
from tests.workflows.lab import Lab, step


@dataclass(frozen=True, kw_only=True)
class Node:
    """A step as it is drawn."""

    needs: tuple[str, ...]
    does: str
    on_failure: str
    runs: bool

    @property
    def comes_to(self) -> str:
        return "failed" if self.does == "permanent" else "succeeded"


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Node]:
    names = [f"s{number}" for number in range(draw(st.integers(1, 8)))]
    return {
        name: Node(
            needs=tuple(draw(st.lists(st.sampled_from(names[:index]), max_size=3, unique=True))) if index else (),
            does=draw(st.sampled_from(["ok", "ok", "ok", "transient", "permanent"])),
            on_failure=draw(st.sampled_from(["fail", "continue", "continue"])),
            runs=draw(st.sampled_from([True, True, True, False])),
        )
        for index, name in enumerate(names)
    }


def expected(graph: dict[str, Node]) -> dict[str, str]:
    """What each step comes to when nothing stops the execution."""
    found: dict[str, str] = {}
    for name, node in graph.items():
        is_passed_over = bool(node.needs) and all(found[need] == "skipped" for need in node.needs)
        found[name] = "skipped" if is_passed_over or not node.runs else node.comes_to
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs(), crash_after=st.integers(0, 6), is_orderly=st.booleans())
async def test_the_outcome_is_what_the_definition_says(
    lab: Lab, graph: dict[str, Node], crash_after: int, is_orderly: bool
) -> None:
    lab.made.clear()
    lab.behaviours.clear()
    for name, node in graph.items():
        lab.behaviours[name] = {
            "ok": [{"from": name}],
            "transient": [TransientError("busy"), {"from": name}],
            "permanent": [PermanentError("no")],
        }[node.does]
    definition = {
        "steps": [
            step(name, *node.needs, input={"do": name}, when=node.runs, on_failure=node.on_failure)
            for name, node in graph.items()
        ]
    }
    record, count = Ledger.record, 0

    async def crash(self: Ledger, changes: Any) -> Any:
        nonlocal count
        count += 1
        written = await record(self, changes)
        if count == crash_after:
            raise OSError("the database is gone") if is_orderly else KeyboardInterrupt
        return written

    execution = await lab.start(definition)
    with patch.object(Ledger, "record", crash), contextlib.suppress(KeyboardInterrupt, OSError):
        await lab.advance(execution)
    for _ in range(20):
        if (await lab.drive(execution)).is_final:
            break
        await lab.later(execution, hours=1)

    done = await lab.execution(execution)
    statuses = await lab.statuses(execution)
    wanted = expected(graph)
    stops = [name for name, node in graph.items() if wanted[name] == "failed" and node.on_failure == "fail"]
    assert done.status == ("failed" if stops else "succeeded")
    if not stops:
        assert statuses == wanted
    else:  # what ran came to what it had to; what did not was stopped by a failure
        assert all(wanted[name] == status for name, status in statuses.items() if status != "cancelled")
        assert any(statuses.get(name) == "failed" for name in stops)
    calls = Counter(call.step for call in lab.made)
    for name, status in statuses.items():
        attempts = 2 if graph[name].does == "transient" and status == "succeeded" else 1
        if status in {"succeeded", "failed"}:  # an interrupted call is repeated, a finished one never
            assert attempts <= calls[name] <= attempts + (crash_after > 0)
    assert {call.key for call in lab.made} == {f"{execution}:{name}" for name in calls}
    for name in calls:
        assert all(statuses.get(need) in {"succeeded", "failed", "skipped"} for need in graph[name].needs)
