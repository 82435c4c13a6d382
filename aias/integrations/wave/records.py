"""Accounts, customers, products and sales taxes whole: the shapes of Wave's answers, and what workflows see of them."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from aias.integrations.wave.models import Address
from aias.integrations.wave.wire import Currency, Id, Page, Payload, Wire, reference_of

__all__ = [
    "Account",
    "AccountsData",
    "CustomerRecord",
    "CustomerRecordData",
    "CustomerRecordPayload",
    "CustomerRecordsData",
    "ProductRecord",
    "ProductRecordData",
    "ProductRecordPayload",
    "ProductRecordsData",
    "SalesTaxRecord",
    "SalesTaxRecordsData",
    "WireAccount",
    "WireCustomerRecord",
    "WireProductRecord",
    "WireSalesTaxRecord",
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Account(_Model):
    """An account; ``type`` and ``subtype`` are Wave's values, such as ``ASSET`` and ``CASH_AND_BANK``."""

    id: str
    name: str
    description: str | None
    display_id: str | None
    type: str
    subtype: str
    currency: str
    is_archived: bool


class CustomerRecord(_Model):
    """A customer as Wave has it; ``reference`` is ours, where one of our workflows made the customer."""

    id: str
    name: str
    first_name: str | None
    last_name: str | None
    email: str | None
    mobile: str | None
    phone: str | None
    website: str | None
    currency: str | None
    address: Address | None
    reference: str | None
    is_archived: bool


class ProductRecord(_Model):
    """A product or service as Wave has it; its price has up to five decimals, and no currency but the business's."""

    id: str
    name: str
    description: str | None
    unit_price: Decimal
    is_sold: bool
    is_bought: bool
    is_archived: bool
    income_account_id: str | None
    expense_account_id: str | None
    default_sales_tax_ids: list[str]


class SalesTaxRecord(_Model):
    """A sales tax as Wave has it; ``rate`` is today's, 0.19 for 19 %."""

    id: str
    name: str
    abbreviation: str
    description: str | None
    tax_number: str | None
    rate: Decimal
    is_compound: bool
    is_recoverable: bool
    is_archived: bool


class _Value(Wire):
    value: str


class _Code(Wire):
    code: str


class WireAccount(Wire):
    """An account of the chart of accounts."""

    id: str
    name: str
    description: str | None = None
    display_id: str | None = None
    is_archived: bool = False
    currency: Currency
    type: _Value
    subtype: _Value

    def model(self) -> Account:
        """Give it as workflows see it."""
        return Account(
            id=self.id,
            name=self.name,
            description=self.description,
            display_id=self.display_id,
            type=self.type.value,
            subtype=self.subtype.value,
            currency=self.currency.code,
            is_archived=self.is_archived,
        )


class _WireAddress(Wire):
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    province: _Code | None = None
    country: _Code | None = None
    postal_code: str | None = None

    def model(self) -> Address:
        return Address(
            address1=self.address_line1,
            address2=self.address_line2,
            city=self.city,
            province_code=self.province and self.province.code,
            country_code=self.country and self.country.code,
            zip=self.postal_code,
        )


class WireCustomerRecord(Wire):
    """A customer, whole."""

    id: str
    name: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    mobile: str | None = None
    phone: str | None = None
    website: str | None = None
    internal_notes: str | None = None
    is_archived: bool | None = None
    currency: Currency | None = None
    address: _WireAddress | None = None

    def model(self) -> CustomerRecord:
        """Give it as workflows see it."""
        return CustomerRecord(
            id=self.id,
            name=self.name,
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email,
            mobile=self.mobile,
            phone=self.phone,
            website=self.website,
            currency=self.currency and self.currency.code,
            address=self.address and self.address.model(),
            reference=reference_of(self.internal_notes),
            is_archived=bool(self.is_archived),
        )


class WireProductRecord(Wire):
    """A product or service, whole."""

    id: str
    name: str
    description: str | None = None
    unit_price: Decimal
    is_sold: bool
    is_bought: bool
    is_archived: bool
    income_account: Id | None = None
    expense_account: Id | None = None
    default_sales_taxes: list[Id]

    def model(self) -> ProductRecord:
        """Give it as workflows see it."""
        return ProductRecord(
            id=self.id,
            name=self.name,
            description=self.description,
            unit_price=self.unit_price,
            is_sold=self.is_sold,
            is_bought=self.is_bought,
            is_archived=self.is_archived,
            income_account_id=self.income_account and self.income_account.id,
            expense_account_id=self.expense_account and self.expense_account.id,
            default_sales_tax_ids=[tax.id for tax in self.default_sales_taxes],
        )


class WireSalesTaxRecord(Wire):
    """A sales tax, whole."""

    id: str
    name: str
    abbreviation: str
    description: str | None = None
    tax_number: str | None = None
    rate: Decimal
    is_compound: bool
    is_recoverable: bool
    is_archived: bool

    def model(self) -> SalesTaxRecord:
        """Give it as workflows see it."""
        return SalesTaxRecord(**dict(self))


class _Accounts(Wire):
    accounts: Page[WireAccount]


class AccountsData(Wire):
    """The answer to ``ACCOUNTS``."""

    business: _Accounts | None = None


class _Customer(Wire):
    customer: WireCustomerRecord | None = None


class CustomerRecordData(Wire):
    """The answer to ``CUSTOMER_RECORD``."""

    business: _Customer | None = None


class _Customers(Wire):
    customers: Page[WireCustomerRecord]


class CustomerRecordsData(Wire):
    """The answer to ``CUSTOMER_LIST``."""

    business: _Customers | None = None


class CustomerRecordPayload(Payload):
    """The payload of ``CUSTOMER_CREATE`` and ``CUSTOMER_PATCH``."""

    customer: WireCustomerRecord


class _Product(Wire):
    product: WireProductRecord | None = None


class ProductRecordData(Wire):
    """The answer to ``PRODUCT``."""

    business: _Product | None = None


class _Products(Wire):
    products: Page[WireProductRecord]


class ProductRecordsData(Wire):
    """The answer to ``PRODUCT_LIST``."""

    business: _Products | None = None


class ProductRecordPayload(Payload):
    """The payload of ``PRODUCT_CREATE`` and ``PRODUCT_PATCH``."""

    product: WireProductRecord


class _SalesTaxes(Wire):
    sales_taxes: Page[WireSalesTaxRecord]


class SalesTaxRecordsData(Wire):
    """The answer to ``SALES_TAX_LIST``."""

    business: _SalesTaxes | None = None
