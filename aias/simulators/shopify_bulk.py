"""Bulk operations as the local shop runs them: a query over everything, its result lines of JSON at an address.

The rules (https://shopify.dev/docs/api/usage/bulk-operations/queries): one top-level field, at least one connection and
at most five, no deeper than two; each object of a connection is a line of its own, and those of a connection inside an
object carry ``__parentId``. Up to five operations run at once since 2026-01, one before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    validate,
    visit,
)

from aias.simulators.connections import unpaged
from aias.simulators.cost import Meter
from aias.simulators.delivery import dumps
from aias.simulators.graph import GraphqlRequest, Info, Resolver
from aias.simulators.journal import as_array, as_object
from aias.simulators.resolving import constant, gid, read
from aias.simulators.shopify_context import Context, find, many, one, user_error
from aias.simulators.shopify_records import BulkOperation
from aias.simulators.shopify_store import Shop

__all__ = ["BULK_PATH", "BULK_RESOLVERS", "bulk_result"]

_AT_ONCE = {True: 5, False: 1}
_FIVE_SINCE = "2026-01"
_MOST_CONNECTIONS = 5
_DEEPEST = 2
_OPEN = frozenset({"CREATED", "RUNNING"})

BULK_PATH = "/_bulk/"
"""Results are at this path, under a key that can't be guessed, for whoever knows the address."""


def _status(operation: BulkOperation, now: float) -> str:
    if operation.cancelled:
        return "CANCELED"
    if now < operation.runs_until:
        return "RUNNING"
    return "FAILED" if operation.error_code else "COMPLETED"


def bulk_result(shop: Shop, path: str) -> bytes | None:
    """The lines at this path; None where there are none, or not yet."""
    for operation in shop.bulk_operations.values():
        if path == f"{BULK_PATH}{operation.key}.jsonl" and _status(operation, shop.clock()) == "COMPLETED":
            return operation.lines
    return None


# --- running ---


def _run(_source: Any, info: Info, query: str, groupObjects: bool = False) -> Any:  # noqa: FBT001, FBT002
    del groupObjects  # children stand below their parents either way
    context: Context = info.context
    shop = context.shop
    running = sum(_status(one, shop.clock()) in _OPEN for one in shop.bulk_operations.values())
    if running >= _AT_ONCE[context.version >= _FIVE_SINCE]:
        message = "A bulk query operation for this app and shop is already in progress."
        return _refused(message, "OPERATION_IN_PROGRESS")
    problem = _problem(info.schema, query)
    if problem is not None:
        return _refused(f"Invalid bulk query: {problem}", "INVALID")
    number = shop.number()
    made = BulkOperation(
        id=number,
        query=query,
        created_at=shop.now(),
        runs_until=shop.clock() + context.bulk_seconds,
        key=hashlib.sha256(f"{number}:{query}".encode()).hexdigest(),
    )
    with unpaged():
        _fill(made, _execute(info, query))
    shop.bulk_operations[made.id] = made
    shop.changed("BULK_OPERATIONS", made)
    return {"bulkOperation": made, "userErrors": []}


def _refused(message: str, code: str) -> dict[str, Any]:
    return {"bulkOperation": None, "userErrors": [user_error(message, "query", code=code)]}


def _execute(info: Info, query: str) -> ExecutionResult:
    # With the same resolvers as every query, and a meter of its own: what it costs is not counted.
    context: Context = info.context
    inner = replace(context, meter=Meter(), searches=[])
    return context.graph.execute(parse(query), GraphqlRequest(query=query, variables={}, operation_name=None), inner)


def _fill(operation: BulkOperation, result: ExecutionResult) -> None:
    if result.errors:
        codes = {(error.extensions or {}).get("code") for error in result.errors}
        operation.error_code = "ACCESS_DENIED" if "ACCESS_DENIED" in codes else "INTERNAL_SERVER_ERROR"
        return
    lines = [line for value in (result.data or {}).values() for line in _lines(value, None)]
    operation.objects = len(lines)
    operation.roots = sum("__parentId" not in line for line in lines)
    operation.lines = b"".join(dumps(line) + b"\n" for line in lines)


def _lines(value: Any, parent: str | None) -> Iterator[dict[str, Any]]:
    """The lines of a connection, or of a single object."""
    nodes = _nodes(value)
    objects = [value] if nodes is None else nodes
    for node in objects:
        fields = as_object(node)
        if fields is None:
            continue
        inner = {name: found for name, field in fields.items() if (found := _nodes(field)) is not None}
        line = {name: field for name, field in fields.items() if name not in inner}
        if parent is not None:
            line["__parentId"] = parent
        yield line
        for name in inner:
            yield from _lines(fields[name], fields.get("id"))


