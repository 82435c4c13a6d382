"""The actions ``shopify.inventory_list`` and ``shopify.inventory_set``: what is in stock at a location.

A location that is not named is the shop's primary one. Variants are known by their SKUs, as feeds know them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.shopify import documents, mutations, wire_money
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.inputs import Input, LocationId
from aias.plugins import ActionContext, action

__all__ = [
    "InventoryListInput",
    "InventoryListOutput",
    "InventorySetInput",
    "InventorySetOutput",
    "inventory_list",
    "inventory_set",
]

_PAGE = 50
_PATIENCE = 60.0
"""Seconds that reading the stock of many SKUs may spend waiting for the shop's bucket."""
_MOST = 250
_LARGEST = 1_000_000_000

Sku = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\"'\\\x00-\x1f]+$")]


class InventoryListInput(Input):
    """Which variants, and where."""

    location_id: LocationId | None = Field(default=None, description="Without one, the shop's primary location.")
    query: str | None = Field(default=None, max_length=1000, description="Shopify's search: `vendor:Acme`, `tag:tea`.")
    skus: list[Sku] | None = Field(default=None, min_length=1, max_length=_PAGE, description="Instead of `query`.")
    first: int = Field(default=_PAGE, ge=1, le=_PAGE)
    after: str | None = Field(default=None, max_length=1000, description="`next` of the page before.")

    @model_validator(mode="after")
    def _one_search(self) -> Self:
        if self.query is not None and self.skus is not None:
            raise ValueError("query and skus: only one of the two says which variants")
        return self


class StockedItem(BaseModel):
    """A variant, and how many pieces of it there are; null where the location does not stock it."""

    sku: str | None
    title: str
    variant_id: str
    item_id: str
    available: int | None
    on_hand: int | None


class InventoryListOutput(BaseModel):
    """A page of stock; ``next`` is null on the last one."""

    location_id: str
    location_name: str
    items: list[StockedItem]
    next: str | None


@action("shopify.inventory_list", effect="none", integration="shopify")
async def inventory_list(context: ActionContext, data: InventoryListInput) -> InventoryListOutput:
    """List what is in stock at a location, a page of variants at a time.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/productVariants .
    """
    shop = await shopify(context)
    place = await _location(shop, data.location_id)
    query = _any_of(data.skus) if data.skus else data.query
    page = (await _stock(shop, place.id, query, first=data.first, after=data.after)).variants
    return InventoryListOutput(
        location_id=place.id,
        location_name=place.name,
        items=[
            StockedItem(
                sku=one.sku,
                title=one.display_name,
                variant_id=one.id,
                item_id=one.inventory_item.id,
                available=one.quantity("available"),
                on_hand=one.quantity("on_hand"),
            )
            for one in page.nodes
        ],
        next=page.page_info.end_cursor if page.page_info.has_next_page else None,
    )


class SkuQuantity(Input):
    """How many pieces there are to be of a SKU."""

    sku: Sku
    quantity: int = Field(ge=0, le=_LARGEST)


class InventorySetInput(Input):
    """What the stock at a location is to be. What is not listed stays."""

    location_id: LocationId | None = Field(default=None, description="Without one, the shop's primary location.")
    name: Literal["available", "on_hand"] = "available"
    quantities: list[SkuQuantity] = Field(max_length=_MOST)
    reason: str = Field(default="correction", pattern=r"^[a-z_]{1,50}$")

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        skus = [one.sku for one in self.quantities]
        twice = sorted({sku for sku in skus if skus.count(sku) > 1})
        if twice:
            raise ValueError(f"more than one quantity for {', '.join(twice[:10])}")
        return self


class SetQuantity(BaseModel):
    """A quantity that was set; it was another before."""

    sku: str
    item_id: str
    before: int
    quantity: int


class InventorySetOutput(BaseModel):
    """What was set, how many were right already, and the SKUs that the location does not stock."""

    set: list[SetQuantity]
    unchanged_count: int
    unknown: list[str]


class _Plan(BaseModel):
    location_id: str
    set: list[SetQuantity]
    unchanged_count: int
    unknown: list[str]


