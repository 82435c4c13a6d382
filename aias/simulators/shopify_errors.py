"""GraphQL errors as Shopify words them: its GraphQL is written in Ruby, ours is not, and clients look at the codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    print_ast,
)

from aias.simulators.cost import QUERY_LIMIT
from aias.simulators.journal import as_object

__all__ = [
    "COST_DOCUMENTATION",
    "REST_REFUSAL",
    "WORDS",
    "execution_error",
    "problem_of",
    "static_error",
    "too_dear",
    "variable_error",
]

COST_DOCUMENTATION = "https://shopify.dev/api/usage/rate-limits"
REST_REFUSAL = "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."
WORDS = {
    401: "[API] Invalid API key or access token (unrecognized login or wrong password)",
    402: "Unavailable Shop",
    403: "[API] This action requires merchant approval for read_orders scope.",
    404: "Not Found",
    423: "This shop is currently locked.",
    429: REST_REFUSAL,
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "This request has timed out.",
}
"""What Shopify says with an HTTP status."""


_Wording = tuple[str, Callable[[re.Match[str]], tuple[str, dict[str, Any]]]]

# What graphql-core says, and how Shopify says it, with the extensions.
_WORDINGS: tuple[_Wording, ...] = (
    (
        r"Cannot query field '(\w+)' on type '(\w+)'",
        lambda m: (
            f"Field '{m[1]}' doesn't exist on type '{m[2]}'",
            {"code": "undefinedField", "typeName": m[2], "fieldName": m[1]},
        ),
    ),
    (
        r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'",
        lambda m: (
            f"Field '{m[3]}' doesn't accept argument '{m[1]}'",
            {"code": "argumentNotAccepted", "name": m[3], "typeName": "Field", "argumentName": m[1]},
        ),
    ),
    (
        r"Argument '(?:\w+\.)?(\w+)\((\w+):\)' of type|Field '(\w+)' argument '(\w+)' of type",
        lambda m: (
            f"Field '{m[1] or m[3]}' is missing required arguments: {m[2] or m[4]}",
            {
                "code": "missingRequiredArguments",
                "className": "Field",
                "name": m[1] or m[3],
                "arguments": m[2] or m[4],
            },
        ),
    ),
    (
        r"Field '(\w+)' of type '([\w!\[\]]+)' must have a selection",
        lambda m: (
            f"Field must have selections (field '{m[1]}' returns {m[2].strip('![]')} but has no selections)",
            {"code": "selectionMismatch", "nodeName": f"field '{m[1]}'", "typeName": m[2]},
        ),
    ),
    (
        r"Field '(\w+)' must not have a selection since type '([\w!\[\]]+)'",
        lambda m: (
            f"Selections can't be made on scalars (field '{m[1]}' returns {m[2].strip('![]')} but has selections)",
            {"code": "selectionMismatch", "nodeName": f"field '{m[1]}'", "typeName": m[2]},
        ),
    ),
    (
        r"Variable '\$(\w+)' is not defined",
        lambda m: (
            f"Variable ${m[1]} is used by the query but not declared",
            {"code": "variableNotDefined", "variableName": m[1]},
        ),
    ),
    (
        r"Variable '\$(\w+)' is never used",
        lambda m: (
            f"Variable ${m[1]} is declared by the query but not used",
            {"code": "variableNotUsed", "variableName": m[1]},
        ),
    ),
    (
        r"Variable '\$(\w+)' of type '([\w!\[\]]+)' used in position expecting type '([\w!\[\]]+)'",
        lambda m: (
            f"Type mismatch on variable ${m[1]} ({m[2]} / {m[3]})",
            {"code": "variableMismatch", "variableName": m[1], "typeName": m[2]},
        ),
    ),
    (
        r"Unknown type '(\w+)'",
        lambda m: (f"No such type {m[1]}, so it can't be used", {"code": "undefinedType", "typeName": m[1]}),
    ),
    (
        r"Unknown fragment '(\w+)'",
        lambda m: (f"Fragment {m[1]} was used, but not defined", {"code": "useAndDefineFragment"}),
    ),
)


def _locations(error: GraphQLError) -> list[dict[str, int]]:
    return [{"line": location.line, "column": location.column} for location in error.locations or ()]


def _walk(selections: SelectionSetNode, path: list[str]) -> Iterator[tuple[Node, list[str]]]:
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            here = [*path, (selection.alias or selection.name).value]
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            here = [*path, f"... on {condition.name.value}" if condition else "..."]
        else:
            assert isinstance(selection, FragmentSpreadNode)  # noqa: S101 - the three kinds of selection
            yield selection, [*path, f"... {selection.name.value}"]
            continue
        yield selection, here
        if selection.selection_set is not None:
            yield from _walk(selection.selection_set, here)


def _path(document: DocumentNode, error: GraphQLError) -> list[str]:
    """Where the error's node stands, in Shopify's way: the operation first, then the fields."""
    nodes = error.nodes or ()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            name = f" {definition.name.value}" if definition.name else ""
            top = f"{definition.operation.value}{name}"
        elif isinstance(definition, FragmentDefinitionNode):
            top = f"fragment {definition.name.value}"
        else:
            continue
        for node, path in _walk(definition.selection_set, [top]):
            inner = [node, *(getattr(node, "arguments", None) or ())]
            if any(wanted is part for wanted in nodes for part in inner):
                return path
        if any(wanted is definition for wanted in nodes):
            return [top]
    return []


def static_error(error: GraphQLError, document: DocumentNode | None) -> dict[str, Any]:
    """An error found before anything ran: no GraphQL, or not in this schema."""
    if document is None:
        return {"message": error.message.replace("Syntax Error: ", "syntax error, "), "locations": _locations(error)}
    for pattern, worded in _WORDINGS:
        match = re.search(pattern, error.message)
        if match is not None:
            message, extensions = worded(match)
            break
    else:
        message, extensions = error.message, {"code": "invalidQuery"}
    return {
        "message": message,
        "locations": _locations(error),
        "path": _path(document, error),
        "extensions": extensions,
    }


def variable_error(
    error: GraphQLError, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> dict[str, Any]:
    """An error in the value of a variable."""
    match = re.search(r"\$(\w+)", error.message)
    name = match[1] if match else ""
    kinds = {d.variable.name.value: print_ast(d.type) for d in operation.variable_definitions or ()}
    explanation = error.message.partition(": ")[2] or error.message
    return {
        "message": f"Variable ${name} of type {kinds.get(name, '?')} was provided invalid value",
        "locations": _locations(error),
        "extensions": {
            "code": "INVALID_VARIABLE",
            "value": variables.get(name),
            "problems": [{"path": [], "explanation": explanation}],
        },
    }


def execution_error(error: GraphQLError) -> dict[str, Any]:
    """An error that a field raised while the query ran."""
    shaped: dict[str, Any] = {"message": error.message, "locations": _locations(error)}
    if error.path is not None:
        shaped["path"] = error.path
    if error.extensions:
        shaped["extensions"] = error.extensions
    return shaped


def too_dear(cost: int) -> dict[str, Any]:
    """The error of a query that costs more than one may."""
    return {
        "message": (
            f"Query cost is {cost}, which exceeds the single query max cost limit ({QUERY_LIMIT}).\n\n"
            "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost of a query "
            "is calculated."
        ),
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": QUERY_LIMIT,
            "documentation": COST_DOCUMENTATION,
        },
    }


def problem_of(shaped: dict[str, Any]) -> str | None:
    """What the journal says about an answer: its first error, or the first user error of a mutation."""
    if shaped.get("errors"):
        return shaped["errors"][0]["message"]
    for payload in (as_object(shaped["data"]) or {}).values():
        fields = as_object(payload) or {}
        problems = next((found for name, found in fields.items() if name.endswith("serErrors") and found), None)
        if problems:
            return str(problems[0].get("message", "user error"))
    return None
