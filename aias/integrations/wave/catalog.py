"""The products and sales taxes under which invoices are booked: found by name, made where they are missing.

An invoice line at Wave always names a product. A shop's whole catalogue would fill Wave's with thousands; a few general
products ("Sales", "Shipping") with the title in the line's description keep both the books and the calls few.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.references import claimed
from aias.integrations.wave import documents, records, wire
from aias.integrations.wave.client import Wave
from aias.integrations.wave.models import InvoiceTax, Product, SalesTax

__all__ = ["find_or_create_product", "find_or_create_sales_tax", "forget_catalog", "income_account"]

_KNOWN_FOR = 60.0
_MOST_KNOWN = 10_000
_LONGEST_ABBREVIATION = 10


class _Made(BaseModel):
    id: str
    created: bool


_known: dict[tuple[UUID, str, str], tuple[float, str]] = {}
"""Ids by connection, kind and name: an order of 250 lines asks for the same three products."""


def forget_catalog() -> None:
    """Forget the ids that are kept in memory: after Wave refused one, and between tests."""
    _known.clear()


async def find_or_create_product(books: Wave, name: str, *, description: str | None = None) -> Product:
    """Give the product of this name; it is made, once, where there is none."""

    async def look() -> str | None:
        async for product in books.each(documents.PRODUCTS, wire.ProductsData, _products):
            if product.name == name and product.is_sold and not product.is_archived:
                return product.id
        return None

    async def make() -> str:
        with before_sending():
            account = await income_account(books)
        values = {
            "businessId": books.business_id,
            "name": name,
            "description": description,
            "unitPrice": Decimal(0),
            "incomeAccountId": account,
        }
        payload = await books.mutate(
            documents.PRODUCT_CREATE, _given(values), "productCreate", records.ProductRecordPayload
        )
        return payload.product.id

    found, created = await _find_or_make(books, "product", name, look, make)
    return Product(id=found, name=name, created=created)


async def find_or_create_sales_tax(books: Wave, tax: InvoiceTax) -> SalesTax:
    """Give the sales tax of this name and rate; it is made, once, where there is none."""

    async def look() -> str | None:
        async for known in books.each(documents.SALES_TAXES, wire.SalesTaxesData, _sales_taxes):
            if known.name == tax.name and known.rate == tax.rate and not known.is_archived:
                return known.id
        return None

    async def make() -> str:
        values = {
            "businessId": books.business_id,
            "name": tax.name,
            "abbreviation": tax.name[:_LONGEST_ABBREVIATION].strip(),
            "rate": tax.rate,
        }
        payload = await books.mutate(documents.SALES_TAX_CREATE, values, "salesTaxCreate", wire.SalesTaxPayload)
        return payload.sales_tax.id

    key = f"{tax.name}@{tax.rate.normalize():f}"
    found, created = await _find_or_make(books, "sales_tax", key, look, make)
    return SalesTax(id=found, name=tax.name, rate=tax.rate, created=created)


async def _find_or_make(
    books: Wave,
    kind: str,
    name: str,
    look: Callable[[], Awaitable[str | None]],
    make: Callable[[], Awaitable[str]],
) -> tuple[str, bool]:
    """Look in memory, then at Wave, then, alone, at Wave again before making it.

    A step that comes back asks the ledger first: it may have made the thing, and not have heard of it.
    """
    key = (books.connection.id, kind, name)
    found = await _recall(key, look) if books.is_first_call else None
    made = _Made(id=found, created=False) if found else await _make_once(books, kind, name, look, make)
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[key] = (time.monotonic() + _KNOWN_FOR, made.id)
    return made.id, made.created


async def _recall(key: tuple[UUID, str, str], look: Callable[[], Awaitable[str | None]]) -> str | None:
    kept = _known.get(key)
    return kept[1] if kept is not None and kept[0] > time.monotonic() else await look()


async def _make_once(
    books: Wave,
    kind: str,
    name: str,
    look: Callable[[], Awaitable[str | None]],
    make: Callable[[], Awaitable[str]],
) -> _Made:
    async def send() -> _Made:
        with before_sending():
            found = await look()
        return _Made(id=found, created=False) if found else _Made(id=await make(), created=True)

    async def find() -> _Made | None:
        found = await look()
        return _Made(id=found, created=True) if found else None

    async with claimed(books.context, books.connection, kind=kind, reference=name) as claim:
        # An invoice may make several: each is an intent of its own.
        part = f"{kind}.{hashlib.sha256(name.encode()).hexdigest()[:16]}"
        operation = "productCreate" if kind == "product" else "salesTaxCreate"
        made = await books.once(operation, {"name": name}, _Made, send=send, find=find, part=part)
        if made is None:
            raise PermanentError(f"{books.name}: there is no {kind.replace('_', ' ')} {name!r}, though it was made")
        claim.note(made.id)
    return made


async def income_account(books: Wave) -> str | None:
    """Where sales are booked: what the connection says, else the first income account of the business."""
    if books.connection.config.income_account_id is not None:
        return books.connection.config.income_account_id
    variables = {"page": 1, "pageSize": 50, "types": ["INCOME"], "isArchived": False}
    business = (await books.query(documents.ACCOUNTS, variables, records.AccountsData)).business
    accounts = business.accounts.nodes if business else []
    plain = [account for account in accounts if account.subtype.value == "INCOME"]
    return (plain or accounts)[0].id if accounts else None


def _products(data: wire.ProductsData) -> wire.Page[wire.WireProduct] | None:
    return data.business.products if data.business else None


def _sales_taxes(data: wire.SalesTaxesData) -> wire.Page[wire.WireSalesTax] | None:
    return data.business.sales_taxes if data.business else None


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
