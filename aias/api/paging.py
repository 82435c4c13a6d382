"""Lists: keyset pages. A cursor holds where the page before ended, so nothing is skipped or told twice.

A cursor is opaque to clients and bound to its list: to the path, the tenant and the filters. It gives no access to
anything, so it is checked and not signed: a forged one is another place in the same list.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar, cast
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from aias.api.caller import Caller
from aias.api.problems import HttpProblem, ProblemError

__all__ = ["Listed", "Page"]

Row = TypeVar("Row")
Item = TypeVar("Item", bound=BaseModel)

MOST_ITEMS = 500
_NO_FILTERS = {"limit", "cursor", "fields"}


class Listed(BaseModel, Generic[Item]):
    """A page of a list."""

    items: list[Item] = Field(description="The page.")
    next: str | None = Field(description="Where the next page is; null on the last one. The Link header says the same.")


class _Page:
    """Where a page begins and how long it is at most."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=MOST_ITEMS, description="How many items at most.")] = 50,
        cursor: Annotated[str | None, Query(max_length=1000, description="From the page before: its next.")] = None,
    ) -> None:
        self._request, self._response, self._cursor = request, response, cursor
        self.limit = limit

    @property
    def fetch(self) -> int:
        """How many rows to ask for: one more than are shown says whether there is another page."""
        return self.limit + 1

    def after(self, *kinds: type[Any]) -> tuple[Any, ...]:
        """Give the key of the last item of the page before, one value per kind; all None on the first page.

        Raises:
            HttpProblem: 400 the cursor is not one of this list.
        """
        if self._cursor is None:
            return (None,) * len(kinds)
        values = _read(self._cursor, self._binding, kinds)
        if values is None:
            message = "the cursor is not one of this list with these filters"
            raise HttpProblem(
                HTTPStatus.BAD_REQUEST, "bad-request", message, [ProblemError(path="query.cursor", message=message)]
            )
        return values

    def of(self, rows: Sequence[Item], key: Callable[[Item], tuple[Any, ...]]) -> Listed[Item]:
        """Give the page of the rows that were fetched; ``key`` gives an item's place in the order of the list."""
        shown = list(rows[: self.limit])
        after = self._next(key(shown[-1])) if len(rows) > self.limit else None
        if after is not None:
            self._response.headers["Link"] = f'<{after}>; rel="next"'
        return Listed(items=shown, next=after)

    @property
    def _filters(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self._request.query_params.multi_items() if name not in _NO_FILTERS]

    @property
    def _binding(self) -> str:
        caller: Caller = self._request.scope["aias.caller"]
        bound = [self._request.url.path, str(caller.identity.tenant_id), *sorted(f"{k}={v}" for k, v in self._filters)]
        return hashlib.sha256("\n".join(bound).encode(errors="surrogatepass")).hexdigest()[:16]

    def _next(self, key: tuple[Any, ...]) -> str:
        values = json.loads(_adapter(tuple[Any, ...]).dump_json((self._binding, *key)))
        cursor = base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")
        kept = [("limit", str(self.limit)), ("cursor", cursor)]
        fields = self._request.query_params.get("fields")
        query = [*self._filters, *([("fields", fields)] if fields is not None else []), *kept]
        return f"{self._request.url.path}?{urlencode(query)}"


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Give what reads and writes a kind of value: making one takes longer than using it."""
    return TypeAdapter(kind)


def _read(cursor: str, binding: str, kinds: Sequence[type[Any]]) -> tuple[Any, ...] | None:
    """Give the values in a cursor; None where it is not one of this binding, or not one at all."""
    try:
        given, *values = cast("list[Any]", json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_")))
        if given != binding or len(values) != len(kinds):
            return None
        return tuple(_adapter(kind).validate_json(json.dumps(value)) for kind, value in zip(kinds, values, strict=True))
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError):
        return None


Page = Annotated[_Page, Depends()]
"""``limit=`` and ``cursor=`` of a list, and the way from rows to the answer."""
