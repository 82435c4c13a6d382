from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from tests.schemas.calls import Connection, refusals
from tests.schemas.strategies import Schema, schemas

# Every keyword of a dialect that jsonschema-rs validates by (drafts 4 to 2020-12) and that is not in the subset.
UNSUPPORTED = {
    "$anchor": "here",
    "$dynamicAnchor": "here",
    "$dynamicRef": "#here",
    "$recursiveAnchor": True,
    "$recursiveRef": "#",
    "$vocabulary": {},
    "additionalItems": False,
    "contentEncoding": "base64",
    "contentSchema": {},
    "definitions": {},
    "dependencies": {},
    "dependentSchemas": {},
    "id": "x",
    "unevaluatedItems": False,
    "unevaluatedProperties": False,
}

# keyword with a value of the wrong kind, path of the refusal
MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"type": "objekt"}, "$.type"),
    ({"type": ["string", "any"]}, "$.type"),
    ({"type": []}, "$.type"),
    ({"type": ""}, "$.type"),
    ({"type": 1}, "$.type"),
    ({"type": {"type": "string"}}, "$.type"),
    ({"type": [None]}, "$.type"),
    ({"enum": []}, "$.enum"),
    ({"enum": "a"}, "$.enum"),
    ({"properties": []}, "$.properties"),
    ({"properties": {"a": "string"}}, "$.properties.a"),
    ({"properties": {"a b": None}}, '$.properties["a b"]'),
    ({"patternProperties": {"(?=a)": {}}}, '$.patternProperties["(?=a)"]'),
    ({"additionalProperties": "no"}, "$.additionalProperties"),
    ({"propertyNames": 1}, "$.propertyNames"),
    ({"required": True}, "$.required"),
    ({"required": ["a", "a"]}, "$.required"),
    ({"required": [1]}, "$.required"),
    ({"dependentRequired": {"a": "b"}}, "$.dependentRequired"),
    ({"dependentRequired": ["a"]}, "$.dependentRequired"),
    ({"items": [{}]}, "$.items"),
    ({"prefixItems": {}}, "$.prefixItems"),
    ({"prefixItems": []}, "$.prefixItems"),
    ({"contains": []}, "$.contains"),
    ({"minContains": 1}, "$.minContains"),
    ({"uniqueItems": "true"}, "$.uniqueItems"),
    ({"minimum": "1"}, "$.minimum"),
    ({"exclusiveMinimum": True}, "$.exclusiveMinimum"),
    ({"multipleOf": 0}, "$.multipleOf"),
    ({"multipleOf": -1}, "$.multipleOf"),
    ({"multipleOf": "1"}, "$.multipleOf"),
    ({"minLength": -1}, "$.minLength"),
    ({"minLength": 1.5}, "$.minLength"),
    ({"maxItems": "1"}, "$.maxItems"),
    ({"maxProperties": None}, "$.maxProperties"),
    ({"pattern": 1}, "$.pattern"),
    ({"pattern": "("}, "$.pattern"),
    ({"format": "phone"}, "$.format"),
    ({"format": "regex"}, "$.format"),
    ({"format": None}, "$.format"),
    ({"allOf": []}, "$.allOf"),
    ({"anyOf": {}}, "$.anyOf"),
    ({"oneOf": [1]}, "$.oneOf[0]"),
    ({"not": []}, "$.not"),
    ({"then": {}}, "$.then"),
    ({"else": {}}, "$.else"),
    ({"title": 1}, "$.title"),
    ({"examples": 1}, "$.examples"),
    ({"deprecated": "yes"}, "$.deprecated"),
    ({"$schema": "http://json-schema.org/draft-07/schema#"}, "$.$schema"),
    ({"$ref": 1}, "$.$ref"),
    ({"$ref": "#/$defs/missing"}, "$.$ref"),
    ({"$ref": "#/properties/a", "properties": {"a": {}}}, "$.$ref"),
    ({"$ref": "https://example.com/schema.json"}, "$.$ref"),
    ({"$ref": "other.json#/$defs/a"}, "$.$ref"),
    ({"$ref": "#/$defs/a~1b", "$defs": {"a/b": {}}}, "$.$ref"),
    ({"$defs": {"a": {"type": "x"}}}, "$.$defs.a.type"),
    ({"items": {"$id": "https://example.com/inner"}}, "$.items.$id"),
    ({"minimum": 10**308}, "$.minimum"),
]

