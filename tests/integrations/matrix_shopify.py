"""The actions of the matrix that change a shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integrations.matrix_cases import Case, Place, one

__all__ = ["SHOPIFY_CASES"]


def _case(action: str, make: Callable[[Place], dict[str, Any]], **more: Any) -> Case:
    return Case(action=action, service="shopify", steps=one(action, make), **more)


_ITEM, _VARIANT, _LOCATION = "8400000001", "8100000001", "6000000001"
_ALL_PRODUCTS = "{ products { nodes { id title } } }"


def _adjusted(place: Place) -> dict[str, Any]:
    del place
    return {"changes": [{"item_id": _ITEM, "location_id": _LOCATION, "delta": 5}]}


def _set(place: Place) -> dict[str, Any]:
    return {"quantities": [{"sku": f"TEST-{1 + place.number % 10:03}", "quantity": 2000 + place.number}]}


def _drafted(place: Place) -> dict[str, Any]:
    return {"lines": [{"variant_id": _VARIANT, "quantity": 2}], "note": place.name("draft")}


def _subscribed(place: Place) -> dict[str, Any]:
    return {"topic": "ORDERS_CREATE", "uri": f"https://example.com/{place.name('hook').replace(' ', '-')}"}


def _product(place: Place) -> dict[str, Any]:
    title = place.name("thing")
    return {"handle": title.replace(" ", "-"), "title": title}


SHOPIFY_CASES = (
    _case("shopify.order_tag", lambda p: {"id": p.order_id(), "tags": [p.name("tag")]}),
    _case("shopify.order_note", lambda p: {"id": p.order_id(), "note": p.name("note")}),
    _case("shopify.order_cancel", lambda p: {"id": p.order_id(), "refund": True}, operation="orderCancel"),
    _case("shopify.order_fulfill", lambda p: {"id": p.order_id()}, operation="fulfillmentCreate"),
    _case("shopify.order_refund", lambda p: {"id": p.order_id(), "full": True}, operation="refundCreate"),
    _case("shopify.draft_order_create", _drafted),
    _case("shopify.inventory_adjust", _adjusted),
    _case("shopify.inventory_set", _set, operation="inventorySetQuantities", sets_a_state=True),
    _case("shopify.product_upsert", _product, sets_a_state=True),
    _case("shopify.customer_upsert", lambda p: {"email": p.address(), "first_name": "New"}, sets_a_state=True),
    _case("shopify.webhook_subscribe", _subscribed),
    _case("shopify.bulk_query", lambda p: {"query": _ALL_PRODUCTS, "max_rows": len(p.accounts)}),
)
