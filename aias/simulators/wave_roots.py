"""Wave's lists, queries and mutations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from graphql import GraphQLError

from aias.simulators.graph import Info, Resolver
from aias.simulators.money import CURRENCIES
from aias.simulators.resolving import constant
from aias.simulators.wave_input import Refused
from aias.simulators.wave_invoices import Invoice
from aias.simulators.wave_resolvers import RESOLVERS
from aias.simulators.wave_scopes import guarded
from aias.simulators.wave_store import Books

__all__ = ["ALL_RESOLVERS"]

_PAGE_LIMIT = 200


def _missing(kind: str) -> GraphQLError:
    return GraphQLError(f"{kind} could not be found.", extensions={"code": "NOT_FOUND"})


def _page(items: list[Any], page: int | None, pageSize: int | None) -> dict[str, Any]:
    page, size = 1 if page is None else page, 10 if pageSize is None else pageSize
    if page < 1 or not 1 <= size <= _PAGE_LIMIT:
        problem = f"page starts at 1 and pageSize is 1 to {_PAGE_LIMIT}, not {page} and {size}"
        raise GraphQLError(problem, extensions={"code": "BAD_USER_INPUT"})
    return {
        "pageInfo": {
            "currentPage": page,
            "totalPages": math.ceil(len(items) / size),
            "totalCount": len(items),
        },
        "edges": [{"node": item} for item in items[(page - 1) * size : page * size]],
    }


_SORTS: dict[str, Callable[[Any], Any]] = {
    "CREATED_AT": lambda item: item.number,
    "MODIFIED_AT": lambda item: (item.modified_at, item.number),
    "NAME": lambda item: (item.name.casefold(), item.number),
    "INVOICE_NUMBER": lambda item: (len(item.invoice_number), item.invoice_number),
}


def _sorted(items: Iterable[Any], sort: list[str]) -> list[Any]:
    ordered = list(items)
    for order in reversed(sort):
        name, _, direction = order.rpartition("_")
        ordered.sort(key=_SORTS[name], reverse=direction == "DESC")
    return ordered


def _modified(items: Iterable[Any], given: dict[str, Any]) -> Iterable[Any]:
    after, before = given.get("modifiedAtAfter"), given.get("modifiedAtBefore")
    return [
        item
        for item in items
        if (after is None or item.modified_at > after) and (before is None or item.modified_at < before)
    ]


def _businesses(_source: Any, info: Info, page: int | None = None, pageSize: int | None = None) -> Any:
    return _page([info.context.books], page, pageSize)


def _customers(books: Books, _info: Info, sort: list[str], **given: Any) -> Any:
    found = _sorted(_modified(books.customers.values(), given), sort)
    return _page(found, given.get("page"), given.get("pageSize"))


def _accounts(books: Books, _info: Info, **given: Any) -> Any:
    types, subtypes = given.get("types"), given.get("subtypes")
    found = [
        account
        for account in books.accounts.values()
        if (types is None or account.type in types)
        and (subtypes is None or account.subtype in subtypes)
        and not given.get("isArchived")
    ]
    return _page(found, given.get("page"), given.get("pageSize"))


def _products(books: Books, _info: Info, sort: list[str], **given: Any) -> Any:
    found = [
        product
        for product in _sorted(_modified(books.products.values(), given), sort)
        if given.get("isSold") in (None, product.income_account is not None)
        and given.get("isBought") in (None, product.expense_account is not None)
        and given.get("isArchived") in (None, product.is_archived)
    ]
    return _page(found, given.get("page"), given.get("pageSize"))


def _sales_taxes(books: Books, _info: Info, **given: Any) -> Any:
    found = [
        tax
        for tax in _modified(books.sales_taxes.values(), given)
        if given.get("isArchived") in (None, tax.is_archived)
    ]
    return _page(found, given.get("page"), given.get("pageSize"))


def _invoices(books: Books, _info: Info, sort: list[str], **given: Any) -> Any:
    def wanted(invoice: Invoice) -> bool:
        start, end = given.get("invoiceDateStart"), given.get("invoiceDateEnd")
        return (
            given.get("status") in (None, invoice.status)
            and given.get("customerId") in (None, invoice.customer.id)
            and given.get("currency") in (None, invoice.currency)
            and given.get("invoiceNumber") in (None, invoice.invoice_number)
            and (start is None or invoice.invoice_date >= start)
            and (end is None or invoice.invoice_date <= end)
        )

    found = [i for i in _sorted(_modified(books.invoices.values(), given), sort) if wanted(i)]
    return _page(found, given.get("page"), given.get("pageSize"))


def _business(_source: Any, info: Info, id: str | None = None) -> Books:
    books: Books = info.context.books
    if id is not None and id != books.business_id:
        raise _missing("Business")
    return books


def _one(kind: str, among: Callable[[Books], dict[str, Any]]) -> Resolver:
    def resolve(books: Books, _info: Info, id: str) -> Any:
        found = among(books).get(id)
        if found is None:
            raise _missing(kind)
        return found

    return resolve


def _mutation(name: str | None, do: Callable[[Books, dict[str, Any]], Any]) -> Resolver:
    """A mutation whose payload carries what was made under this name."""

    def resolve(_source: Any, info: Info, input: dict[str, Any]) -> Any:
        try:
            made = do(info.context.books, input)
        except Refused as refused:
            return {"didSucceed": False, "inputErrors": refused.errors}
        payload: dict[str, Any] = {"didSucceed": True, "inputErrors": []}
        return payload if name is None else {**payload, name: made}

    return resolve


def _currency(_source: Any, _info: Info, code: str) -> Any:
    return CURRENCIES.get(code)


def _books(_source: Any, info: Info) -> Books:
    return info.context.books


_ROOTS: dict[str, Resolver] = {
    "Query.user": _books,
    "Query.businesses": _businesses,
    "Query.business": _business,
    "Query.currencies": constant(list(CURRENCIES.values())),
    "Query.currency": _currency,
    "Business.customer": _one("Customer", lambda books: books.customers),
    "Business.customers": _customers,
    "Business.account": _one("Account", lambda books: books.accounts),
    "Business.accounts": _accounts,
    "Business.product": _one("Product", lambda books: books.products),
    "Business.products": _products,
    "Business.salesTax": _one("Sales tax", lambda books: books.sales_taxes),
    "Business.salesTaxes": _sales_taxes,
    "Business.invoice": _one("Invoice", lambda books: books.invoices),
    "Business.invoices": _invoices,
    "Mutation.customerCreate": _mutation("customer", Books.create_customer),
    "Mutation.customerPatch": _mutation("customer", Books.patch_customer),
    "Mutation.customerDelete": _mutation(None, Books.delete_customer),
    "Mutation.productCreate": _mutation("product", Books.create_product),
    "Mutation.productPatch": _mutation("product", Books.patch_product),
    "Mutation.salesTaxCreate": _mutation("salesTax", Books.create_sales_tax),
    "Mutation.invoiceCreate": _mutation("invoice", Books.create_invoice),
    "Mutation.invoiceApprove": _mutation("invoice", Books.approve_invoice),
    "Mutation.invoiceSend": _mutation(None, Books.send_invoice),
    "Mutation.invoiceMarkSent": _mutation("invoice", Books.mark_invoice_sent),
    "Mutation.invoiceDelete": _mutation(None, Books.delete_invoice),
    "Mutation.moneyTransactionCreate": _mutation("transaction", Books.create_transaction),
}

ALL_RESOLVERS: dict[str, Resolver] = {**RESOLVERS, **guarded(_ROOTS)}
"""The resolvers of the whole schema."""
