"""What a query costs at Shopify, and the leaky bucket that it is paid from.

Rules (https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits): a scalar or enum costs 0, an object 1, an
interface or union the dearest of its possible selections, a connection its page size (``first`` or ``last``) times
what one of its nodes costs; ``edges`` and ``pageInfo`` come free. A list with a size argument counts like a connection,
one without like a single object. A mutation costs at least 10. The *requested* cost assumes full pages and must be in
the bucket before anything runs; the *actual* cost counts what was there, and the difference is given back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    value_from_ast_untyped,
)

from aias.simulators.graph import Info, arguments_of
from aias.simulators.journal import as_array

__all__ = ["MUTATION_COST", "QUERY_LIMIT", "Bucket", "Meter", "requested_cost"]

QUERY_LIMIT = 1000
MUTATION_COST = 10
_TOO_MANY = 200_000
_FREE = ("PageInfo",)


def _named(holder: Any, attribute: str) -> GraphQLCompositeType:
    return cast("GraphQLCompositeType", get_named_type(getattr(holder, attribute)))


def _is_free(name: str) -> bool:
    return name in _FREE or name.endswith(("Connection", "Edge"))


@dataclass(slots=True)
class _Calculation:
    schema: GraphQLSchema
    document: DocumentNode
    variables: dict[str, Any]
    fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    visited: int = 0

    def __post_init__(self) -> None:
        self.fragments = {d.name.value: d for d in self.document.definitions if isinstance(d, FragmentDefinitionNode)}

    def selections(self, sets: Iterable[SelectionSetNode], parent: GraphQLCompositeType) -> int:
        sets = list(sets)
        if is_abstract_type(parent):
            return max((self.object(sets, t) for t in self.schema.get_possible_types(parent)), default=0)
        return self.object(sets, cast("GraphQLObjectType", parent))

    def object(self, sets: Iterable[SelectionSetNode], parent: GraphQLObjectType) -> int:
        grouped: dict[str, list[FieldNode]] = {}
        for selected in sets:
            self.collect(selected, parent, grouped, set())
        cost = 0
        for nodes in grouped.values():
            definition = parent.fields.get(nodes[0].name.value)
            if definition is not None and self.visited < _TOO_MANY:
                cost += self.field(definition, nodes)
        return cost if self.visited < _TOO_MANY else _TOO_MANY

    def collect(
        self, selected: SelectionSetNode, parent: GraphQLObjectType, into: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for selection in selected.selections:
            self.visited += 1
            if self.visited >= _TOO_MANY:
                return
            if isinstance(selection, FieldNode):
                key = (selection.alias or selection.name).value
                into.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                if condition is None or self.applies(condition.name.value, parent):
                    self.collect(selection.selection_set, parent, into, seen)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                fragment = self.fragments[selection.name.value]
                if self.applies(fragment.type_condition.name.value, parent):
                    self.collect(fragment.selection_set, parent, into, seen)

    def applies(self, condition: str, parent: GraphQLObjectType) -> bool:
        wanted = self.schema.type_map.get(condition)
        return wanted is parent or (is_abstract_type(wanted) and self.schema.is_sub_type(cast("Any", wanted), parent))

    def field(self, definition: GraphQLField, nodes: list[FieldNode]) -> int:
        sets = [node.selection_set for node in nodes if node.selection_set is not None]
        if not sets:
            return 0
        named = _named(definition, "type")
        own = 0 if _is_free(named.name) else 1
        return self.size(definition, nodes[0]) * (own + self.selections(sets, named))

    def size(self, definition: GraphQLField, node: FieldNode) -> int:
        arguments = arguments_of(node, self.variables)
        for name in ("first", "last"):
            given = arguments.get(name)
            if name in definition.args and isinstance(given, int):
                return max(0, given)
        ids = arguments.get("ids")
        return len(cast("list[Any]", ids)) if isinstance(ids, list) else 1


def requested_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> int:
    """What the operation costs when every page comes full. The document must be valid."""
    root = schema.get_root_type(operation.operation)
    if root is None:
        return 0
    calculation = _Calculation(schema, document, {**_defaults(operation), **variables})
    cost = calculation.object([operation.selection_set], root)
    if operation.operation is OperationType.MUTATION:
        return max(cost, MUTATION_COST * len(operation.selection_set.selections))
    return cost


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }


class Meter:
    """Counts what a query really costs, field by field, while it runs."""

    def __init__(self) -> None:
        self.cost = 0

    def observe(self, info: Info, value: Any) -> None:
        """Count one field's value."""
        if value is None or not any(node.selection_set for node in info.field_nodes):
            return
        if _is_free(_named(info, "return_type").name):
            return
        if (items := as_array(value)) is not None:
            sized = info.field_name == "nodes" or "first" in info.parent_type.fields[info.field_name].args
            self.cost += len(items) if sized else min(1, len(items))
        else:
            self.cost += 1

    def total(self, requested: int, operation: OperationDefinitionNode) -> int:
        """The actual cost of the whole operation, never more than was asked for."""
        least = 0
        if operation.operation is OperationType.MUTATION:
            least = MUTATION_COST * len(operation.selection_set.selections)
        return min(requested, max(self.cost, least))


class Bucket:
    """A leaky bucket: holds ``capacity`` points, gets ``rate`` back each second, never more than it holds."""

    def __init__(self, *, capacity: float, rate: float, clock: Callable[[], float]) -> None:
        if capacity <= 0 or rate <= 0:
            raise ValueError(f"a bucket of {capacity} points at {rate} a second: both must be positive")
        self.capacity = float(capacity)
        self.rate = float(rate)
        self._clock = clock
        self._points = self.capacity
        self._at = clock()

    @property
    def available(self) -> float:
        """The points that are in it now."""
        now = self._clock()
        # A clock that was set back gives nothing and takes nothing.
        self._points = min(self.capacity, self._points + max(0.0, now - self._at) * self.rate)
        self._at = now
        return self._points

    def take(self, points: float) -> bool:
        """Take so many points; False, and nothing taken, when there are too few."""
        if self.available < points:
            return False
        self._points -= points
        return True

    def give_back(self, points: float) -> None:
        """Give back what was taken and not used."""
        self._points = min(self.capacity, self._points + points)

    def refill(self) -> None:
        """As full as at the start."""
        self._points = self.capacity
        self._at = self._clock()

    def resize(self, *, capacity: float, rate: float) -> None:
        """Make it another bucket, full as at the start; the same sizes change nothing."""
        if (capacity, rate) != (self.capacity, self.rate):
            self.capacity, self.rate = float(capacity), float(rate)
            self.refill()

    def status(self) -> dict[str, Any]:
        """The bucket as ``throttleStatus`` states it."""
        return {
            "maximumAvailable": self.capacity,
            "currentlyAvailable": int(self.available),
            "restoreRate": self.rate,
        }
