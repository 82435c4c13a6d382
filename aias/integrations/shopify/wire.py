"""The shapes of Shopify's answers to ``documents``: only what is asked for, checked when an answer is read."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

__all__ = [
    "Allocation",
    "Application",
    "Bag",
    "CustomerData",
    "LineItem",
    "LineItems",
    "LinesData",
    "MailingAddress",
    "NoteData",
    "OrderCustomer",
    "OrderData",
    "OrdersData",
    "PageInfo",
    "ProductData",
    "SetNotePayload",
    "Shipping",
    "TagsAddPayload",
    "TaxLine",
    "TotalBag",
    "Wire",
    "WireCustomer",
    "WireOrder",
    "WireOrderSummary",
    "WireProduct",
    "WireRefund",
    "WireVariant",
]


class Wire(BaseModel):
    """The base of every shape: camel case outside, snake case inside."""

    model_config = ConfigDict(alias_generator=to_camel, coerce_numbers_to_str=True, frozen=True)


class _Amount(Wire):
    amount: Decimal


class Bag(Wire):
    """An amount, in the currency that was asked for."""

    money: _Amount


class TotalBag(Bag):
    """The total, in the shop's currency too."""

    shop_money: _Amount


class Application(Wire):
    """A discount application."""

    index: int
    code: str | None = None
    title: str | None = None


class _ApplicationIndex(Wire):
    index: int


class Allocation(Wire):
    """A discount's share of a line."""

    allocated_amount_set: Bag
    discount_application: _ApplicationIndex


class TaxLine(Wire):
    """A tax of a line."""

    title: str
    rate: Decimal | None = None
    price_set: Bag


class LineItem(Wire):
    """A line of an order."""

    id: str
    name: str
    sku: str | None = None
    quantity: int
    original_unit_price_set: Bag
    discount_allocations: list[Allocation]
    tax_lines: list[TaxLine]


class Shipping(Wire):
    """A shipping line of an order."""

    title: str
    original_price_set: Bag
    discount_allocations: list[Allocation]
    tax_lines: list[TaxLine]


class PageInfo(Wire):
    """Whether there is more, and from where."""

    has_next_page: bool
    end_cursor: str | None = None


class LineItems(Wire):
    """A page of lines."""

    nodes: list[LineItem]
    page_info: PageInfo


class _Email(Wire):
    email_address: str


class _Phone(Wire):
    phone_number: str


class OrderCustomer(Wire):
    """The customer of an order."""

    id: str
    display_name: str
    first_name: str | None = None
    last_name: str | None = None
    email: _Email | None = None
    phone: _Phone | None = None


class MailingAddress(Wire):
    """A postal address."""

    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province_code: str | None = None
    country_code: str | None = Field(default=None, alias="countryCodeV2")
    zip: str | None = None
    phone: str | None = None


class _Applications(Wire):
    nodes: list[Application]


class _ShippingLines(Wire):
    nodes: list[Shipping]


class WireRefund(Wire):
    """A refund of an order."""

    id: str
    created_at: str | None = None
    note: str | None = None
    total_refunded_set: Bag


class _PaymentPage(Wire):
    url: str | None = None


class WireOrder(Wire):
    """An order with its first page of lines."""

    id: str
    legacy_resource_id: str
    name: str
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    tags: list[str]
    created_at: str
    processed_at: str
    cancelled_at: str | None = None
    display_financial_status: str | None = None
    display_fulfillment_status: str | None = None
    currency_code: str
    presentment_currency_code: str
    taxes_included: bool
    discount_codes: list[str]
    payment_collection_details: _PaymentPage | None = None
    customer: OrderCustomer | None = None
    billing_address: MailingAddress | None = None
    shipping_address: MailingAddress | None = None
    subtotal_price_set: Bag | None = None
    total_discounts_set: Bag | None = None
    total_shipping_price_set: Bag
    total_tax_set: Bag | None = None
    total_tip_received_set: Bag | None = None
    total_price_set: TotalBag
    total_refunded_set: Bag
    discount_applications: _Applications
    shipping_lines: _ShippingLines
    refunds: list[WireRefund]
    line_items: LineItems


class OrderData(Wire):
    """The answer to ``ORDER``."""

    order: WireOrder | None = None


class _LinesOnly(Wire):
    line_items: LineItems


class LinesData(Wire):
    """The answer to ``MORE_LINES``."""

    order: _LinesOnly | None = None


class WireOrderSummary(Wire):
    """An order in a list."""

    id: str
    legacy_resource_id: str
    name: str
    created_at: str
    currency_code: str
    presentment_currency_code: str
    display_financial_status: str | None = None
    email: str | None = None
    tags: list[str]
    total_price_set: Bag


class _OrderPage(Wire):
    nodes: list[WireOrderSummary]
    page_info: PageInfo


class OrdersData(Wire):
    """The answer to ``ORDERS``."""

    orders: _OrderPage


class _OrderNote(Wire):
    id: str
    note: str | None = None


class NoteData(Wire):
    """The answer to ``ORDER_NOTE``."""

    order: _OrderNote | None = None


class _Tagged(Wire):
    id: str
    tags: list[str] = []


class TagsAddPayload(Wire):
    """The payload of ``TAGS_ADD``."""

    node: _Tagged | None = None


class SetNotePayload(Wire):
    """The payload of ``SET_NOTE``."""

    order: _OrderNote | None = None


class _ItemId(Wire):
    id: str


class WireVariant(Wire):
    """A variant of a product."""

    id: str
    title: str
    sku: str | None = None
    price: Decimal
    inventory_quantity: int | None = None
    inventory_item: _ItemId


class _Variants(Wire):
    nodes: list[WireVariant]


class WireProduct(Wire):
    """A product."""

    id: str
    title: str
    handle: str
    vendor: str
    product_type: str
    status: str
    tags: list[str]
    variants: _Variants


class ProductData(Wire):
    """The answer to ``PRODUCT``."""

    product: WireProduct | None = None


class _MoneyV2(_Amount):
    currency_code: str


class WireCustomer(OrderCustomer):
    """A customer."""

    tags: list[str]
    number_of_orders: int
    amount_spent: _MoneyV2
    default_address: MailingAddress | None = None


class CustomerData(Wire):
    """The answer to ``CUSTOMER``."""

    customer: WireCustomer | None = None
