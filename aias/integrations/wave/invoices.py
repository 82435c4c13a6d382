"""Invoices at Wave: made once, approved once, sent once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.references import claimed
from aias.integrations.wave import documents, wire
from aias.integrations.wave.catalog import find_or_create_product, find_or_create_sales_tax, forget_catalog
from aias.integrations.wave.client import Wave
from aias.integrations.wave.invoice_mapping import rounding_line
from aias.integrations.wave.models import Invoice, InvoiceDiscount, InvoiceDraft, InvoiceLine

__all__ = ["approve_invoice", "create_invoice", "get_invoice", "send_invoice"]

_DRAFT = "DRAFT"
_PAGE = 100
_LONGEST = 110.0
"""Seconds for looking, for the products and taxes of the lines, and for making."""


async def create_invoice(books: Wave, customer_id: str, draft: InvoiceDraft) -> Invoice:
    """Give the invoice with the draft's reference, made now unless it is there.

    A draft of an earlier attempt that came to another total is replaced.

    Raises:
        TransientError: no answer, or another execution is still at it.
        PermanentError: Wave refuses it, or the invoice is there with another total and approved.
    """
    reference = draft.reference or books.context.idempotency_key
    async with claimed(books.context, books.connection, kind="invoice", reference=reference) as claim:

        async def look() -> wire.WireInvoice | None:
            return await _known(books, claim.remote_id) or await _search(books, customer_id, reference, draft)

        async def send() -> Invoice:
            with before_sending():
                found = await look()
                if found is not None and not _is_other(found, draft):
                    return found.model()
                if found is not None and found.status != _DRAFT:
                    raise PermanentError(
                        f"{books.name}: invoice {found.invoice_number} for {reference} is there with a total of "
                        f"{found.total.value} {found.currency.code}; expected were "
                        f"{draft.expected_total} {draft.currency}"
                    )
                items = [await _item(books, line) for line in draft.lines]
            if found is not None:
                await _delete(books, found)
            return (await _make_exact(books, customer_id, reference, draft, items)).model(created=True)

        async def find() -> Invoice | None:
            found = await look()
            return None if found is None or _is_other(found, draft) else found.model(created=True)

        request = {"customer_id": customer_id, **draft.model_dump(mode="json", exclude={"customer_id"})}
        invoice = await books.once("invoiceCreate", request, Invoice, send=send, find=find, timeout=_LONGEST)
        if invoice is None:
            raise PermanentError(f"{books.name} has no invoice for {reference}, though it was made")
        claim.note(invoice.id)
    return invoice


async def get_invoice(books: Wave, invoice_id: str) -> wire.WireInvoice:
    """Give the invoice.

    Raises:
        PermanentError: there is none.
    """
    found = await _known(books, invoice_id)
    if found is None:
        raise PermanentError(f"{books.name} has no invoice {invoice_id}")
    return found


async def approve_invoice(books: Wave, invoice_id: str) -> Invoice:
    """Approve the invoice, unless it is approved.

    Raises:
        TransientError: no answer.
        PermanentError: there is no such invoice, or Wave refuses.
    """

    async def send() -> Invoice:
        with before_sending():
            invoice = await get_invoice(books, invoice_id)
        if invoice.status != _DRAFT:
            return invoice.model()
        payload = await books.mutate(
            documents.INVOICE_APPROVE, {"invoiceId": invoice_id}, "invoiceApprove", wire.InvoicePayload
        )
        return payload.invoice.model()

    async def find() -> Invoice | None:
        invoice = await get_invoice(books, invoice_id)
        return invoice.model() if invoice.status != _DRAFT else None

    approved = await books.once("invoiceApprove", {"id": invoice_id}, Invoice, send=send, find=find)
    return approved or (await get_invoice(books, invoice_id)).model()


async def send_invoice(books: Wave, invoice_id: str, values: dict[str, Any]) -> Invoice:
    """Send the invoice by Wave's e-mail, unless it was sent.

    Raises:
        TransientError: no answer.
        PermanentError: there is no such invoice, it is not approved, or Wave refuses.
    """

    async def send() -> Invoice:
        with before_sending():
            invoice = await get_invoice(books, invoice_id)
            if invoice.last_sent_at is not None:
                return invoice.model()
            if invoice.status == _DRAFT:
                raise PermanentError(f"{books.name}: invoice {invoice.invoice_number} is a draft: approve it first")
        await books.mutate(documents.INVOICE_SEND, {"invoiceId": invoice_id, **values}, "invoiceSend", wire.Payload)
        return (await get_invoice(books, invoice_id)).model()

    async def find() -> Invoice | None:
        invoice = await get_invoice(books, invoice_id)
        return invoice.model() if invoice.last_sent_at is not None else None

    sent = await books.once("invoiceSend", {"id": invoice_id, **values}, Invoice, send=send, find=find)
    return sent or (await get_invoice(books, invoice_id)).model()


def _is_other(found: wire.WireInvoice, draft: InvoiceDraft) -> bool:
    return draft.expected_total is not None and (
        found.total.value != draft.expected_total or found.currency.code != draft.currency
    )


async def _known(books: Wave, invoice_id: str | None) -> wire.WireInvoice | None:
    if invoice_id is None:
        return None
    answer = await books.find(documents.INVOICE, invoice_id, wire.InvoiceData)
    return answer.business.invoice if answer and answer.business else None


async def _search(books: Wave, customer_id: str, reference: str, draft: InvoiceDraft) -> wire.WireInvoice | None:
    """Look for our reference among the customer's invoices of that day (of all days where the draft names none)."""
    day = draft.invoice_date.isoformat() if draft.invoice_date else None
    variables = {"customerId": customer_id, "from": day, "to": day, "pageSize": _PAGE}
    async for invoice in books.each(documents.INVOICES, wire.InvoicesData, _page, variables):
        if invoice.reference == reference:
            return invoice
    return None


