"""What a Shopify order is made of, and every total that follows from it.

Nothing here is stored twice: an :class:`Order` holds prices, discounts, taxes and refunds, and its totals are computed
from them by Shopify's rules:

- a line's discounts are allocations; an allocation of an application *across* the order counts for the order, all
  others for the line;
- ``subtotal`` is the sum of the lines after every discount; with taxes included it contains them;
- a tax is a rate of the discounted line, or of the discounted shipping, rounded per line;
- ``total`` is ``subtotal + shipping``, plus the taxes unless they are included.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from aias.simulators.money import MoneyBag, total

__all__ = [
    "Address",
    "Customer",
    "Discount",
    "DiscountAllocation",
    "LineItem",
    "Order",
    "Product",
    "Refund",
    "RefundLine",
    "ShippingLine",
    "TaxLine",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address as Shopify's MailingAddress states it."""

    id: int
    first_name: str | None
    last_name: str | None
    company: str | None
    address1: str
    address2: str | None
    city: str
    province: str | None
    province_code: str | None
    country: str
    country_code: str
    zip: str | None
    phone: str | None

    @property
    def name(self) -> str:
        """First and last name as one."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A buyer with an account. Any of the names, the e-mail address and the phone number may be missing."""

    id: int
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    locale: str
    tags: tuple[str, ...]
    created_at: datetime
    default_address: Address | None

    @property
    def display_name(self) -> str:
        """What the admin shows: the name, else the e-mail address, else the phone number."""
        name = " ".join(part for part in (self.first_name, self.last_name) if part)
        return name or self.email or self.phone or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product with its single variant. ``price`` is in the shop's currency."""

    id: int
    variant_id: int
    title: str
    variant_title: str | None
    sku: str | None
    vendor: str
    product_type: str
    price: Decimal
    requires_shipping: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A discount application: what was granted, before it is spread over lines.

    ``kind`` is ``code``, ``automatic`` or ``manual``; ``across`` says that it was granted to the order and not to
    single lines; ``percentage`` is set for a rate, ``amount`` for a sum in the buyer's currency.
    """

    index: int
    kind: str
    title: str
    across: bool
    percentage: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountAllocation:
    """The share of a discount application that fell on one line."""

    discount: Discount
    amount: MoneyBag


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """A tax on a line, on the shipping or, summed, on the order. ``rate`` is 0.19 for 19 %."""

    title: str
    rate: Decimal
    price: MoneyBag


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """A line of an order."""

    id: int
    product: Product | None
    title: str
    variant_title: str | None
    sku: str | None
    vendor: str | None
    quantity: int
    unit_price: MoneyBag
    allocations: tuple[DiscountAllocation, ...]
    tax_lines: tuple[TaxLine, ...]
    requires_shipping: bool = True
    taxable: bool = True

    @property
    def name(self) -> str:
        """Title and variant as one, as on an invoice."""
        return f"{self.title} - {self.variant_title}" if self.variant_title else self.title

    @property
    def original_total(self) -> MoneyBag:
        """Unit price times quantity."""
        return self.unit_price.times(self.quantity)

    @property
    def line_discount(self) -> MoneyBag:
        """What was granted to this line, without its share of the order's discounts."""
        return total((a.amount for a in self.allocations if not a.discount.across), self.unit_price)

    @property
    def all_discounts(self) -> MoneyBag:
        """What was granted to this line, with its share of the order's discounts."""
        return total((a.amount for a in self.allocations), self.unit_price)

    @property
    def discounted_total(self) -> MoneyBag:
        """The line after its own discounts."""
        return self.original_total - self.line_discount

    @property
    def final_total(self) -> MoneyBag:
        """The line after all discounts: what its taxes are computed from."""
        return self.original_total - self.all_discounts

    @property
    def tax(self) -> MoneyBag:
        """The sum of the line's taxes."""
        return total((t.price for t in self.tax_lines), self.unit_price)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingLine:
    """How an order is shipped, and for how much."""

    id: int
    title: str
    code: str
    price: MoneyBag
    tax_lines: tuple[TaxLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """So many pieces of a line, given back."""

    id: int
    line: LineItem
    quantity: int
    subtotal: MoneyBag
    tax: MoneyBag
    restock: str = "RETURN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund; ``total`` is the money that went back."""

    id: int
    created_at: datetime
    note: str | None
    lines: tuple[RefundLine, ...]
    total: MoneyBag


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as it was placed, with what happened to it since. Times are UTC."""

    id: int
    number: int
    email: str | None
    phone: str | None
    note: str | None
    tags: tuple[str, ...]
    created_at: datetime
    cancelled_at: datetime | None
    paid: bool
    currency: str
    presentment_currency: str
    taxes_included: bool
    customer: Customer | None
    billing_address: Address | None
    shipping_address: Address | None
    lines: tuple[LineItem, ...]
    shipping_lines: tuple[ShippingLine, ...]
    discounts: tuple[Discount, ...]
    refunds: tuple[Refund, ...]

    @property
    def gid(self) -> str:
        """The id in GraphQL: ``gid://shopify/Order/<id>``."""
        return f"gid://shopify/Order/{self.id}"

    @property
    def name(self) -> str:
        """What people call it: ``#1001``."""
        return f"#{self.number}"

    @cached_property
    def zero(self) -> MoneyBag:
        """Nothing, in the order's two currencies."""
        return self.lines[0].unit_price.nothing()

    @cached_property
    def subtotal(self) -> MoneyBag:
        """The lines after all discounts; contains the taxes where they are included."""
        return total((line.final_total for line in self.lines), self.zero)

    @cached_property
    def discount_total(self) -> MoneyBag:
        """All that was granted."""
        return total((line.all_discounts for line in self.lines), self.zero)

    @cached_property
    def order_discount_total(self) -> MoneyBag:
        """What was granted to the order as a whole."""
        return self.discount_total - total((line.line_discount for line in self.lines), self.zero)

    @cached_property
    def shipping_total(self) -> MoneyBag:
        """The price of the shipping."""
        return total((line.price for line in self.shipping_lines), self.zero)

    @cached_property
    def tax_lines(self) -> tuple[TaxLine, ...]:
        """The taxes of all lines and of the shipping, one for each title and rate, in the order of appearance."""
        found: dict[tuple[str, Decimal], MoneyBag] = {}
        for holder in (*self.lines, *self.shipping_lines):
            for tax in holder.tax_lines:
                key = (tax.title, tax.rate)
                found[key] = found.get(key, self.zero) + tax.price
        return tuple(TaxLine(title=title, rate=rate, price=price) for (title, rate), price in found.items())

    @cached_property
    def tax_total(self) -> MoneyBag:
        """The sum of all taxes."""
        return total((tax.price for tax in self.tax_lines), self.zero)

    @cached_property
    def total(self) -> MoneyBag:
        """What the buyer was charged."""
        before = self.subtotal + self.shipping_total
        return before if self.taxes_included else before + self.tax_total

    @cached_property
    def refunded_total(self) -> MoneyBag:
        """What went back to the buyer."""
        return total((refund.total for refund in self.refunds), self.zero)

    @property
    def refunded_subtotal(self) -> MoneyBag:
        """The part of :attr:`subtotal` that was given back."""
        return total((line.subtotal for refund in self.refunds for line in refund.lines), self.zero)

    @property
    def refunded_tax(self) -> MoneyBag:
        """The part of :attr:`tax_total` that was given back."""
        return total((line.tax for refund in self.refunds for line in refund.lines), self.zero)

    @property
    def received_total(self) -> MoneyBag:
        """What was paid, before refunds."""
        return self.total if self.paid else self.zero

    @property
    def financial_status(self) -> str:
        """PENDING, PAID, PARTIALLY_REFUNDED, REFUNDED or VOIDED."""
        if not self.paid:
            return "VOIDED" if self.cancelled_at else "PENDING"
        if not self.refunds:
            return "PAID"
        return "REFUNDED" if self.refunded_total == self.total else "PARTIALLY_REFUNDED"

    def refunded_quantity(self, line: LineItem) -> int:
        """How many pieces of the line were given back."""
        return sum(r.quantity for refund in self.refunds for r in refund.lines if r.line is line)
