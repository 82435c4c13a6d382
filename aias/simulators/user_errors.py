"""A mutation's refusal in the shape in which it was asked for, whichever mutation it is.

Shopify's payloads carry ``userErrors { field message code }`` (or ``orderCancelUserErrors`` and the like), Wave's
``didSucceed`` and ``inputErrors { path message code }``. The answer is made from the selection alone: every other field
of the payload is null, as it is upstream when nothing was done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, parse

from aias.simulators.delivery import Answer, json_answer
from aias.simulators.graph import GraphqlRequest, fields_of, operation_of
from aias.simulators.outcomes import UserError

__all__ = ["refused_mutation", "refused_request"]


def refused_request(errors: Sequence[UserError]) -> Answer:
    """The answer of a service without GraphQL: 422 with the messages by field."""
    told: dict[str, list[str]] = {}
    for error in errors:
        told.setdefault(error.field[-1] if error.field else "base", []).append(error.message)
    return json_answer({"errors": told}, 422, error=errors[0].message)


def refused_mutation(asked: GraphqlRequest, errors: Sequence[UserError]) -> Answer | None:
    """The answer to a GraphQL request whose every payload reports these errors; None when it can't be read."""
    try:
        document = parse(asked.query)
    except GraphQLError:
        return None
    operation = operation_of(document, asked.operation_name)
    if operation is None:
        return None
    data = {_key(root): _payload(document, root, errors) for root in fields_of(document, operation.selection_set)}
    return json_answer({"data": data}, error=errors[0].message)


def _payload(document: DocumentNode, root: FieldNode, errors: Sequence[UserError]) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    for node in fields_of(document, root.selection_set):
        name = node.name.value
        if name == "didSucceed":
            payload[_key(node)] = False
        elif name == "inputErrors" or name.lower().endswith("usererrors"):
            wanted = list(fields_of(document, node.selection_set))
            payload[_key(node)] = [{_key(inner): _told(inner, error) for inner in wanted} for error in errors]
        else:
            payload[_key(node)] = None
    return payload


def _told(node: FieldNode, error: UserError) -> Any:
    match node.name.value:
        case "message":
            return error.message
        case "field" | "path":
            return list(error.field) or None
        case "code":
            return error.code
        case "__typename":
            return "UserError"
        case _:
            return None


def _key(node: FieldNode) -> str:
    return (node.alias or node.name).value
