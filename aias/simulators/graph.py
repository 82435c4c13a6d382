"""GraphQL as both upstreams use it: a schema from SDL, requests over HTTP, and resolvers that find things by name.

A field is resolved by the function that a :class:`Graph` was given for ``Type.field``; without one it is the attribute
of the same name in snake case. What an error looks like is each service's own business: see ``shopify_errors`` and
``wave``.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    build_schema,
    execute_sync,  # pyright: ignore[reportUnknownVariableType] - one of its parameters lacks its types
    parse,
    validate,
    value_from_ast_untyped,
)

from aias.simulators.journal import as_array, as_object

__all__ = [
    "Graph",
    "GraphqlRequest",
    "Info",
    "Prepared",
    "Resolver",
    "arguments_of",
    "bounded_loads",
    "fields_of",
    "names_of",
    "no_number",
    "operation_of",
    "read_request",
]

Info: TypeAlias = "GraphQLResolveInfo[Any]"
"""What a resolver is told beside its source; ``info.context`` is the request's own."""

Resolver = Callable[..., Any]

_MAX_TOKENS = 20_000
_MAX_DEPTH = 64
_CACHED = 256
_CACHED_LENGTH = 20_000
_MAX_NAMES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphqlRequest:
    """A request as it came: a document and what belongs to it."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document after parsing and validation; ``document`` is None when it is no GraphQL at all."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...]


def bounded_loads(text: bytes) -> Any:
    """JSON with numbers as int or Decimal.

    Raises:
        ValueError: it is no JSON, or nested more than 64 levels deep.
    """
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    level: list[Any] = [value]
    for _ in range(_MAX_DEPTH):
        level = [inner for item in level for inner in _children(item)]
        if not level:
            return value
    raise ValueError("nested too deeply")


def no_number(text: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON does not know.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{text} is no JSON")


def _children(value: Any) -> list[Any]:
    fields = as_object(value)
    return list(fields.values()) if fields is not None else as_array(value) or []


def read_request(body: bytes, content_type: str) -> GraphqlRequest | None:
    """The GraphQL request in this body; None when there is none."""
    if content_type.split(";", maxsplit=1)[0].strip().lower() == "application/graphql":
        return GraphqlRequest(query=body.decode(errors="replace"), variables={}, operation_name=None)
    try:
        given = as_object(bounded_loads(body))
    except ValueError:
        return None
    if given is None or not isinstance(given.get("query"), str):
        return None
    variables = as_object(given.get("variables") or {})
    name = given.get("operationName")
    if variables is None or not (name is None or isinstance(name, str)):
        return None
    return GraphqlRequest(query=given["query"], variables=variables, operation_name=name or None)


_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _attribute(source: Any, info: Info) -> Any:
    name = _CAPITAL.sub("_", info.field_name).lower()
    fields = as_object(source)
    return getattr(source, name) if fields is None else fields.get(info.field_name)


class Graph:
    """A schema with its resolvers.

    ``sdl`` names the files beside this module that together are the schema, ``resolvers`` maps ``Type.field`` to
    functions of ``(source, info, **arguments)``, ``scalars`` maps a scalar's name to the function that reads a given
    value, ``type_of`` names the object type of a value where the schema leaves it open. ``observe`` is told every value
    that a field gave.
    """

    def __init__(
        self,
        *sdl: str,
        resolvers: Mapping[str, Resolver],
        scalars: Mapping[str, Callable[[Any], Any]],
        type_of: Callable[[Any], str],
        observe: Callable[[Info, Any], None] | None = None,
    ) -> None:
        self.schema = _schema(*sdl)
        self._resolvers = dict(resolvers)
        self._type_of = type_of
        self._observe = observe
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        for name, reader in scalars.items():
            _install(cast("GraphQLScalarType", self.schema.type_map[name]), reader)

    def prepare(self, query: str) -> Prepared:
        """Parse and validate; the last documents are remembered."""
        known = self._prepared.get(query)
        if known is not None:
            self._prepared.move_to_end(query)
            return known
        prepared = self._prepare(query)
        if len(query) <= _CACHED_LENGTH:
            self._prepared[query] = prepared
        if len(self._prepared) > _CACHED:
            self._prepared.popitem(last=False)
        return prepared

    def _prepare(self, query: str) -> Prepared:
        try:
            document = parse(query, max_tokens=_MAX_TOKENS)
            errors = validate(self.schema, document) or _too_deep(document)
            return Prepared(document=document, errors=tuple(errors))
        except GraphQLSyntaxError as error:
            return Prepared(document=None, errors=(error,))
        except (GraphQLError, RecursionError) as error:
            return Prepared(document=None, errors=(GraphQLError(f"Syntax Error: {error}"),))

    def execute(self, document: DocumentNode, request: GraphqlRequest, context: Any) -> ExecutionResult:
        """Run a valid document. A resolver that fails by anything but a GraphQLError is a bug, and raised."""
        result = execute_sync(
            self.schema,
            document,
            context_value=context,
            variable_values=request.variables,
            operation_name=request.operation_name,
            field_resolver=self._resolve,
            type_resolver=lambda value, _info, _type: self._type_of(value),
        )
        for error in result.errors or ():
            cause = error.original_error
            if cause is not None and not isinstance(cause, GraphQLError):
                raise cause
        return result

    def _resolve(self, source: Any, info: Info, **arguments: Any) -> Any:
        resolver = self._resolvers.get(f"{info.parent_type.name}.{info.field_name}")
        value = _attribute(source, info) if resolver is None else resolver(source, info, **arguments)
        if self._observe is not None:
            self._observe(info, value)
        return value


def _too_deep(document: DocumentNode) -> list[GraphQLError]:
    """The error of a valid document that nests further than execution can follow."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    deepest: dict[str, int] = {}
    operations = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    waiting = [(operation.selection_set, 1) for operation in operations]
    while waiting:
        selections, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            return [GraphQLError(f"Query is nested more than {_MAX_DEPTH} levels deep")]
        for selection in selections.selections:
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if deepest.get(name, 0) < depth:
                    deepest[name] = depth
                    waiting.append((fragments[name].selection_set, depth))
            elif isinstance(selection, (FieldNode, InlineFragmentNode)) and selection.selection_set is not None:
                waiting.append((selection.selection_set, depth + 1))
    return []


