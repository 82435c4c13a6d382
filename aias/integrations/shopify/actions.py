"""The actions ``shopify.*``.

Amounts are decimal strings. By default they are in the currency in which the buyer paid (Shopify's *presentment*
money); ``money: shop`` gives the shop's own.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from aias.errors import PermanentError
from aias.integrations.graphql import GraphQL
from aias.integrations.shopify import documents, wire
from aias.integrations.shopify.client import shopify
from aias.integrations.shopify.models import Customer, Order, OrderSummary, Product
from aias.integrations.shopify.reading import read_customer, read_order, read_product, read_summary
from aias.plugins import ActionContext, action

__all__ = ["customer_get", "order_get", "order_list", "order_note", "order_tag", "product_get"]

_PATIENCE = 60.0
"""Seconds that reading the pages of a long order may spend waiting for the shop's bucket."""

_MOST_LINES = 25_000
"""Shopify pages no further than this many objects (https://shopify.dev/api/usage/limits)."""


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _gid(kind: str) -> AfterValidator:
    pattern = re.compile(rf"(?:gid://shopify/{kind}/)?(\d{{1,20}})")

    def check(value: str) -> str:
        match = pattern.fullmatch(value.strip())
        if match is None:
            raise ValueError(f"is neither a number nor gid://shopify/{kind}/<number>")
        return f"gid://shopify/{kind}/{match[1]}"

    return AfterValidator(check)


OrderId = Annotated[str, BeforeValidator(_text), _gid("Order")]
ProductId = Annotated[str, BeforeValidator(_text), _gid("Product")]
CustomerId = Annotated[str, BeforeValidator(_text), _gid("Customer")]


def _tag(value: str) -> str:
    value = value.strip()
    if not value or "," in value:
        raise ValueError("is empty or holds a comma, which separates tags")
    return value


Tag = Annotated[str, Field(max_length=40), AfterValidator(_tag)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OrderGetInput(_Input):
    """Which order."""

    id: OrderId = Field(description="The order's number in the API, or its gid.")
    money: documents.Money = Field(
        default="presentment", description="Amounts as the buyer paid, or as the shop counts."
    )


@action("shopify.order_get", timeout=120.0, effect="none", integration="shopify")
async def order_get(context: ActionContext, data: OrderGetInput) -> Order:
    """Fetch one order from Shopify, with all its lines, taxes, discounts, refunds and its buyer.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/order ; 50 lines a page.
    """
    shop = await shopify(context)
    answer = await shop.query(documents.ORDER[data.money], {"id": data.id}, wire.OrderData)
    if answer.order is None:
        raise PermanentError(f"{shop.upstream.name} has no order {data.id}")
    items = [*answer.order.line_items.nodes]
    page = answer.order.line_items.page_info
    while page.has_next_page and len(items) < _MOST_LINES:
        more = await _more_lines(shop, data, page.end_cursor)
        items += more.nodes
        page = more.page_info
    return read_order(answer.order, items, data.money)


async def _more_lines(shop: GraphQL, data: OrderGetInput, after: str | None) -> wire.LineItems:
    variables = {"id": data.id, "after": after}
    answer = await shop.query(documents.MORE_LINES[data.money], variables, wire.LinesData, patience=_PATIENCE)
    if answer.order is None:
        raise PermanentError(f"{shop.upstream.name}: order {data.id} was deleted while it was read")
    return answer.order.line_items


class OrderListInput(_Input):
    """Which orders."""

    query: str | None = Field(default=None, max_length=1000, description="Shopify's search: `financial_status:paid`.")
    first: int = Field(default=50, ge=1, le=250)
    after: str | None = Field(default=None, max_length=1000, description="`next` of the page before.")
    sort: Literal["CREATED_AT", "ID", "ORDER_NUMBER", "PROCESSED_AT", "TOTAL_PRICE", "UPDATED_AT"] = "PROCESSED_AT"
    reverse: bool = False
    money: documents.Money = "presentment"


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


class OrderTagInput(_Input):
    """Which order, and which tags."""

    id: OrderId
    tags: list[Tag] = Field(min_length=1, max_length=250)


class OrderTagOutput(BaseModel):
    """The order's tags now."""

    id: str
    tags: list[str]


@action("shopify.order_tag", effect="idempotent", integration="shopify")
async def order_tag(context: ActionContext, data: OrderTagInput) -> OrderTagOutput:
    """Add tags to an order; those that it has already stay as they are, so a repeated call changes nothing.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/tagsAdd .
    """
    shop = await shopify(context)
    variables = {"id": data.id, "tags": data.tags}
    payload = await shop.mutate(documents.TAGS_ADD, variables, "tagsAdd", wire.TagsAddPayload)
    return OrderTagOutput(id=data.id, tags=payload.node.tags if payload.node else data.tags)


class OrderNoteInput(_Input):
    """Which order, and what to note."""

    id: OrderId
    note: str = Field(max_length=5000)
    mode: Literal["append", "replace"] = "append"


class OrderNoteOutput(BaseModel):
    """The order's note now."""

    id: str
    note: str | None


@action("shopify.order_note", effect="idempotent", integration="shopify")
async def order_note(context: ActionContext, data: OrderNoteInput) -> OrderNoteOutput:
    """Append to an order's note, or replace it; a text that is a part of the note already is not appended again.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderUpdate .
    """
    shop = await shopify(context)
    note = data.note
    if data.mode == "append":
        found = (await shop.query(documents.ORDER_NOTE, {"id": data.id}, wire.NoteData)).order
        if found is None:
            raise PermanentError(f"{shop.upstream.name} has no order {data.id}")
        if note in (found.note or ""):
            return OrderNoteOutput(id=data.id, note=found.note)
        note = f"{found.note}\n{note}" if found.note else note
    variables = {"input": {"id": data.id, "note": note}}
    payload = await shop.mutate(documents.SET_NOTE, variables, "orderUpdate", wire.SetNotePayload)
    return OrderNoteOutput(id=data.id, note=payload.order.note if payload.order else note)


class ProductGetInput(_Input):
    """Which product."""

    id: ProductId


@action("shopify.product_get", effect="none", integration="shopify")
async def product_get(context: ActionContext, data: ProductGetInput) -> Product:
    """Fetch one product with its first 100 variants.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/product .
    """
    shop = await shopify(context)
    found = (await shop.query(documents.PRODUCT, {"id": data.id}, wire.ProductData)).product
    if found is None:
        raise PermanentError(f"{shop.upstream.name} has no product {data.id}")
    return read_product(found)


class CustomerGetInput(_Input):
    """Which customer."""

    id: CustomerId


@action("shopify.customer_get", effect="none", integration="shopify")
async def customer_get(context: ActionContext, data: CustomerGetInput) -> Customer:
    """Fetch one customer of the shop.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/customer .
    """
    shop = await shopify(context)
    found = (await shop.query(documents.CUSTOMER, {"id": data.id}, wire.CustomerData)).customer
    if found is None:
        raise PermanentError(f"{shop.upstream.name} has no customer {data.id}")
    return read_customer(found)
