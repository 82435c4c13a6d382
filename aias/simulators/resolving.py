"""The few shapes that nearly all resolvers have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aias.simulators.connections import connect
from aias.simulators.graph import Info, Resolver

__all__ = ["constant", "cut", "gid", "paged", "read"]


def constant(value: Any) -> Resolver:
    """Always the same."""

    def resolve(_source: Any, _info: Info) -> Any:
        return value

    return resolve


def read(reader: Callable[[Any], Any]) -> Resolver:
    """Something of the source, and of nothing else."""

    def resolve(source: Any, _info: Info) -> Any:
        return reader(source)

    return resolve


def gid(kind: str) -> Resolver:
    """Shopify's global id of a source that has a number for ``id``."""
    return read(lambda source: f"gid://shopify/{kind}/{source.id}")


def paged(reader: Callable[[Any], Sequence[Any]]) -> Resolver:
    """A connection over a sequence of things with an ``id``."""

    def resolve(source: Any, _info: Info, **page: Any) -> Any:
        return connect(reader(source), key=lambda item: item.id, **page)

    return resolve


def cut(reader: Callable[[Any], Iterable[Any]]) -> Resolver:
    """A plain list that may be asked for its beginning (``first``)."""

    def resolve(source: Any, _info: Info, first: int | None = None) -> Any:
        return list(reader(source))[: None if first is None else max(0, first)]

    return resolve
