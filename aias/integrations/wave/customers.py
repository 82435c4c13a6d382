"""Customers at Wave: found by e-mail address or by our reference, made once."""

from __future__ import annotations

from pydantic import Field

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.references import claimed
from aias.integrations.wave import documents, records, wire
from aias.integrations.wave.client import Wave
from aias.integrations.wave.inputs import Input, Reference
from aias.integrations.wave.models import Address, Customer

__all__ = [
    "CustomerFindOrCreateInput",
    "create_customer",
    "customer_key",
    "find_customer",
    "find_or_create_customer",
    "find_record",
    "wave_address",
]


def customer_key(*, email: str | None, reference: str | None, name: str) -> str:
    """What makes a customer one: the e-mail address, else the reference, else the name."""
    if email and email.strip():
        return f"email:{email.strip().lower()}"
    return reference or f"name:{name}"


class CustomerFindOrCreateInput(Input):
    """Who it is. ``reference`` stands for a buyer without an e-mail address; without either, the name does."""

    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=320)
    reference: Reference | None = None
    first_name: str | None = Field(default=None, max_length=200)
    last_name: str | None = Field(default=None, max_length=200)
    phone: str | None = Field(default=None, max_length=100)
    address: Address | None = None

    @property
    def key(self) -> str:
        """What makes it one customer."""
        return customer_key(email=self.email, reference=self.reference, name=self.name)


async def find_or_create_customer(books: Wave, data: CustomerFindOrCreateInput) -> Customer:
    """Give the customer; two executions that want the same one at once make it once.

    Raises:
        TransientError: no answer, or another execution is still at it.
        PermanentError: Wave refuses the customer.
    """

    async def look(noted: str | None) -> Customer | None:
        found = await find_record(books, noted) or await find_customer(books, email=data.email, key=data.key)
        return None if found is None else Customer(id=found.id, name=found.name, email=found.email, created=False)

    async with claimed(books.context, books.connection, kind="customer", reference=data.key) as claim:

        async def send() -> Customer:
            with before_sending():
                found = await look(claim.remote_id)
            if found is not None:
                return found
            made = await _make(books, data)
            return Customer(id=made.id, name=made.name, email=made.email, created=True)

        async def find() -> Customer | None:
            found = await look(claim.remote_id)
            return found and found.model_copy(update={"created": True})

        request = data.model_dump(mode="json")
        customer = await books.once("customerCreate", request, Customer, send=send, find=find)
        if customer is None:
            raise PermanentError(f"{books.name} has no customer {data.key}, though it was made")
        claim.note(customer.id)
    return customer


async def find_customer(books: Wave, *, email: str | None, key: str) -> wire.WireCustomer | None:
    """Page through the customers, newest first: Wave has no filter by e-mail address, nor by our reference."""
    email = (email or "").strip().lower()
    async for customer in books.each(documents.CUSTOMERS, wire.CustomersData, _page):
        if customer.is_archived:
            continue
        same_email = bool(email) and (customer.email or "").strip().lower() == email
        if same_email or customer.reference == key:
            return customer
    return None


async def find_record(books: Wave, customer_id: str | None) -> records.WireCustomerRecord | None:
    """Give the customer of this id, whole; none where it was removed or archived."""
    if customer_id is None:
        return None
    answer = await books.find(documents.CUSTOMER_RECORD, customer_id, records.CustomerRecordData)
    found = answer.business.customer if answer and answer.business else None
    return found if found is not None and not found.is_archived else None


async def _make(books: Wave, data: CustomerFindOrCreateInput) -> records.WireCustomerRecord:
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
        "address": wave_address(data.address),
    }
    values |= {name: value for name, value in optional.items() if value}
    try:
        return await create_customer(books, values)
    except PermanentError as error:
        if "address" not in values or "address" not in error.message:
            raise
    # Shopify knows provinces and countries that Wave does not: a customer without its address beats none.
    del values["address"]
    return await create_customer(books, values)


async def create_customer(books: Wave, values: dict[str, object]) -> records.WireCustomerRecord:
    """Make a customer of Wave's input values."""
    payload = await books.mutate(documents.CUSTOMER_CREATE, values, "customerCreate", records.CustomerRecordPayload)
    return payload.customer


def wave_address(address: Address | None) -> dict[str, str] | None:
    """Give the address as Wave takes it; none where nothing of it is known."""
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
