"""Shopify's REST Admin API, as far as it is served: orders, products, customers, the shop; paged by ``Link``.

Since 2024-10-01 it is a legacy API; it is here because existing clients, Shopify's own Python library among them, still
use it. Amounts are strings with all the decimals of their currency, ids are numbers, names are in snake case. An order
takes a ``PUT`` of its note, tags, e-mail address and phone number; everything else is for reading.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from starlette.datastructures import QueryParams

from aias.simulators.graph import bounded_loads
from aias.simulators.journal import as_object
from aias.simulators.shopify_json import customer_json, order_json, product_json
from aias.simulators.shopify_records import OrderRecord
from aias.simulators.shopify_roots import shop_facts
from aias.simulators.shopify_store import Shop

__all__ = ["RestError", "rest_answer", "rest_name"]

_PATH = re.compile(
    r"/admin/api/[^/]+/(?:shop|(?P<kind>order|product|customer)s(?:/(?P<id>\d{1,18})|(?P<count>/count))?)\.json"
)
_DEFAULT_PAGE = 50
_LARGEST_PAGE = 250
_DIGITS = 18
_FULFILLED = {"FULFILLED": "shipped", "PARTIALLY_FULFILLED": "partial", "UNFULFILLED": "unshipped"}
_FILTERS = ("status", "financial_status", "fulfillment_status", "since_id", "ids")


class RestError(Exception):
    """A request that is answered with an error: ``status`` and ``errors``."""

    def __init__(self, status: int, errors: Any) -> None:
        super().__init__(f"{status}: {errors}")
        self.status = status
        self.errors = errors


def rest_name(method: str, path: str) -> tuple[str, int | None]:
    """The operation that a request names, with the id in it; an empty name when there is no such path.

    The names: ``rest.order``, ``rest.order.update``, ``rest.orders``, ``rest.orders.count``, ``rest.product``,
    ``rest.products``, ``rest.customer``, ``rest.customers``, ``rest.shop``.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        return "", None
    kind, number = match["kind"] or "shop", int(match["id"]) if match["id"] else None
    if method == "PUT" and kind == "order" and number is not None:
        return "rest.order.update", number
    if method != "GET" or (match["count"] and kind != "order"):
        return "", None
    if kind == "shop" or number is not None:
        return f"rest.{kind}", number
    return f"rest.{kind}s.count" if match["count"] else f"rest.{kind}s", None


def rest_answer(name: str, shop: Shop, url: str, query: QueryParams, body: bytes) -> tuple[dict[str, Any], str | None]:
    """What a request for this operation is answered with, and its ``Link`` header; ``url`` is the request's own.

    Raises:
        RestError: there is no such thing, or a parameter makes no sense.
    """
    kind = name.removeprefix("rest.").partition(".")[0]
    if kind == "shop":
        return {"shop": _shop_json(url)}, None
    if name == "rest.orders.count":
        return {"count": sum(_wanted(order, dict(query)) for order in shop.orders.values())}, None
    kept, shown = _kinds(shop)[kind.removesuffix("s")]
    wanted = [field for field in query.get("fields", "").split(",") if field]
    if kind.endswith("s"):
        page, link = _page(kept.values(), query, url)
        return {kind: [_only(shown(record), wanted) for record in page]}, link
    record = kept.get(int(url.rsplit("/", 1)[1].removesuffix(".json")))
    if record is None:
        raise RestError(404, "Not Found")
    if name == "rest.order.update":
        _update(shop, record, body)
    return {kind: _only(shown(record), wanted)}, None


def _kinds(shop: Shop) -> dict[str, tuple[dict[int, Any], Callable[[Any], dict[str, Any]]]]:
    return {
        "order": (dict(shop.orders), order_json),
        "product": (dict(shop.products), product_json),
        "customer": (dict(shop.customers), customer_json),
    }


def _update(shop: Shop, record: OrderRecord, body: bytes) -> None:
    try:
        given = as_object((as_object(bounded_loads(body)) or {}).get("order"))
    except ValueError:
        given = None
    if given is None:
        raise RestError(400, {"order": "Required parameter missing or invalid"})
    tags = given.get("tags")
    if tags is not None:
        record.tags = []
        problems = shop.add_tags(record, tags.split(",") if isinstance(tags, str) else [str(tag) for tag in tags])
        if problems:
            raise RestError(422, {"tags": problems})
    for field in ("note", "email", "phone"):
        if field in given:
            setattr(record, field, None if given[field] is None else str(given[field]))
    shop.touch(record)


def _only(shown: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    return {name: shown[name] for name in fields if name in shown} if fields else shown


def _shop_json(url: str) -> dict[str, Any]:
    facts = shop_facts(url)
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


def _page(records: Iterable[Any], query: QueryParams, url: str) -> tuple[list[Any], str | None]:
    """One page, the newest first (the oldest after ``since_id``), and the ``Link`` header to its neighbours."""
    limit = _number("limit", query.get("limit", str(_DEFAULT_PAGE)))
    limit = min(max(limit, 1), _LARGEST_PAGE)
    start, filters = 0, {name: query[name] for name in _FILTERS if name in query}
    if "page_info" in query:
        if filters:
            raise RestError(400, {"page_info": "can't be passed with other filters"})
        start, filters = _place(query["page_info"])
    since = _number("since_id", filters.get("since_id", "0"))
    found = [record for record in records if record.id > since and _wanted(record, filters)]
    found.sort(key=lambda record: record.id, reverse="since_id" not in filters)
    neighbours: list[tuple[str, int]] = []
    if start > 0:
        neighbours.append(("previous", max(0, start - limit)))
    if start + limit < len(found):
        neighbours.append(("next", start + limit))
    links = [f'<{url}?limit={limit}&page_info={_page_info(at, filters)}>; rel="{name}"' for name, at in neighbours]
    return found[start : start + limit], ", ".join(links) or None


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or len(text) > _DIGITS:
        raise RestError(400, {name: "must be a number"})
    return int(text)


def _wanted(record: Any, filters: dict[str, str]) -> bool:
    if "ids" in filters and str(record.id) not in filters["ids"].split(","):
        return False
    if not isinstance(record, OrderRecord):
        return True
    cancelled, closed = record.order.cancelled_at is not None, record.closed_at is not None
    actual = "cancelled" if cancelled else "closed" if closed else "open"
    return (
        filters.get("status", "open") in ("any", actual)
        and filters.get("financial_status", "any") in ("any", record.order.financial_status.lower())
        and filters.get("fulfillment_status", "any") in ("any", _FULFILLED[record.fulfillment_status])
    )


def _page_info(position: int, filters: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps([position, filters]).encode()).decode().rstrip("=")


def _place(text: str) -> tuple[int, dict[str, str]]:
    try:
        position, filters = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return max(0, int(position)), {str(name): str(value) for name, value in filters.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise RestError(400, {"page_info": "Invalid value."}) from None
