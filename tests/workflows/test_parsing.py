"""Texts of definitions: what is read, and how what is not is refused."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from yaml.scanner import ScannerError

from aias.errors import DefinitionError
from aias.workflows import parse_definition, parse_document
from aias.workflows.models import Definition

MINIMAL = "name: flow\nsteps:\n  - {id: a, action: noop}\n"


def problems(source: Any, format: Any = None) -> list[str]:
    with pytest.raises(DefinitionError) as raised:
        parse_definition(source, format)
    return [str(problem) for problem in raised.value.problems]


def test_yaml_and_json_give_the_same_definition() -> None:
    json = '{"name": "flow", "steps": [{"id": "a", "action": "noop"}]}'
    assert parse_definition(MINIMAL) == parse_definition(json) == parse_definition(MINIMAL.encode(), "yaml")
    assert parse_definition("\ufeff" + MINIMAL) == parse_definition(json, "json")


def test_yaml_gives_the_types_of_json_only() -> None:
    text = """
a: [no, yes, on, off, NO]      # texts, not truth
b: [2026-01-01, 12:30:00, 01234, 1_000, 0x1F, 0o17, .inf, 1:30]
c: [true, false, null, ~, 3, -0, 1.5, 1e3]
d: ["3", 'true', !!str 3]
"""
    assert parse_document(text) == {
        "a": ["no", "yes", "on", "off", "NO"],
        "b": ["2026-01-01", "12:30:00", "01234", "1_000", "0x1F", "0o17", ".inf", "1:30"],
        "c": [True, False, None, None, 3, 0, 1.5, 1000.0],
        "d": ["3", "true", "3"],
    }


def test_aliases_are_read_and_cannot_explode() -> None:
    assert parse_document("a: &x {k: [1]}\nb: *x") == {"a": {"k": [1]}, "b": {"k": [1]}}
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10))
    began = time.perf_counter()
    assert "larger than" in problems("l0: &l0 [x, x, x]\n" + levels)[0]
    assert time.perf_counter() - began < 60


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "an object with name and steps"),
        ("null", "an object with name and steps"),
        ("[]", "an object with name and steps"),
        ("just text", "an object with name and steps"),
        ("name: a\nname: b\n", "the key 'name' appears twice (line 2"),
        ("steps:\n  - a: 1\n    a: 2\n", "$.steps[0]: the key 'a' appears twice (line 3"),
        ("a: !!python/object/apply:os.system [x]", "is not JSON"),
        ("a: !!set {x}", "is not JSON"),
        ("a: !custom x", "is not JSON"),
        ("a: !!int x", "'x' is no int"),
        ("a: &a [*a]", "nested deeper than 64"),
        ("a: *nope", "names nothing"),
        ("a: {<<: {b: 1}}", "merge keys"),
        ("? [a]\n: b", "a key is a text"),
        ("a: 1\n---\nb: 2", "more than one document"),
        ("\t- a", "not YAML"),
        ("a: [1", "not YAML"),
        ("[" * 500_000, "nested deeper than 64"),
        ("a: " + "9" * 400, "more than 308 digits"),
        ("a: 1e999", "not a finite number"),
        ('a: "\\0"', "U+0000"),
        ("x" * 1_000_001, "larger than 1,000,000"),
        (b"\xff\xfe", "not UTF-8"),
        ("a: \ud800", "surrogate"),
        ('{"a": 1, "a": 2}', "the key 'a' appears twice"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": -Infinity}', "-Infinity is not JSON"),
        ('{"a": 1e5000}', "not a finite number"),
        ('{"a": ' + "9" * 309 + "}", "more than 308 digits"),
        ('{"a": "\\u0000"}', "U+0000"),
        ('{"\\u0000": 1}', "U+0000"),
        ('{"a": "\\ud800"}', "surrogate"),
        ('{"a": ' * 100_000, "nested deeper"),
        ('{"a": ' + "[" * 70 + "]" * 70 + "}", "nested deeper than 64"),
        ('{"name":', "not JSON"),
        ({"a": {1, 2}}, "a set is not JSON"),
        ({"a": float("nan")}, "not a finite number"),
        ({1: "a"}, "is not a text"),
    ],
)
def test_a_text_that_is_no_definition_is_refused_in_time(source: Any, message: str) -> None:
    began = time.perf_counter()
    told = problems(source)
    assert any(message in problem for problem in told), told
    assert all(problem.startswith("$") for problem in told)
    assert time.perf_counter() - began < 60


@pytest.mark.parametrize("level", ["flow", "block"])
def test_the_parsers_own_limit_of_depth_is_told_as_ours(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    # libyaml as it comes with PyYAML 6.0.4 and later; an older one has no limit
    def parse(*_: Any, **__: Any) -> Iterator[Any]:
        mark = yaml.Mark("<unicode string>", 1000, 3, 1000, None, 0)
        raise ScannerError(f"while increasing {level} level", mark, "exceeded maximum nesting depth", mark)

    monkeypatch.setattr(yaml, "parse", parse)
    assert problems("a: 1") == ["$: nested deeper than 64 levels (line 4, column 1001)"]


def test_every_problem_of_the_structure_is_told_with_its_path() -> None:
    definition = {
        "name": "Bad Name",
        "nme": 1,
        "timeout": -1,
        "vars": [],
        "steps": [
            {"id": "a.b", "action": 3, "needs": "x", "when": 1, "timeout": "5 minutes"},
            {"id": "b"},
            {"id": "c", "action": "noop", "retry": {"max_attempts": 0, "factor": "2"}, "on_failure": "explode"},
            {"id": "d", "action": "noop", "on_failure": {"step": "x", "workflow": "y"}, "effect": "maybe"},
            {"id": "e", "action": "noop", "for_each": {"items": [], "max_items": 10**6, "concurrency": 0}},
            "no step",
        ],
    }
    assert {problem.split(":")[0] for problem in problems(definition)} == {
        "$.name",
        "$.nme",
        "$.timeout",
        "$.vars",
        "$.steps[0].id",
        "$.steps[0].action",
        "$.steps[0].needs",
        "$.steps[0].when",
        "$.steps[0].timeout",
        "$.steps[1].action",
        "$.steps[2].retry.max_attempts",
        "$.steps[2].retry.factor",
        "$.steps[2].on_failure",
        "$.steps[3].on_failure.step",
        "$.steps[3].effect",
        "$.steps[4].for_each.max_items",
        "$.steps[4].for_each.concurrency",
        "$.steps[5]",
    }


@pytest.mark.parametrize(
    ("written", "seconds"), [(3, 3.0), (0.5, 0.5), ("500ms", 0.5), ("30s", 30.0), ("5m", 300.0), ("1h", 3600.0)]
)
def test_durations(written: Any, seconds: float) -> None:
    definition = parse_definition({"name": "flow", "steps": [{"id": "a", "action": "noop", "timeout": written}]})
    assert definition.steps[0].timeout == seconds


@pytest.mark.parametrize(
    "written", [0, -1, float("inf"), 1e9, "1d", "0s", "5", "5 m", "-5m", "٣s", True, None, [], "1e3s"]
)
def test_impossible_timeouts_are_refused(written: Any) -> None:
    definition = {"name": "flow", "steps": [{"id": "a", "action": "noop", "timeout": written}]}
    if written is None:
        assert parse_definition(definition).steps[0].timeout is None
    else:
        assert problems(definition)[0].startswith("$.steps[0].timeout:")


def test_the_normal_form_reads_back_as_the_same() -> None:
    definition = parse_definition(
        {
            "name": "flow",
            "timeout": "2d",
            "on_failure": {"workflow": "other"},
            "steps": [
                {"id": "a", "action": "noop", "for_each": "{{ input.x }}", "timeout": "5m", "on_failure": "continue"},
                {"id": "b", "action": "for_each", "input": {"items": [1], "action": "noop", "max_items": 3}},
                {"id": "c", "action": "noop", "on_failure": {"step": "a"}, "retry": {"initial": "1s"}, "needs": ["b"]},
            ],
        }
    )
    normal = definition.to_json()
    assert Definition.model_validate(normal) == definition
    assert normal["steps"][0] == {
        "id": "a",
        "action": "noop",
        "for_each": {"items": "{{ input.x }}"},
        "timeout": 300.0,
        "on_failure": "continue",
    }
    assert normal["steps"][1]["for_each"] == {"items": [1], "max_items": 3}


@pytest.mark.parametrize("count", [0, 501, 10_000])
def test_a_workflow_has_1_to_500_steps(count: int) -> None:
    steps = [{"id": f"s{n}", "action": "noop"} for n in range(count)]
    assert problems({"name": "flow", "steps": steps})[0].startswith("$.steps:")