@action("shopify.inventory_set", timeout=120.0, effect="idempotent", integration="shopify", ledger=True)
async def inventory_set(context: ActionContext, data: InventorySetInput) -> InventorySetOutput:
    """Bring quantities in stock to what a feed or another system says, by SKU: all of them or none.

    A quantity that has moved since it was looked at is not overwritten: then nothing is set, and the step fails.
    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities .
    """
    shop = await shopify(context)
    if not shop.takes_keys:
        raise PermanentError(f"{shop.name}: setting quantities takes API version 2026-01 or later")

    async def make_plan(key: str) -> _Plan:
        del key
        with before_sending():
            return await _plan(shop, data)

    # Only read, so that it may be asked for again; kept, so that every attempt means the same.
    plan = await shop.once(
        "inventorySetQuantities.plan", data.asked(), _Plan, send=make_plan, part="plan", keyed=True
    ) or await _plan(shop, data)

    async def send(key: str) -> wire_money.SetPayload:
        variables = {"input": _given(shop, data, plan), "key": key}
        return await shop.mutate(mutations.INVENTORY_SET, variables, "inventorySetQuantities", wire_money.SetPayload)

    if plan.set:
        await shop.once("inventorySetQuantities", data.asked(), wire_money.SetPayload, send=send, keyed=True)
    return InventorySetOutput(set=plan.set, unchanged_count=plan.unchanged_count, unknown=plan.unknown)


def _given(shop: Shop, data: InventorySetInput, plan: _Plan) -> dict[str, Any]:
    return {
        "name": data.name,
        "reason": data.reason,
        "referenceDocumentUri": f"gid://aias/Step/{shop.reference()}",
        "quantities": [
            {
                "inventoryItemId": one.item_id,
                "locationId": plan.location_id,
                "quantity": one.quantity,
                "changeFromQuantity": one.before,
            }
            for one in plan.set
        ],
    }


async def _plan(shop: Shop, data: InventorySetInput) -> _Plan:
    """What differs from what is wanted.

    Raises:
        PermanentError: two variants share a SKU, so that nobody can say which is meant.
    """
    place = await _location(shop, data.location_id)
    there: dict[str, wire_money.WireVariantStock] = {}
    skus = [one.sku for one in data.quantities]
    for start in range(0, len(skus), _PAGE):
        wanted = set(skus[start : start + _PAGE])
        page = (await _stock(shop, place.id, _any_of(sorted(wanted)), first=_PAGE, patience=_PATIENCE)).variants
        if page.page_info.has_next_page:
            names = ", ".join(sorted(wanted))[:500]
            raise PermanentError(f"{shop.name}: several variants share one of the SKUs {names}")
        for one in page.nodes:
            if one.sku not in wanted or one.quantity(data.name) is None:
                continue
            if one.sku in there:
                raise PermanentError(f"{shop.name}: several variants have the SKU {one.sku}")
            there[one.sku] = one
    plan = _Plan(location_id=place.id, set=[], unchanged_count=0, unknown=[])
    for wish in data.quantities:
        found = there.get(wish.sku)
        before = found.quantity(data.name) if found else None
        if found is None or before is None:
            plan.unknown.append(wish.sku)
        elif before == wish.quantity:
            plan.unchanged_count += 1
        else:
            item = found.inventory_item.id
            plan.set.append(SetQuantity(sku=wish.sku, item_id=item, before=before, quantity=wish.quantity))
    return plan


async def _stock(
    shop: Shop, location: str, query: str | None, *, first: int, after: str | None = None, patience: float = 0.0
) -> wire_money.StockData:
    variables = {"location": location, "query": query, "first": first, "after": after}
    return await shop.query(documents.STOCK, variables, wire_money.StockData, patience=patience)


async def _location(shop: Shop, location: str | None) -> wire_money.WireLocation:
    found = (await shop.query(documents.LOCATION, {"id": location}, wire_money.LocationData)).location
    if found is None:
        raise PermanentError(f"{shop.name} has no location {location or 'of its own'}")
    return found


def _any_of(skus: Sequence[str]) -> str:
    return " OR ".join(f"sku:'{sku}'" for sku in skus)
