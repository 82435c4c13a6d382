"""Shopify's REST Admin API, as far as it is served: orders and the shop, read only, paged by ``Link``.

Since 2024-10-01 it is a legacy API; it is here because existing clients, Shopify's own Python library among them, still
use it. Amounts are strings with all the decimals of their currency, ids are numbers, names are in snake case.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.datastructures import QueryParams

from aias.simulators.money import MoneyBag
from aias.simulators.order import Address, Discount, LineItem, Refund, ShippingLine, TaxLine
from aias.simulators.shopify_roots import shop_facts
from aias.simulators.shopify_store import CustomerRecord, OrderRecord, Shop

__all__ = ["RestError", "count_orders", "order_json", "orders_page", "rest_name", "shop_json"]

_PATH = re.compile(r"/admin/api/[^/]+/(?P<rest>(?:orders(?:/(?P<id>\d{1,18})|/count)?|shop)\.json)")
_DEFAULT_PAGE = 50
_LARGEST_PAGE = 250
_DIGITS = 18
_FILTERS = ("status", "financial_status", "since_id", "ids")


class RestError(Exception):
    """A request that is answered with an error: ``status`` and ``errors``."""

    def __init__(self, status: int, errors: Any) -> None:
        super().__init__(f"{status}: {errors}")
        self.status = status
        self.errors = errors


def rest_name(path: str) -> tuple[str, int | None]:
    """The operation that a path names, with the id in it; an empty name when there is no such path.

    The names: ``rest.order``, ``rest.orders``, ``rest.orders.count``, ``rest.shop``.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        return "", None
    if match["id"]:
        return "rest.order", int(match["id"])
    name = match["rest"].removesuffix(".json").replace("/", ".")
    return f"rest.{name}", None


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _set(bag: MoneyBag) -> dict[str, Any]:
    return {
        "shop_money": {"amount": bag.shop, "currency_code": bag.shop_currency},
        "presentment_money": {"amount": bag.presentment, "currency_code": bag.presentment_currency},
    }


def _taxes(taxes: tuple[TaxLine, ...]) -> list[dict[str, Any]]:
    return [
        {
            "title": t.title,
            "price": t.price.shop,
            "rate": float(t.rate),
            "price_set": _set(t.price),
            "channel_liable": False,
        }
        for t in taxes
    ]


def _address(home: Address | None) -> dict[str, Any] | None:
    if home is None:
        return None
    return {
        "first_name": home.first_name,
        "last_name": home.last_name,
        "name": home.name,
        "company": home.company,
        "address1": home.address1,
        "address2": home.address2,
        "city": home.city,
        "zip": home.zip,
        "province": home.province,
        "province_code": home.province_code,
        "country": home.country,
        "country_code": home.country_code,
        "phone": home.phone,
        "latitude": None,
        "longitude": None,
    }


def _line(line: LineItem) -> dict[str, Any]:
    return {
        "id": line.id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line.id}",
        "title": line.title,
        "name": line.name,
        "variant_title": line.variant_title,
        "sku": line.sku,
        "vendor": line.vendor,
        "quantity": line.quantity,
        "current_quantity": line.quantity,
        "product_id": line.product.id if line.product else None,
        "variant_id": line.product.variant_id if line.product else None,
        "product_exists": line.product is not None,
        "price": line.unit_price.shop,
        "price_set": _set(line.unit_price),
        "total_discount": line.line_discount.shop,
        "total_discount_set": _set(line.line_discount),
        "discount_allocations": [
            {
                "amount": a.amount.shop,
                "amount_set": _set(a.amount),
                "discount_application_index": a.discount.index,
            }
            for a in line.allocations
        ],
        "tax_lines": _taxes(line.tax_lines),
        "taxable": line.taxable,
        "requires_shipping": line.requires_shipping,
        "gift_card": False,
        "grams": 200,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "properties": [],
    }


