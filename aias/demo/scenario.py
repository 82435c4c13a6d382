"""Which orders go through the demo, and what goes wrong with five of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aias.simulators import Order, make_order

__all__ = ["FEWEST_ORDERS", "Scenario", "make_scenario", "reference_of"]

FEWEST_ORDERS = 5

_LONGEST_HANG = 600
_REFUSAL = {
    "data": {
        "invoiceCreate": {
            "didSucceed": False,
            "inputErrors": [
                {
                    "code": "INVALID",
                    "message": "Items can't be billed: the product is archived.",
                    "path": ["input", "items", "0", "productId"],
                }
            ],
            "invoice": None,
        }
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The orders in the order in which they are started. The five troubled ones are plain otherwise."""

    orders: tuple[Order, ...]
    in_shop: int
    """How many orders the shop must have so that these are among them."""

    @property
    def flaky(self) -> Order:
        """Shopify answers 503 twice when it is fetched."""
        return self.orders[0]

    @property
    def throttled(self) -> Order:
        """Shopify answers 429 with Retry-After when it is tagged."""
        return self.orders[1]

    @property
    def refused(self) -> Order:
        """Wave refuses its invoice, however often it is asked."""
        return self.orders[2]

    @property
    def repeated(self) -> Order:
        """It is started twice under one idempotency key."""
        return self.orders[3]

    @property
    def killed(self) -> Order:
        """Its worker is killed: Wave has made the invoice, and the answer never comes."""
        return self.orders[4]

    @property
    def billable(self) -> tuple[Order, ...]:
        """The orders that must have an invoice at the end."""
        return tuple(order for order in self.orders if order is not self.refused)

    def faults(self) -> Mapping[str, list[dict[str, Any]]]:
        """What the local servers are told to do wrong."""
        return {
            "shopify": [
                {
                    "match": {"operation": "order", "id": str(self.flaky.id)},
                    "times": 2,
                    "do": {"status": 503},
                },
                {
                    "match": {"operation": "tagsAdd", "id": str(self.throttled.id)},
                    "times": 1,
                    "do": {"status": 429, "retry_after": 1},
                },
            ],
            "wave": [
                {
                    "match": {
                        "operation": "invoiceCreate",
                        "variables": {"input.poNumber": reference_of(self.refused)},
                    },
                    "times": None,
                    "do": {"status": 200, "body": json.dumps(_REFUSAL), "content_type": "application/json"},
                },
                {
                    "match": {"operation": "invoiceCreate", "variables": {"input.poNumber": reference_of(self.killed)}},
                    "times": 1,
                    "do": {"commit": True, "hang": _LONGEST_HANG},
                },
            ],
        }


def reference_of(order: Order) -> str:
    """The reference under which an order's invoice stands in the books."""
    return order.name


def make_scenario(count: int, *, seed: int = 1) -> Scenario:
    """Choose the first ``count`` orders of the shop that were paid and not cancelled."""
    chosen: list[Order] = []
    index = 0
    while len(chosen) < count:
        order = make_order(index, seed)
        index += 1
        if order.paid and order.cancelled_at is None:
            chosen.append(order)
    return Scenario(orders=tuple(chosen), in_shop=index)
