"""``shopify.draft_order_create``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, Field, model_validator

from aias.integrations.shopify import mutations, wire_changes
from aias.integrations.shopify.client import shopify
from aias.integrations.shopify.inputs import AddressInput, CustomerId, Email, Input, Money, Tag, VariantId
from aias.plugins import ActionContext, action

__all__ = ["DraftLine", "DraftOrderCreateInput", "DraftOrderCreateOutput", "draft_order_create"]


class DraftLine(Input):
    """A line: a variant of the shop, or something of its own with a title and a price."""

    variant_id: VariantId | None = None
    title: str | None = Field(default=None, min_length=1, max_length=255)
    price: Money | None = Field(default=None, description="For one piece, of a line of its own.")
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    sku: str | None = Field(default=None, max_length=255)
    quantity: int = Field(default=1, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.variant_id is None) == (self.title is None):
            raise ValueError("either variant_id or title says what it is")
        if self.title is not None and (self.price is None or self.currency is None):
            raise ValueError("a line of its own needs price and currency")
        return self

    def to_shopify(self) -> dict[str, Any]:
        """Give it as ``DraftOrderLineItemInput``."""
        if self.variant_id is not None:
            return {"variantId": self.variant_id, "quantity": self.quantity}
        price = {"amount": str(self.price), "currencyCode": self.currency}
        given = {"title": self.title, "quantity": self.quantity, "originalUnitPriceWithCurrency": price}
        return {**given, "sku": self.sku} if self.sku else given


class DraftOrderCreateInput(Input):
    """What is ordered, and by whom."""

    lines: list[DraftLine] = Field(min_length=1, max_length=250)
    customer_id: CustomerId | None = None
    email: Email | None = None
    note: str | None = Field(default=None, max_length=5000)
    tags: list[Tag] = Field(default_factory=list[str], max_length=240)
    shipping_address: AddressInput | None = None
    billing_address: AddressInput | None = None


class DraftOrderCreateOutput(BaseModel):
    """The draft order; ``total`` is in the shop's currency."""

    id: str | None = Field(description="Null where a person settled the call without naming it.")
    name: str | None
    status: str | None
    total: Decimal | None
    currency: str | None
    invoice_url: str | None


@action("shopify.draft_order_create", timeout=60.0, effect="idempotent", integration="shopify", ledger=True)
async def draft_order_create(context: ActionContext, data: DraftOrderCreateInput) -> DraftOrderCreateOutput:
    """Make a draft order, once. It carries a tag of ours (``aias-...``), by which it is found again.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/draftOrderCreate .
    """
    shop = await shopify(context)
    reference = shop.reference()

    async def send(key: str) -> wire_changes.Draft:
        del key
        variables = {"input": _input(data, reference)}
        return (
            await shop.mutate(mutations.DRAFT_CREATE, variables, "draftOrderCreate", wire_changes.DraftPayload)
        ).draft_order

    async def find() -> wire_changes.Draft | None:
        # The search may be a little behind; the latest ones are read from the database.
        answer = await shop.query(mutations.DRAFTS, {"query": f"tag:'{reference}'"}, wire_changes.DraftsData)
        there = [*answer.latest.nodes, *answer.tagged.nodes]
        return next((one for one in there if reference in one.tags), None)

    made = await shop.once("draftOrderCreate", data.asked(), wire_changes.Draft, send=send, find=find)
    return DraftOrderCreateOutput(
        id=made.id if made else None,
        name=made.name if made else None,
        status=made.status if made else None,
        total=made.total_price_set.money.amount if made else None,
        currency=made.currency_code if made else None,
        invoice_url=made.invoice_url if made else None,
    )


def _input(data: DraftOrderCreateInput, reference: str) -> dict[str, Any]:
    given: dict[str, Any] = {
        "lineItems": [line.to_shopify() for line in data.lines],
        "tags": [*data.tags, reference],
    }
    optional = {
        "email": data.email,
        "note": data.note,
        "purchasingEntity": {"customerId": data.customer_id} if data.customer_id else None,
        "shippingAddress": data.shipping_address.to_shopify() if data.shipping_address else None,
        "billingAddress": data.billing_address.to_shopify() if data.billing_address else None,
    }
    return given | {name: value for name, value in optional.items() if value is not None}
