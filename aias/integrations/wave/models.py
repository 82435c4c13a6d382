"""Wave's things as workflows see them: flat, in snake case, amounts as decimal strings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

__all__ = [
    "Address",
    "Business",
    "CurrencyCode",
    "Customer",
    "Invoice",
    "InvoiceDiscount",
    "InvoiceDraft",
    "InvoiceLine",
    "InvoiceTax",
    "Product",
    "SalesTax",
]

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def _finite(value: Decimal) -> Decimal:
    if abs(value.adjusted()) > 20:  # noqa: PLR2004 (beyond any money there is)
        raise ValueError("is beyond any amount of money")
    return value


Amount = Annotated[Decimal, AfterValidator(_finite)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Business(_Model):
    """A business of the Wave account."""

    id: str
    name: str
    currency: str
    is_archived: bool


class Address(_Model):
    """A postal address; codes are ISO 3166."""

    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province_code: str | None = None
    country_code: str | None = None
    zip: str | None = None


class Customer(_Model):
    """A customer of the business. ``created`` says whether this call made it."""

    id: str
    name: str
    email: str | None
    created: bool


class Product(_Model):
    """A product or service of the business."""

    id: str
    name: str
    created: bool


class SalesTax(_Model):
    """A sales tax of the business; ``rate`` is 0.19 for 19 %."""

    id: str
    name: str
    rate: Decimal
    created: bool


class InvoiceTax(_Model):
    """A sales tax of a line, by name and rate (0.19 for 19 %); it is found at Wave or made there."""

    name: str = Field(min_length=1, max_length=100)
    rate: Decimal = Field(ge=0, le=1)


class InvoiceLine(_Model):
    """A line: ``product`` names the Wave product under which it is booked, the description says what it is."""

    description: str = Field(max_length=2000)
    product: str | None = Field(default=None, min_length=1, max_length=200)
    quantity: Amount = Decimal(1)
    unit_price: Amount
    taxes: list[InvoiceTax] = Field(default_factory=list[InvoiceTax], max_length=10)


class InvoiceDiscount(_Model):
    """A discount on the whole invoice, before taxes: an amount, or per cent."""

    type: Literal["fixed", "percentage"]
    value: Amount = Field(gt=0)
    name: str = Field(default="Discount", min_length=1, max_length=100)


class InvoiceDraft(_Model):
    """An invoice to be made.

    ``reference`` is what makes it once: an invoice that carries it in its memo is found instead of made again. Without
    one, the step's idempotency key is the reference. With ``expected_total`` the invoice must come to just that.
    """

    currency: CurrencyCode
    lines: list[InvoiceLine] = Field(min_length=1, max_length=1000)
    reference: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")
    po_number: str | None = Field(default=None, max_length=100)
    title: str | None = Field(default=None, max_length=200)
    memo: str | None = Field(default=None, max_length=5000)
    footer: str | None = Field(default=None, max_length=5000)
    invoice_date: date | None = None
    due_date: date | None = None
    discount: InvoiceDiscount | None = None
    expected_total: Amount | None = None


class Invoice(_Model):
    """An invoice. ``created`` says whether this call made it; ``sent_at`` is null until it was sent."""

    id: str
    number: str
    status: str
    customer_id: str
    currency: str
    subtotal: Decimal
    tax_total: Decimal
    total: Decimal
    amount_due: Decimal
    po_number: str | None
    reference: str | None
    invoice_date: str
    due_date: str
    sent_at: str | None
    view_url: str | None
    created: bool = False
