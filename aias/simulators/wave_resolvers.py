"""How the fields of ``wave.graphql`` are read from a business's books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aias.simulators.graph import Info, Resolver
from aias.simulators.money import CURRENCIES, rounded
from aias.simulators.resolving import constant, read
from aias.simulators.wave_books import Account, SalesTax
from aias.simulators.wave_input import TEXTS
from aias.simulators.wave_invoices import Discount, Invoice, Item
from aias.simulators.wave_store import Books

__all__ = ["RESOLVERS", "Context", "type_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What one request's resolvers share; no ``scopes`` is a token that may do everything."""

    books: Books
    base_url: str
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of an invoice that knows where it stands."""

    invoice: Invoice
    at: int

    @property
    def item(self) -> Item:
        return self.invoice.items[self.at]


def type_of(value: Any) -> str:
    """The object type of a value that the schema gives as an interface."""
    return (
        "FixedInvoiceDiscount"
        if isinstance(value, Discount) and value.amount is not None
        else "PercentageInvoiceDiscount"
    )


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _money(value: Decimal, code: str) -> dict[str, Any]:
    minor = int(value.scaleb(CURRENCIES[code].exponent))
    return {"currency": CURRENCIES[code], "minorUnitValue": str(minor), "raw": minor, "value": format(value, "f")}


def _sum(reader: Callable[[Invoice], Decimal]) -> Resolver:
    return read(lambda invoice: _money(reader(invoice), invoice.currency))


def _url(kind: str) -> Resolver:
    def resolve(invoice: Invoice, info: Info) -> str:
        return f"{info.context.base_url}/invoices/{invoice.number}/{kind}"

    return resolve


def _line_taxes(line: _Line) -> list[dict[str, Any]]:
    amounts = line.invoice.totals.item_taxes[line.at]
    return [
        {
            "salesTax": tax.sales_tax,
            "amount": _money(amount, line.invoice.currency),
            "rate": tax.sales_tax.rate,
        }
        for tax, amount in zip(line.item.taxes, amounts, strict=True)
    ]


def _line_subtotal(line: _Line) -> dict[str, Any]:
    return _money(line.invoice.totals.item_subtotals[line.at], line.invoice.currency)


def _line_total(line: _Line) -> dict[str, Any]:
    totals = line.invoice.totals
    return _money(
        totals.item_subtotals[line.at] + sum(totals.item_taxes[line.at], start=Decimal(0)), line.invoice.currency
    )


def _account_type(account: Account) -> dict[str, Any]:
    return {"name": account.type.capitalize(), "normalBalanceType": _balance(account), "value": account.type}


def _account_subtype(account: Account) -> dict[str, Any]:
    name = account.subtype.replace("_", " ").capitalize()
    return {"name": name, "type": _account_type(account), "value": account.subtype}


def _balance(account: Account) -> str:
    return "DEBIT" if account.type in ("ASSET", "EXPENSE") else "CREDIT"


def _owner(_source: Any, info: Info) -> Books:
    return info.context.books


def _currency_of(source: Any, info: Info) -> Any:
    code = source.currency or info.context.books.currency
    return CURRENCIES[code]


def _books_currency(_source: Any, info: Info) -> Any:
    return CURRENCIES[info.context.books.currency]


def _rate(tax: SalesTax, _info: Info, forDate: date | None = None) -> Decimal:
    return Decimal(0) if forDate is not None and forDate < tax.effective else tax.rate


def _place(code: str | None) -> dict[str, str] | None:
    return {"code": code, "name": code} if code else None


def _detail(name: str) -> Resolver:
    return read(lambda customer: customer.details.get(name))


_TIMES = {
    f"{kind}.{field}": read(lambda source, attribute=attribute: _time(getattr(source, attribute)))
    for kind in ("Customer", "Product", "SalesTax", "Invoice")
    for field, attribute in (("createdAt", "created_at"), ("modifiedAt", "modified_at"))
}
_DISCOUNTS = {
    f"{kind}.{field}": read(lambda discount: _time(discount.created_at))
    for kind in ("FixedInvoiceDiscount", "PercentageInvoiceDiscount")
    for field in ("createdAt", "modifiedAt")
}


RESOLVERS: dict[str, Resolver] = {
    **_TIMES,
    **_DISCOUNTS,
    **{f"Customer.{name}": _detail(name) for name in TEXTS},
    **{f"{kind}.business": _owner for kind in ("Customer", "Product", "SalesTax", "Invoice")},
    "User.id": read(lambda books: books.user_id),
    "User.firstName": constant("Simulated"),
    "User.lastName": constant("Owner"),
    "User.defaultEmail": constant("owner@example.com"),
    "User.createdAt": read(lambda books: _time(books.created_at)),
    "User.modifiedAt": read(lambda books: _time(books.created_at)),
    "Business.id": read(lambda books: books.business_id),
    "Business.name": constant("Simulated Goods"),
    "Business.isPersonal": constant(value=False),
    "Business.isArchived": constant(value=False),
    "Business.isClassicAccounting": constant(value=False),
    "Business.isClassicInvoicing": constant(value=False),
    "Business.currency": _books_currency,
    "Business.timezone": constant("Etc/UTC"),
    "Business.address": constant(None),
    "Business.phone": constant(None),
    "Business.website": constant(None),
    "Business.createdAt": read(lambda books: _time(books.created_at)),
    "Business.modifiedAt": read(lambda books: _time(books.created_at)),
    "Account.description": constant(None),
    "Account.displayId": read(lambda account: str(account.sequence)),
    "Account.currency": _books_currency,
    "Account.type": read(_account_type),
    "Account.subtype": read(_account_subtype),
    "Account.normalBalanceType": read(_balance),
    "Account.isArchived": constant(value=False),
    "Customer.currency": _currency_of,
    "Customer.shippingDetails": read(lambda customer: customer.shipping),
    "Customer.isArchived": constant(value=False),
    "Address.addressLine1": read(lambda address: address.address_line1),
    "Address.addressLine2": read(lambda address: address.address_line2),
    "Address.province": read(lambda address: _place(address.province_code)),
    "Address.country": read(lambda address: _place(address.country_code)),
    "Product.isSold": read(lambda product: product.income_account is not None),
    "Product.isBought": read(lambda product: product.expense_account is not None),
    "SalesTax.rate": _rate,
    "SalesTax.rates": read(lambda tax: [{"effective": tax.effective, "rate": tax.rate}]),
    "Invoice.currency": _currency_of,
    "Invoice.items": read(lambda invoice: [_Line(invoice=invoice, at=at) for at in range(len(invoice.items))]),
    "Invoice.subtotal": _sum(lambda invoice: invoice.totals.subtotal),
    "Invoice.discountTotal": _sum(lambda invoice: invoice.totals.discount),
    "Invoice.taxTotal": _sum(lambda invoice: invoice.totals.tax),
    "Invoice.total": _sum(lambda invoice: invoice.totals.total),
    "Invoice.amountDue": _sum(lambda invoice: invoice.totals.total),
    "Invoice.amountPaid": _sum(lambda invoice: rounded(Decimal(0), invoice.currency)),
    "Invoice.pdfUrl": _url("pdf"),
    "Invoice.viewUrl": _url("view"),
    "Invoice.lastSentAt": read(lambda invoice: _time(invoice.last_sent_at)),
    "Invoice.lastViewedAt": constant(None),
    "InvoiceItem.account": read(lambda line: line.item.account),
    "InvoiceItem.product": read(lambda line: line.item.product),
    "InvoiceItem.description": read(lambda line: line.item.description),
    "InvoiceItem.quantity": read(lambda line: line.item.quantity),
    "InvoiceItem.price": read(lambda line: line.item.unit_price),
    "InvoiceItem.unitPrice": read(lambda line: line.item.unit_price),
    "InvoiceItem.subtotal": read(_line_subtotal),
    "InvoiceItem.total": read(_line_total),
    "InvoiceItem.taxes": read(_line_taxes),
}
"""Every field that is not simply the attribute of its own name."""
