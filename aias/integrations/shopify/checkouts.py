"""The action ``shopify.checkout_list``: who nearly bought something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pydantic import BaseModel, Field

from aias.integrations.shopify import documents, wire_money
from aias.integrations.shopify.client import shopify
from aias.integrations.shopify.inputs import Input
from aias.plugins import ActionContext, action

__all__ = ["Checkout", "CheckoutListInput", "CheckoutListOutput", "checkout_list"]


class CheckoutLine(BaseModel):
    """Something that lay in the cart."""

    title: str | None
    sku: str | None
    quantity: int


class Checkout(BaseModel):
    """A checkout that was left, with its first ten lines. The total is in the shop's currency.

    ``accepts_marketing`` is whether the buyer has agreed to mails of this kind (Shopify's SUBSCRIBED); nobody else is
    to get one. ``completed_at`` is set where the buyer came back and paid.
    """

    id: str
    name: str
    url: str = Field(description="Where the buyer goes on with it.")
    created_at: str
    updated_at: str
    completed_at: str | None
    customer_id: str | None
    customer_name: str | None
    first_name: str | None
    email: str | None
    locale: str | None
    accepts_marketing: bool
    total: Decimal
    currency: str
    lines: list[CheckoutLine]


class CheckoutListInput(Input):
    """Which checkouts."""

    query: str | None = Field(
        default="recovery_state:not_recovered",
        max_length=1000,
        description="Shopify's search: `created_at:>=2026-11-01`. Without one, also those that were completed since.",
    )
    idle_hours: int | None = Field(default=None, ge=0, le=8760, description="Not touched for so long.")
    within_hours: int | None = Field(default=None, ge=1, le=8760, description="Begun since then at the earliest.")
    first: int = Field(default=50, ge=1, le=50)
    after: str | None = Field(default=None, max_length=1000, description="`next` of the page before.")
    reverse: bool = Field(default=False, description="The newest first.")


class CheckoutListOutput(BaseModel):
    """A page of checkouts; ``next`` is null on the last one."""

    checkouts: list[Checkout]
    next: str | None


@action("shopify.checkout_list", effect="none", integration="shopify")
async def checkout_list(context: ActionContext, data: CheckoutListInput) -> CheckoutListOutput:
    """List checkouts that were left before they were paid, a page at a time, with what the buyer has consented to.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/abandonedCheckouts .
    """
    shop = await shopify(context)
    variables = {"first": data.first, "after": data.after, "query": _search(data), "reverse": data.reverse}
    page = (await shop.query(documents.CHECKOUTS, variables, wire_money.CheckoutsData)).abandoned_checkouts
    return CheckoutListOutput(
        checkouts=[_checkout(node) for node in page.nodes],
        next=page.page_info.end_cursor if page.page_info.has_next_page else None,
    )


def _search(data: CheckoutListInput) -> str | None:
    now = datetime.now(UTC)
    terms = [data.query] if data.query else []
    if data.idle_hours is not None:
        terms.append(f"updated_at:<='{(now - timedelta(hours=data.idle_hours)).isoformat(timespec='seconds')}'")
    if data.within_hours is not None:
        terms.append(f"created_at:>='{(now - timedelta(hours=data.within_hours)).isoformat(timespec='seconds')}'")
    return " AND ".join(terms) or None


def _checkout(found: wire_money.WireCheckout) -> Checkout:
    customer = found.customer
    email = customer.email if customer else None
    return Checkout(
        id=found.id,
        name=found.name,
        url=found.url,
        created_at=found.created_at,
        updated_at=found.updated_at,
        completed_at=found.completed_at,
        customer_id=customer.id if customer else None,
        customer_name=customer.display_name if customer else None,
        first_name=customer.first_name if customer else None,
        email=email.email_address if email else None,
        locale=customer.locale if customer else None,
        accepts_marketing=email is not None and email.marketing_state == "SUBSCRIBED",
        total=found.total_price_set.money.amount,
        currency=found.total_price_set.money.currency_code,
        lines=[CheckoutLine(title=line.title, sku=line.sku, quantity=line.quantity) for line in found.line_items.nodes],
    )
