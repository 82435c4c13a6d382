"""The catalogue of problems: each is found, with its path and a message that helps; many are found at once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from aias.plugins import all_actions, load_plugins
from aias.workflows import Definition, parse_definition, validate
from tests.workflows.definitions import CATALOGUE, GOOD, ORDER, REGISTRY, steps


@pytest.fixture(autouse=True, scope="module")
def _plugins() -> None:
    load_plugins()


def found(definition: dict[str, Any] | Definition, **more: Any) -> dict[str, str]:
    """Messages by path."""
    known = {**all_actions(), **REGISTRY.all()}
    if isinstance(definition, dict):
        definition = {"name": "flow", **definition}
    problems = validate(definition, known_actions=known, **more)
    assert len({problem.path + problem.message for problem in problems}) == len(problems)
    return {problem.path: problem.message for problem in problems}


@pytest.mark.parametrize(
    ("definition", "path", "message"), [case[1:] for case in CATALOGUE], ids=[case[0] for case in CATALOGUE]
)
def test_each_problem_is_found_at_its_place(definition: dict[str, Any], path: str, message: str) -> None:
    problems = found(definition)
    assert message in problems.get(path, ""), problems


def test_all_problems_are_found_at_once_in_the_order_of_the_definition() -> None:
    everything: list[dict[str, Any]] = []
    for _, definition, _, _ in CATALOGUE:
        offset = len(everything)
        for number, step in enumerate(definition["steps"]):
            named = {**step, "id": f"s{offset + number}"}
            if "needs" in step:
                named["needs"] = [
                    f"s{offset + int(need[1:])}" if need[1:].isdecimal() else need for need in step["needs"]
                ]
            everything.append(named)
    problems = validate({"name": "flow", "steps": everything}, known_actions={**all_actions(), **REGISTRY.all()})
    steps_with_problems = [
        int(problem.path.split("[")[1].split("]")[0]) for problem in problems if "steps" in problem.path
    ]
    assert steps_with_problems == sorted(steps_with_problems)
    assert len(set(steps_with_problems)) > 40


def test_a_mistake_in_the_structure_hides_none_in_the_meaning() -> None:
    problems = found(
        {
            "nme": 1,
            "steps": [
                {"id": "a", "action": "nowhere.it.is", "timeout": "soon"},
                {"id": "B!", "action": "noop", "needs": ["a", "zz"]},
                {"id": "c", "needs": ["B!"], "input": "{{ nope }}"},
                "what",
                {
                    "id": "d",
                    "action": "noop",
                    "needs": ["c"],
                    "input": "{{ steps.B.output }}",
                    "retry": {"max_attempts": 0},
                },
            ],
        }
    )
    assert set(problems) == {
        "$.nme",
        "$.steps[0].action",
        "$.steps[0].timeout",
        "$.steps[1].id",
        "$.steps[1].needs[1]",
        "$.steps[2].action",
        "$.steps[2].input",
        "$.steps[3]",
        "$.steps[4].input",
        "$.steps[4].retry.max_attempts",
    }


@pytest.mark.parametrize(
    "definition", [{}, {"name": 3, "steps": 3}, {"name": "a", "steps": []}, {"steps": [None, 3, []]}]
)
def test_nothing_usable_at_all_is_still_told_in_words(definition: dict[str, Any]) -> None:
    problems = validate(definition, known_actions=all_actions())
    assert problems
    assert all("stand_in" not in str(problem) and "stand-in" not in str(problem) for problem in problems)


@pytest.mark.parametrize("definition", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_what_is_right_is_found_right_as_written_and_in_its_normal_form(definition: dict[str, Any]) -> None:
    assert found(definition) == {}
    assert found(parse_definition({"name": "flow", **definition})) == {}


def test_names_that_only_a_tenant_knows_are_checked_when_they_are_given() -> None:
    definition = steps(
        ORDER,
        {**ORDER, "connection": "main"},
        {"action": "workflow.run", "input": {"workflow": "other"}},
        {"on_failure": {"workflow": "others"}},
    )
    assert found(definition) == {}
    problems = found(
        definition,
        known_workflows={"other"},
        connections=dict.fromkeys([("shop", "mein"), ("shop", "b"), ("mail", "main")], "connected"),
    )
    assert problems == {
        "$.steps[0].connection": "there are several connections to shop: name one of b, mein",
        "$.steps[1].connection": "there is no connection 'main' to shop; did you mean 'mein'?",
        "$.steps[3].on_failure.workflow": "there is no workflow 'others'; did you mean 'other'?",
    }
    assert found(steps(ORDER), connections={}) == {"$.steps[0].connection": "there is no connection to shop"}
    assert found(steps(ORDER), connections={("shop", "a"): "failing"}) == {}
    refused = found(steps(ORDER), connections={("shop", "a"): "revoked"})
    assert "connect it again" in refused["$.steps[0].connection"]


def test_the_largest_workflow_is_checked_in_time() -> None:
    many = [
        {
            "id": f"s{n}",
            "action": "noop",
            "needs": [f"s{m}" for m in range(max(0, n - 5), n)],
            "input": ["{{ input.a.b }}"] * 3,
        }
        for n in range(500)
    ]
    began = time.perf_counter()
    assert found({"steps": many}) == {}
    assert time.perf_counter() - began < 60
    too_many = steps({"input": ["{{ input.a }}"] * 2001})
    assert "more than 2,000 templates" in found(too_many)["$"]
