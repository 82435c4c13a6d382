"""What the inputs of the actions are made of: ids in either form, tags, money, addresses."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "AddressInput",
    "CustomerId",
    "Email",
    "Input",
    "InventoryItemId",
    "LineItemId",
    "LocationId",
    "Money",
    "OrderId",
    "PayoutId",
    "Phone",
    "ProductId",
    "Tag",
    "VariantId",
]


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _gid(kind: str) -> AfterValidator:
    pattern = re.compile(rf"(?:gid://shopify/{kind}/)?(\d{{1,20}})")

    def check(value: str) -> str:
        match = pattern.fullmatch(value.strip())
        if match is None:
            raise ValueError(f"is neither a number nor gid://shopify/{kind}/<number>")
        return f"gid://shopify/{kind}/{match[1]}"

    return AfterValidator(check)


OrderId = Annotated[str, BeforeValidator(_text), _gid("Order")]
LineItemId = Annotated[str, BeforeValidator(_text), _gid("LineItem")]
LocationId = Annotated[str, BeforeValidator(_text), _gid("Location")]
ProductId = Annotated[str, BeforeValidator(_text), _gid("Product")]
VariantId = Annotated[str, BeforeValidator(_text), _gid("ProductVariant")]
InventoryItemId = Annotated[str, BeforeValidator(_text), _gid("InventoryItem")]
PayoutId = Annotated[str, BeforeValidator(_text), _gid("ShopifyPaymentsPayout")]
CustomerId = Annotated[str, BeforeValidator(_text), _gid("Customer")]


def _tag(value: str) -> str:
    value = value.strip()
    if not value or "," in value:
        raise ValueError("is empty or holds a comma, which separates tags")
    return value


Tag = Annotated[str, Field(max_length=40), AfterValidator(_tag)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=3, allow_inf_nan=False)]
Email = Annotated[str, Field(max_length=320, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Phone = Annotated[str, Field(min_length=4, max_length=40, pattern=r"^\+?[0-9 ()./-]+$")]


class Input(BaseModel):
    """The base of every input: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")

    def asked(self) -> dict[str, Any]:
        """Give it as plain JSON: what the ledger of effects takes for the request."""
        return self.model_dump(mode="json", exclude_none=True)


class AddressInput(Input):
    """A postal address."""

    first_name: str | None = Field(default=None, max_length=255)
    last_name: str | None = Field(default=None, max_length=255)
    company: str | None = Field(default=None, max_length=255)
    address1: str | None = Field(default=None, max_length=255)
    address2: str | None = Field(default=None, max_length=255)
    city: str | None = Field(default=None, max_length=255)
    province_code: str | None = Field(default=None, max_length=20)
    country_code: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    zip: str | None = Field(default=None, max_length=20)
    phone: str | None = Field(default=None, max_length=40)

    def to_shopify(self) -> dict[str, Any]:
        """Give it as ``MailingAddressInput``."""
        names = {
            "firstName": self.first_name,
            "lastName": self.last_name,
            "company": self.company,
            "address1": self.address1,
            "address2": self.address2,
            "city": self.city,
            "provinceCode": self.province_code,
            "countryCode": self.country_code,
            "zip": self.zip,
            "phone": self.phone,
        }
        return {name: value for name, value in names.items() if value is not None}
