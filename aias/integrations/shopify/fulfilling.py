"""``shopify.order_fulfill``: a parcel for each place that sends a part of the order.

A fulfilment carries no mark of ours. What was there before is therefore noted in the ledger with the plan, as the first
part of the effect: a parcel that is new since, from the same place and of the same contents, is the step's own.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from pydantic import BaseModel, Field

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.shopify import mutations, wire_changes
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.inputs import Input, LineItemId, OrderId
from aias.plugins import ActionContext, action

__all__ = ["FulfillLine", "FulfilledParcel", "OrderFulfillInput", "OrderFulfillOutput", "order_fulfill"]

_PATIENCE = 30.0
_OPEN = frozenset({"OPEN", "IN_PROGRESS"})
_MOST_LINES = 5000


class FulfillLine(Input):
    """So many pieces of a line."""

    line_item_id: LineItemId
    quantity: int = Field(ge=1, le=1_000_000)


class OrderFulfillInput(Input):
    """Which order, what of it, and how it travels."""

    id: OrderId
    lines: list[FulfillLine] | None = Field(
        default=None, min_length=1, max_length=250, description="What is sent; without it, all that is left to send."
    )
    tracking_company: str | None = Field(default=None, max_length=255)
    tracking_number: str | None = Field(default=None, max_length=255)
    tracking_url: str | None = Field(default=None, max_length=2000, pattern=r"^https?://\S+$")
    notify_customer: bool = False


class FulfilledParcel(BaseModel):
    """A fulfilment."""

    id: str
    name: str
    status: str
    created_at: str
    pieces: int


class OrderFulfillOutput(BaseModel):
    """The parcels of this step; none where nothing was left to send."""

    id: str
    fulfillments: list[FulfilledParcel]


class _Group(BaseModel):
    """What one place sends: the fulfilment orders, with their lines where not all of them are meant."""

    location: str | None
    orders: dict[str, dict[str, int] | None]
    quantities: dict[str, int] = Field(default_factory=dict[str, int])
    """By line of the order; empty where all is meant."""


class _Plan(BaseModel):
    before: list[str]
    groups: list[_Group]


@action("shopify.order_fulfill", timeout=120.0, effect="idempotent", integration="shopify", ledger=True)
async def order_fulfill(context: ActionContext, data: OrderFulfillInput) -> OrderFulfillOutput:
    """Fulfil an order, or some of its lines: one fulfilment for each location that sends a part.

    Nothing left to send is no failure; more of a line than is left to send is one.
    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCreate .
    """
    shop = await shopify(context)

    async def make_plan(key: str) -> _Plan:
        del key
        with before_sending():
            return await _plan(shop, data)

    # Only read, so that it may be asked for again; kept, so that every attempt means the same.
    plan = await shop.once(
        "fulfillmentCreate.plan", data.asked(), _Plan, send=make_plan, part="plan", keyed=True
    ) or await _plan(shop, data)
    made = [await _fulfill(shop, data, plan, number) for number in range(len(plan.groups))]
    return OrderFulfillOutput(id=data.id, fulfillments=[_parcel(one) for one in made if one is not None])


async def _fulfill(
    shop: Shop, data: OrderFulfillInput, plan: _Plan, number: int
) -> wire_changes.WireFulfillment | None:
    group = plan.groups[number]

    async def send(key: str) -> wire_changes.WireFulfillment:
        del key
        variables = {"fulfillment": _input(data, group)}
        payload = await shop.mutate(
            mutations.FULFILLMENT_CREATE, variables, "fulfillmentCreate", wire_changes.FulfillmentPayload
        )
        return payload.fulfillment

    async def find() -> wire_changes.WireFulfillment | None:
        answer = await shop.query(mutations.FULFILLMENTS, {"id": data.id}, wire_changes.FulfillmentsData)
        there = answer.order.fulfillments if answer.order else []
        return next((one for one in there if _is_ours(one, data, plan, group)), None)

    return await shop.once(
        "fulfillmentCreate", data.asked(), wire_changes.WireFulfillment, send=send, find=find, part=f"parcel-{number}"
    )


def _is_ours(one: wire_changes.WireFulfillment, data: OrderFulfillInput, plan: _Plan, group: _Group) -> bool:
    if one.id in plan.before or one.status == "CANCELLED":
        return False
    location = one.location.id if one.location else None
    number = one.tracking_info[0].number if one.tracking_info else None
    if (group.location is not None and location != group.location) or number != data.tracking_number:
        return False
    if not group.quantities:
        return True
    shown = {line.line_item.id: line.quantity for line in one.fulfillment_line_items.nodes}
    return one.total_quantity == sum(group.quantities.values()) and all(
        group.quantities.get(line) == quantity for line, quantity in shown.items()
    )


def _input(data: OrderFulfillInput, group: _Group) -> dict[str, Any]:
    orders: list[dict[str, Any]] = []
    for order, lines in group.orders.items():
        chosen = [{"id": line, "quantity": quantity} for line, quantity in (lines or {}).items()]
        orders.append({"fulfillmentOrderId": order, **({"fulfillmentOrderLineItems": chosen} if chosen else {})})
    tracking = {"company": data.tracking_company, "number": data.tracking_number, "url": data.tracking_url}
    given = {name: value for name, value in tracking.items() if value is not None}
    return {
        "lineItemsByFulfillmentOrder": orders,
        "notifyCustomer": data.notify_customer,
        **({"trackingInfo": given} if given else {}),
    }


# --- the plan ---


async def _plan(shop: Shop, data: OrderFulfillInput) -> _Plan:
    found = (await shop.query(mutations.FULFILLABLE, {"id": data.id}, wire_changes.FulfillableData)).order
    if found is None:
        raise PermanentError(f"{shop.name} has no order {data.id}")
    groups: dict[str | None, _Group] = {}
    wanted = {line.line_item_id: 0 for line in data.lines or []}
    for line in data.lines or []:
        wanted[line.line_item_id] += line.quantity
    for order in found.fulfillment_orders.nodes:
        if order.status not in _OPEN:
            continue
        place = order.assigned_location.location.id if order.assigned_location.location else None
        group = groups.setdefault(place, _Group(location=place, orders={}))
        if data.lines is None:
            group.orders[order.id] = None
        else:
            await _take(shop, order.id, wanted, group)
    short = [line for line, left in wanted.items() if left > 0]
    if short:
        raise PermanentError(f"{shop.name}: order {data.id} has fewer pieces left to send of {', '.join(short)}")
    filled = [group for group in groups.values() if group.orders]
    return _Plan(before=[one.id for one in found.fulfillments], groups=filled)


async def _take(shop: Shop, order_id: str, wanted: dict[str, int], group: _Group) -> None:
    """Move what this fulfilment order has of the wanted lines into the group."""
    chosen: dict[str, int] = {}
    async for line in _lines(shop, order_id):
        pieces = min(wanted.get(line.line_item.id, 0), line.remaining_quantity)
        if pieces > 0:
            chosen[line.id] = pieces
            wanted[line.line_item.id] -= pieces
            group.quantities[line.line_item.id] = group.quantities.get(line.line_item.id, 0) + pieces
    if chosen:
        group.orders[order_id] = chosen


async def _lines(shop: Shop, order_id: str) -> AsyncGenerator[wire_changes.FulfillableLine]:
    after = None
    for _ in range(_MOST_LINES // 100):
        variables = {"id": order_id, "after": after}
        answer = await shop.query(
            mutations.FULFILLABLE_LINES, variables, wire_changes.FulfillableLinesData, patience=_PATIENCE
        )
        if answer.fulfillment_order is None:
            return
        for line in answer.fulfillment_order.line_items.nodes:
            yield line
        page = answer.fulfillment_order.line_items.page_info
        if not page.has_next_page:
            return
        after = page.end_cursor


def _parcel(made: wire_changes.WireFulfillment) -> FulfilledParcel:
    return FulfilledParcel(
        id=made.id, name=made.name, status=made.status, created_at=made.created_at, pieces=made.total_quantity
    )
