"""The actions ``shopify.payout_*``: what Shopify Payments has paid to the shop's bank, and what that is made of.

Amounts are in the payout's currency. Charges come in, refunds go out (below zero), fees are above zero and go off:
``charges + refunds + adjustments + other - fees`` is ``net``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from aias.errors import PermanentError
from aias.integrations.shopify import documents, wire_money
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.inputs import Input, PayoutId
from aias.plugins import ActionContext, action

__all__ = ["Payout", "PayoutListInput", "PayoutListOutput", "PayoutSummary", "payout_get", "payout_list"]

_MOST_TRANSACTIONS = 25_000
"""Shopify pages no further than this many objects (https://shopify.dev/api/usage/limits)."""
_PAGE = 250
_PATIENCE = 60.0
"""Seconds that reading the pages of a large payout may spend waiting for the shop's bucket."""


class PayoutSummary(BaseModel):
    """A payout in a list; below zero, and WITHDRAWAL, where the bank had to make good a balance."""

    id: str
    legacy_id: str
    issued_at: str
    status: str
    direction: str
    net: Decimal
    currency: str


class Payout(PayoutSummary):
    """A payout, with what its summary says it is made of, and what its transactions come to.

    ``gross`` is the net with the fees. ``difference`` is ``net`` less the net of all ``transaction_count``
    transactions: zero where the payout is right, which ``is_balanced`` says.
    """

    charges: Decimal
    refunds: Decimal
    adjustments: Decimal
    other: Decimal = Field(description="Reserved funds, payouts tried again, advances.")
    gross: Decimal
    fees: Decimal
    transaction_count: int
    difference: Decimal
    is_balanced: bool


class PayoutListInput(Input):
    """Which payouts, the newest first."""

    status: Literal["CANCELED", "FAILED", "PAID", "SCHEDULED"] | None = "PAID"
    issued_since: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?$", description="A date."
    )
    first: int = Field(default=50, ge=1, le=_PAGE)
    after: str | None = Field(default=None, max_length=1000, description="`next` of the page before.")


class PayoutListOutput(BaseModel):
    """A page of payouts; ``next`` is null on the last one."""

    payouts: list[PayoutSummary]
    next: str | None


@action("shopify.payout_list", effect="none", integration="shopify")
async def payout_list(context: ActionContext, data: PayoutListInput) -> PayoutListOutput:
    """List the payouts of Shopify Payments, the newest first, a page at a time.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/shopifyPaymentsAccount .
    """
    shop = await shopify(context)
    terms = [f"status:{data.status}"] if data.status else []
    terms += [f"issued_at:>='{data.issued_since}'"] if data.issued_since else []
    variables = {"first": data.first, "after": data.after, "query": " AND ".join(terms) or None}
    account = (await shop.query(documents.PAYOUTS, variables, wire_money.PayoutsData)).account
    if account is None:
        raise _without(shop)
    page = account.payouts
    return PayoutListOutput(
        payouts=[PayoutSummary.model_validate(_facts(node)) for node in page.nodes],
        next=page.page_info.end_cursor if page.page_info.has_next_page else None,
    )


class PayoutGetInput(Input):
    """Which payout."""

    id: PayoutId


@action("shopify.payout_get", timeout=120.0, effect="none", integration="shopify")
async def payout_get(context: ActionContext, data: PayoutGetInput) -> Payout:
    """Fetch one payout with what it is made of, checked against all of its transactions.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/objects/ShopifyPaymentsPayout .
    """
    shop = await shopify(context)
    found = (await shop.query(documents.PAYOUT, {"id": data.id}, wire_money.PayoutData)).node
    if found is None:
        raise PermanentError(f"{shop.name} has no payout {data.id}")
    count, net = await _transactions(shop, found.legacy_resource_id)
    made_of = found.summary
    other = (made_of.reserved_funds_gross, made_of.retried_payouts_gross, made_of.advance_gross)
    fees = (
        made_of.charges_fee,
        made_of.refunds_fee,
        made_of.adjustments_fee,
        made_of.reserved_funds_fee,
        made_of.retried_payouts_fee,
        made_of.advance_fees,
    )
    fee = sum((one.amount for one in fees), start=Decimal(0))
    return Payout(
        **_facts(found),
        charges=made_of.charges_gross.amount,
        refunds=made_of.refunds_gross.amount,
        adjustments=made_of.adjustments_gross.amount,
        other=sum((one.amount for one in other), start=Decimal(0)),
        gross=found.net.amount + fee,
        fees=fee,
        transaction_count=count,
        difference=found.net.amount - net,
        is_balanced=found.net.amount == net,
    )


async def _transactions(shop: Shop, payout: str) -> tuple[int, Decimal]:
    """How many transactions a payout has, and their net: of all pages, without the transfer itself."""
    count, net, after = 0, Decimal(0), None
    while count < _MOST_TRANSACTIONS:
        variables = {"first": _PAGE, "after": after, "query": f"payments_transfer_id:{payout}"}
        answer = await shop.query(documents.BALANCE, variables, wire_money.BalanceData, patience=_PATIENCE)
        if answer.account is None:
            raise _without(shop)
        page = answer.account.balance_transactions
        count += len(page.nodes)
        net = sum((one.net.amount for one in page.nodes), start=net)
        if not page.page_info.has_next_page:
            return count, net
        after = page.page_info.end_cursor
    raise PermanentError(f"{shop.name}: payout {payout} has more than {_MOST_TRANSACTIONS:,} transactions")


def _facts(found: wire_money.WirePayout) -> dict[str, Any]:
    return {
        "id": found.id,
        "legacy_id": found.legacy_resource_id,
        "issued_at": found.issued_at,
        "status": found.status,
        "direction": found.transaction_type,
        "net": found.net.amount,
        "currency": found.net.currency_code,
    }


def _without(shop: Shop) -> PermanentError:
    return PermanentError(f"{shop.name} does not use Shopify Payments: it has no payouts")
