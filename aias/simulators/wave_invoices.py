"""Wave's invoices and how their totals come about.

- A line is ``quantity x unitPrice``, rounded to the currency's decimals.
- The invoice's discounts come off the sum of the lines, one after the other, and are spread over them in proportion.
- A line's taxes are computed from what is then left of it, or are the amounts that the caller gave; a compound tax also
  counts the plain taxes before it.
- ``total = subtotal - discounts + taxes``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from aias.simulators.money import MoneyBag, allocate, rounded
from aias.simulators.wave_books import Account, Customer, Product, SalesTax

__all__ = ["Discount", "Invoice", "Item", "ItemTax", "Totals", "totals_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTax:
    """A tax of a line; ``given`` is the caller's own amount, None when it is to be computed."""

    sales_tax: SalesTax
    given: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line as it was ordered up."""

    product: Product
    account: Account
    description: str | None
    quantity: Decimal
    unit_price: Decimal
    taxes: tuple[ItemTax, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A discount of the invoice: a fixed amount, or a percentage (10 for 10 %)."""

    name: str | None
    amount: Decimal | None
    percentage: Decimal | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What an invoice comes to. ``item_subtotals`` and ``item_taxes`` go line by line, the latter tax by tax."""

    item_subtotals: tuple[Decimal, ...]
    item_taxes: tuple[tuple[Decimal, ...], ...]
    subtotal: Decimal
    discount: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal - self.discount + self.tax


@dataclass(slots=True, kw_only=True)
class Invoice:
    """An invoice: what was asked for, what it comes to, and how far it got."""

    id: str
    number: int
    customer: Customer
    status: str
    title: str
    subhead: str | None
    invoice_number: str
    po_number: str | None
    invoice_date: date
    due_date: date
    currency: str
    exchange_rate: Decimal
    items: tuple[Item, ...]
    discounts: tuple[Discount, ...]
    totals: Totals
    memo: str | None
    footer: str | None
    created_at: datetime
    modified_at: datetime
    last_sent_at: datetime | None = None
    last_sent_via: str | None = None
    sent_count: int = 0
    recipients: list[str] = field(default_factory=list[str])

    @property
    def reference(self) -> str:
        """The caller's own number for it: the purchase order number, else the memo."""
        return self.po_number or self.memo or ""


def totals_of(items: tuple[Item, ...], discounts: tuple[Discount, ...], currency: str) -> Totals:
    """What these lines and discounts come to in this currency.

    Raises:
        ValueError: a discount is larger than what is left to be discounted.
    """
    subtotals = [rounded(item.quantity * item.unit_price, currency) for item in items]
    subtotal = sum(subtotals, start=rounded(Decimal(0), currency))
    left = subtotal
    for discount in discounts:
        rate = discount.percentage
        taken = discount.amount or Decimal(0) if rate is None else left * rate / 100
        left -= rounded(taken, currency)
    if left < 0 <= subtotal:
        raise ValueError(f"the discounts come to {subtotal - left}, the lines only to {subtotal}")
    shares = _spread(subtotal - left, subtotals, currency)
    taxes = tuple(
        _taxes(item, base - share, currency) for item, base, share in zip(items, subtotals, shares, strict=True)
    )
    return Totals(
        item_subtotals=tuple(subtotals),
        item_taxes=taxes,
        subtotal=subtotal,
        discount=subtotal - left,
        tax=sum((amount for line in taxes for amount in line), start=rounded(Decimal(0), currency)),
    )


def _spread(amount: Decimal, weights: list[Decimal], currency: str) -> list[Decimal]:
    def bag(value: Decimal) -> MoneyBag:
        return MoneyBag(value, currency, value, currency)

    return [share.shop for share in allocate(bag(amount), [bag(weight) for weight in weights])]


def _taxes(item: Item, base: Decimal, currency: str) -> tuple[Decimal, ...]:
    plain = Decimal(0)
    amounts: list[Decimal] = []
    for tax in item.taxes:
        if tax.given is not None:
            amount = rounded(tax.given, currency)
        elif tax.sales_tax.is_compound:
            amount = rounded((base + plain) * tax.sales_tax.rate, currency)
        else:
            amount = rounded(base * tax.sales_tax.rate, currency)
        if not tax.sales_tax.is_compound:
            plain += amount
        amounts.append(amount)
    return tuple(amounts)
