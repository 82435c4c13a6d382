"""The actions ``wave.*_list``: one page of a list each, for workflows that go through it at their own pace.

No list is read to its end in one call: a business may have 100,000 customers, and the output of a step is bounded.
Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (``businesses`` and ``Business``).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime

from aias.integrations.wave import documents, records, wire
from aias.integrations.wave.client import wave
from aias.integrations.wave.inputs import Id, Page, PageInput
from aias.integrations.wave.models import Business, Invoice
from aias.plugins import ActionContext, action

__all__ = ["account_list", "business_list", "customer_list", "invoice_list", "product_list", "tax_list"]


def _where(page: wire.Page[Any], data: PageInput) -> dict[str, Any]:
    info = page.page_info
    return {"page": data.page, "page_count": info.total_pages or 0, "total_count": info.total_count}


def _asked(data: PageInput, **filters: object) -> dict[str, object]:
    return {"page": data.page, "pageSize": data.page_size, **filters}


class BusinessListInput(PageInput):
    """Which page."""


class BusinessListOutput(Page):
    """A page of the businesses that the connection's token may see."""

    businesses: list[Business]


@action("wave.business_list", timeout=60.0, effect="none", integration="wave")
async def business_list(context: ActionContext, data: BusinessListInput) -> BusinessListOutput:
    """List the businesses of the Wave account, a page at a time."""
    books = await wave(context)
    page = (await books.graphql.query(documents.BUSINESSES, _asked(data), wire.BusinessesData)).businesses
    if page is None:
        return BusinessListOutput(businesses=[], page=data.page, page_count=0, total_count=0)
    found = [
        Business(id=one.id, name=one.name, currency=one.currency.code, is_archived=one.is_archived)
        for one in page.nodes
    ]
    return BusinessListOutput(businesses=found, **_where(page, data))


AccountType = Literal["ASSET", "EQUITY", "EXPENSE", "INCOME", "LIABILITY"]


class AccountListInput(PageInput):
    """Which accounts; ``subtypes`` are Wave's, such as ``CASH_AND_BANK``."""

    types: list[AccountType] | None = None
    subtypes: list[Id] | None = None
    is_archived: bool | None = None


class AccountListOutput(Page):
    """A page of the chart of accounts."""

    accounts: list[records.Account]


@action("wave.account_list", timeout=60.0, effect="none", integration="wave")
async def account_list(context: ActionContext, data: AccountListInput) -> AccountListOutput:
    """List the accounts of the business, a page at a time."""
    variables = _asked(data, types=data.types, subtypes=data.subtypes, isArchived=data.is_archived)
    page = await (await wave(context)).page(documents.ACCOUNTS, records.AccountsData, _accounts, variables)
    return AccountListOutput(accounts=[node.model() for node in page.nodes], **_where(page, data))


class CustomerListInput(PageInput):
    """Which customers: all, or those that changed since."""

    modified_after: AwareDatetime | None = None


class CustomerListOutput(Page):
    """A page of customers, oldest first."""

    customers: list[records.CustomerRecord]


@action("wave.customer_list", timeout=60.0, effect="none", integration="wave")
async def customer_list(context: ActionContext, data: CustomerListInput) -> CustomerListOutput:
    """List the customers of the business, a page at a time, oldest first."""
    variables = _asked(data, modifiedAfter=_moment(data.modified_after))
    page = await (await wave(context)).page(documents.CUSTOMER_LIST, records.CustomerRecordsData, _customers, variables)
    return CustomerListOutput(customers=[node.model() for node in page.nodes], **_where(page, data))


class ProductListInput(PageInput):
    """Which products and services."""

    is_sold: bool | None = None
    is_bought: bool | None = None
    is_archived: bool | None = None
    modified_after: AwareDatetime | None = None


class ProductListOutput(Page):
    """A page of products and services, oldest first."""

    products: list[records.ProductRecord]


@action("wave.product_list", timeout=60.0, effect="none", integration="wave")
async def product_list(context: ActionContext, data: ProductListInput) -> ProductListOutput:
    """List the products and services of the business, a page at a time, oldest first."""
    variables = _asked(
        data,
        isSold=data.is_sold,
        isBought=data.is_bought,
        isArchived=data.is_archived,
        modifiedAfter=_moment(data.modified_after),
    )
    page = await (await wave(context)).page(documents.PRODUCT_LIST, records.ProductRecordsData, _products, variables)
    return ProductListOutput(products=[node.model() for node in page.nodes], **_where(page, data))


class TaxListInput(PageInput):
    """Which sales taxes."""

    is_archived: bool | None = None


class TaxListOutput(Page):
    """A page of sales taxes."""

    taxes: list[records.SalesTaxRecord]


@action("wave.tax_list", timeout=60.0, effect="none", integration="wave")
async def tax_list(context: ActionContext, data: TaxListInput) -> TaxListOutput:
    """List the sales taxes of the business, a page at a time."""
    variables = _asked(data, isArchived=data.is_archived)
    page = await (await wave(context)).page(
        documents.SALES_TAX_LIST, records.SalesTaxRecordsData, _sales_taxes, variables
    )
    return TaxListOutput(taxes=[node.model() for node in page.nodes], **_where(page, data))


InvoiceStatus = Literal["DRAFT", "OVERDUE", "PAID", "PARTIAL", "SAVED", "SENT", "UNPAID", "VIEWED"]


class InvoiceListInput(PageInput):
    """Which invoices."""

    customer_id: Id | None = None
    status: InvoiceStatus | None = None


class InvoiceListOutput(Page):
    """A page of invoices, newest first."""

    invoices: list[Invoice]


@action("wave.invoice_list", timeout=60.0, effect="none", integration="wave")
async def invoice_list(context: ActionContext, data: InvoiceListInput) -> InvoiceListOutput:
    """List the invoices of the business, a page at a time, newest first."""
    variables = _asked(data, customerId=data.customer_id, status=data.status)
    page = await (await wave(context)).page(documents.INVOICES, wire.InvoicesData, _invoices, variables)
    return InvoiceListOutput(invoices=[node.model() for node in page.nodes], **_where(page, data))


def _moment(value: AwareDatetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _accounts(data: records.AccountsData) -> wire.Page[records.WireAccount] | None:
    return data.business.accounts if data.business else None


def _customers(data: records.CustomerRecordsData) -> wire.Page[records.WireCustomerRecord] | None:
    return data.business.customers if data.business else None


def _products(data: records.ProductRecordsData) -> wire.Page[records.WireProductRecord] | None:
    return data.business.products if data.business else None


def _sales_taxes(data: records.SalesTaxRecordsData) -> wire.Page[records.WireSalesTaxRecord] | None:
    return data.business.sales_taxes if data.business else None


def _invoices(data: wire.InvoicesData) -> wire.Page[wire.WireInvoice] | None:
    return data.business.invoices if data.business else None
