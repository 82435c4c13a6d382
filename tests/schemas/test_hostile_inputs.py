"""Whatever is sent, the answer is clear and comes within a second; nothing reaches the stack's or the memory's end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.schemas.calls import PATIENCE, Connection, input_problems, refusals, work

TOO_MUCH = ("$", "takes too much work to check against its schema: it must be smaller, or the schema simpler")
TOO_DEEP = ("$", "is nested too deeply to check against its schema")


def nested(depth: int, inner: str = "1") -> str:
    return "[" * depth + inner + "]" * depth


INPUTS: dict[str, tuple[str, tuple[str, str] | None]] = {
    "depth 1,000": (nested(1000), ("$", "is nested more than 64 levels deep")),
    "depth 5,000 of objects": ('{"a":' * 5000 + "1" + "}" * 5000, ("$", "is nested more than 64 levels deep")),
    "1e5000": (nested(3, "1e5000"), ("$[0][0][0]", "is a number out of range: its size must be below 1e308, its")),
    "1e131071, ten thousand times": (
        "[" + "1e131071," * 10_000 + "1]",
        ("$", "has a number out of range: its size must be below 1e308, its decimals at most 400"),
    ),
    "0e-16000, a gigabyte as text": (
        "[" + "0e-16000," * 60_000 + "1]",
        ("$", "has a number out of range: its size must be below 1e308, its decimals at most 400"),
    ),
    "10 MB of text": (json.dumps("x" * 10_000_000), ("$", "is far too long, at most 1000000 bytes are allowed")),
    "10 MB of numbers": ("[" + "1," * 5_000_000 + "1]", ("$", "is far too long, at most 1000000 bytes are allowed")),
    "just over a megabyte of numbers": ("[" + "1," * 350_000 + "1]", ("$", "is 1050003 bytes long, at most 1000000")),
    "70,000 keys": (json.dumps({f"k{i}": i for i in range(70_000)}), ("$", "is ")),
    "40,000 keys": (json.dumps({f"k{i}": i for i in range(40_000)}), None),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_hostile_input_is_answered_at_once(tx: Connection, name: str) -> None:
    text, expected = INPUTS[name]
    tx.execute("create temporary table sent as select %s::jsonb as value", [text])
    seconds, found = work(
        tx, "select p.path, p.message from sent, aias_private.json_input_problems(value, 1000000, 64) as p"
    )
    assert seconds < PATIENCE
    if expected is None:
        assert found == []
    else:
        ((path, message),) = found
        assert path == expected[0]
        assert message.startswith(expected[1])


def doubling(levels: int) -> dict[str, Any]:
    """Make a schema of a few lines that asks two to the power of its levels questions."""
    inner = {f"a{i}": {"anyOf": [{"$ref": f"#/$defs/a{i + 1}"}] * 2} for i in range(levels)}
    return {"$ref": "#/$defs/a0", "$defs": inner | {f"a{levels}": False}}


def alternatives(depth: int) -> dict[str, Any]:
    return {"anyOf": [{"type": "null"}, alternatives(depth - 1)]} if depth else {"type": "null"}


keys = {f"k{i}": i for i in range(50_000)}
wide = {"items": {"required": [f"k{i}" for i in range(5000)]}}
patterned = {"items": {"patternProperties": {f".{i}": True for i in range(500)}}}
dependent = {"items": {"dependentRequired": {f"k{i}": ["a"] for i in range(4000)}}}

# schema, value as text, and what is answered first (None: valid)
CHECKS: dict[str, tuple[Any, str, tuple[str, str] | None]] = {
    "50,000 keys": ({"additionalProperties": {"type": "integer"}}, json.dumps(keys), None),
    "50,000 keys, all wrong": (
        {"additionalProperties": {"type": "string"}},
        json.dumps(keys),
        ("$.k0", "must be string, is number"),
    ),
    "a recursive schema on a deep value": ({"items": {"$ref": "#"}}, nested(1000), TOO_DEEP),
    "a recursive schema on a value as deep as allowed": ({"items": {"$ref": "#"}}, nested(64), None),
    "a list, linked 60 times": (
        {"anyOf": [{"type": "null"}, {"properties": {"next": {"$ref": "#"}}, "required": ["next"]}]},
        '{"next":' * 60 + "null" + "}" * 60,
        None,
    ),
    "a reference to itself": ({"$ref": "#"}, "1", TOO_DEEP),
    "a reference to itself inside not": ({"not": {"$ref": "#"}}, "1", TOO_DEEP),
    "two references to each other": (
        {"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        "1",
        TOO_DEEP,
    ),
    "two to the power of thirty alternatives": (doubling(30), "1", TOO_MUCH),
    "alternatives inside not": (doubling(30) | {"$ref": "#/$defs/a30", "not": {"$ref": "#/$defs/a0"}}, "1", TOO_MUCH),
    "alternatives 30 deep": (alternatives(30), "1", ("$", "matches none of the alternatives: must be null, is number")),
    "nested repetition, the classic": (
        {"pattern": "^(a+)+$"},
        json.dumps("a" * 100_000 + "!"),
        ("$", "must match the"),
    ),
    "alternatives that overlap": ({"pattern": "^(a|a)*$"}, json.dumps("a" * 100_000 + "!"), ("$", "must match the")),
    "many states": (
        {"pattern": "[a-m][a-z]{225}[a-m][a-z]{225}[d-x]0"},
        json.dumps("".join(chr(97 + i * i % 26) for i in range(250_000))),
        ("$", "must match the"),
    ),
    "a pattern on a megabyte": ({"pattern": "b"}, json.dumps("a" * 990_000), TOO_MUCH),
    "uniqueItems of 200,000": ({"uniqueItems": True}, json.dumps(list(range(200_000))), None),
    "5,000 names that are required, 40,000 times": (wide, "[" + "{}," * 40_000 + "{}]", ("$[0].k0", "is required")),
    "500 patterns, 100,000 times": (patterned, "[" + "{}," * 100_000 + "{}]", TOO_MUCH),
    "4,000 dependencies, 40,000 times": (dependent, "[" + "{}," * 40_000 + "{}]", TOO_MUCH),
    "5,000 schemas for one long text": ({"allOf": [{"minLength": 1}] * 5000}, json.dumps("x" * 900_000), TOO_MUCH),
    "5,000 schemas for many keys": ({"allOf": [{"properties": {"z": True}}] * 5000}, json.dumps(keys), TOO_MUCH),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_hostile_schema_or_value_is_answered_at_once(tx: Connection, name: str) -> None:
    schema, text, expected = CHECKS[name]
    tx.execute(
        "create temporary table sent as select %s::jsonb as schema, %s::jsonb as value", [json.dumps(schema), text]
    )
    seconds, found = work(
        tx, "select p.path, p.message from sent, aias_private.json_schema_problems(schema, value) as p limit 1"
    )
    assert seconds < PATIENCE
    if expected is None:
        assert found == []
    else:
        ((path, message),) = found
        assert path == expected[0]
        assert message.startswith(expected[1])


SCHEMAS: dict[str, Any] = {
    "a reference to itself": {"$ref": "#"},
    "a deep allOf": json.loads('{"allOf":[' * 400 + "{}" + "]}" * 400),
    "10,000 definitions in a row": {
        "$defs": {f"a{i}": {"$ref": f"#/$defs/a{i + 1}"} for i in range(2500)} | {"a2500": {}}
    },
    "as many schemas as fit": {"allOf": [[]] * 24_000},
    "10 MB": {"title": "x" * 10_000_000},
    "an out-of-range number": {"minimum": 10**400},
    "a pattern for the compiler": {"pattern": "(((a?){9}){9}){9}"},
    "as many bad keywords as fit": {f"k{i}": 1 for i in range(7000)},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_hostile_schema_is_refused_at_once(tx: Connection, name: str) -> None:
    tx.execute("create temporary table sent as select %s::jsonb as schema", [json.dumps(SCHEMAS[name])])
    seconds, found = work(tx, "select p.path, p.message from sent, aias_private.json_schema_refusals(schema) as p")
    assert seconds < PATIENCE
    assert found != []


def test_the_worst_pattern_that_is_accepted_compiles_quickly(tx: Connection) -> None:
    for pattern in (
        "(a?|b|c|d)" * 49,
        "(?:(?:(?:a?){5}){5}){2}",
        "(a{0,9})" * 50,
        "(?:a|b|){0,24}" * 2,
        "[a-z]{250}" * 2,
    ):
        schema = {"pattern": f"^{pattern}$"}
        assert refusals(tx, schema) == []
        seconds, _ = work(
            tx, "select * from aias_private.json_schema_problems(%s::jsonb, '\"ab\"')", [json.dumps(schema)]
        )
        assert seconds < PATIENCE


def test_a_megabyte_of_ordinary_order_lines_is_checked(tx: Connection) -> None:
    line = {"sku": "ABC-0000017", "quantity": 2, "price": 19.99}
    schema = {
        "items": {
            "properties": {
                "sku": {"type": "string", "pattern": "^[A-Z]+-[0-9]+$"},
                "quantity": {"type": "integer", "minimum": 1},
                "price": {"type": "number", "minimum": 0},
            },
            "required": ["sku", "quantity", "price"],
            "additionalProperties": False,
        }
    }
    text = json.dumps([line] * 17_000)
    assert input_problems(tx, text) == []
    query = "select * from aias_private.json_schema_problems(%s::jsonb, %s::jsonb)"
    assert tx.execute(query, [json.dumps(schema), text]).fetchall() == []
