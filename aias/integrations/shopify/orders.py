"""The actions ``shopify.order_*`` that read an order, and those that mark it.

Amounts are decimal strings. By default they are in the currency in which the buyer paid (Shopify's *presentment*
money); ``money: shop`` gives the shop's own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.shopify import documents, wire
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.documents import Money
from aias.integrations.shopify.inputs import Input, OrderId, Tag
from aias.integrations.shopify.models import Order, OrderSummary
from aias.integrations.shopify.reading import read_order, read_summary
from aias.plugins import ActionContext, action

__all__ = ["order_get", "order_list", "order_note", "order_tag"]

_PATIENCE = 60.0
"""Seconds that reading the pages of a long order may spend waiting for the shop's bucket."""

_MOST_LINES = 25_000
"""Shopify pages no further than this many objects (https://shopify.dev/api/usage/limits)."""


class OrderGetInput(Input):
    """Which order."""

    id: OrderId = Field(description="The order's number in the API, or its gid.")
    money: Money = Field(default="presentment", description="Amounts as the buyer paid, or as the shop counts.")


@action("shopify.order_get", timeout=120.0, effect="none", integration="shopify")
async def order_get(context: ActionContext, data: OrderGetInput) -> Order:
    """Fetch one order from Shopify, with all its lines, taxes, discounts, refunds and its buyer.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/order ; 50 lines a page.
    """
    shop = await shopify(context)
    answer = await shop.query(documents.ORDER[data.money], {"id": data.id}, wire.OrderData)
    if answer.order is None:
        raise PermanentError(f"{shop.name} has no order {data.id}")
    items = [*answer.order.line_items.nodes]
    page = answer.order.line_items.page_info
    while page.has_next_page and len(items) < _MOST_LINES:
        more = await _more_lines(shop, data, page.end_cursor)
        items += more.nodes
        page = more.page_info
    return read_order(answer.order, items, data.money)


async def _more_lines(shop: Shop, data: OrderGetInput, after: str | None) -> wire.LineItems:
    variables = {"id": data.id, "after": after}
    answer = await shop.query(documents.MORE_LINES[data.money], variables, wire.LinesData, patience=_PATIENCE)
    if answer.order is None:
        raise PermanentError(f"{shop.name}: order {data.id} was deleted while it was read")
    return answer.order.line_items


class OrderListInput(Input):
    """Which orders."""

    query: str | None = Field(default=None, max_length=1000, description="Shopify's search: `financial_status:paid`.")
    first: int = Field(default=50, ge=1, le=250)
    after: str | None = Field(default=None, max_length=1000, description="`next` of the page before.")
    sort: Literal["CREATED_AT", "ID", "ORDER_NUMBER", "PROCESSED_AT", "TOTAL_PRICE", "UPDATED_AT"] = "PROCESSED_AT"
    reverse: bool = False
    money: Money = "presentment"


class OrderListOutput(BaseModel):
    """A page of orders; ``next`` is null on the last one."""

    orders: list[OrderSummary]
    next: str | None


@action("shopify.order_list", effect="none", integration="shopify")
async def order_list(context: ActionContext, data: OrderListInput) -> OrderListOutput:
    """List orders of the shop, a page at a time.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/orders .
    """
    shop = await shopify(context)
    variables = {
        "first": data.first,
        "after": data.after,
        "query": data.query,
        "sort": data.sort,
        "reverse": data.reverse,
    }
    page = (await shop.query(documents.ORDERS[data.money], variables, wire.OrdersData)).orders
    return OrderListOutput(
        orders=[read_summary(node, data.money) for node in page.nodes],
        next=page.page_info.end_cursor if page.page_info.has_next_page else None,
    )


class OrderTagInput(Input):
    """Which order, and which tags."""

    id: OrderId
    tags: list[Tag] = Field(min_length=1, max_length=250)


class OrderTagOutput(BaseModel):
    """The order's tags now."""

    id: str
    tags: list[str]


@action("shopify.order_tag", effect="idempotent", integration="shopify", ledger=True)
async def order_tag(context: ActionContext, data: OrderTagInput) -> OrderTagOutput:
    """Add tags to an order; those that it has already stay as they are, so a repeated call changes nothing.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/tagsAdd .
    """
    shop = await shopify(context)
    variables = {"id": data.id, "tags": data.tags}

    async def send(key: str) -> wire.TagsAddPayload:
        del key
        return await shop.mutate(documents.TAGS_ADD, variables, "tagsAdd", wire.TagsAddPayload)

    payload = await shop.once("tagsAdd", data.asked(), wire.TagsAddPayload, send=send, keyed=True)
    return OrderTagOutput(id=data.id, tags=payload.node.tags if payload and payload.node else data.tags)


class OrderNoteInput(Input):
    """Which order, and what to note."""

    id: OrderId
    note: str = Field(max_length=5000)
    mode: Literal["append", "replace"] = "append"


class OrderNoteOutput(BaseModel):
    """The order's note now."""

    id: str
    note: str | None


@action("shopify.order_note", effect="idempotent", integration="shopify", ledger=True)
async def order_note(context: ActionContext, data: OrderNoteInput) -> OrderNoteOutput:
    """Append to an order's note, or replace it; a text that is a part of the note already is not appended again.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderUpdate .
    """
    shop = await shopify(context)

    async def send(key: str) -> wire.SetNotePayload:
        del key
        note = data.note
        if data.mode == "append":
            with before_sending():
                found = (await shop.query(documents.ORDER_NOTE, {"id": data.id}, wire.NoteData)).order
                if found is None:
                    raise PermanentError(f"{shop.name} has no order {data.id}")
            if note in (found.note or ""):
                return wire.SetNotePayload(order=found)
            note = f"{found.note}\n{note}" if found.note else note
        variables = {"input": {"id": data.id, "note": note}}
        return await shop.mutate(documents.SET_NOTE, variables, "orderUpdate", wire.SetNotePayload)

    payload = await shop.once("orderUpdate", data.asked(), wire.SetNotePayload, send=send, keyed=True)
    return OrderNoteOutput(id=data.id, note=payload.order.note if payload and payload.order else data.note)
