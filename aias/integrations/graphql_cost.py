"""What a GraphQL document is called and costs: Shopify's points, and the bucket of which its answers tell.

Source: https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits (``extensions.cost``): a query is let in when
the bucket holds what it asks for, and gets back what it did not use.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from aias.integrations.guard import Passage
from aias.integrations.outcome import LONGEST_RETRY_AFTER

__all__ = ["DEFAULT_THROTTLE_WAIT", "cost_of", "note_cost", "operation_of", "throttle_wait"]

DEFAULT_THROTTLE_WAIT: Final = 1.0
"""Seconds to wait when a throttled answer does not say."""
_SHORTEST_THROTTLE_WAIT: Final = 0.1
_FIRST_COST: Final = 10
"""Points that a document is taken to cost before an answer told."""
_MOST_DOCUMENTS: Final = 1000
_OPERATION: Final = re.compile(r"\b(?:query|mutation)\s+([_A-Za-z]\w*)")
_FIELD: Final = re.compile(r"\{\s*([_A-Za-z]\w*)")

_costs: dict[str, int] = {}


@lru_cache(maxsize=_MOST_DOCUMENTS)
def operation_of(document: str) -> str:
    """Give the name of a document's operation, or of its first field."""
    named = _OPERATION.search(document) or _FIELD.search(document)
    return "query" if named is None else named[1]


def cost_of(document: str) -> int:
    """Give the points that a document asked for last."""
    return _costs.get(document, _FIRST_COST)


def note_cost(document: str, content: dict[str, Any], passage: Passage) -> None:
    """Take note of what an answer says of costs, if it does."""
    try:
        cost = content["extensions"]["cost"]
        requested = int(cost["requestedQueryCost"])
        actual = float(cost["actualQueryCost"] or 0)
        status = cost["throttleStatus"]
        told = {
            "available": float(status["currentlyAvailable"]),
            "maximum": float(status["maximumAvailable"]),
            "restore": float(status["restoreRate"]),
        }
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return
    if len(_costs) >= _MOST_DOCUMENTS:
        _costs.clear()
    _costs[document] = max(requested, 1)
    passage.told(**told, actual=actual)


def throttle_wait(content: dict[str, Any]) -> float:
    """Give the seconds until the bucket holds what the query asks for: (requested - available) / restore rate."""
    try:
        cost = content["extensions"]["cost"]
        status = cost["throttleStatus"]
        missing = Decimal(cost["requestedQueryCost"]) - Decimal(status["currentlyAvailable"])
        wait = float(missing / Decimal(status["restoreRate"]))
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return DEFAULT_THROTTLE_WAIT
    return min(max(wait, _SHORTEST_THROTTLE_WAIT), LONGEST_RETRY_AFTER)
