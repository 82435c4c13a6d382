"""Shopify's queries, the older mutations of orders, and all resolvers together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aias.simulators.graph import Info, Resolver
from aias.simulators.people import SHOP_CURRENCY
from aias.simulators.shopify_bulk import BULK_RESOLVERS
from aias.simulators.shopify_checkouts import CHECKOUT_RESOLVERS
from aias.simulators.shopify_context import find, many, one, searched, user_error
from aias.simulators.shopify_customers import CUSTOMER_RESOLVERS, EMAIL
from aias.simulators.shopify_drafts import DRAFT_RESOLVERS
from aias.simulators.shopify_fulfilment import FULFILMENT_RESOLVERS
from aias.simulators.shopify_payouts import PAYOUT_RESOLVERS
from aias.simulators.shopify_products import PRODUCT_RESOLVERS
from aias.simulators.shopify_records import CustomerRecord, OrderRecord
from aias.simulators.shopify_refunds import REFUND_RESOLVERS
from aias.simulators.shopify_resolvers import RESOLVERS, SHOP_ID
from aias.simulators.shopify_scopes import guarded
from aias.simulators.shopify_stock import STOCK_RESOLVERS
from aias.simulators.shopify_store import Shop
from aias.simulators.shopify_webhooks import WEBHOOK_RESOLVERS

__all__ = ["ALL_RESOLVERS", "shop_facts"]

_NOTE_LIMIT = 5000


def shop_facts(base_url: str) -> dict[str, Any]:
    """The shop itself."""
    return {
        "id": f"gid://shopify/Shop/{SHOP_ID}",
        "name": "Simulated Goods",
        "email": "owner@example.com",
        "contactEmail": "owner@example.com",
        "myshopifyDomain": "simulated-goods.myshopify.com",
        "primaryDomain": {
            "id": f"gid://shopify/Domain/{SHOP_ID}",
            "host": "simulated-goods.myshopify.com",
            "url": base_url,
            "sslEnabled": False,
        },
        "url": base_url,
        "currencyCode": SHOP_CURRENCY,
        "ianaTimezone": "Etc/UTC",
        "timezoneAbbreviation": "UTC",
        "taxesIncluded": False,
        "taxShipping": True,
        "plan": {"publicDisplayName": "Development", "partnerDevelopment": True, "shopifyPlus": False},
        "createdAt": "2026-01-01T00:00:00Z",
    }


_ORDER_FIELDS: dict[str, Callable[[OrderRecord], Any]] = {
    "id": lambda o: o.order.id,
    "name": lambda o: [o.order.name, str(o.order.number)],
    "email": lambda o: o.email,
    "tag": lambda o: o.tags,
    "financial_status": lambda o: o.financial_status,
    "fulfillment_status": lambda o: o.fulfillment_status,
    "status": lambda o: ["any", _openness(o)],
    "customer_id": lambda o: o.customer.customer.id if o.customer else None,
    "po_number": lambda o: o.po_number,
    "created_at": lambda o: o.order.created_at,
    "processed_at": lambda o: o.order.created_at,
    "updated_at": lambda o: o.updated_at,
    "default": lambda o: [o.order.name, o.email, o.customer.customer.display_name if o.customer else None],
}
_CUSTOMER_FIELDS: dict[str, Callable[[CustomerRecord], Any]] = {
    "id": lambda c: c.customer.id,
    "email": lambda c: c.customer.email,
    "phone": lambda c: c.customer.phone,
    "first_name": lambda c: c.customer.first_name,
    "last_name": lambda c: c.customer.last_name,
    "tag": lambda c: list(c.customer.tags),
    "updated_at": lambda c: c.updated_at,
    "default": lambda c: [c.customer.display_name, c.customer.email],
}
_PRODUCT_FIELDS: dict[str, Callable[[Any], Any]] = {
    "id": lambda p: p.id,
    "title": lambda p: p.title,
    "sku": lambda p: [v.sku for v in p.variants],
    "handle": lambda p: p.handle,
    "status": lambda p: p.status,
    "tag": lambda p: p.tags,
    "vendor": lambda p: p.vendor,
    "product_type": lambda p: p.product_type,
    "default": lambda p: [p.title, *(v.sku for v in p.variants)],
}


def _openness(order: OrderRecord) -> str:
    if order.order.cancelled_at:
        return "cancelled"
    return "closed" if order.closed_at else "open"


def _orders_count(_source: Any, info: Info, query: str | None = None, limit: int | None = None) -> Any:
    count = len(searched(info, info.context.shop.orders.values(), query, _ORDER_FIELDS))
    if limit is not None and count > limit:
        return {"count": limit, "precision": "AT_LEAST"}
    return {"count": count, "precision": "EXACT"}


def _tags(change: Callable[[Shop, Any, list[str]], list[str]]) -> Resolver:
    def resolve(_source: Any, info: Info, id: str, tags: list[str]) -> Any:
        shop: Shop = info.context.shop
        record = find(shop, id)
        if not isinstance(record, (OrderRecord, CustomerRecord)):
            return {"node": None, "userErrors": [user_error("The resource does not exist or takes no tags", "id")]}
        return {"node": record, "userErrors": [user_error(problem, "tags") for problem in change(shop, record, tags)]}

    return resolve


def _remove(shop: Shop, record: Any, tags: list[str]) -> list[str]:
    shop.remove_tags(record, tags)
    return []


def _on_order(change: Callable[[Shop, OrderRecord, dict[str, Any]], list[dict[str, Any]]]) -> Resolver:
    """A mutation of one order that was named by ``input.id``."""

    def resolve(_source: Any, info: Info, input: dict[str, Any]) -> Any:
        shop: Shop = info.context.shop
        record = find(shop, input["id"])
        if not isinstance(record, OrderRecord):
            return {"order": None, "userErrors": [user_error("Order does not exist", "id")]}
        problems = change(shop, record, input)
        return {"order": record, "userErrors": problems}

    return resolve


def _order_update(shop: Shop, record: OrderRecord, given: dict[str, Any]) -> list[dict[str, Any]]:
    email, note = given.get("email"), given.get("note")
    if email and not EMAIL.fullmatch(email):
        return [user_error("Email is invalid", "email")]
    if note is not None and len(note) > _NOTE_LIMIT:
        return [user_error(f"Note is too long (maximum is {_NOTE_LIMIT} characters)", "note")]
    for name, attribute in (("note", "note"), ("email", "email"), ("phone", "phone"), ("poNumber", "po_number")):
        if name in given:
            setattr(record, attribute, given[name])
    if given.get("customAttributes") is not None:
        record.custom_attributes = [dict(attribute) for attribute in given["customAttributes"]]
    if given.get("tags") is not None:
        record.tags = []
        problems = shop.add_tags(record, given["tags"])
        if problems:
            return [user_error(problem, "tags") for problem in problems]
    shop.touch(record)
    return []


def _order_close(shop: Shop, record: OrderRecord, _given: dict[str, Any]) -> list[dict[str, Any]]:
    if record.closed_at is None:
        record.closed_at = shop.now()
        shop.touch(record)
    return []


def _order_open(shop: Shop, record: OrderRecord, _given: dict[str, Any]) -> list[dict[str, Any]]:
    if record.closed_at is not None:
        record.closed_at = None
        shop.touch(record)
    return []


def _order_mark_as_paid(shop: Shop, record: OrderRecord, _given: dict[str, Any]) -> list[dict[str, Any]]:
    if record.order.paid or record.order.cancelled_at:
        return [user_error("Order cannot be marked as paid.", "id")]
    record.order = replace(record.order, paid=True)
    shop.touch(record)
    return []


def _shop(_source: Any, info: Info) -> Any:
    return shop_facts(info.context.base_url)


def _node(_source: Any, info: Info, id: str) -> Any:
    return find(info.context.shop, id)


def _nodes(_source: Any, info: Info, ids: list[str]) -> Any:
    return [find(info.context.shop, gid) for gid in ids]


def _installation(_source: Any, info: Info) -> Any:
    granted = sorted(info.context.scopes)
    scopes = [{"handle": scope, "description": scope.replace("_", " ").capitalize()} for scope in granted]
    return {"id": "gid://shopify/AppInstallation/1", "accessScopes": scopes}


ALL_RESOLVERS: dict[str, Resolver] = guarded(
    {
        **RESOLVERS,
        **BULK_RESOLVERS,
        **CHECKOUT_RESOLVERS,
        **CUSTOMER_RESOLVERS,
        **DRAFT_RESOLVERS,
        **FULFILMENT_RESOLVERS,
        **PAYOUT_RESOLVERS,
        **PRODUCT_RESOLVERS,
        **REFUND_RESOLVERS,
        **STOCK_RESOLVERS,
        **WEBHOOK_RESOLVERS,
        "QueryRoot.shop": _shop,
        "QueryRoot.currentAppInstallation": _installation,
        "QueryRoot.node": _node,
        "QueryRoot.nodes": _nodes,
        "QueryRoot.order": one(OrderRecord),
        "QueryRoot.orders": many(lambda _source, shop: shop.orders.values(), _ORDER_FIELDS),
        "QueryRoot.ordersCount": _orders_count,
        "QueryRoot.customers": many(lambda _source, shop: shop.customers.values(), _CUSTOMER_FIELDS),
        "QueryRoot.products": many(lambda _source, shop: shop.products.values(), _PRODUCT_FIELDS),
        "Customer.orders": many(lambda customer, _shop: customer.orders, _ORDER_FIELDS),
        "Mutation.tagsAdd": _tags(Shop.add_tags),
        "Mutation.tagsRemove": _tags(_remove),
        "Mutation.orderUpdate": _on_order(_order_update),
        "Mutation.orderClose": _on_order(_order_close),
        "Mutation.orderOpen": _on_order(_order_open),
        "Mutation.orderMarkAsPaid": _on_order(_order_mark_as_paid),
    }
)
"""The resolvers of the whole schema."""
