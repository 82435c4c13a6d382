"""The actions ``wave.invoice_*``: made once, approved once, sent once, however often they are called.

Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference .
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from aias.integrations.shopify.models import Order
from aias.integrations.wave.client import wave
from aias.integrations.wave.inputs import EmailAddress, Id, Input, addresses
from aias.integrations.wave.invoice_mapping import invoice_from_order as map_order
from aias.integrations.wave.invoices import approve_invoice, create_invoice, get_invoice, send_invoice
from aias.integrations.wave.models import Invoice, InvoiceDraft
from aias.plugins import ActionContext, action

__all__ = ["invoice_approve", "invoice_create", "invoice_from_order", "invoice_get", "invoice_send"]


class InvoiceCreateInput(InvoiceDraft):
    """For whom, and what the invoice holds."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id


@action("wave.invoice_create", timeout=120.0, effect="idempotent", integration="wave")
async def invoice_create(context: ActionContext, data: InvoiceCreateInput) -> Invoice:
    """Make a draft invoice with its lines, taxes and discount, once for each reference.

    Source: https://developer.waveapps.com/hc/en-us/articles/360038817812-Mutation-Create-invoice .
    """
    return await create_invoice(await wave(context), data.customer_id, data)


class InvoiceFromOrderInput(Input):
    """The order as ``shopify.order_get`` gives it, and the Wave customer."""

    customer_id: Id
    order: Order


@action("wave.invoice_from_order", timeout=120.0, effect="idempotent", integration="wave")
async def invoice_from_order(context: ActionContext, data: InvoiceFromOrderInput) -> Invoice:
    """Make the draft invoice of a Shopify order, equal to its total to the cent, once for each order.

    How lines, taxes, discounts, shipping and refunds are mapped: ``aias.integrations.wave.invoice_mapping``.
    Source: https://developer.waveapps.com/hc/en-us/articles/360038817812-Mutation-Create-invoice .
    """
    return await create_invoice(await wave(context), data.customer_id, map_order(data.order))


class InvoiceIdInput(Input):
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
    return await approve_invoice(await wave(context), data.id)


class InvoiceSendInput(Input):
    """Which invoice, and to whom. With nobody to send it to, nothing is sent, and the output says so."""

    id: Id
    to: Annotated[list[EmailAddress], addresses, Field(max_length=20)]
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
        invoice = (await get_invoice(books, data.id)).model()
    else:
        values: dict[str, Any] = {"to": data.to, "attachPDF": data.attach_pdf}
        values |= {
            name: value for name, value in (("subject", data.subject), ("message", data.message)) if value is not None
        }
        invoice = await send_invoice(books, data.id, values)
    return InvoiceSendOutput(**invoice.model_dump(), is_sent=invoice.sent_at is not None)
