"""Relay connections as Shopify pages them: ``first`` and ``after``, ``last`` and ``before``, at most 250 at a time."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from graphql import GraphQLError

__all__ = ["PAGE_LIMIT", "connect", "cursor_of", "unpaged"]

PAGE_LIMIT = 250

_whole: ContextVar[bool] = ContextVar("whole", default=False)


@contextmanager
def unpaged() -> Generator[None]:
    """Give every connection whole inside of this block, whatever page is asked for: for bulk operations."""
    token = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(token)


def cursor_of(key: int) -> str:
    """The opaque cursor of the item with this key."""
    return base64.b64encode(json.dumps({"last_id": key, "last_value": str(key)}).encode()).decode()


def _key_of(cursor: str) -> int:
    try:
        return int(json.loads(base64.b64decode(cursor, validate=True))["last_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise GraphQLError("Invalid cursor for current pagination sort.") from None


def _check_size(first: int | None, last: int | None) -> None:
    if first is None and last is None:
        raise GraphQLError("you must provide one of first or last")
    if first is not None and last is not None:
        raise GraphQLError("providing both first and last is not supported")
    name, size = ("first", first) if first is not None else ("last", last)
    if size is None or size < 1:
        raise GraphQLError(f"{name} must be greater than 0")
    if size > PAGE_LIMIT:
        raise GraphQLError(f"{name} cannot exceed {PAGE_LIMIT}")


def connect(
    items: Sequence[Any],
    *,
    key: Callable[[Any], int],
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    reverse: bool | None = False,
) -> dict[str, Any]:
    """One page of the items, as edges and as nodes, with its page info.

    Raises:
        GraphQLError: neither or both of ``first`` and ``last``, a size out of range, or a cursor that names no item.
    """
    if _whole.get():
        first, after, last, before = sys.maxsize, None, None, None
    else:
        _check_size(first, last)
    size = first if first is not None else last or 0
    ordered = list(reversed(items)) if reverse else list(items)
    keys = [key(item) for item in ordered]
    start, end = 0, len(ordered)
    for cursor, after_it in ((after, True), (before, False)):
        if cursor is None:
            continue
        wanted = _key_of(cursor)
        if wanted not in keys:
            raise GraphQLError("Invalid cursor for current pagination sort.")
        position = keys.index(wanted)
        start, end = (max(start, position + 1), end) if after_it else (start, min(end, position))
    low, high = (start, min(end, start + size)) if first is not None else (max(start, end - size), end)
    page = list(zip(keys, ordered, strict=True))[low:high]
    cursors = [cursor_of(number) for number, _ in page]
    return {
        "edges": [{"cursor": cursor, "node": item} for cursor, (_, item) in zip(cursors, page, strict=True)],
        "nodes": [item for _, item in page],
        "pageInfo": {
            "hasNextPage": high < len(ordered),
            "hasPreviousPage": low > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }
