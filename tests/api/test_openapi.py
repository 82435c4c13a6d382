"""The OpenAPI document: whole, with every error and stable names."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from aias.api import create_app
from aias.settings import Settings
from tests.api.test_audit import TAGS

SECRETS_AND_CALLS = {
    "sign_up",
    "create_key",
    "create_webhook",
    "rotate_webhook",
    "rotate_webhook_endpoint",
    "set_channel",
    "check_integration",
    "enable_workflow",
    "ask_for_consent",
    "finish_consent",
    "track_events",
    "use_template",
}
"""Their answers can't be kept: they hold a secret, what another service said, or share a transaction with others'."""


@pytest.fixture
def document(settings: Settings) -> dict[str, Any]:
    return create_app(settings).openapi()


def operations(document: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    found = [
        (operation["operationId"], (method, path, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    assert len({name for name, _ in found}) == len(found)
    return dict(found)


def test_every_operation_has_a_name_a_summary_a_tag_and_a_description(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    for name, (_, _, operation) in operations(document).items():
        assert name.isidentifier()
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name


def test_every_operation_with_a_key_tells_its_scope_and_its_errors(document: dict[str, Any]) -> None:
    for name, (method, path, operation) in operations(document).items():
        if not path.startswith("/v1/"):
            continue
        ((scope,),) = [next(iter(one.values())) for one in operation["security"]]
        resource, verb = scope.split(":")
        assert path.startswith(f"/v1/{resource}"), name
        assert verb == "read" if method == "get" else verb in {"read", "write"}
        assert {"401", "403", "404", "422", "429", "503", "504"} <= set(operation["responses"]), name
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert "application/problem+json" in answer["content"], (name, status)


def test_every_list_has_pages_and_fields_and_every_post_an_idempotency_key(document: dict[str, Any]) -> None:
    for name, (method, path, operation) in operations(document).items():
        parameters = {one["name"] for one in operation.get("parameters", [])}
        if name.startswith("list_"):
            assert {"limit", "cursor", "fields"} <= parameters, name
            assert "Link" in operation["responses"]["200"]["headers"]
        if method == "post" and path.startswith("/v1/") and name not in SECRETS_AND_CALLS:
            assert "Idempotency-Key" in parameters, name


def test_every_property_of_every_schema_is_described(document: dict[str, Any]) -> None:
    missing = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, described in schema.get("properties", {}).items()
        if "description" not in described and "$ref" not in described
    ]
    assert missing == []


def test_every_body_of_json_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, (_, _, operation) in operations(document).items():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        # what others add brings its own
        if content is None or not TAGS & set(operation["tags"]):
            continue
        told = json.dumps(content)
        shapes = [schemas[ref] for ref in re.findall(r'"#/components/schemas/(\w+)"', told)]
        assert '"example' in json.dumps([content, *shapes]), name
