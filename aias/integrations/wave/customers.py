"""Customers at Wave: found by e-mail address or by our reference, made once."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from aias.errors import PermanentError
from aias.integrations.references import claimed
from aias.integrations.wave import documents, wire
from aias.integrations.wave.client import Wave
from aias.integrations.wave.models import Address, Customer

__all__ = ["CustomerFindOrCreateInput", "find_or_create_customer"]


class CustomerFindOrCreateInput(BaseModel):
    """Who it is. ``reference`` stands for a buyer without an e-mail address; without either, the name does."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=320)
    reference: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")
    first_name: str | None = Field(default=None, max_length=200)
    last_name: str | None = Field(default=None, max_length=200)
    phone: str | None = Field(default=None, max_length=100)
    address: Address | None = None

    @property
    def key(self) -> str:
        """What makes it one customer: the e-mail address, else the reference, else the name."""
        if self.email and self.email.strip():
            return f"email:{self.email.strip().lower()}"
        return self.reference or f"name:{self.name}"


async def find_or_create_customer(books: Wave, data: CustomerFindOrCreateInput) -> Customer:
    """Give the customer; two executions that want the same one at once make it once.

    Raises:
        TransientError: no answer, or another execution is still at it.
        PermanentError: Wave refuses the customer.
    """
    async with claimed(books.context, books.connection, kind="customer", reference=data.key) as claim:
        found = await _known(books, claim.remote_id) or await _search(books, data)
        customer = found or await _make(books, data)
        claim.note(customer.id)
    return Customer(id=customer.id, name=customer.name, email=customer.email, created=found is None)


async def _known(books: Wave, customer_id: str | None) -> wire.WireCustomer | None:
    """The customer that was noted, unless it was removed since."""
    if customer_id is None:
        return None
    answer = await books.find(documents.CUSTOMER, customer_id, wire.CustomerData)
    found = answer.business.customer if answer and answer.business else None
    return found if found is not None and not found.is_archived else None


async def _search(books: Wave, data: CustomerFindOrCreateInput) -> wire.WireCustomer | None:
    """Page through the customers, newest first: Wave has no filter by e-mail address."""
    email = (data.email or "").strip().lower()
    async for customer in books.each(documents.CUSTOMERS, wire.CustomersData, _page):
        if customer.is_archived:
            continue
        same_email = bool(email) and (customer.email or "").strip().lower() == email
        if same_email or customer.reference == data.key:
            return customer
    return None


async def _make(books: Wave, data: CustomerFindOrCreateInput) -> wire.WireCustomer:
    values: dict[str, object] = {
        "businessId": books.business_id,
        "name": data.name,
        "internalNotes": wire.reference_line(data.key),
    }
    optional = {
        "firstName": data.first_name,
        "lastName": data.last_name,
        "email": data.email and data.email.strip(),
        "phone": data.phone,
        "address": _address(data.address),
    }
    values |= {name: value for name, value in optional.items() if value}
    try:
        return await _create(books, values)
    except PermanentError as error:
        if "address" not in values or "address" not in error.message:
            raise
    # Shopify knows provinces and countries that Wave does not: a customer without its address beats none.
    del values["address"]
    return await _create(books, values)


async def _create(books: Wave, values: dict[str, object]) -> wire.WireCustomer:
    payload = await books.mutate(documents.CUSTOMER_CREATE, values, "customerCreate", wire.CustomerPayload)
    return payload.customer


def _address(address: Address | None) -> dict[str, str] | None:
    if address is None:
        return None
    province = address.province_code
    if province and address.country_code and "-" not in province:
        province = f"{address.country_code}-{province}"  # Wave's codes are ISO 3166-2: CA-QC
    values = {
        "addressLine1": address.address1,
        "addressLine2": address.address2,
        "city": address.city,
        "provinceCode": province,
        "countryCode": address.country_code,
        "postalCode": address.zip,
    }
    return {name: value for name, value in values.items() if value} or None


def _page(data: wire.CustomersData) -> wire.Page[wire.WireCustomer] | None:
    return data.business.customers if data.business else None
