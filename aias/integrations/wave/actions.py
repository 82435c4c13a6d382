"""The actions ``wave.*``.

Amounts are decimal strings; every change is made once, however often the action is called.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from aias.integrations.shopify.models import Order
from aias.integrations.wave import documents, wire
from aias.integrations.wave.catalog import find_or_create_product, find_or_create_sales_tax
from aias.integrations.wave.client import wave
from aias.integrations.wave.customers import CustomerFindOrCreateInput, find_or_create_customer
from aias.integrations.wave.invoice_mapping import invoice_from_order as map_order
from aias.integrations.wave.invoices import (
    approve_invoice,
    create_invoice,
    get_invoice,
    list_invoices,
    send_invoice,
)
from aias.integrations.wave.models import Business, Customer, Invoice, InvoiceDraft, InvoiceTax, Product, SalesTax
from aias.plugins import ActionContext, action

__all__ = [
    "business_list",
    "customer_find_or_create",
    "invoice_approve",
    "invoice_create",
    "invoice_from_order",
    "invoice_get",
    "invoice_list",
    "invoice_send",
    "product_find_or_create",
    "sales_tax_find_or_create",
]

Id = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, Field(min_length=3, max_length=320, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BusinessListInput(_Input):
    """Nothing to say."""


class BusinessListOutput(BaseModel):
    """The businesses that the connection's token may see."""

    businesses: list[Business]


@action("wave.business_list", timeout=60.0, effect="none", integration="wave")
async def business_list(context: ActionContext, data: BusinessListInput) -> BusinessListOutput:
    """List the businesses of the Wave account.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (businesses).
    """
    del data
    books = await wave(context)
    found: list[Business] = []
    page = 0
    while True:
        page += 1
        answer = await books.graphql.query(documents.BUSINESSES, {"page": page}, wire.BusinessesData)
        if answer.businesses is None:
            break
        found += [
            Business(id=one.id, name=one.name, currency=one.currency.code, is_archived=one.is_archived)
            for one in answer.businesses.nodes
        ]
        if answer.businesses.is_last:
            break
    return BusinessListOutput(businesses=found)


@action("wave.customer_find_or_create", timeout=60.0, effect="idempotent", integration="wave")
async def customer_find_or_create(context: ActionContext, data: CustomerFindOrCreateInput) -> Customer:
    """Give the customer with this e-mail address or reference; it is made, once, where there is none.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (customerCreate).
    """
    return await find_or_create_customer(await wave(context), data)


class ProductFindOrCreateInput(_Input):
    """Which product."""

    name: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=1000)


@action("wave.product_find_or_create", timeout=60.0, effect="idempotent", integration="wave")
async def product_find_or_create(context: ActionContext, data: ProductFindOrCreateInput) -> Product:
    """Give the product or service of this name; it is made, once, where there is none.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (productCreate).
    """
    return await find_or_create_product(await wave(context), data.name, description=data.description)


class SalesTaxFindOrCreateInput(_Input):
    """Which tax: its name, and its rate (0.19 for 19 %)."""

    name: str = Field(min_length=1, max_length=100)
    rate: Decimal = Field(ge=0, le=1)


@action("wave.sales_tax_find_or_create", timeout=60.0, effect="idempotent", integration="wave")
async def sales_tax_find_or_create(context: ActionContext, data: SalesTaxFindOrCreateInput) -> SalesTax:
    """Give the sales tax of this name and rate; it is made, once, where there is none.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (salesTaxCreate).
    """
    return await find_or_create_sales_tax(await wave(context), InvoiceTax(name=data.name, rate=data.rate))


