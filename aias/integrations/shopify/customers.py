"""The actions ``shopify.customer_*``."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from aias.errors import PermanentError
from aias.integrations.shopify import documents, mutations, wire, wire_changes
from aias.integrations.shopify.client import shopify
from aias.integrations.shopify.inputs import AddressInput, CustomerId, Email, Input, Phone, Tag
from aias.integrations.shopify.models import Customer
from aias.integrations.shopify.reading import read_customer
from aias.plugins import ActionContext, action

__all__ = ["CustomerUpsertInput", "customer_get", "customer_upsert"]


class CustomerGetInput(Input):
    """Which customer."""

    id: CustomerId


@action("shopify.customer_get", effect="none", integration="shopify")
async def customer_get(context: ActionContext, data: CustomerGetInput) -> Customer:
    """Fetch one customer of the shop.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/customer .
    """
    shop = await shopify(context)
    found = (await shop.query(documents.CUSTOMER, {"id": data.id}, wire.CustomerData)).customer
    if found is None:
        raise PermanentError(f"{shop.name} has no customer {data.id}")
    return read_customer(found)


class CustomerUpsertInput(Input):
    """What a customer is to be. What is not given stays; tags that are given replace what was there."""

    id: CustomerId | None = Field(
        default=None,
        description="An existing customer; without it the e-mail address, else the phone number, says who.",
    )
    email: Email | None = None
    phone: Phone | None = None
    first_name: str | None = Field(default=None, max_length=255)
    last_name: str | None = Field(default=None, max_length=255)
    note: str | None = Field(default=None, max_length=5000)
    tags: list[Tag] | None = Field(default=None, max_length=250)
    address: AddressInput | None = Field(default=None, description="Replaces all addresses.")

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if self.id is None and self.email is None and self.phone is None:
            raise ValueError("id, email or phone says who it is")
        return self

    def identifier(self) -> dict[str, str]:
        """Give what the customer is found by."""
        if self.id is not None:
            return {"id": self.id}
        return {"email": self.email} if self.email is not None else {"phone": self.phone or ""}

    def to_shopify(self) -> dict[str, Any]:
        """Give it as ``CustomerSetInput``."""
        names = {
            "email": self.email,
            "phone": self.phone,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "note": self.note,
            "tags": self.tags,
            "addresses": None if self.address is None else [self.address.to_shopify()],
        }
        return {name: value for name, value in names.items() if value is not None}


@action("shopify.customer_upsert", timeout=60.0, effect="idempotent", integration="shopify", ledger=True)
async def customer_upsert(context: ActionContext, data: CustomerUpsertInput) -> Customer:
    """Bring a customer to the given details, by id, e-mail address or phone number; it is made where there is none.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/customerSet .
    """
    shop = await shopify(context)
    variables = {"identifier": data.identifier(), "input": data.to_shopify()}

    async def send(key: str) -> wire_changes.CustomerSetPayload:
        del key
        return await shop.mutate(mutations.CUSTOMER_SET, variables, "customerSet", wire_changes.CustomerSetPayload)

    payload = await shop.once("customerSet", data.asked(), wire_changes.CustomerSetPayload, send=send, keyed=True)
    if payload is None:
        raise PermanentError(f"{shop.name}: customerSet was settled by hand; its customer is not known here")
    return read_customer(payload.customer)
