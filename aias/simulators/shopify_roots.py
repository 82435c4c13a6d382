"""Shopify's queries and mutations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import GraphQLError

from aias.simulators.connections import connect
from aias.simulators.cost import Meter
from aias.simulators.graph import Info, Resolver
from aias.simulators.order import Product
from aias.simulators.people import SHOP_CURRENCY
from aias.simulators.search import search
from aias.simulators.shopify_resolvers import RESOLVERS, SCOPES, SHOP_ID
from aias.simulators.shopify_store import CustomerRecord, OrderRecord, Shop

__all__ = ["ALL_RESOLVERS", "Context", "shop_facts"]

_NOTE_LIMIT = 5000
_GID = re.compile(r"gid://shopify/(?P<kind>\w+)/(?P<number>\d{1,18})")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True, kw_only=True)
class Context:
    """What one request's resolvers share."""

    shop: Shop
    base_url: str
    meter: Meter = field(default_factory=Meter)
    searches: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


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


def _find(shop: Shop, gid: str) -> Any:
    match = _GID.fullmatch(gid)
    if match is None:
        raise GraphQLError(
            f"Invalid global id '{gid}'",
            extensions={"code": "INVALID_VARIABLE", "problems": [{"path": [], "explanation": "Invalid global id"}]},
        )
    number = int(match["number"])
    match match["kind"]:
        case "Order":
            return shop.orders.get(number)
        case "Customer":
            return shop.customers.get(number)
        case "Product":
            return shop.products.get(number)
        case _:
            return None


def _one(kind: type) -> Resolver:
    def resolve(_source: Any, info: Info, id: str) -> Any:
        found = _find(info.context.shop, id)
        return found if isinstance(found, kind) else None

    return resolve


_ORDER_FIELDS: dict[str, Callable[[OrderRecord], Any]] = {
    "id": lambda o: o.order.id,
    "name": lambda o: [o.order.name, str(o.order.number)],
    "email": lambda o: o.email,
    "tag": lambda o: o.tags,
    "financial_status": lambda o: o.financial_status,
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
    "sku": lambda p: p.sku,
    "vendor": lambda p: p.vendor,
    "product_type": lambda p: p.product_type,
    "default": lambda p: [p.title, p.sku],
}
_SORTS: dict[str, Callable[[Any], Any]] = {
    "UPDATED_AT": lambda r: getattr(r, "updated_at", r.id),
    "TOTAL_PRICE": lambda r: r.total.shop,
    "NAME": lambda r: r.display_name,
    "TITLE": lambda r: r.title,
    "CUSTOMER_NAME": lambda r: r.customer.display_name if r.customer else "",
}


def _openness(order: OrderRecord) -> str:
    if order.order.cancelled_at:
        return "cancelled"
    return "closed" if order.closed_at else "open"


def _searched(info: Info, records: Iterable[Any], query: str | None, fields: dict[str, Callable[[Any], Any]]) -> Any:
    found, warnings = search(records, query, fields)
    if warnings:
        info.context.searches.append(
            {"path": [info.path.key], "query": query, "warnings": [warning.to_json() for warning in warnings]}
        )
    return found


def _many(records: Callable[[Any, Shop], Iterable[Any]], fields: dict[str, Callable[[Any], Any]]) -> Resolver:
    def resolve(source: Any, info: Info, query: str | None = None, sortKey: str = "ID", **page: Any) -> Any:
        found = _searched(info, records(source, info.context.shop), query, fields)
        # Ids grow with time, so that they settle ties and serve as CREATED_AT and PROCESSED_AT.
        ordered = sorted(found, key=lambda record: (_SORTS.get(sortKey, lambda r: r.id)(record), record.id))
        return connect(ordered, key=lambda record: record.id, **page)

    return resolve


def _orders_count(_source: Any, info: Info, query: str | None = None, limit: int | None = None) -> Any:
    count = len(_searched(info, info.context.shop.orders.values(), query, _ORDER_FIELDS))
    if limit is not None and count > limit:
        return {"count": limit, "precision": "AT_LEAST"}
    return {"count": count, "precision": "EXACT"}


def _error(message: str, *path: str) -> dict[str, Any]:
    return {"field": list(path) or None, "message": message}


def _tags(change: Callable[[Shop, Any, list[str]], list[str]]) -> Resolver:
    def resolve(_source: Any, info: Info, id: str, tags: list[str]) -> Any:
        shop: Shop = info.context.shop
        record = _find(shop, id)
        if not isinstance(record, (OrderRecord, CustomerRecord)):
            return {"node": None, "userErrors": [_error("The resource does not exist or takes no tags", "id")]}
        return {"node": record, "userErrors": [_error(problem, "tags") for problem in change(shop, record, tags)]}

    return resolve


