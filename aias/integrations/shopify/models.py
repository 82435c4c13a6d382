"""Shopify's things as workflows see them: flat, in snake case, every amount a decimal string in one currency."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Address",
    "Buyer",
    "Customer",
    "Discount",
    "Line",
    "Order",
    "OrderSummary",
    "Product",
    "Refund",
    "ShippingLine",
    "Tax",
    "Variant",
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Tax(_Model):
    """A tax on a line or on the shipping. ``rate`` is 0.19 for 19 %; none where Shopify does not know it."""

    title: str
    rate: Decimal | None
    amount: Decimal


class Discount(_Model):
    """What a discount takes off one line; ``title`` is its code or its name."""

    title: str
    amount: Decimal


class Line(_Model):
    """A line of an order.

    ``total`` is unit price times quantity: before discounts, and with the taxes where they are included in prices.
    """

    id: str
    title: str
    sku: str | None
    quantity: int
    unit_price: Decimal
    total: Decimal
    discounts: list[Discount]
    taxes: list[Tax]


class ShippingLine(_Model):
    """How the order is shipped, and for how much before discounts."""

    title: str
    price: Decimal
    discounts: list[Discount]
    taxes: list[Tax]


class Address(_Model):
    """A postal address."""

    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province_code: str | None = None
    country_code: str | None = None
    zip: str | None = None
    phone: str | None = None


class Buyer(_Model):
    """Who bought, from the customer, the order and its addresses, whichever knows.

    ``reference`` is the same for every order of the same buyer: by e-mail address, else by customer, else by name; a
    buyer who left nothing of these shares the reference ``guest`` with all others of the kind.
    """

    reference: str
    name: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    address: Address | None


class Refund(_Model):
    """Money that went back."""

    id: str
    created_at: str | None
    amount: Decimal
    note: str | None


class Order(_Model):
    """An order with all its lines. Amounts are in ``currency``; ``shop_total`` is the total in the shop's own."""

    id: str
    legacy_id: str
    name: str
    currency: str
    shop_currency: str
    taxes_included: bool
    created_at: str
    processed_at: str
    cancelled_at: str | None
    financial_status: str | None
    fulfillment_status: str | None
    email: str | None
    note: str | None
    tags: list[str]
    discount_codes: list[str]
    lines: list[Line]
    shipping_lines: list[ShippingLine]
    subtotal: Decimal
    total_discounts: Decimal
    total_shipping: Decimal
    total_tax: Decimal
    tip: Decimal
    total: Decimal
    refunded: Decimal
    shop_total: Decimal
    refunds: list[Refund]
    payment_url: str | None = Field(default=None, description="Where what is still owed can be paid.")
    customer_id: str | None
    buyer: Buyer
    billing_address: Address | None
    shipping_address: Address | None


class OrderSummary(_Model):
    """An order in a list."""

    id: str
    legacy_id: str
    name: str
    created_at: str
    currency: str
    total: Decimal
    financial_status: str | None
    email: str | None
    tags: list[str]


class Variant(_Model):
    """A variant of a product; the price is in the shop's currency."""

    id: str
    title: str
    sku: str | None
    price: Decimal
    inventory_quantity: int | None
    inventory_item_id: str


class Product(_Model):
    """A product with its first 100 variants."""

    id: str
    title: str
    handle: str
    vendor: str
    product_type: str
    status: str
    tags: list[str]
    variants: list[Variant] = Field(max_length=100)


class Customer(_Model):
    """A customer of the shop."""

    id: str
    name: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    tags: list[str]
    order_count: int
    amount_spent: Decimal
    currency: str
    address: Address | None
