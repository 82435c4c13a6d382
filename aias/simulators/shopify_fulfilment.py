"""Fulfilment as the local shop does it: one fulfilment order for each order, parcels out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aias.simulators.connections import connect
from aias.simulators.graph import Info, Resolver
from aias.simulators.order import LineItem
from aias.simulators.resolving import constant, cut, gid, paged, read
from aias.simulators.shopify_context import find, inner, listed, one, user_error
from aias.simulators.shopify_records import Fulfillment, FulfillmentLine, FulfillmentOrder, OrderRecord
from aias.simulators.shopify_store import Shop

__all__ = ["FULFILMENT_RESOLVERS"]

_LINE_OFFSET = 1_000_000_000_000
"""The number of a fulfilment order's line is that of the order's line, so much later."""

_Chosen = list[tuple[LineItem, int]]


class _FulfillmentOrderLine:
    """A line of a fulfilment order."""

    def __init__(self, record: OrderRecord, line: LineItem) -> None:
        self.id = line.id + _LINE_OFFSET
        self.line = line
        self.total = line.quantity
        self.remaining = record.unfulfilled(line)


def _lines(order: FulfillmentOrder) -> list[_FulfillmentOrderLine]:
    return [_FulfillmentOrderLine(order.record, line) for line in order.record.order.lines]


def _orders(record: OrderRecord, _info: Info, displayable: bool = False, query: str | None = None, **page: Any) -> Any:  # noqa: FBT001, FBT002
    del displayable, query
    return connect([FulfillmentOrder(record=record)], key=lambda order: order.id, **page)


def _fulfillments(record: OrderRecord, _info: Info, first: int | None = None, query: str | None = None) -> Any:
    del query
    return record.fulfillments[:first]


def _location(_source: Any, info: Info) -> Any:
    return next(iter(info.context.shop.locations.values()))


def _assigned(_source: Any, info: Info) -> Any:
    location = next(iter(info.context.shop.locations.values()))
    return {"name": location.name, "location": location}


def _create(_source: Any, info: Info, fulfillment: dict[str, Any], message: str | None = None) -> Any:
    del message
    shop: Shop = info.context.shop
    chosen: _Chosen = []
    record: OrderRecord | None = None
    for given in fulfillment["lineItemsByFulfillmentOrder"]:
        order = find(shop, given["fulfillmentOrderId"])
        problem = _unfit(order, record)
        if problem is not None:
            return {"fulfillment": None, "userErrors": [user_error(problem, "fulfillment")]}
        record = order.record
        picked = _picked(order, listed(given, "fulfillmentOrderLineItems"))
        if isinstance(picked, str):
            return {"fulfillment": None, "userErrors": [user_error(picked, "fulfillment")]}
        chosen += picked
    if record is None or not chosen:
        return {
            "fulfillment": None,
            "userErrors": [user_error("Fulfillment must have at least one line", "fulfillment")],
        }
    made = Fulfillment(
        id=shop.number(),
        name=f"{record.order.name}-F{len(record.fulfillments) + 1}",
        record=record,
        lines=tuple(FulfillmentLine(id=shop.number(), line=line, quantity=quantity) for line, quantity in chosen),
        tracking=_tracking(inner(fulfillment, "trackingInfo")),
        notified=bool(fulfillment.get("notifyCustomer")),
        created_at=shop.now(),
    )
    record.fulfillments.append(made)
    shop.fulfillments[made.id] = made
    shop.changed("FULFILLMENTS_CREATE", made)
    shop.touch(record)
    return {"fulfillment": made, "userErrors": []}


def _unfit(order: Any, record: OrderRecord | None) -> str | None:
    if not isinstance(order, FulfillmentOrder):
        return "Fulfillment order does not exist."
    if order.status not in {"OPEN", "IN_PROGRESS"}:
        return f"Fulfillment order {order.id} has an unfulfillable status= {order.status.lower()}."
    if record is not None and order.record is not record:
        return "All fulfillment orders must belong to the same order."
    return None


def _picked(order: FulfillmentOrder, given: Sequence[dict[str, Any]]) -> _Chosen | str:
    """The lines that are meant, all that is left where none is named; a text is what is wrong with them."""
    lines = {f"gid://shopify/FulfillmentOrderLineItem/{line.id}": line for line in _lines(order)}
    if not given:
        return [(line.line, line.remaining) for line in lines.values() if line.remaining]
    picked: _Chosen = []
    for wanted in given:
        line = lines.get(wanted["id"])
        if line is None:
            return "Fulfillment order line item does not exist."
        if not 1 <= wanted["quantity"] <= line.remaining:
            return "Invalid fulfillment order line item quantity requested."
        picked.append((line.line, wanted["quantity"]))
    return picked


def _tracking(given: dict[str, Any]) -> tuple[dict[str, str | None], ...]:
    numbers = given.get("numbers") or [given.get("number")]
    urls = given.get("urls") or [given.get("url")]
    company = given.get("company")
    width = max(len(numbers), len(urls))
    padded = zip([*numbers, *[None] * (width - len(numbers))], [*urls, *[None] * (width - len(urls))], strict=True)
    return tuple({"company": company, "number": number, "url": url} for number, url in padded if number or url)


FULFILMENT_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.fulfillmentOrder": one(FulfillmentOrder),
    "Mutation.fulfillmentCreate": _create,
    "Order.displayFulfillmentStatus": read(lambda o: o.fulfillment_status),
    "Order.fulfillable": read(lambda o: any(o.unfulfilled(line) for line in o.order.lines)),
    "Order.fulfillments": _fulfillments,
    "Order.fulfillmentOrders": _orders,
    "FulfillmentOrder.id": gid("FulfillmentOrder"),
    "FulfillmentOrder.orderId": read(lambda f: f.record.gid),
    "FulfillmentOrder.orderName": read(lambda f: f.record.order.name),
    "FulfillmentOrder.requestStatus": constant("UNSUBMITTED"),
    "FulfillmentOrder.assignedLocation": _assigned,
    "FulfillmentOrder.createdAt": read(lambda f: f.record.order.created_at),
    "FulfillmentOrder.updatedAt": read(lambda f: f.record.updated_at),
    "FulfillmentOrder.lineItems": paged(_lines),
    "FulfillmentOrderLineItem.id": gid("FulfillmentOrderLineItem"),
    "FulfillmentOrderLineItem.lineItem": read(lambda x: x.line),
    "FulfillmentOrderLineItem.remainingQuantity": read(lambda x: x.remaining),
    "FulfillmentOrderLineItem.totalQuantity": read(lambda x: x.total),
    "FulfillmentOrderLineItem.requiresShipping": read(lambda x: x.line.requires_shipping),
    "FulfillmentOrderLineItem.sku": read(lambda x: x.line.sku),
    "Fulfillment.id": gid("Fulfillment"),
    "Fulfillment.legacyResourceId": read(lambda f: str(f.id)),
    "Fulfillment.order": read(lambda f: f.record),
    "Fulfillment.status": constant("SUCCESS"),
    "Fulfillment.displayStatus": constant("FULFILLED"),
    "Fulfillment.totalQuantity": read(lambda f: sum(line.quantity for line in f.lines)),
    "Fulfillment.trackingInfo": cut(lambda f: f.tracking),
    "Fulfillment.location": _location,
    "Fulfillment.updatedAt": read(lambda f: f.created_at),
    "Fulfillment.fulfillmentLineItems": paged(lambda f: f.lines),
    "FulfillmentLineItem.id": gid("FulfillmentLineItem"),
    "FulfillmentLineItem.lineItem": read(lambda x: x.line),
}
"""Fulfilment orders, parcels, and the mutation that makes one."""