def _shipping(line: ShippingLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "title": line.title,
        "code": line.code,
        "source": "shopify",
        "price": line.price.shop,
        "price_set": _set(line.price),
        "discounted_price": line.price.shop,
        "discounted_price_set": _set(line.price),
        "tax_lines": _taxes(line.tax_lines),
    }


def _application(discount: Discount) -> dict[str, Any]:
    value = discount.percentage if discount.percentage is not None else discount.amount or Decimal(0)
    shown: dict[str, Any] = {
        "type": {"code": "discount_code"}.get(discount.kind, discount.kind),
        "value": str(value),
        "value_type": "percentage" if discount.percentage is not None else "fixed_amount",
        "allocation_method": "across" if discount.across else "each",
        "target_selection": "all" if discount.across else "entitled",
        "target_type": "line_item",
    }
    return {**shown, ("code" if discount.kind == "code" else "title"): discount.title}


def _refund(refund: Refund, order_id: int) -> dict[str, Any]:
    return {
        "id": refund.id,
        "admin_graphql_api_id": f"gid://shopify/Refund/{refund.id}",
        "order_id": order_id,
        "created_at": _time(refund.created_at),
        "note": refund.note,
        "refund_line_items": [
            {
                "id": r.id,
                "line_item_id": r.line.id,
                "quantity": r.quantity,
                "restock_type": "return",
                "subtotal": r.subtotal.shop,
                "subtotal_set": _set(r.subtotal),
                "total_tax": r.tax.shop,
                "total_tax_set": _set(r.tax),
            }
            for r in refund.lines
        ],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": refund.total.shop, "currency": refund.total.shop_currency}
        ],
    }


