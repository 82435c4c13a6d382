"""What JSON may hold: a glance tells most that it is good, and whatever it can't tell is looked at with its path."""

from __future__ import annotations

from typing import Any

import pytest

from aias.workflows.json_values import MAX_DEPTH, MAX_NODES, json_problems


def _nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        [],
        {"a": [1, -1.5, True, None, "text", "größer 😀"], "ключ": {"b": {}}},
        _nested(MAX_DEPTH),
        {str(n): n for n in range(MAX_NODES // 2)},
        [0] * (MAX_NODES - 1),
    ],
    ids=["null", "empty", "list", "kinds", "depth", "members", "items"],
)
def test_what_postgresql_can_keep_has_no_problem(value: Any) -> None:
    assert json_problems(value) == []


@pytest.mark.parametrize(
    ("value", "path", "told"),
    [
        ({"a": [1, "\x00"]}, "$.a[1]", "U+0000"),
        ({"a": {"b\x00": 1}}, "$.a", "U+0000"),
        ({"a": "\ud83d"}, "$.a", "surrogate"),
        ({"\ud83d": 1}, "$", "surrogate"),
        ({"a": {1: 2}}, "$.a", "is not a text"),
        ([10**308], "$[0]", "more than 308 digits"),
        ([float("inf")], "$[0]", "finite"),
        ([{1, 2}], "$[0]", "a set is not JSON"),
        (_nested(MAX_DEPTH + 1), "$" + "[0]" * MAX_DEPTH, "nested deeper"),
        ([0] * MAX_NODES, "$", "larger than"),
        (["x" * 1_000_001], "$", "larger than"),
    ],
)
def test_what_it_cannot_keep_is_told_with_its_path(value: Any, path: str, told: str) -> None:
    (problem,) = json_problems(value)
    assert problem.path == path
    assert told in problem.message


def test_a_value_that_is_in_itself_many_times_ends() -> None:
    bomb: list[Any] = ["x" * 100]
    for _ in range(40):
        bomb = [bomb] * 10
    assert [problem.path for problem in json_problems(bomb)] == ["$"]