CIRCLES: list[dict[str, Any]] = [
    {"$ref": "#"},
    {"allOf": [{"$ref": "#"}]},
    {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
    {"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"if": {"$ref": "#/$defs/a"}}}}},
    {"then": {"$ref": "#"}, "if": {"type": "null"}},
    {"$defs": {"a": {"$ref": "#"}}, "oneOf": [{"$ref": "#/$defs/a"}]},
]


@pytest.mark.parametrize("keyword", sorted(UNSUPPORTED))
def test_a_keyword_outside_of_the_subset_is_named_with_its_place(tx: Connection, keyword: str) -> None:
    schema = {"properties": {"a": {keyword: UNSUPPORTED[keyword]}}}
    assert [(path, message[:34]) for path, message in refusals(tx, schema)] == [
        (f"$.properties.a.{keyword}", "is a keyword that is not supported")
    ]


@pytest.mark.parametrize("keyword", ["maximun", "Required", "x-order", "", "nullable", "discriminator"])
def test_a_keyword_that_nobody_knows_is_refused_too(tx: Connection, keyword: str) -> None:
    ((_, message),) = refusals(tx, {keyword: True})
    assert message == "is a keyword that is not supported"


@pytest.mark.parametrize(("schema", "path"), MALFORMED, ids=[str(schema)[:60] for schema, _ in MALFORMED])
def test_a_malformed_keyword_is_told_with_its_place(tx: Connection, schema: dict[str, Any], path: str) -> None:
    assert [at for at, _ in refusals(tx, schema)] == [path]


@pytest.mark.parametrize("schema", [None, 1, "string", []])
def test_what_is_no_schema_is_refused(tx: Connection, schema: Any) -> None:
    assert refusals(tx, schema) == [("$", "must be a schema: an object, true or false")]


@pytest.mark.parametrize("schema", CIRCLES, ids=str)
def test_a_reference_that_goes_round_in_circles_is_refused(tx: Connection, schema: dict[str, Any]) -> None:
    ((path, message),) = refusals(tx, schema)
    assert path.endswith("$ref")
    assert message.startswith("refers back to itself")


def test_a_reference_that_goes_into_a_value_may_come_back(tx: Connection) -> None:
    schema = {
        "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}, "b": {"propertyNames": {"$ref": "#"}}},
        "properties": {"a": {"$ref": "#"}},
        "anyOf": [{"type": "null"}, {"prefixItems": [{"$ref": "#"}]}, {"$ref": "#/$defs/b"}],
        "contains": {"$ref": "#"},
        "additionalProperties": {"not": {"$ref": "#"}},
    }
    assert [(p, m) for p, m in refusals(tx, schema) if "refers back" in m] == []


def test_a_chain_of_references_may_have_thirty_two_links(tx: Connection) -> None:
    def chain(links: int) -> dict[str, Any]:
        names = [f"a{i}" for i in range(links)]
        after = [*[{"$ref": f"#/$defs/{name}"} for name in names[1:]], {}]
        return {"$ref": "#/$defs/a0", "$defs": dict(zip(names, after, strict=True))}

    assert refusals(tx, chain(32)) == []
    assert len(refusals(tx, chain(34))) == 1


def test_a_schema_nests_thirty_two_schemas_at_most(tx: Connection) -> None:
    def nested(depth: int) -> Any:
        return {"not": nested(depth - 1)} if depth > 1 else {}

    assert refusals(tx, nested(32)) == []
    ((path, message),) = refusals(tx, nested(33))
    assert (path, message) == ("$" + ".not" * 32, "is nested more than 32 schemas deep")


def test_a_schema_has_a_hundred_thousand_bytes_at_most(tx: Connection) -> None:
    assert refusals(tx, {"title": "x" * 99_987}) == []
    assert refusals(tx, {"title": "x" * 99_988}) == [("$", "is 100001 bytes long, at most 100000 are allowed")]


def test_names_of_properties_are_not_taken_for_keywords(tx: Connection) -> None:
    schema = {"properties": {"$ref": {"type": "string"}, "unknown": True}, "const": {"foo": 1}, "enum": [{"bar": 1}]}
    assert refusals(tx, schema | {"default": {"x": 1}, "examples": [{"y": 1}]}) == []


def test_every_refusal_is_told_at_once_up_to_fifty(tx: Connection) -> None:
    assert len(refusals(tx, {"properties": {f"k{i}": {"foo": 1} for i in range(20)}})) == 20
    assert len(refusals(tx, {f"k{i}": 1 for i in range(60)})) >= 50
    assert len(refusals(tx, {"allOf": [{"foo": 1}] * 200})) == 50


def test_no_schema_is_no_problem(tx: Connection) -> None:
    assert tx.execute("select count(*) from aias_private.json_schema_refusals(null)").fetchone() == (0,)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100
)
@given(schema=schemas)
def test_a_schema_that_is_accepted_is_one_by_the_standard(tx: Connection, schema: Schema) -> None:
    found = refusals(tx, schema)
    assert [message for _, message in found if not message.startswith("refers back")] == []
    assert jsonschema_rs.meta.is_valid(schema)
