"""The verdicts are those of an independent implementation, jsonschema-rs."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.schemas.calls import Connection, problems_of_each, refusals
from tests.schemas.strategies import Schema, families, formatted, patterns, texts

# Its default engine for patterns finds 1+a?1+ in "1" (0.60.3); the other one, without backtracking, is right.
ENGINE = jsonschema_rs.RegexOptions()
# The transaction is shared by all examples of a test: nothing is written in it.
many = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.mark.parametrize("family", families)
@settings(many, max_examples=100)
@given(data=st.data())
def test_a_value_is_valid_here_when_it_is_valid_there(tx: Connection, family: str, data: st.DataObject) -> None:
    schemas, values = families[family]
    schema = data.draw(schemas, "schema")
    refused = refusals(tx, schema)
    # a reference that goes round in circles would never end there
    assume(not any("refers back" in message for _, message in refused))
    assert refused == []
    instances = data.draw(st.lists(values, min_size=5, max_size=20), "values")
    other = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, pattern_options=ENGINE)
    for instance, problems in zip(instances, problems_of_each(tx, schema, instances), strict=True):
        assert (problems == []) == other.is_valid(instance), (instance, problems)


@settings(many, max_examples=200)
@given(pattern=patterns, instances=st.lists(texts, min_size=5, max_size=20))
def test_a_pattern_matches_here_what_it_matches_there(tx: Connection, pattern: str, instances: list[str]) -> None:
    schema: Schema = {"pattern": pattern}
    assert refusals(tx, schema) == []
    other = jsonschema_rs.Draft202012Validator(schema, pattern_options=ENGINE)
    for instance, problems in zip(instances, problems_of_each(tx, schema, instances), strict=True):
        assert (problems == []) == other.is_valid(instance), instance


@settings(many, max_examples=50)
@given(instances=st.lists(formatted, min_size=20, max_size=20))
def test_a_format_is_met_here_when_it_is_met_there(tx: Connection, instances: list[str]) -> None:
    for name in ("date-time", "date", "time", "email", "uuid", "uri", "hostname", "ipv4"):
        schema: Schema = {"format": name}
        other = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for instance, problems in zip(instances, problems_of_each(tx, schema, instances), strict=True):
            assert (problems == []) == other.is_valid(instance), (name, instance)