def _nodes(value: Any) -> list[Any] | None:
    """The objects of a connection's answer; None where it is something else."""
    fields = as_object(value) or {}
    edges = as_array(fields.get("edges"))
    if edges is not None:
        return [(as_object(edge) or {}).get("node") for edge in edges]
    return as_array(fields.get("nodes"))


# --- what is a bulk query ---


class _Connections(Visitor):
    """Counts the connections of a document, and how deep they nest."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.count = self.depth = self.deepest = 0
        self.spreads = False

    def _is_connection(self) -> bool:
        kind = str(cast("Any", self.types).get_type())
        return kind.strip("[]!").endswith("Connection")

    def enter_field(self, _node: FieldNode, *_rest: Any) -> None:
        if self._is_connection():
            self.count += 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def leave_field(self, _node: FieldNode, *_rest: Any) -> None:
        if self._is_connection():
            self.depth -= 1

    def enter_fragment_spread(self, _node: FragmentSpreadNode, *_rest: Any) -> None:
        self.spreads = True


def _problem(schema: GraphQLSchema, query: str) -> str | None:
    try:
        document = parse(query, max_tokens=20_000)
    except GraphQLError as error:
        return error.message
    errors = validate(schema, document)
    if errors:
        return errors[0].message
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return "it must be one query"
    if len(operations[0].selection_set.selections) != 1:
        return "it must have one top-level field"
    types = TypeInfo(schema)
    seen = _Connections(types)
    visit(document, TypeInfoVisitor(types, seen))
    if not seen.count:
        return "The query must contain at least one connection"
    if seen.count > _MOST_CONNECTIONS or seen.deepest > _DEEPEST or seen.spreads:
        return f"at most {_MOST_CONNECTIONS} connections, {_DEEPEST} deep, without fragments"
    return None


# --- reading ---


def _cancel(_source: Any, info: Info, id: str) -> Any:
    shop: Shop = info.context.shop
    found = find(shop, id)
    if not isinstance(found, BulkOperation):
        return {"bulkOperation": None, "userErrors": [user_error("Bulk operation does not exist", "id")]}
    if _status(found, shop.clock()) in _OPEN:
        found.cancelled = True
        shop.changed("BULK_OPERATIONS", found)
    return {"bulkOperation": found, "userErrors": []}


def _status_now(operation: BulkOperation, info: Info) -> str:
    return _status(operation, info.context.shop.clock())


def _if_done(value: Callable[[BulkOperation, Info], Any]) -> Resolver:
    def resolve(operation: BulkOperation, info: Info) -> Any:
        return value(operation, info) if _status(operation, info.context.shop.clock()) == "COMPLETED" else None

    return resolve


def _completed_at(operation: BulkOperation, info: Info) -> datetime | None:
    is_over = _status(operation, info.context.shop.clock()) in {"COMPLETED", "FAILED"}
    return datetime.fromtimestamp(int(operation.runs_until), UTC) if is_over else None


def _current(_source: Any, info: Info, type: str = "QUERY") -> Any:
    shop: Shop = info.context.shop
    return next(reversed(shop.bulk_operations.values()), None) if type == "QUERY" else None


BULK_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.bulkOperation": one(BulkOperation),
    "QueryRoot.bulkOperations": many(
        lambda _source, shop: shop.bulk_operations.values(),
        {"id": lambda b: b.id, "created_at": lambda b: b.created_at},
    ),
    "QueryRoot.currentBulkOperation": _current,
    "Mutation.bulkOperationRunQuery": _run,
    "Mutation.bulkOperationCancel": _cancel,
    "BulkOperation.id": gid("BulkOperation"),
    "BulkOperation.type": constant("QUERY"),
    "BulkOperation.status": _status_now,
    "BulkOperation.completedAt": _completed_at,
    "BulkOperation.objectCount": read(lambda b: str(b.objects)),
    "BulkOperation.rootObjectCount": read(lambda b: str(b.roots)),
    "BulkOperation.fileSize": _if_done(lambda b, _info: str(len(b.lines))),
    "BulkOperation.url": _if_done(
        lambda b, info: f"{info.context.base_url}{BULK_PATH}{b.key}.jsonl" if b.lines else None
    ),
    "BulkOperation.partialDataUrl": constant(None),
}
"""Bulk operations, and the mutations that start and stop one."""
