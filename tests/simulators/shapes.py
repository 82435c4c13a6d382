"""Shapes of JSON, to compare answers with; and queries that ask for everything a schema has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)


class Maybe:
    """Null, or this."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class ListOf:
    """A list of these; at least one, so that the comparison says something."""

    def __init__(self, shape: Any, *, at_least: int = 1) -> None:
        self.shape = shape
        self.at_least = at_least


class Text:
    """A string that looks like this."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern


def check(value: Any, shape: Any, path: str = "") -> None:
    """Fail unless the value has exactly the fields of the shape, and each of them its type."""
    if isinstance(shape, Maybe):
        if value is not None:
            check(value, shape.shape, path)
    elif isinstance(shape, ListOf):
        assert isinstance(value, list), f"{path}: {value!r} is no list"
        assert len(value) >= shape.at_least, f"{path}: only {len(value)}"
        for at, item in enumerate(value):
            check(item, shape.shape, f"{path}[{at}]")
    elif isinstance(shape, Text):
        assert isinstance(value, str), f"{path}: {value!r} is no text"
        assert re.fullmatch(shape.pattern, value), f"{path}: {value!r} is not like {shape.pattern}"
    elif isinstance(shape, Mapping):
        assert isinstance(value, dict), f"{path}: {value!r} is no object"
        assert set(value) == set(shape), f"{path}: {sorted(set(value) ^ set(shape))}"
        for name, inner in shape.items():
            check(value[name], inner, f"{path}.{name}")
    elif isinstance(shape, type):
        assert type(value) is shape, f"{path}: {value!r} is no {shape.__name__}"
    else:
        assert value == shape, f"{path}: {value!r} is not {shape!r}"


# Arguments that a field needs before it answers, beyond those that the schema requires.
_PAGED = {"first": "3"}


def everything(
    schema: GraphQLSchema, kind: GraphQLNamedType, depth: int, arguments: Mapping[str, Mapping[str, str]]
) -> str:
    """A selection of every field of this type, ``depth`` levels down; ``arguments`` by ``Type.field``."""
    if is_abstract_type(kind):
        parts = [
            f"... on {inner.name} {everything(schema, inner, depth, arguments)}"
            for inner in schema.get_possible_types(kind)
            if _has_leaves(inner)
        ]
        return "{ __typename " + " ".join(parts) + " }"
    assert isinstance(kind, GraphQLObjectType)
    parts = ["__typename"]
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        given = dict(arguments.get(f"{kind.name}.{name}", {}))
        if "first" in field.args and "last" in field.args:
            given = {**_PAGED, **given}
        if any(
            is_required_argument(argument) and argument_name not in given
            for argument_name, argument in field.args.items()
        ):
            continue
        shown = f"({', '.join(f'{k}: {v}' for k, v in given.items())})" if given else ""
        # Interfaces give the same field in several types: an alias keeps them apart.
        alias = f"{kind.name}_{name}: {name}"
        if is_leaf_type(named):
            parts.append(f"{alias}{shown}")
        elif depth > 0:
            parts.append(f"{alias}{shown} {everything(schema, named, depth - 1, arguments)}")
    return "{ " + " ".join(parts) + " }"


def _has_leaves(kind: GraphQLObjectType) -> bool:
    return any(is_leaf_type(get_named_type(field.type)) for field in kind.fields.values())


def fields_seen(query: str, schema: GraphQLSchema) -> set[str]:
    """``Type.field`` of every field that such a query asks for."""
    pairs = {(m[1], m[2]) for m in re.finditer(r"(\w+)_(\w+): \2", query)}
    return {f"{kind}.{name}" for kind, name in pairs if kind in schema.type_map}
