"""The actions ``shopify.product_*`` and ``shopify.inventory_adjust``."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from aias.errors import PermanentError
from aias.integrations.shopify import documents, mutations, wire, wire_changes
from aias.integrations.shopify.client import shopify
from aias.integrations.shopify.inputs import Input, InventoryItemId, LocationId, Money, ProductId, Tag
from aias.integrations.shopify.models import Product
from aias.integrations.shopify.reading import read_product
from aias.plugins import ActionContext, action

__all__ = [
    "InventoryAdjustInput",
    "InventoryAdjustOutput",
    "InventoryChange",
    "ProductUpsertInput",
    "VariantInput",
    "inventory_adjust",
    "product_get",
    "product_upsert",
]

_NO_OPTIONS = {"Title": "Default Title"}
"""How Shopify calls the option of a product that has none."""

_MOST_OPTIONS = 3

Name = Annotated[str, Field(min_length=1, max_length=255)]


class ProductGetInput(Input):
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
        raise PermanentError(f"{shop.name} has no product {data.id}")
    return read_product(found)


class VariantInput(Input):
    """A variant: the value of each option, and what it costs in the shop's currency."""

    options: dict[Name, Name] = Field(default_factory=dict[str, str], max_length=_MOST_OPTIONS)
    price: Money | None = None
    compare_at_price: Money | None = None
    sku: str | None = Field(default=None, max_length=255)
    barcode: str | None = Field(default=None, max_length=255)

    @property
    def values(self) -> dict[str, str]:
        """The options; Shopify's own stand-in where there are none."""
        return self.options or _NO_OPTIONS


