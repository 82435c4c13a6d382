"""The shapes of Wave's answers to ``documents``: only what is asked for, checked when an answer is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from aias.integrations.wave.models import Invoice

__all__ = [
    "BusinessesData",
    "Currency",
    "CustomersData",
    "Id",
    "InvoiceData",
    "InvoicePayload",
    "InvoicesData",
    "Page",
    "Payload",
    "ProductsData",
    "SalesTaxPayload",
    "SalesTaxesData",
    "TransactionPayload",
    "Wire",
    "WireCustomer",
    "WireInvoice",
    "WireProduct",
    "WireSalesTax",
    "reference_line",
    "reference_of",
]

_MARK = "Reference: "
"""What our reference stands behind, on a line of its own in a memo or a note."""

Node = TypeVar("Node", bound=BaseModel)


def reference_line(reference: str) -> str:
    """Give the line by which a thing of ours is found again."""
    return _MARK + reference


def reference_of(text: str | None) -> str | None:
    """Give the reference that a memo or a note of ours carries, if any."""
    lines = [line.strip() for line in (text or "").splitlines()]
    marked = [line.removeprefix(_MARK) for line in lines if line.startswith(_MARK)]
    return marked[-1] if marked else None


def _ungrouped(value: object) -> object:
    return value.replace(",", "") if isinstance(value, str) else value


class Wire(BaseModel):
    """What Wave's answers are read into: camel case there, snake case here."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class Edge(Wire, Generic[Node]):
    """A thing in a list."""

    node: Node


class PageInfo(Wire):
    """Where in the list this page is."""

    current_page: int
    total_pages: int | None = None
    total_count: int | None = None


class Page(Wire, Generic[Node]):
    """A page of a list."""

    page_info: PageInfo
    edges: list[Edge[Node]]

    @property
    def nodes(self) -> list[Node]:
        """The things on the page."""
        return [edge.node for edge in self.edges]

    @property
    def is_last(self) -> bool:
        """Whether there is no page after it."""
        return not self.edges or self.page_info.current_page >= (self.page_info.total_pages or 0)


class Currency(Wire):
    """A currency's code."""

    code: str


class _Money(Wire):
    # Wave groups thousands in `value`.
    value: Annotated[Decimal, BeforeValidator(_ungrouped)]


class WireBusiness(Wire):
    """A business of the account."""

    id: str
    name: str
    is_archived: bool = False
    currency: Currency


class BusinessesData(Wire):
    """The answer to ``BUSINESSES``."""

    businesses: Page[WireBusiness] | None = None


class WireCustomer(Wire):
    """A customer."""

    id: str
    name: str
    email: str | None = None
    internal_notes: str | None = None
    is_archived: bool | None = None

    @property
    def reference(self) -> str | None:
        """Our reference, where we made the customer."""
        return reference_of(self.internal_notes)


class WireProduct(Wire):
    """A product or service."""

    id: str
    name: str
    is_sold: bool = True
    is_archived: bool = False


class WireSalesTax(Wire):
    """A sales tax."""

    id: str
    name: str
    rate: Decimal
    is_archived: bool = False


class Id(Wire):
    """The id of a thing that is not looked at further."""

    id: str


class WireInvoice(Wire):
    """An invoice, without its lines."""

    id: str
    invoice_number: str
    status: str
    po_number: str | None = None
    memo: str | None = None
    invoice_date: str
    due_date: str
    last_sent_at: str | None = None
    view_url: str | None = None
    customer: Id
    currency: Currency
    subtotal: _Money
    tax_total: _Money
    total: _Money
    amount_due: _Money

    @property
    def reference(self) -> str | None:
        """Our reference, where we made the invoice."""
        return reference_of(self.memo)

    def model(self, *, created: bool = False) -> Invoice:
        """Give it as workflows see it."""
        return Invoice(
            id=self.id,
            number=self.invoice_number,
            status=self.status,
            customer_id=self.customer.id,
            currency=self.currency.code,
            subtotal=self.subtotal.value,
            tax_total=self.tax_total.value,
            total=self.total.value,
            amount_due=self.amount_due.value,
            po_number=self.po_number,
            reference=self.reference,
            invoice_date=self.invoice_date,
            due_date=self.due_date,
            sent_at=self.last_sent_at,
            view_url=self.view_url,
            created=created,
        )


class _CustomersHolder(Wire):
    customers: Page[WireCustomer]


class CustomersData(Wire):
    """The answer to ``CUSTOMERS``."""

    business: _CustomersHolder | None = None


class _ProductsHolder(Wire):
    products: Page[WireProduct]


class ProductsData(Wire):
    """The answer to ``PRODUCTS``."""

    business: _ProductsHolder | None = None


class _SalesTaxesHolder(Wire):
    sales_taxes: Page[WireSalesTax]


class SalesTaxesData(Wire):
    """The answer to ``SALES_TAXES``."""

    business: _SalesTaxesHolder | None = None


class _InvoiceHolder(Wire):
    invoice: WireInvoice | None = None


class InvoiceData(Wire):
    """The answer to ``INVOICE``."""

    business: _InvoiceHolder | None = None


class _InvoicesHolder(Wire):
    invoices: Page[WireInvoice]


class InvoicesData(Wire):
    """The answer to ``INVOICES``."""

    business: _InvoicesHolder | None = None


class Payload(Wire):
    """The payload of a mutation that gives nothing back."""

    did_succeed: bool


class SalesTaxPayload(Payload):
    """The payload of ``SALES_TAX_CREATE``."""

    sales_tax: WireSalesTax


class InvoicePayload(Payload):
    """The payload of ``INVOICE_CREATE`` and ``INVOICE_APPROVE``."""

    invoice: WireInvoice


class TransactionPayload(Payload):
    """The payload of ``MONEY_TRANSACTION_CREATE``: nothing is shown of the transaction but its id."""

    transaction: Id
