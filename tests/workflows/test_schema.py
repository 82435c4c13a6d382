"""The published JSON Schema of a definition."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from aias.workflows import definition_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "workflow.schema.json"


def test_the_published_schema_is_the_one_of_the_models() -> None:
    expected = json.dumps(definition_schema(), indent=2, ensure_ascii=False) + "\n"
    assert PUBLISHED.read_text() == expected, "write definition_schema() to docs/reference/workflow.schema.json"


@pytest.mark.parametrize(
    ("definition", "is_valid"),
    [
        ({"name": "a", "steps": [{"id": "b", "action": "noop", "timeout": "5m", "for_each": "{{ x }}"}]}, True),
        ({"name": "a", "steps": [{"id": "b", "action": "noop", "on_failure": {"workflow": "c"}, "when": False}]}, True),
        ({"name": "A", "steps": [{"id": "b", "action": "noop"}]}, False),
        ({"name": "a", "steps": []}, False),
        ({"name": "a", "steps": [{"id": "b", "action": "noop", "timeout": "soon"}]}, False),
        ({"name": "a", "steps": [{"id": "b", "action": "noop", "x": 1}]}, False),
    ],
)
def test_an_editor_can_check_a_definition_with_it(definition: dict[str, Any], is_valid: bool) -> None:
    assert jsonschema_rs.validator_for(json.loads(PUBLISHED.read_text())).is_valid(definition) == is_valid