def _remove(shop: Shop, record: Any, tags: list[str]) -> list[str]:
    shop.remove_tags(record, tags)
    return []


def _on_order(change: Callable[[Shop, OrderRecord, dict[str, Any]], list[dict[str, Any]]]) -> Resolver:
    """A mutation of one order that was named by ``input.id``."""

    def resolve(_source: Any, info: Info, input: dict[str, Any]) -> Any:
        shop: Shop = info.context.shop
        record = _find(shop, input["id"])
        if not isinstance(record, OrderRecord):
            return {"order": None, "userErrors": [_error("Order does not exist", "id")]}
        problems = change(shop, record, input)
        return {"order": record, "userErrors": problems}

    return resolve


def _order_update(shop: Shop, record: OrderRecord, given: dict[str, Any]) -> list[dict[str, Any]]:
    email, note = given.get("email"), given.get("note")
    if email and not _EMAIL.fullmatch(email):
        return [_error("Email is invalid", "email")]
    if note is not None and len(note) > _NOTE_LIMIT:
        return [_error(f"Note is too long (maximum is {_NOTE_LIMIT} characters)", "note")]
    for name, attribute in (("note", "note"), ("email", "email"), ("phone", "phone"), ("poNumber", "po_number")):
        if name in given:
            setattr(record, attribute, given[name])
    if given.get("customAttributes") is not None:
        record.custom_attributes = [dict(attribute) for attribute in given["customAttributes"]]
    if given.get("tags") is not None:
        record.tags = []
        problems = shop.add_tags(record, given["tags"])
        if problems:
            return [_error(problem, "tags") for problem in problems]
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
    if record.paid or record.order.cancelled_at:
        return [_error("Order cannot be marked as paid.", "id")]
    record.paid = True
    shop.touch(record)
    return []


def _customer_update(_source: Any, info: Info, input: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    record = _find(shop, input["id"]) if input.get("id") else None
    if not isinstance(record, CustomerRecord):
        return {"customer": None, "userErrors": [_error("Customer does not exist", "id")]}
    email = input.get("email")
    if email and not _EMAIL.fullmatch(email):
        return {"customer": None, "userErrors": [_error("Email is invalid", "email")]}
    if email and any(c.customer.email == email for c in shop.customers.values() if c is not record):
        return {"customer": None, "userErrors": [_error("Email has already been taken", "email")]}
    names = (("firstName", "first_name"), ("lastName", "last_name"), ("email", "email"), ("phone", "phone"))
    record.customer = replace(record.customer, **{ours: input[theirs] for theirs, ours in names if theirs in input})
    if "note" in input:
        record.note = input["note"]
    if input.get("tags") is not None:
        record.customer = replace(record.customer, tags=())
        shop.add_tags(record, input["tags"])
    shop.touch(record)
    return {"customer": record, "userErrors": []}


def _shop(_source: Any, info: Info) -> Any:
    return shop_facts(info.context.base_url)


def _node(_source: Any, info: Info, id: str) -> Any:
    return _find(info.context.shop, id)


def _nodes(_source: Any, info: Info, ids: list[str]) -> Any:
    return [_find(info.context.shop, gid) for gid in ids]


def _installation(_source: Any, _info: Info) -> Any:
    scopes = [{"handle": scope, "description": scope.replace("_", " ").capitalize()} for scope in SCOPES]
    return {"id": "gid://shopify/AppInstallation/1", "accessScopes": scopes}


ALL_RESOLVERS: dict[str, Resolver] = {
    **RESOLVERS,
    "QueryRoot.shop": _shop,
    "QueryRoot.currentAppInstallation": _installation,
    "QueryRoot.node": _node,
    "QueryRoot.nodes": _nodes,
    "QueryRoot.order": _one(OrderRecord),
    "QueryRoot.orders": _many(lambda _source, shop: shop.orders.values(), _ORDER_FIELDS),
    "QueryRoot.ordersCount": _orders_count,
    "QueryRoot.customer": _one(CustomerRecord),
    "QueryRoot.customers": _many(lambda _source, shop: shop.customers.values(), _CUSTOMER_FIELDS),
    "QueryRoot.product": _one(Product),
    "QueryRoot.products": _many(lambda _source, shop: shop.products.values(), _PRODUCT_FIELDS),
    "Customer.orders": _many(lambda customer, _shop: customer.orders, _ORDER_FIELDS),
    "Mutation.tagsAdd": _tags(Shop.add_tags),
    "Mutation.tagsRemove": _tags(_remove),
    "Mutation.orderUpdate": _on_order(_order_update),
    "Mutation.orderClose": _on_order(_order_close),
    "Mutation.orderOpen": _on_order(_order_open),
    "Mutation.orderMarkAsPaid": _on_order(_order_mark_as_paid),
    "Mutation.customerUpdate": _customer_update,
}
"""The resolvers of the whole schema."""
