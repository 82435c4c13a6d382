"""Customers and products brought to what is given: made where they are missing, changed where they differ.

Only what is given is compared and changed; what is null is left as it is. A change says how the thing is to be, so
that making it twice is making it once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.references import claimed
from aias.integrations.wave import documents, records, wire
from aias.integrations.wave.catalog import forget_catalog, income_account
from aias.integrations.wave.client import Wave
from aias.integrations.wave.customers import (
    create_customer,
    customer_key,
    find_customer,
    find_record,
    wave_address,
)
from aias.integrations.wave.inputs import EmailAddress, Id, Input, Reference, plain
from aias.integrations.wave.models import Address, CurrencyCode

__all__ = [
    "CustomerUpsertInput",
    "CustomerUpsertOutput",
    "ProductUpsertInput",
    "ProductUpsertOutput",
    "upsert_customer",
    "upsert_product",
]

Text = Annotated[str, Field(max_length=200)]
Price = Annotated[Decimal, Field(ge=0, decimal_places=5), plain]
"""Wave keeps a product's price to five decimals (ProductCreateInput.unitPrice)."""


class CustomerUpsertInput(Input):
    """Who it is, by ``id``, ``email``, ``reference`` or ``name``, in this order; and how the customer is to be."""

    id: Id | None = None
    name: str | None = Field(default=None, min_length=1, max_length=200)
    email: EmailAddress | None = None
    reference: Reference | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    mobile: Text | None = None
    phone: Text | None = None
    website: Text | None = None
    currency: CurrencyCode | None = None
    address: Address | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.id is None and self.name is None:
            raise ValueError("name is needed where no id is given: a customer that is missing is made")
        return self

    @property
    def key(self) -> str:
        """What makes it one customer."""
        return (
            f"id:{self.id}"
            if self.id
            else customer_key(email=self.email, reference=self.reference, name=self.name or "")
        )

    def values(self) -> dict[str, object]:
        """What is given, as Wave takes it."""
        values: dict[str, object | None] = {
            "name": self.name,
            "email": self.email,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "mobile": self.mobile,
            "phone": self.phone,
            "website": self.website,
            "currency": self.currency,
        }
        return _given(values)


class CustomerUpsertOutput(records.CustomerRecord):
    """The customer. ``created`` and ``changed`` say what the step did; neither where all was as given.

    Where no answer came and the customer was then found as it is to be, ``changed`` is true.
    """

    created: bool
    changed: bool


async def upsert_customer(books: Wave, data: CustomerUpsertInput) -> CustomerUpsertOutput:
    """Bring the customer to the given details; two executions that make the same one at once make it once.

    Raises:
        TransientError: no answer, or another execution is still at it.
        PermanentError: there is no customer of the given id, or Wave refuses the details.
    """

    async def look(known_id: str | None) -> records.WireCustomerRecord | None:
        found = await find_record(books, data.id or known_id)
        if found is None and data.id is None:
            known = await find_customer(books, email=data.email, key=data.key)
            found = await find_record(books, known.id) if known else None
        if found is None and data.id is not None:
            raise PermanentError(f"{books.name} has no customer {data.id}")
        return found

    return await _bring(
        books,
        data,
        CustomerUpsertOutput,
        kind="customer",
        look=look,
        make=lambda: _make_customer(books, data),
        change=lambda found: _change_customer(books, found, data),
        as_given=lambda found: None if _customer_changes(found, data) else _customer(found, changed=True),
    )


async def _make_customer(books: Wave, data: CustomerUpsertInput) -> CustomerUpsertOutput:
    values = {"businessId": books.business_id, **data.values(), **_given({"address": wave_address(data.address)})}
    values["internalNotes"] = wire.reference_line(data.key)
    return _customer(await create_customer(books, values), created=True)


async def _change_customer(
    books: Wave, found: records.WireCustomerRecord, data: CustomerUpsertInput
) -> CustomerUpsertOutput:
    changes = _customer_changes(found, data)
    if not changes:
        return _customer(found)
    payload = await books.mutate(
        documents.CUSTOMER_PATCH, {"id": found.id, **changes}, "customerPatch", records.CustomerRecordPayload
    )
    return _customer(payload.customer, changed=True)


def _customer(
    found: records.WireCustomerRecord, *, created: bool = False, changed: bool = False
) -> CustomerUpsertOutput:
    return CustomerUpsertOutput(**found.model().model_dump(), created=created, changed=changed)


def _customer_changes(found: records.WireCustomerRecord, data: CustomerUpsertInput) -> dict[str, object]:
    """What differs; an address is given whole, the parts that are not given as they are."""
    there = found.model()
    now: dict[str, object | None] = {
        "name": there.name,
        "email": there.email,
        "firstName": there.first_name,
        "lastName": there.last_name,
        "mobile": there.mobile,
        "phone": there.phone,
        "website": there.website,
        "currency": there.currency,
    }
    changes = {name: value for name, value in data.values().items() if value != now[name]}
    address = wave_address(data.address)
    before = wave_address(there.address) or {}
    if address and {**before, **address} != before:
        changes["address"] = {**before, **address}
    return changes