class ProductUpsertInput(Input):
    """What a product is to be. What is not given stays; a list that is given replaces what was there."""

    id: ProductId | None = Field(default=None, description="An existing product; without it, `handle` names it.")
    handle: str | None = Field(default=None, min_length=1, max_length=255, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str | None = Field(default=None, min_length=1, max_length=255, description="Needed for a new product.")
    description_html: str | None = Field(default=None, max_length=500_000)
    vendor: str | None = Field(default=None, max_length=255)
    product_type: str | None = Field(default=None, max_length=255)
    status: Literal["ACTIVE", "ARCHIVED", "DRAFT"] | None = None
    tags: list[Tag] | None = Field(default=None, max_length=250)
    variants: list[VariantInput] | None = Field(
        default=None, min_length=1, max_length=250, description="All variants: those that are not listed are removed."
    )

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if (self.id is None) == (self.handle is None):
            raise ValueError("either id or handle says which product it is")
        names = {tuple(sorted(variant.values)) for variant in self.variants or []}
        if len(names) > 1:
            raise ValueError("every variant needs a value for the same options")
        return self

    def to_shopify(self) -> dict[str, Any]:
        """Give it as ``ProductSetInput``."""
        names = {
            "handle": self.handle,
            "title": self.title,
            "descriptionHtml": self.description_html,
            "vendor": self.vendor,
            "productType": self.product_type,
            "status": self.status,
            "tags": self.tags,
        }
        given: dict[str, Any] = {name: value for name, value in names.items() if value is not None}
        if self.variants is not None:
            given["productOptions"] = self._options(self.variants)
            given["variants"] = [_variant(variant) for variant in self.variants]
        return given

    def _options(self, variants: list[VariantInput]) -> list[dict[str, Any]]:
        values: dict[str, dict[str, None]] = {name: {} for name in variants[0].values}
        for variant in variants:
            for name, value in variant.values.items():
                values[name][value] = None
        return [{"name": name, "values": [{"name": value} for value in found]} for name, found in values.items()]


def _variant(variant: VariantInput) -> dict[str, Any]:
    names = {
        "price": None if variant.price is None else str(variant.price),
        "compareAtPrice": None if variant.compare_at_price is None else str(variant.compare_at_price),
        "sku": variant.sku,
        "barcode": variant.barcode,
    }
    return {
        "optionValues": [{"optionName": name, "name": value} for name, value in variant.values.items()],
        **{name: value for name, value in names.items() if value is not None},
    }


@action("shopify.product_upsert", timeout=60.0, effect="idempotent", integration="shopify", ledger=True)
async def product_upsert(context: ActionContext, data: ProductUpsertInput) -> Product:
    """Bring a product to what it is to be, by id or handle; it is made where there is none with the handle.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/productSet .
    """
    shop = await shopify(context)
    identifier = {"id": data.id} if data.id is not None else {"handle": data.handle}
    variables = {"identifier": identifier, "input": data.to_shopify()}

    async def send(key: str) -> wire_changes.ProductSetPayload:
        del key
        return await shop.mutate(mutations.PRODUCT_SET, variables, "productSet", wire_changes.ProductSetPayload)

    payload = await shop.once("productSet", data.asked(), wire_changes.ProductSetPayload, send=send, keyed=True)
    if payload is None:
        raise PermanentError(f"{shop.name}: productSet was settled by hand; its product is not known here")
    return read_product(payload.product)


class InventoryChange(Input):
    """So many pieces more, or fewer, of an item at a location."""

    item_id: InventoryItemId
    location_id: LocationId
    delta: int = Field(ge=-1_000_000_000, le=1_000_000_000)
    expected: int | None = Field(
        default=None, description="The quantity before: with any other, nothing is changed and the step fails."
    )
    ledger_document_uri: str | None = Field(
        default=None, max_length=1000, description="What moved the goods; needed for every quantity but `available`."
    )


class InventoryAdjustInput(Input):
    """What changes in the stock, and why."""

    changes: list[InventoryChange] = Field(min_length=1, max_length=250)
    name: Literal["available", "damaged", "incoming", "quality_control", "reserved", "safety_stock"] = "available"
    reason: str = Field(default="correction", pattern=r"^[a-z_]{1,50}$")


class AdjustedQuantity(BaseModel):
    """A quantity that was changed; ``quantity`` is what it is now, where Shopify says so."""

    item_id: str | None
    location_id: str | None
    name: str
    delta: int
    quantity: int | None


class InventoryAdjustOutput(BaseModel):
    """What was changed."""

    id: str | None = Field(description="Null where a person settled the call without naming it.")
    changes: list[AdjustedQuantity]


@action("shopify.inventory_adjust", timeout=60.0, effect="idempotent", integration="shopify", ledger=True)
async def inventory_adjust(context: ActionContext, data: InventoryAdjustInput) -> InventoryAdjustOutput:
    """Change quantities in stock by so many pieces, once: all of the changes or none.

    An outcome that is not known is settled by sending it again under the same key, which Shopify carries out once.
    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventoryAdjustQuantities .
    """
    shop = await shopify(context)
    given = {
        "name": data.name,
        "reason": data.reason,
        "referenceDocumentUri": f"gid://aias/Step/{shop.reference()}",
        "changes": [_change(change, compares=shop.takes_keys) for change in data.changes],
    }

    async def send(key: str) -> wire_changes.Adjustment:
        document = mutations.INVENTORY_ADJUST if shop.takes_keys else mutations.unkeyed(mutations.INVENTORY_ADJUST)
        variables = {"input": given, **({"key": key} if shop.takes_keys else {})}
        payload = await shop.mutate(document, variables, "inventoryAdjustQuantities", wire_changes.AdjustPayload)
        return payload.inventory_adjustment_group

    made = await shop.once(
        "inventoryAdjustQuantities", data.asked(), wire_changes.Adjustment, send=send, keyed=shop.takes_keys
    )
    return InventoryAdjustOutput(
        id=made.id if made else None,
        changes=[
            AdjustedQuantity(
                item_id=change.item.id if change.item else None,
                location_id=change.location.id if change.location else None,
                name=change.name,
                delta=change.delta,
                quantity=change.quantity_after_change,
            )
            for change in (made.changes if made else [])
        ],
    )


def _change(change: InventoryChange, *, compares: bool) -> dict[str, Any]:
    given: dict[str, Any] = {
        "inventoryItemId": change.item_id,
        "locationId": change.location_id,
        "delta": change.delta,
    }
    if compares:
        given["changeFromQuantity"] = change.expected  # null is to be said: "whatever it was"
    if change.ledger_document_uri is not None:
        given["ledgerDocumentUri"] = change.ledger_document_uri
    return given
