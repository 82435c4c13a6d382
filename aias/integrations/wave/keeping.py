"""The actions that keep customers, products and sales taxes: found or made, or brought to what is given.

Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (``customerCreate``,
``customerPatch``, ``productCreate``, ``productPatch``, ``salesTaxCreate``).
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from aias.integrations.wave.catalog import find_or_create_product, find_or_create_sales_tax
from aias.integrations.wave.client import wave
from aias.integrations.wave.customers import CustomerFindOrCreateInput, find_or_create_customer
from aias.integrations.wave.inputs import Input
from aias.integrations.wave.models import Customer, InvoiceTax, Product, SalesTax
from aias.integrations.wave.upserts import (
    CustomerUpsertInput,
    CustomerUpsertOutput,
    ProductUpsertInput,
    ProductUpsertOutput,
    upsert_customer,
    upsert_product,
)
from aias.plugins import ActionContext, action

__all__ = [
    "customer_find_or_create",
    "customer_upsert",
    "product_find_or_create",
    "product_upsert",
    "sales_tax_find_or_create",
]


@action("wave.customer_find_or_create", timeout=60.0, effect="idempotent", integration="wave")
async def customer_find_or_create(context: ActionContext, data: CustomerFindOrCreateInput) -> Customer:
    """Give the customer with this e-mail address or reference; it is made, once, where there is none."""
    return await find_or_create_customer(await wave(context), data)


@action("wave.customer_upsert", timeout=60.0, effect="idempotent", integration="wave")
async def customer_upsert(context: ActionContext, data: CustomerUpsertInput) -> CustomerUpsertOutput:
    """Bring a customer to the given details; it is made, once, where there is none."""
    return await upsert_customer(await wave(context), data)


class ProductFindOrCreateInput(Input):
    """Which product."""

    name: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=1000)


@action("wave.product_find_or_create", timeout=60.0, effect="idempotent", integration="wave")
async def product_find_or_create(context: ActionContext, data: ProductFindOrCreateInput) -> Product:
    """Give the product or service of this name; it is made, once, where there is none."""
    return await find_or_create_product(await wave(context), data.name, description=data.description)


@action("wave.product_upsert", timeout=60.0, effect="idempotent", integration="wave")
async def product_upsert(context: ActionContext, data: ProductUpsertInput) -> ProductUpsertOutput:
    """Bring a product or service to the given price and accounts; it is made, once, where there is none."""
    return await upsert_product(await wave(context), data)


class SalesTaxFindOrCreateInput(Input):
    """Which tax: its name, and its rate (0.19 for 19 %)."""

    name: str = Field(min_length=1, max_length=100)
    rate: Decimal = Field(ge=0, le=1)


@action("wave.sales_tax_find_or_create", timeout=60.0, effect="idempotent", integration="wave")
async def sales_tax_find_or_create(context: ActionContext, data: SalesTaxFindOrCreateInput) -> SalesTax:
    """Give the sales tax of this name and rate; it is made, once, where there is none."""
    return await find_or_create_sales_tax(await wave(context), InvoiceTax(name=data.name, rate=data.rate))
