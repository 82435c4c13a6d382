"""What a Wave business keeps besides its invoices: accounts, customers, products, sales taxes, transactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

__all__ = ["ACCOUNTS", "Account", "Address", "Customer", "Product", "SalesTax", "Transaction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the chart of accounts."""

    id: str
    sequence: int
    name: str
    type: str
    subtype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as it was given."""

    address_line1: str | None
    address_line2: str | None
    city: str | None
    province_code: str | None
    country_code: str | None
    postal_code: str | None


@dataclass(slots=True, kw_only=True)
class Customer:
    """A customer; ``details`` holds the plain text fields by their GraphQL names."""

    id: str
    number: int
    name: str
    details: dict[str, str | None]
    currency: str | None
    address: Address | None
    shipping: dict[str, Any] | None
    created_at: datetime
    modified_at: datetime

    @property
    def email(self) -> str | None:
        """The e-mail address."""
        return self.details.get("email")


@dataclass(slots=True, kw_only=True)
class SalesTax:
    """A sales tax; ``rate`` is 0.13 for 13 %."""

    id: str
    number: int
    name: str
    abbreviation: str
    rate: Decimal
    description: str | None
    tax_number: str | None
    show_tax_number_on_invoices: bool
    is_compound: bool
    is_recoverable: bool
    effective: date
    created_at: datetime
    modified_at: datetime
    is_archived: bool = False


@dataclass(slots=True, kw_only=True)
class Product:
    """A product or service that is sold, bought or both."""

    id: str
    number: int
    name: str
    description: str | None
    unit_price: Decimal
    income_account: Account | None
    expense_account: Account | None
    default_sales_taxes: list[SalesTax]
    created_at: datetime
    modified_at: datetime
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Money that moved, as the caller booked it. Wave shows nothing of it but the id."""

    id: str
    external_id: str
    date: date
    description: str
    amount: Decimal
    direction: str
    lines: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


ACCOUNTS: tuple[tuple[str, str, str], ...] = (
    ("Accounts Receivable", "ASSET", "RECEIVABLE"),
    ("Cash on Hand", "ASSET", "CASH_AND_BANK"),
    ("Sales", "INCOME", "INCOME"),
    ("Shipping Income", "INCOME", "INCOME"),
    ("Discounts", "INCOME", "DISCOUNTS"),
    ("Uncategorized Income", "INCOME", "UNCATEGORIZED_INCOME"),
    ("Sales Tax Payable", "LIABILITY", "SALES_TAX"),
    ("Merchant Fees", "EXPENSE", "OPERATING_EXPENSE"),
)
"""The accounts that a new business has: name, type, subtype."""