@cache
def _schema(*sdl: str) -> GraphQLSchema:
    # Reading one takes longer than most tests.
    parts = [files("aias.simulators").joinpath(name).read_text(encoding="utf-8") for name in sdl]
    return build_schema("\n".join(parts))


def _install(scalar: GraphQLScalarType, reader: Callable[[Any], Any]) -> None:
    def read(value: Any) -> Any:
        return reader(value)

    def from_literal(node: Any, variables: dict[str, Any] | None = None) -> Any:
        # A number keeps its digits: reading it as a float first would lose some.
        raw = getattr(node, "value", None)
        return reader(raw if isinstance(raw, str) else value_from_ast_untyped(node, variables))

    scalar.parse_value = scalar.coerce_input_value = read
    scalar.parse_literal = from_literal
    scalar.coerce_input_literal = from_literal


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation that a request means: the one of this name, or the only one."""
    found = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name is not None:
        found = [d for d in found if d.name is not None and d.name.value == name]
    return found[0] if len(found) == 1 else None


def fields_of(document: DocumentNode, selections: SelectionSetNode | None) -> Iterator[FieldNode]:
    """The fields of a selection set, those in fragments included."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    waiting: list[SelectionSetNode] = [] if selections is None else [selections]
    seen: set[str] = set()
    while waiting:
        for selection in waiting.pop(0).selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, InlineFragmentNode):
                waiting.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                if selection.name.value in fragments:
                    waiting.append(fragments[selection.name.value].selection_set)


def arguments_of(node: Any, variables: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a field or a directive as plain values."""
    return {argument.name.value: value_from_ast_untyped(argument.value, variables) for argument in node.arguments or ()}


def names_of(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """What an operation can be called: its fields, a query's also their fields with a dot, and its own name."""
    names: dict[str, None] = {}
    roots = list(fields_of(document, operation.selection_set))[:_MAX_NAMES]
    for root in roots:
        names[root.name.value] = None
    for root in roots if operation.operation is OperationType.QUERY else ():
        for inner in fields_of(document, root.selection_set):
            if inner.selection_set is not None and len(names) < _MAX_NAMES:
                names[f"{root.name.value}.{inner.name.value}"] = None
    if operation.name is not None:
        names[operation.name.value] = None
    return tuple(names)