class InvoiceCreateInput(InvoiceDraft):
    """For whom, and what the invoice holds."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id


@action("wave.invoice_create", timeout=120.0, effect="idempotent", integration="wave")
async def invoice_create(context: ActionContext, data: InvoiceCreateInput) -> Invoice:
    """Make a draft invoice with its lines, taxes and discount, once for each reference.

    Source: https://developer.waveapps.com/hc/en-us/articles/360038817812-Mutation-Create-invoice .
    """
    invoice, created = await create_invoice(await wave(context), data.customer_id, data)
    return invoice.model(created=created)


class InvoiceFromOrderInput(_Input):
    """The order as ``shopify.order_get`` gives it, and the Wave customer."""

    customer_id: Id
    order: Order


@action("wave.invoice_from_order", timeout=120.0, effect="idempotent", integration="wave")
async def invoice_from_order(context: ActionContext, data: InvoiceFromOrderInput) -> Invoice:
    """Make the draft invoice of a Shopify order, equal to its total to the cent, once for each order.

    How lines, taxes, discounts, shipping and refunds are mapped: ``aias.integrations.wave.invoice_mapping``.
    Source: https://developer.waveapps.com/hc/en-us/articles/360038817812-Mutation-Create-invoice .
    """
    invoice, created = await create_invoice(await wave(context), data.customer_id, map_order(data.order))
    return invoice.model(created=created)


class InvoiceIdInput(_Input):
    """Which invoice."""

    id: Id


@action("wave.invoice_get", effect="none", integration="wave")
async def invoice_get(context: ActionContext, data: InvoiceIdInput) -> Invoice:
    """Fetch one invoice.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (Business.invoice).
    """
    return (await get_invoice(await wave(context), data.id)).model()


@action("wave.invoice_approve", effect="idempotent", integration="wave")
async def invoice_approve(context: ActionContext, data: InvoiceIdInput) -> Invoice:
    """Approve a draft invoice; one that is approved stays as it is.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (invoiceApprove).
    """
    return (await approve_invoice(await wave(context), data.id))[0].model()


def _addresses(value: object) -> object:
    """One address is a list of one; none is an empty list."""
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else value


class InvoiceSendInput(_Input):
    """Which invoice, and to whom. With nobody to send it to, nothing is sent, and the output says so."""

    id: Id
    to: Annotated[list[Address], BeforeValidator(_addresses), Field(max_length=20)]
    subject: str | None = Field(default=None, max_length=200, pattern=r"^[^\r\n]*$")
    message: str | None = Field(default=None, max_length=5000)
    attach_pdf: bool = True


class InvoiceSendOutput(Invoice):
    """The invoice; ``is_sent`` is false where there was nobody to send it to."""

    is_sent: bool


@action("wave.invoice_send", timeout=60.0, effect="idempotent", integration="wave")
async def invoice_send(context: ActionContext, data: InvoiceSendInput) -> InvoiceSendOutput:
    """Send an approved invoice by Wave's e-mail; one that was sent is not sent again.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (invoiceSend).
    """
    books = await wave(context)
    if not data.to:
        invoice = await get_invoice(books, data.id)
    else:
        values: dict[str, Any] = {"to": data.to, "attachPDF": data.attach_pdf}
        values |= {
            name: value for name, value in (("subject", data.subject), ("message", data.message)) if value is not None
        }
        invoice, _ = await send_invoice(books, data.id, values)
    return InvoiceSendOutput(**invoice.model().model_dump(), is_sent=invoice.last_sent_at is not None)


class InvoiceListInput(_Input):
    """Which invoices."""

    customer_id: Id | None = None
    status: Literal["DRAFT", "OVERDUE", "PAID", "PARTIAL", "SAVED", "SENT", "UNPAID", "VIEWED"] | None = None
    page: int = Field(default=1, ge=1, le=100_000)
    page_size: int = Field(default=50, ge=1, le=200)


class InvoiceListOutput(BaseModel):
    """A page of invoices, newest first."""

    invoices: list[Invoice]
    page: int
    page_count: int


@action("wave.invoice_list", effect="none", integration="wave")
async def invoice_list(context: ActionContext, data: InvoiceListInput) -> InvoiceListOutput:
    """List invoices of the business, a page at a time, newest first.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (Business.invoices).
    """
    variables = {
        "page": data.page,
        "pageSize": data.page_size,
        "customerId": data.customer_id,
        "status": data.status,
        "from": None,
        "to": None,
    }
    page = await list_invoices(await wave(context), variables)
    return InvoiceListOutput(
        invoices=[node.model() for node in page.nodes], page=data.page, page_count=page.page_info.total_pages or 0
    )
