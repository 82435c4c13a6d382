"""The shapes of Wave's answers to ``documents``: only what is asked for, checked when an answer is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from aias.integrations.wave.models import Invoice

__all__ = [
    "AccountsData",
    "BusinessesData",
    "CustomerData",
    "CustomerPayload",
    "CustomersData",
    "InvoiceData",
    "InvoicePayload",
    "InvoicesData",
    "Page",
    "Payload",
    "ProductPayload",
    "ProductsData",
    "SalesTaxPayload",
    "SalesTaxesData",
    "WireCustomer",
    "WireInvoice",
    "WireProduct",
    "WireSalesTax",
    "reference_line",
]

_MARK = "Reference: "
"""What our reference stands behind, on a line of its own in a memo or a note."""

Node = TypeVar("Node", bound=BaseModel)


def reference_line(reference: str) -> str:
    """Give the line by which a thing of ours is found again."""
    return _MARK + reference


def _reference_of(text: str | None) -> str | None:
    lines = [line.strip() for line in (text or "").splitlines()]
    marked = [line.removeprefix(_MARK) for line in lines if line.startswith(_MARK)]
    return marked[-1] if marked else None


def _ungrouped(value: object) -> object:
    return value.replace(",", "") if isinstance(value, str) else value


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class Edge(_Wire, Generic[Node]):
    """A thing in a list."""

    node: Node


class PageInfo(_Wire):
    """Where in the list this page is."""

    current_page: int
    total_pages: int | None = None


class Page(_Wire, Generic[Node]):
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


class _Currency(_Wire):
    code: str


class _Money(_Wire):
    # Wave groups thousands in `value`.
    value: Annotated[Decimal, BeforeValidator(_ungrouped)]


class WireBusiness(_Wire):
    """A business of the account."""

    id: str
    name: str
    is_archived: bool = False
    currency: _Currency


class BusinessesData(_Wire):
    """The answer to ``BUSINESSES``."""

    businesses: Page[WireBusiness] | None = None


class WireCustomer(_Wire):
    """A customer."""

    id: str
    name: str
    email: str | None = None
    internal_notes: str | None = None
    is_archived: bool | None = None

    @property
    def reference(self) -> str | None:
        """Our reference, where we made the customer."""
        return _reference_of(self.internal_notes)


class WireProduct(_Wire):
    """A product or service."""

    id: str
    name: str
    is_sold: bool = True
    is_archived: bool = False


class WireSalesTax(_Wire):
    """A sales tax."""

    id: str
    name: str
    rate: Decimal
    is_archived: bool = False


class _Id(_Wire):
    id: str


class WireInvoice(_Wire):
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
    customer: _Id
    currency: _Currency
    subtotal: _Money
    tax_total: _Money
    total: _Money
    amount_due: _Money

    @property
    def reference(self) -> str | None:
        """Our reference, where we made the invoice."""
        return _reference_of(self.memo)

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


class _CustomerHolder(_Wire):
    customer: WireCustomer | None = None


class CustomerData(_Wire):
    """The answer to ``CUSTOMER``."""

    business: _CustomerHolder | None = None


class _CustomersHolder(_Wire):
    customers: Page[WireCustomer]


class CustomersData(_Wire):
    """The answer to ``CUSTOMERS``."""

    business: _CustomersHolder | None = None


class _ProductsHolder(_Wire):
    products: Page[WireProduct]


class ProductsData(_Wire):
    """The answer to ``PRODUCTS``."""

    business: _ProductsHolder | None = None


class _Subtype(_Wire):
    value: str


class WireAccount(_Wire):
    """An account of the chart of accounts."""

    id: str
    name: str
    subtype: _Subtype


class _AccountPage(_Wire):
    edges: list[Edge[WireAccount]]


class _AccountsHolder(_Wire):
    accounts: _AccountPage


class AccountsData(_Wire):
    """The answer to ``ACCOUNTS``."""

    business: _AccountsHolder | None = None


class _SalesTaxesHolder(_Wire):
    sales_taxes: Page[WireSalesTax]


class SalesTaxesData(_Wire):
    """The answer to ``SALES_TAXES``."""

    business: _SalesTaxesHolder | None = None


class _InvoiceHolder(_Wire):
    invoice: WireInvoice | None = None


class InvoiceData(_Wire):
    """The answer to ``INVOICE``."""

    business: _InvoiceHolder | None = None


class _InvoicesHolder(_Wire):
    invoices: Page[WireInvoice]


class InvoicesData(_Wire):
    """The answer to ``INVOICES``."""

    business: _InvoicesHolder | None = None


class Payload(_Wire):
    """The payload of a mutation that gives nothing back."""

    did_succeed: bool


class CustomerPayload(Payload):
    """The payload of ``CUSTOMER_CREATE``."""

    customer: WireCustomer


class ProductPayload(Payload):
    """The payload of ``PRODUCT_CREATE``."""

    product: WireProduct


class SalesTaxPayload(Payload):
    """The payload of ``SALES_TAX_CREATE``."""

    sales_tax: WireSalesTax


class InvoicePayload(Payload):
    """The payload of ``INVOICE_CREATE`` and ``INVOICE_APPROVE``."""

    invoice: WireInvoice
