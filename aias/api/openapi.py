"""The OpenAPI document: every answer that can come, errors among them, with their shapes and examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from aias.api.problems import MEDIA_TYPE, Problem

__all__ = ["describe"]

_DESCRIPTION = """\
Run workflow automations: start executions, see what they do, intervene.

Every call carries a key (`Authorization: Bearer aias_...`); `aias key create` makes one. A key belongs to a tenant
and sees nothing else, or to the platform's operators, who name a tenant with `?tenant=`.

Lists come in pages (`limit`, `cursor`; the `Link` header and `next` lead on), `fields` narrows what comes back, an
`ETag` with `If-None-Match` saves what has not changed. A `POST` with an `Idempotency-Key` is done once, however often
it is sent. Errors are problem documents (RFC 9457).
"""

_STATUSES = {
    "400": "The request can't be read: malformed JSON, or a cursor of another list.",
    "401": "The key is missing, unknown, expired or revoked.",
    "403": "The key lacks a scope (the problem names it), or the operation is for operators.",
    "404": "There is no such thing, or it is another tenant's.",
    "409": "The state of the thing, or the Idempotency-Key, forbids it.",
    "413": "The body is too large.",
    "415": "The body is not application/json.",
    "422": "A parameter or the body is not valid; errors says where.",
    "429": "Too many requests; Retry-After says when to come back.",
    "500": "A defect; the request_id leads to it in the log.",
    "502": "The other service does not answer.",
    "503": "The database can't be reached; nothing was done.",
    "504": "It took too long and was given up.",
}
_ALWAYS = ("401", "403", "404", "422", "429", "500", "503", "504")
_METHODS = ("get", "post", "put", "patch", "delete")

_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gives the same answer, for a day, and the effect once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "order-1001",
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an earlier answer: 304 when nothing has changed.",
    "schema": {"type": "string"},
}
_EXAMPLE: dict[str, Any] = {
    "type": "urn:aias:problem:not-found",
    "title": "There is no such thing",
    "status": 404,
    "detail": "there is no execution 019a2b3c-0000-7000-8000-000000000000",
    "instance": "/v1/executions/019a2b3c-0000-7000-8000-000000000000",
    "request_id": "019a2b3c-4d5e-7f60-8000-1234567890ab",
    "errors": [],
}


# What can be done with what an answer holds (OpenAPI links): operation -> (operation, parameter, where it is).
_LINKS: dict[str, list[tuple[str, str, str]]] = {
    "run_workflow": [
        (follower, "execution", "$response.body#/id")
        for follower in (
            "get_execution",
            "list_execution_events",
            "explain_execution",
            "cancel_execution",
            "retry_execution",
            "replay_execution",
            "send_signal",
        )
    ],
    "replay_execution": [("get_execution", "execution", "$response.body#/id")],
    "enqueue_job": [
        (follower, "job", "$response.body#/id") for follower in ("get_job", "explain_job", "cancel_job", "retry_job")
    ],
    "create_key": [(follower, "key", "$response.body#/id") for follower in ("get_api_key", "revoke_key")],
    "create_tenant": [
        (follower, "slug", "$response.body#/slug") for follower in ("get_tenant", "set_plan", "list_users")
    ],
    "apply_workflow": [
        (follower, "name", "$request.path.name")
        for follower in ("get_workflow", "list_workflow_versions", "disable_workflow")
    ],
    "connect_integration": [("get_integration", "name", "$request.path.name")],
}


def describe(app: FastAPI) -> None:
    """Let the application give this document; it is made once, when it is first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema

    app.openapi = document


def _made(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes, openapi_version="3.1.0"
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**problem.pop("$defs"), "Problem": problem}
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "bearerFormat": "aias_<id>_<secret>", "description": "An API key."}
    }
    for method, operation in _operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["schema"] = _referring(content["schema"], schemas)
        _complete(method, operation, schemas)
        _link(operation)
    return document


def _referring(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Move an object with a title, which a route wrote out for itself, to the schemas that all can refer to."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_referring(one, schemas) for one in schema["anyOf"]]}
    if schema.get("type") == "array":
        return {**schema, "items": _referring(schema["items"], schemas)}
    if schema.get("type") != "object" or "title" not in schema:
        return schema
    name = schema["title"]
    schemas.setdefault(name, schema)
    return {"$ref": f"#/components/schemas/{name}"} if schemas[name] == schema else schema


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        for method in _METHODS:
            if method in path:
                yield method, path[method]


def _complete(method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Add what is the same for all: the errors, the headers, and that ``fields`` leaves things out."""
    responses = operation["responses"]
    if "security" not in operation:
        wanted = ["500", "503"]
        if operation.get("parameters"):
            wanted += ["404", "413", "422"]
        else:
            responses.pop("422", None)
        responses |= {status: _problem(status) for status in wanted if status == "422" or status not in responses}
        return
    parameters = operation.setdefault("parameters", [])
    wanted = [*_ALWAYS]
    if method == "get" and "text/event-stream" not in responses["200"].get("content", {}):
        parameters.append(_IF_NONE_MATCH)
        responses["304"] = {"description": "It is what the client has."}
        if any(one["name"] == "cursor" for one in parameters):
            wanted.append("400")
            responses["200"].setdefault("headers", {})["Link"] = {
                "description": 'The next page (RFC 8288): <...>; rel="next".',
                "schema": {"type": "string"},
            }
        if any(one["name"] == "fields" for one in parameters):
            _loosen(responses["200"], schemas)
    elif method != "get":
        wanted.append("409")
        if "requestBody" in operation:
            wanted += ["400", "413", "415"]
        if operation.pop("x-keeps-answer", True) and method == "post":
            parameters.append(_IDEMPOTENCY_KEY)
        if operation.pop("x-calls-outside", False):
            wanted.append("502")
    responses |= {status: _problem(status) for status in wanted}
    operation["responses"] = dict(sorted(responses.items()))


def _link(operation: dict[str, Any]) -> None:
    for follower, parameter, place in _LINKS.get(operation["operationId"], ()):
        (success,) = [answer for status, answer in operation["responses"].items() if status < "300"]
        success.setdefault("links", {})[follower] = {"operationId": follower, "parameters": {parameter: place}}


def _problem(status: str) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status == "404":
        content["example"] = _EXAMPLE
    answer: dict[str, Any] = {"description": _STATUSES[status], "content": {MEDIA_TYPE: content}}
    if status in {"429", "503"}:
        answer["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return answer


def _loosen(answer: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Require no field of what ``fields=`` may leave fields out of."""
    found = schemas[_name(answer["content"]["application/json"]["schema"])]
    item = found["properties"].get("items", {}).get("items")
    row = schemas[_name(item)] if "next" in found["properties"] and item is not None else found
    row.pop("required", None)


def _name(schema: Any) -> str:
    return cast("str", schema["$ref"]).rsplit("/", 1)[1]
