"""Checkouts that were left before they were paid, as the local shop lists them; and where an open order can be paid.

Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/abandonedCheckouts .
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from aias.simulators.graph import Info, Resolver
from aias.simulators.money import MoneyBag, rounded, total
from aias.simulators.people import SHOP_CURRENCY
from aias.simulators.resolving import constant, gid, paged, read
from aias.simulators.shopify_context import many
from aias.simulators.shopify_records import Checkout

__all__ = ["CHECKOUT_RESOLVERS"]

_FIELDS: dict[str, Callable[[Checkout], Any]] = {
    "id": lambda c: c.id,
    "created_at": lambda c: c.created_at,
    "updated_at": lambda c: c.updated_at,
    "recovery_state": lambda c: "recovered" if c.completed_at else "not_recovered",
    "status": lambda c: "closed" if c.completed_at else "open",
    "default": lambda c: [c.name, c.customer.display_name if c.customer else None],
}


def _total(checkout: Checkout) -> MoneyBag:
    nothing = rounded(Decimal(0), SHOP_CURRENCY)
    zero = MoneyBag(nothing, SHOP_CURRENCY, nothing, SHOP_CURRENCY)
    return total((line.price.times(line.quantity) for line in checkout.lines), zero)


def _url(checkout: Checkout, info: Info) -> str:
    return f"{info.context.base_url}/checkouts/{checkout.id}/recover"


def _payment(order: Any, info: Info) -> dict[str, Any]:
    is_open = not order.order.paid and order.order.cancelled_at is None
    url = f"{info.context.base_url}/orders/{order.order.id}/pay" if is_open else None
    return {"additionalPaymentCollectionUrl": url}


CHECKOUT_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.abandonedCheckouts": many(lambda _source, shop: shop.checkouts.values(), _FIELDS),
    "Order.paymentCollectionDetails": _payment,
    "AbandonedCheckout.id": gid("AbandonedCheckout"),
    "AbandonedCheckout.abandonedCheckoutUrl": _url,
    "AbandonedCheckout.customer": read(lambda c: c.customer),
    "AbandonedCheckout.discountCodes": constant([]),
    "AbandonedCheckout.note": constant(""),
    "AbandonedCheckout.taxesIncluded": constant(value=False),
    "AbandonedCheckout.subtotalPriceSet": read(_total),
    "AbandonedCheckout.totalPriceSet": read(_total),
    "AbandonedCheckout.lineItems": paged(lambda c: c.lines),
    "AbandonedCheckoutLineItem.id": gid("AbandonedCheckoutLineItem"),
    "AbandonedCheckoutLineItem.variantTitle": read(lambda line: line.variant.title if line.variant else None),
    "AbandonedCheckoutLineItem.originalUnitPriceSet": read(lambda line: line.price),
    "AbandonedCheckoutLineItem.originalTotalPriceSet": read(lambda line: line.price.times(line.quantity)),
}
"""Checkouts that were left, and where an order that is not paid can be."""
