"""is_safe_args stands in a migration, where a check constraint needs it; its rule must be that of the inputs."""

from __future__ import annotations

import json

import pytest

from tests.schemas.calls import Connection, input_problems, is_safe_args

VALUES = [
    "{}",
    '{"a": null}',
    '{"a": "1e5000"}',
    '{"a": [{"b": 1e307}]}',
    '{"a": 1e308}',
    '{"a": -1e400}',
    '{"a": 1e5000}',
    '{"a": 1.7976931348623157e307}',
    f'{{"a": {"9" * 308}}}',
    f'{{"a": {"9" * 309}}}',
    '{"a": 5e-324}',
    '{"a": 1e-401}',
    '{"a": 0e-16000}',
    '{"a":' + "[" * 63 + "1" + "]" * 63 + "}",
    '{"a":' + "[" * 64 + "1" + "]" * 64 + "}",
    '{"a":' + "[" * 1000 + "]" * 1000 + "}",
    json.dumps({"a": "x" * 999_991}),
    json.dumps({"a": "x" * 999_992}),
    json.dumps({"é" * 100: "é" * 499_800}),
]


@pytest.mark.parametrize("text", VALUES, ids=[value[:40] for value in VALUES])
def test_arguments_are_safe_when_an_input_has_no_problem(tx: Connection, text: str) -> None:
    assert is_safe_args(tx, text) == (input_problems(tx, text) == [])


@pytest.mark.parametrize("text", [None, "null", "[]", "1", '"{}"', "true"])
def test_arguments_are_an_object(tx: Connection, text: str | None) -> None:
    assert not is_safe_args(tx, text)