def _customer(record: CustomerRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    customer = record.customer
    return {
        "id": customer.id,
        "admin_graphql_api_id": record.gid,
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "phone": customer.phone,
        "note": record.note,
        "state": "disabled",
        "verified_email": customer.email is not None,
        "tax_exempt": False,
        "tags": ", ".join(customer.tags),
        "created_at": _time(customer.created_at),
        "updated_at": _time(record.updated_at),
        "default_address": {"id": customer.default_address.id, **(_address(customer.default_address) or {})},
    }


def order_json(record: OrderRecord) -> dict[str, Any]:
    """The order as REST shows it."""
    order = record.order
    totals = {
        "total_line_items_price": sum((line.original_total for line in order.lines), start=order.zero),
        "total_discounts": order.discount_total,
        "subtotal_price": order.subtotal,
        "total_tax": order.tax_total,
        "total_price": order.total,
        "current_total_price": order.total - order.refunded_total,
        "current_subtotal_price": order.subtotal - order.refunded_subtotal,
        "current_total_tax": order.tax_total - order.refunded_tax,
    }
    return {
        "id": order.id,
        "admin_graphql_api_id": order.gid,
        "name": order.name,
        "number": order.number - 1000,
        "order_number": order.number,
        "email": record.email or "",
        "contact_email": record.email,
        "phone": record.phone,
        "note": record.note,
        "tags": ", ".join(record.tags),
        "created_at": _time(order.created_at),
        "processed_at": _time(order.created_at),
        "updated_at": _time(record.updated_at),
        "cancelled_at": _time(order.cancelled_at),
        "cancel_reason": "customer" if order.cancelled_at else None,
        "closed_at": _time(record.closed_at),
        "confirmed": True,
        "test": True,
        "source_name": "web",
        "currency": order.currency,
        "presentment_currency": order.presentment_currency,
        "taxes_included": order.taxes_included,
        "financial_status": record.financial_status.lower(),
        "fulfillment_status": None,
        "payment_gateway_names": ["bogus"],
        **{name: bag.shop for name, bag in totals.items()},
        **{f"{name}_set": _set(bag) for name, bag in totals.items()},
        "total_shipping_price_set": _set(order.shipping_total),
        "tax_lines": _taxes(order.tax_lines),
        "discount_codes": [
            {
                "code": d.title,
                "amount": str(sum((_share(line, d) for line in order.lines), start=order.zero.shop)),
                "type": "percentage" if d.percentage is not None else "fixed_amount",
            }
            for d in order.discounts
            if d.kind == "code"
        ],
        "discount_applications": [_application(discount) for discount in order.discounts],
        "customer": _customer(record.customer),
        "billing_address": _address(order.billing_address),
        "shipping_address": _address(order.shipping_address),
        "line_items": [_line(line) for line in order.lines],
        "shipping_lines": [_shipping(line) for line in order.shipping_lines],
        "refunds": [_refund(refund, order.id) for refund in order.refunds],
        "fulfillments": [],
        "note_attributes": [{"name": a["key"], "value": a["value"]} for a in record.custom_attributes],
    }


def _share(line: LineItem, discount: Discount) -> Decimal:
    shares = (a.amount.shop for a in line.allocations if a.discount.index == discount.index)
    return sum(shares, start=line.unit_price.nothing().shop)


def shop_json(base_url: str) -> dict[str, Any]:
    """The shop as REST shows it."""
    facts = shop_facts(base_url)
    return {
        "id": int(facts["id"].rpartition("/")[2]),
        "name": facts["name"],
        "email": facts["email"],
        "domain": facts["myshopifyDomain"],
        "myshopify_domain": facts["myshopifyDomain"],
        "currency": facts["currencyCode"],
        "iana_timezone": facts["ianaTimezone"],
        "taxes_included": facts["taxesIncluded"],
        "plan_name": "partner_test",
        "created_at": facts["createdAt"],
    }


def orders_page(shop: Shop, query: QueryParams, url: str) -> tuple[list[OrderRecord], str | None]:
    """One page of orders, the newest first, and the ``Link`` header to its neighbours.

    Raises:
        RestError: a parameter that makes no sense.
    """
    limit = _number("limit", query.get("limit", str(_DEFAULT_PAGE)))
    limit = min(max(limit, 1), _LARGEST_PAGE)
    start, filters = 0, {name: query[name] for name in _FILTERS if name in query}
    if "page_info" in query:
        if filters:
            raise RestError(400, {"page_info": "can't be passed with other filters"})
        start, filters = _place(query["page_info"])
    since = _number("since_id", filters.get("since_id", "0"))
    found = [o for o in shop.orders.values() if o.order.id > since and _wanted(o, filters)]
    found.sort(key=lambda o: o.order.id, reverse="since_id" not in filters)
    neighbours: list[tuple[str, int]] = []
    if start > 0:
        neighbours.append(("previous", max(0, start - limit)))
    if start + limit < len(found):
        neighbours.append(("next", start + limit))
    links = [f'<{url}?limit={limit}&page_info={_page_info(at, filters)}>; rel="{name}"' for name, at in neighbours]
    return found[start : start + limit], ", ".join(links) or None


def count_orders(shop: Shop, query: QueryParams) -> int:
    """How many orders the filters leave."""
    return sum(_wanted(order, dict(query)) for order in shop.orders.values())


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or len(text) > _DIGITS:
        raise RestError(400, {name: "must be a number"})
    return int(text)


def _wanted(order: OrderRecord, filters: dict[str, str]) -> bool:
    cancelled, closed = order.order.cancelled_at is not None, order.closed_at is not None
    actual = "cancelled" if cancelled else "closed" if closed else "open"
    return (
        filters.get("status", "open") in ("any", actual)
        and filters.get("financial_status", "any") in ("any", order.financial_status.lower())
        and ("ids" not in filters or str(order.order.id) in filters["ids"].split(","))
    )


def _page_info(position: int, filters: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps([position, filters]).encode()).decode().rstrip("=")


def _place(text: str) -> tuple[int, dict[str, str]]:
    try:
        position, filters = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return max(0, int(position)), {str(name): str(value) for name, value in filters.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise RestError(400, {"page_info": "Invalid value."}) from None