async def _make_exact(
    books: Wave, customer_id: str, reference: str, draft: InvoiceDraft, items: list[dict[str, Any]]
) -> wire.WireInvoice:
    """Make the draft invoice; where Wave's arithmetic gives another total than expected, once more with a correction.

    How Wave rounds is not documented, so that the result is looked at instead of trusted.
    """
    invoice = await _make(books, customer_id, reference, draft, items)
    if not _is_other(invoice, draft):
        return invoice
    left = (draft.expected_total or Decimal(0)) - invoice.total.value
    await _delete(books, invoice)
    corrected = [*items, await _item(books, rounding_line(left))]
    invoice = await _make(books, customer_id, reference, draft, corrected)
    if not _is_other(invoice, draft):
        return invoice
    await _delete(books, invoice)
    raise PermanentError(
        f"{books.name} makes {invoice.total.value} {invoice.currency.code} of an invoice over "
        f"{draft.expected_total} {draft.currency}; the draft was removed"
    )


async def _make(
    books: Wave, customer_id: str, reference: str, draft: InvoiceDraft, items: list[dict[str, Any]]
) -> wire.WireInvoice:
    values = {
        "businessId": books.business_id,
        "customerId": customer_id,
        "status": _DRAFT,
        "currency": draft.currency,
        "items": items,
        "memo": "\n".join(part for part in (draft.memo, wire.reference_line(reference)) if part),
    }
    optional = {
        "poNumber": draft.po_number,
        "title": draft.title,
        "footer": draft.footer,
        "invoiceDate": draft.invoice_date and draft.invoice_date.isoformat(),
        "dueDate": draft.due_date and draft.due_date.isoformat(),
        "discounts": draft.discount and [_discount(draft.discount)],
    }
    values |= {name: value for name, value in optional.items() if value is not None}
    try:
        payload = await books.mutate(documents.INVOICE_CREATE, values, "invoiceCreate", wire.InvoicePayload)
    except PermanentError:
        forget_catalog()  # a product or a tax that was kept in memory may be what was refused
        raise
    return payload.invoice


async def _item(books: Wave, line: InvoiceLine) -> dict[str, Any]:
    product = await find_or_create_product(books, line.product or books.connection.config.default_product)
    taxes = [await find_or_create_sales_tax(books, tax) for tax in line.taxes]
    return {
        "productId": product.id,
        "description": line.description,
        "quantity": line.quantity,
        "unitPrice": line.unit_price,
        # Always given: without it Wave would apply the product's default taxes.
        "taxes": [{"salesTaxId": tax.id} for tax in taxes],
    }


def _discount(discount: InvoiceDiscount) -> dict[str, Any]:
    if discount.type == "fixed":
        return {"discountType": "FIXED", "name": discount.name, "amount": discount.value}
    return {"discountType": "PERCENTAGE", "name": discount.name, "percentage": discount.value}


async def _delete(books: Wave, invoice: wire.WireInvoice) -> None:
    await books.mutate(documents.INVOICE_DELETE, {"invoiceId": invoice.id}, "invoiceDelete", wire.Payload)


def _page(data: wire.InvoicesData) -> wire.Page[wire.WireInvoice] | None:
    return data.business.invoices if data.business else None
