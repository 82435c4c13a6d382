from __future__ import annotations

from typing import Any

import pytest

from tests.schemas.calls import Connection, problems, problems_of_each, refusals

TREE = {"type": "object", "properties": {"next": {"$ref": "#"}, "value": {"type": "integer"}}}

# keyword or feature, schema, valid values, invalid values
KEYWORDS: list[tuple[str, Any, list[Any], list[Any]]] = [
    ("true", True, [1, None, {}], []),
    ("false", False, [], [1, None, {}]),
    ("nothing", {}, [1, None, [], {}, "x"], []),
    ("type string", {"type": "string"}, ["", "1"], [1, None, True, [], {}]),
    ("type number", {"type": "number"}, [1, 1.5, -0.0, 1e300], ["1", None, True]),
    ("type integer", {"type": "integer"}, [1, 1.0, -3, 1e20], [1.5, "1", True, None]),
    ("type boolean", {"type": "boolean"}, [True, False], [0, 1, "true", None]),
    ("type null", {"type": "null"}, [None], [0, "", False, [], {}]),
    ("type array", {"type": "array"}, [[], [1]], [{}, "[]", None]),
    ("type object", {"type": "object"}, [{}, {"a": 1}], [[], "{}", None]),
    ("several types", {"type": ["integer", "null"]}, [1, 2.0, None], ["1", 1.5, []]),
    ("enum", {"enum": ["a", 1, None, [1, 2], {"a": 1}]}, ["a", 1.0, None, [1, 2.0], {"a": 1}], ["b", 2, [2, 1], {}]),
    ("enum of arrays", {"enum": [[1]]}, [[1]], [1, [], [[1]]]),
    ("const", {"const": {"a": [1]}}, [{"a": [1.0]}], [{"a": [2]}, {}, None]),
    ("const null", {"const": None}, [None], [0, False, ""]),
    ("const false", {"const": False}, [False], [0, None]),
    ("minimum", {"minimum": 1.5}, [1.5, 2, "0"], [1.4, -1]),
    ("maximum", {"maximum": 3}, [3, 3.0, -1, []], [3.01, 4]),
    ("exclusiveMinimum", {"exclusiveMinimum": 0}, [0.01, 1], [0, -0.0, -1]),
    ("exclusiveMaximum", {"exclusiveMaximum": 0}, [-0.01, -1], [0, 1]),
    ("multipleOf", {"multipleOf": 0.01}, [1, 19.99, 0, -0.07, "x"], [0.001, 1.005]),
    ("multipleOf is exact", {"multipleOf": 0.1}, [0.3, 1e22], [0.35]),
    ("minLength counts characters", {"minLength": 2}, ["éé", "株式", "😀😀", 1], ["", "é", "😀"]),
    ("maxLength counts characters", {"maxLength": 2}, ["", "😀😀"], ["abc"]),
    ("pattern is searched for", {"pattern": "b+"}, ["b", "abbc", 1], ["", "ac"]),
    ("pattern anchored", {"pattern": "^[A-Z]{3}$"}, ["EUR"], ["EURO", "eur", "EUR\n"]),
    ("minItems", {"minItems": 1}, [[1], {}, "x"], [[]]),
    ("maxItems", {"maxItems": 1}, [[], [1]], [[1, 2]]),
    ("uniqueItems", {"uniqueItems": True}, [[], [1, "1", [1], {"a": 1}]], [[1, 1.0], [{"a": 1}, {"a": 1}]]),
    ("uniqueItems false", {"uniqueItems": False}, [[1, 1]], []),
    ("items", {"items": {"type": "integer"}}, [[], [1, 2], {"0": "x"}], [["x"], [1, "x"]]),
    ("items false", {"items": False}, [[]], [[1]]),
    ("prefixItems", {"prefixItems": [{"type": "integer"}, {"type": "string"}]}, [[], [1], [1, "x", None]], [["x"]]),
    ("prefixItems, items", {"prefixItems": [True], "items": {"type": "null"}}, [["x"], ["x", None]], [[None, 1]]),
    ("contains", {"contains": {"const": 1}}, [[0, 1], "x"], [[], [0]]),
    ("minContains", {"contains": {"const": 1}, "minContains": 2}, [[1, 0, 1]], [[1], []]),
    ("minContains 0", {"contains": {"const": 1}, "minContains": 0}, [[], [0]], []),
    ("maxContains", {"contains": {"const": 1}, "maxContains": 1}, [[1, 0]], [[1, 1], []]),
    ("properties", {"properties": {"a": {"type": "integer"}}}, [{}, {"a": 1}, {"b": "x"}, []], [{"a": "x"}]),
    ("required", {"required": ["a", "b"]}, [{"a": None, "b": 1}, []], [{}, {"a": 1}]),
    ("additionalProperties", {"properties": {"a": True}, "additionalProperties": False}, [{}, {"a": 1}], [{"b": 1}]),
    ("additionalProperties schema", {"additionalProperties": {"type": "null"}}, [{}, {"a": None}], [{"a": 1}]),
    (
        "patternProperties",
        {"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False},
        [{}, {"x-a": "1"}],
        [{"x-a": 1}, {"a": "1"}],
    ),
    (
        "properties and patternProperties both apply",
        {"properties": {"ab": {"minimum": 1}}, "patternProperties": {"a": {"maximum": 2}, "b": {"multipleOf": 1}}},
        [{"ab": 2}],
        [{"ab": 0}, {"ab": 3}, {"ab": 1.5}],
    ),
    ("propertyNames", {"propertyNames": {"maxLength": 2}}, [{}, {"ab": 1}], [{"abc": 1}]),
    ("minProperties", {"minProperties": 1}, [{"a": 1}, []], [{}]),
    ("maxProperties", {"maxProperties": 1}, [{}, {"a": 1}], [{"a": 1, "b": 2}]),
    ("dependentRequired", {"dependentRequired": {"a": ["b"]}}, [{}, {"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
    ("allOf", {"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [0, 3]),
    ("anyOf", {"anyOf": [{"type": "string"}, {"minimum": 5}]}, ["x", 5], [4]),
    ("oneOf", {"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]}, [2, 3], [1, 6]),
    ("anyOf and oneOf", {"anyOf": [True], "oneOf": [False]}, [], [1]),
    ("not", {"not": {"type": "null"}}, [1], [None]),
    (
        "if, then, else",
        {"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"minimum": 0}},
        ["x", 0, []],
        ["", -1],
    ),
    ("if alone", {"if": False}, [1], []),
    ("$ref to $defs", {"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}, [None], [1]),
    (
        "$ref and keywords beside it",
        {"$ref": "#/$defs/a", "minimum": 2, "$defs": {"a": {"maximum": 3}}},
        [2, 3],
        [1, 4],
    ),
    ("$ref to the root", TREE, [{"next": {"next": {"value": 1}}}], [{"next": {"next": {"value": "x"}}}, {"next": 1}]),
    ("format", {"format": "date"}, ["2024-02-29", 1], ["2023-02-29"]),
    ("annotations", {"title": "t", "description": "d", "default": 1, "examples": [1], "deprecated": True}, [None], []),
    ("more annotations", {"readOnly": True, "writeOnly": False, "$comment": "c", "contentMediaType": "a/b"}, [1], []),
]


@pytest.mark.parametrize(("schema", "valid", "invalid"), [k[1:] for k in KEYWORDS], ids=[k[0] for k in KEYWORDS])
def test_a_keyword_allows_and_forbids(tx: Connection, schema: Any, valid: list[Any], invalid: list[Any]) -> None:
    assert refusals(tx, schema) == []
    for value, found in zip(valid, problems_of_each(tx, schema, valid), strict=True):
        assert found == [], value
    for value, found in zip(invalid, problems_of_each(tx, schema, invalid), strict=True):
        assert found != [], value


ORDER = {
    "type": "object",
    "properties": {
        "order": {"type": "string", "pattern": "^[A-Z]+-[0-9]+$"},
        "lines": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"sku": {"type": "string", "minLength": 1}, "price": {"type": "number", "minimum": 0}},
                "required": ["sku", "price"],
                "additionalProperties": False,
            },
        },
        "note": {"type": ["string", "null"], "maxLength": 5},
        "currency": {"enum": ["EUR", "USD"]},
    },
    "required": ["order", "lines"],
}


def test_every_problem_is_told_with_its_path(tx: Connection) -> None:
    value = {
        "order": "17",
        "lines": [{"sku": "", "price": 1}, {"sku": "a", "price": "1"}, 3, {"sku": "b", "price": -1, "we ird": 1}],
        "note": "too long",
        "currency": "GBP",
    }
    assert sorted(problems(tx, ORDER, value)) == [
        ("$.currency", 'must be one of "EUR", "USD"'),
        ("$.lines[0].sku", "must not be empty"),
        ("$.lines[1].price", "must be number, is string"),
        ("$.lines[2]", "must be object, is number"),
        ("$.lines[3].price", "must be at least 0"),
        ('$.lines[3]["we ird"]', "is not allowed"),
        ("$.note", "must have no more than 5 characters, has 8"),
        ("$.order", "must match the pattern ^[A-Z]+-[0-9]+$"),
    ]
    assert problems(tx, ORDER, {"order": "A-1"}) == [("$.lines", "is required")]
    assert problems(tx, ORDER, [1]) == [("$", "must be object, is array")]
    assert problems(tx, ORDER, {"order": "A-1", "lines": []}) == [("$.lines", "must not be empty")]


@pytest.mark.parametrize(
    ("schema", "value", "path", "message"),
    [
        ({"type": ["integer", "null"]}, 1.5, "$", "must be integer or null, is a number with decimals"),
        ({"exclusiveMinimum": 0}, 0, "$", "must be more than 0"),
        ({"uniqueItems": True}, ["a", "b", "a"], "$[2]", "repeats item 0, and the items must be unique"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "$.b", 'is required where "a" is given'),
        ({"propertyNames": {"pattern": "^a"}}, {"b": 1}, "$.b", "has a name that must match the pattern ^a"),
        ({"contains": {"const": 1}}, [2], "$", "must contain at least 1 matching items, has 0"),
        ({"not": {}}, 1, "$", "matches what is not allowed"),
        ({"oneOf": [True, True]}, 1, "$", "must match exactly one of the alternatives, matches more"),
        (
            {"anyOf": [{"properties": {"a": {"type": "null"}}}, {"type": "string"}]},
            {"a": 1},
            "$",
            "matches none of the alternatives: .a must be null, is number; must be string, is object",
        ),
        ({"const": "x" * 300}, 1, "$", 'must be "' + "x" * 199),
    ],
)
def test_a_message_says_what_would_be_right(tx: Connection, schema: Any, value: Any, path: str, message: str) -> None:
    assert problems(tx, schema, value) == [(path, message)]


def test_no_message_repeats_the_value(tx: Connection) -> None:
    schema = {"additionalProperties": {"type": "integer", "enum": [1], "not": {"type": "string"}}}
    assert "secret" not in str(problems(tx, schema, {"a": "secret", "b": ["secret"], "c": {"d": "secret"}}))


def test_a_strange_key_is_quoted_and_cut_in_the_path(tx: Connection) -> None:
    keys = ["plain_1", "$id", "1a", "a.b", 'a"b', "a\nb", "é", "", "k" * 100]
    found = problems(tx, {"additionalProperties": False}, dict.fromkeys(keys, 1))
    assert {path for path, _ in found} == {
        "$.plain_1",
        "$.$id",
        '$["1a"]',
        '$["a.b"]',
        r'$["a\"b"]',
        r'$["a\nb"]',
        '$["é"]',
        '$[""]',
        '$["' + "k" * 60 + '…"]',
    }


def test_fifty_problems_are_enough(tx: Connection) -> None:
    found = problems(tx, {"items": {"type": "string"}}, list(range(1000)))
    assert len(found) == 50
    assert found[0] == ("$[0]", "must be string, is number")
    assert len(problems(tx, {"required": [f"k{i}" for i in range(100)]}, {})) == 50


def test_a_schema_that_is_null_allows_everything_and_a_value_that_is_null_is_json_null(tx: Connection) -> None:
    query = "select count(*) from aias_private.json_schema_problems(%s::jsonb, %s::jsonb)"
    assert tx.execute(query, [None, "1"]).fetchone() == (0,)
    assert tx.execute(query, ['{"type": "null"}', None]).fetchone() == (0,)
    assert tx.execute(query, ['{"type": "string"}', None]).fetchone() == (1,)


def test_a_reference_to_nothing_allows_nothing(tx: Connection) -> None:
    assert problems(tx, {"$ref": "#/$defs/missing"}, 1) == [("$", "is not allowed")]