class ProductUpsertInput(Input):
    """Which product, by ``id`` or by ``name``; and how it is to be."""

    id: Id | None = None
    name: str | None = Field(default=None, min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=1000)
    unit_price: Price | None = None
    income_account_id: Id | None = None
    expense_account_id: Id | None = None
    default_sales_tax_ids: list[Id] | None = Field(default=None, max_length=10)

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if self.id is None and self.name is None:
            raise ValueError("name is needed where no id is given: a product that is missing is made")
        return self

    @property
    def key(self) -> str:
        """What makes it one product."""
        return f"id:{self.id}" if self.id else self.name or ""

    def values(self) -> dict[str, object]:
        """What is given, as Wave takes it."""
        values: dict[str, object | None] = {
            "name": self.name,
            "description": self.description,
            "unitPrice": self.unit_price,
            "incomeAccountId": self.income_account_id,
            "expenseAccountId": self.expense_account_id,
            "defaultSalesTaxIds": self.default_sales_tax_ids,
        }
        return _given(values)


class ProductUpsertOutput(records.ProductRecord):
    """The product. ``created`` and ``changed`` say what the step did; neither where all was as given.

    Where no answer came and the product was then found as it is to be, ``changed`` is true.
    """

    created: bool
    changed: bool


Made = TypeVar("Made", CustomerUpsertOutput, ProductUpsertOutput)
Found = TypeVar("Found", records.WireCustomerRecord, records.WireProductRecord)


async def upsert_product(books: Wave, data: ProductUpsertInput) -> ProductUpsertOutput:
    """Bring the product to what is given; two executions that make the same one at once make it once.

    Raises:
        TransientError: no answer, or another execution is still at it.
        PermanentError: there is no product of the given id, or Wave refuses what is given.
    """

    async def look(known_id: str | None) -> records.WireProductRecord | None:
        found = await _find_product(books, data.id or known_id)
        if found is None and data.id is not None:
            raise PermanentError(f"{books.name} has no product {data.id}")
        return found or await _search_product(books, data.key)

    product = await _bring(
        books,
        data,
        ProductUpsertOutput,
        kind="product",
        look=look,
        make=lambda: _make_product(books, data),
        change=lambda found: _change_product(books, found, data),
        as_given=lambda found: None if _product_changes(found, data) else _product(found, changed=True),
    )
    forget_catalog()  # it may have another name now
    return product


async def _make_product(books: Wave, data: ProductUpsertInput) -> ProductUpsertOutput:
    values = {"businessId": books.business_id, "unitPrice": Decimal(0), **data.values()}
    if not values.keys() & {"incomeAccountId", "expenseAccountId"}:
        with before_sending():
            values |= _given({"incomeAccountId": await income_account(books)})
    payload = await books.mutate(documents.PRODUCT_CREATE, values, "productCreate", records.ProductRecordPayload)
    return _product(payload.product, created=True)


async def _change_product(
    books: Wave, found: records.WireProductRecord, data: ProductUpsertInput
) -> ProductUpsertOutput:
    changes = _product_changes(found, data)
    if not changes:
        return _product(found)
    payload = await books.mutate(
        documents.PRODUCT_PATCH, {"id": found.id, **changes}, "productPatch", records.ProductRecordPayload
    )
    return _product(payload.product, changed=True)


def _product(found: records.WireProductRecord, *, created: bool = False, changed: bool = False) -> ProductUpsertOutput:
    return ProductUpsertOutput(**found.model().model_dump(), created=created, changed=changed)


def _product_changes(found: records.WireProductRecord, data: ProductUpsertInput) -> dict[str, object]:
    there = found.model()
    now: dict[str, object | None] = {
        "name": there.name,
        "description": there.description,
        "unitPrice": there.unit_price,
        "incomeAccountId": there.income_account_id,
        "expenseAccountId": there.expense_account_id,
        "defaultSalesTaxIds": there.default_sales_tax_ids,
    }
    return {name: value for name, value in data.values().items() if value != now[name]}


async def _find_product(books: Wave, product_id: str | None) -> records.WireProductRecord | None:
    if product_id is None:
        return None
    answer = await books.find(documents.PRODUCT, product_id, records.ProductRecordData)
    found = answer.business.product if answer and answer.business else None
    return found if found is not None and not found.is_archived else None


async def _search_product(books: Wave, name: str) -> records.WireProductRecord | None:
    """Page through the products: Wave has no filter by name."""
    async for product in books.each(
        documents.PRODUCT_LIST, records.ProductRecordsData, _products, {"pageSize": 200, "isArchived": False}
    ):
        if product.name == name:
            return product
    return None


def _products(data: records.ProductRecordsData) -> wire.Page[records.WireProductRecord] | None:
    return data.business.products if data.business else None


async def _bring(
    books: Wave,
    data: CustomerUpsertInput | ProductUpsertInput,
    shape: type[Made],
    *,
    kind: Literal["customer", "product"],
    look: Callable[[str | None], Awaitable[Found | None]],
    make: Callable[[], Awaitable[Made]],
    change: Callable[[Found], Awaitable[Made]],
    as_given: Callable[[Found], Made | None],
) -> Made:
    """Bring one thing to what is given, once for the step, and alone among those who want the same.

    ``look`` is told the id that was noted before; ``as_given`` gives what was found where nothing is left to change.
    """
    async with claimed(books.context, books.connection, kind=kind, reference=data.key) as claim:

        async def send() -> Made:
            with before_sending():
                found = await look(claim.remote_id)
            return await (make() if found is None else change(found))

        async def find() -> Made | None:
            found = await look(claim.remote_id)
            return None if found is None else as_given(found)

        request = data.model_dump(mode="json")
        made = await books.once(f"{kind}Upsert", request, shape, send=send, find=find)
        if made is None:
            raise PermanentError(f"{books.name} has no such {kind} {data.key}, though it was made or changed")
        claim.note(made.id)
    return made


def _given(values: Mapping[str, object | None]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
