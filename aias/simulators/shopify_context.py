"""What the resolvers of one request to the local shop share, and what nearly all of its mutations do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from aias.simulators.connections import connect
from aias.simulators.cost import Meter
from aias.simulators.graph import Graph, Info, Resolver
from aias.simulators.search import search
from aias.simulators.shopify_keys import KeyStore
from aias.simulators.shopify_scopes import ALL_SCOPES
from aias.simulators.shopify_store import Shop

__all__ = ["Context", "find", "inner", "listed", "many", "one", "searched", "user_error"]

_GID = re.compile(r"gid://shopify/(?P<kind>\w+)/(?P<number>\d{1,18})")


@dataclass(slots=True, kw_only=True)
class Context:
    """What one request's resolvers share; ``scopes`` is what its token may do."""

    shop: Shop
    graph: Graph
    base_url: str
    version: str = "2026-10"
    scopes: frozenset[str] = ALL_SCOPES
    keys: KeyStore = field(default_factory=KeyStore)
    bulk_seconds: float = 0.0
    meter: Meter = field(default_factory=Meter)
    searches: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def find(shop: Shop, gid: str) -> Any:
    """The thing with this global id; None where there is none.

    Raises:
        GraphQLError: it is no global id.
    """
    match = _GID.fullmatch(gid)
    if match is None:
        raise GraphQLError(
            f"Invalid global id '{gid}'",
            extensions={"code": "INVALID_VARIABLE", "problems": [{"path": [], "explanation": "Invalid global id"}]},
        )
    return shop.find(match["kind"], int(match["number"]))


def one(kind: type) -> Resolver:
    """A query for one thing of this kind by its ``id``."""

    def resolve(_source: Any, info: Info, id: str) -> Any:
        found = find(info.context.shop, id)
        return found if isinstance(found, kind) else None

    return resolve


def listed(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in a list of the input; none where it is not given."""
    found: list[dict[str, Any]] | None = given.get(name)
    return found or []


def inner(given: dict[str, Any] | None, name: str) -> dict[str, Any]:
    """An object in the input; empty where it is not given."""
    found: dict[str, Any] | None = (given or {}).get(name)
    return found or {}


def user_error(message: str, *path: str, code: str | None = None) -> dict[str, Any]:
    """A user error, at this path of the input."""
    return {"field": list(path) or None, "message": message, "code": code}


_SORTS: dict[str, Callable[[Any], Any]] = {
    "UPDATED_AT": lambda r: getattr(r, "updated_at", r.id),
    "TOTAL_PRICE": lambda r: r.total.shop,
    "NAME": lambda r: getattr(r, "display_name", None) or r.name,
    "TITLE": lambda r: r.title,
    "CUSTOMER_NAME": lambda r: r.customer.display_name if r.customer else "",
}


def searched(info: Info, records: Iterable[Any], query: str | None, fields: dict[str, Callable[[Any], Any]]) -> Any:
    """The records that fit the search; what of it was not understood is warned about in the answer's extensions."""
    found, warnings = search(records, query, fields)
    if warnings:
        info.context.searches.append(
            {"path": [info.path.key], "query": query, "warnings": [warning.to_json() for warning in warnings]}
        )
    return found


def many(records: Callable[[Any, Shop], Iterable[Any]], fields: dict[str, Callable[[Any], Any]]) -> Resolver:
    """A connection over the records of a source, searched and sorted."""

    def resolve(source: Any, info: Info, query: str | None = None, sortKey: str = "ID", **page: Any) -> Any:
        found = searched(info, records(source, info.context.shop), query, fields)
        # Ids grow with time, so that they settle ties and serve as CREATED_AT and PROCESSED_AT.
        ordered = sorted(found, key=lambda record: (_SORTS.get(sortKey, lambda r: r.id)(record), record.id))
        return connect(ordered, key=lambda record: record.id, **page)

    return resolve
