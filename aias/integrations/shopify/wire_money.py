"""The shapes of Shopify's answers about checkouts, payouts and stock: ``documents`` and ``mutations`` ask for them."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from aias.integrations.shopify.wire import PageInfo, Wire
from aias.integrations.shopify.wire_changes import Adjustment

__all__ = [
    "BalanceData",
    "CheckoutsData",
    "LocationData",
    "PayoutData",
    "PayoutsData",
    "SetPayload",
    "StockData",
    "WireCheckout",
    "WireLocation",
    "WirePayout",
    "WireSummary",
    "WireVariantStock",
]


class _Money(Wire):
    amount: Decimal
    currency_code: str


class _ShopMoney(Wire):
    money: _Money


# --- checkouts ---


class _Email(Wire):
    email_address: str
    marketing_state: str


class _Customer(Wire):
    id: str
    display_name: str
    first_name: str | None = None
    locale: str | None = None
    email: _Email | None = None


class _Line(Wire):
    title: str | None = None
    sku: str | None = None
    quantity: int


class _Lines(Wire):
    nodes: list[_Line]


class WireCheckout(Wire):
    """A checkout that was left."""

    id: str
    name: str
    url: str
    created_at: str
    updated_at: str
    completed_at: str | None = None
    customer: _Customer | None = None
    total_price_set: _ShopMoney
    line_items: _Lines


class _Checkouts(Wire):
    nodes: list[WireCheckout]
    page_info: PageInfo


class CheckoutsData(Wire):
    """The answer to ``CHECKOUTS``."""

    abandoned_checkouts: _Checkouts


# --- payouts ---


class WirePayout(Wire):
    """A payout."""

    id: str
    legacy_resource_id: str
    issued_at: str
    status: str
    transaction_type: str
    net: _Money


class _Payouts(Wire):
    nodes: list[WirePayout]
    page_info: PageInfo


class _PayoutAccount(Wire):
    payouts: _Payouts


class PayoutsData(Wire):
    """The answer to ``PAYOUTS``; no account where the shop does not use Shopify Payments."""

    account: _PayoutAccount | None = Field(default=None, alias="shopifyPaymentsAccount")


class WireSummary(Wire):
    """What a payout is made of, by kind: gross amounts, and the fees on them."""

    charges_gross: _Money
    charges_fee: _Money
    refunds_gross: _Money = Field(alias="refundsFeeGross")
    refunds_fee: _Money
    adjustments_gross: _Money
    adjustments_fee: _Money
    reserved_funds_gross: _Money
    reserved_funds_fee: _Money
    retried_payouts_gross: _Money
    retried_payouts_fee: _Money
    advance_gross: _Money
    advance_fees: _Money


class _SummedPayout(WirePayout):
    summary: WireSummary


class PayoutData(Wire):
    """The answer to ``PAYOUT``."""

    node: _SummedPayout | None = None


class _Moved(Wire):
    net: _Money


class _Balance(Wire):
    nodes: list[_Moved]
    page_info: PageInfo


class _BalanceAccount(Wire):
    balance_transactions: _Balance


class BalanceData(Wire):
    """The answer to ``BALANCE``."""

    account: _BalanceAccount | None = Field(default=None, alias="shopifyPaymentsAccount")


# --- stock ---


class WireLocation(Wire):
    """A place that keeps stock."""

    id: str
    name: str


class LocationData(Wire):
    """The answer to ``LOCATION``."""

    location: WireLocation | None = None


class _Quantity(Wire):
    name: str
    quantity: int


class _Level(Wire):
    quantities: list[_Quantity]


class _Item(Wire):
    id: str
    level: _Level | None = Field(default=None, alias="inventoryLevel")


class WireVariantStock(Wire):
    """A variant with what is in stock of it at a location."""

    id: str
    display_name: str
    sku: str | None = None
    inventory_item: _Item

    def quantity(self, name: str) -> int | None:
        """How many pieces there are; none where the location does not stock it."""
        level = self.inventory_item.level
        return None if level is None else next((one.quantity for one in level.quantities if one.name == name), None)


class _Variants(Wire):
    nodes: list[WireVariantStock]
    page_info: PageInfo


class StockData(Wire):
    """The answer to ``STOCK``."""

    variants: _Variants = Field(alias="productVariants")


class SetPayload(Wire):
    """The payload of ``INVENTORY_SET``."""

    inventory_adjustment_group: Adjustment | None = None
