"""One Wave business and everything that callers made in it.

Wave promises no idempotency: the same ``invoiceCreate`` twice makes two invoices, and that is how a double is seen. A
mutation that can't be done raises ``wave_input.Refused`` with the input errors that its payload then carries.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from aias.simulators.wave_books import ACCOUNTS, Account, Customer, Product, SalesTax, Transaction
from aias.simulators.wave_input import EMAIL, TEXTS, address, check_customer, discount, refuse, shipping
from aias.simulators.wave_invoices import Invoice, Item, ItemTax, totals_of
from aias.simulators.wave_products import product_accounts, product_price
from aias.simulators.wave_transactions import check_transaction

__all__ = ["MAIL_LIMIT", "STORE_LIMIT", "Books"]

STORE_LIMIT = 100_000
"""How many customers, products, taxes, invoices and transactions there can be, of each kind."""
MAIL_LIMIT = 1000
"""How many of the mails that Wave sent are kept."""

_T = TypeVar("_T")


class Books:
    """The business: its things by id, in the order in which they were made."""

    def __init__(
        self,
        *,
        seed: int,
        changed: Callable[[], None],
        clock: Callable[[], float],
        currency: str = "USD",
        suppresses_duplicates: bool = False,
    ) -> None:
        self._changed = changed
        self._clock = clock
        self._business = str(UUID(int=Random(f"wave:{seed}").getrandbits(128), version=4))  # noqa: S311 - an id for tests
        self.business_id = _encode(f"Business:{self._business}")
        self.user_id = _encode(f"User:{UUID(int=seed % 2**128, version=4)}")
        self.currency = currency
        self.suppresses_duplicates = suppresses_duplicates
        self.created_at = datetime(2026, 1, 1, tzinfo=UTC)
        self.accounts: dict[str, Account] = {
            account.id: account
            for account in (
                Account(id=self._id("Account", number), sequence=number, name=name, type=kind, subtype=subtype)
                for number, (name, kind, subtype) in enumerate(ACCOUNTS, start=1)
            )
        }
        self.customers: dict[str, Customer] = {}
        self.products: dict[str, Product] = {}
        self.sales_taxes: dict[str, SalesTax] = {}
        self.invoices: dict[str, Invoice] = {}
        self.transactions: dict[str, Transaction] = {}
        self.mails: deque[dict[str, Any]] = deque(maxlen=MAIL_LIMIT)
        self.mail_count = 0
        self._numbers: dict[str, int] = {}

    def reset(self) -> None:
        """As empty as at the start."""
        for made in (self.customers, self.products, self.sales_taxes, self.invoices, self.transactions):
            made.clear()
        self.mails.clear()
        self.mail_count = 0
        self._numbers.clear()

    def now(self) -> datetime:
        """Wave's time."""
        return datetime.fromtimestamp(self._clock(), UTC)

    def _id(self, kind: str, number: int) -> str:
        return _encode(f"Business:{self._business};{kind}:{number}")

    def _new(self, kind: str, among: dict[str, Any]) -> tuple[str, int]:
        if len(among) >= STORE_LIMIT:
            raise refuse("LIMIT", f"the local server keeps {STORE_LIMIT} of each kind and no more")
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._id(kind, self._numbers[kind]), self._numbers[kind]

    def _here(self, business_id: str) -> None:
        if business_id != self.business_id:
            raise refuse("NOT_FOUND", "Business could not be found.", "businessId")

    def _get(self, among: dict[str, _T], key: str, *path: str) -> _T:
        found = among.get(key)
        if found is None:
            raise refuse("NOT_FOUND", f"{path[-1].removesuffix('Id').capitalize()} could not be found.", *path)
        return found

    # --- customers ---

    def create_customer(self, given: dict[str, Any]) -> Customer:
        """A new customer. Two with the same name or address are two."""
        self._here(given["businessId"])
        check_customer(given)
        key, number = self._new("Customer", self.customers)
        now = self.now()
        customer = Customer(
            id=key,
            number=number,
            name=given["name"].strip(),
            details={name: given.get(name) for name in TEXTS},
            currency=given.get("currency"),
            address=address(given.get("address")),
            shipping=shipping(given.get("shippingDetails")),
            created_at=now,
            modified_at=now,
        )
        self.customers[key] = customer
        self._changed()
        return customer

    def patch_customer(self, given: dict[str, Any]) -> Customer:
        """The customer with the given fields replaced."""
        customer = self._get(self.customers, given["id"], "id")
        check_customer({"name": customer.name, **given})
        customer.name = (given.get("name") or customer.name).strip()
        customer.details |= {name: given[name] for name in TEXTS if name in given}
        if "currency" in given:
            customer.currency = given["currency"]
        if "address" in given:
            customer.address = address(given["address"])
        if "shippingDetails" in given:
            customer.shipping = shipping(given["shippingDetails"])
        customer.modified_at = self.now()
        self._changed()
        return customer

    def delete_customer(self, given: dict[str, Any]) -> None:
        """Remove a customer who has no invoice."""
        customer = self._get(self.customers, given["id"], "id")
        if any(invoice.customer is customer for invoice in self.invoices.values()):
            raise refuse("IN_USE", "Customer has invoices and can't be deleted.", "id")
        del self.customers[customer.id]
        self._changed()

    # --- products and taxes ---

    def create_product(self, given: dict[str, Any]) -> Product:
        """A new product; sold when it has an income account, bought when it has an expense account."""
        self._here(given["businessId"])
        if not given["name"].strip():
            raise refuse("REQUIRED", "Name can't be blank.", "name")
        income, expense = product_accounts(given, self.accounts)
        taxes = [
            self._get(self.sales_taxes, key, "defaultSalesTaxIds") for key in given.get("defaultSalesTaxIds") or ()
        ]
        key, number = self._new("Product", self.products)
        now = self.now()
        product = Product(
            id=key,
            number=number,
            name=given["name"].strip(),
            description=given.get("description"),
            unit_price=product_price(given.get("unitPrice")),
            income_account=income,
            expense_account=expense,
            default_sales_taxes=taxes,
            created_at=now,
            modified_at=now,
        )
        self.products[key] = product
        self._changed()
        return product

    def patch_product(self, given: dict[str, Any]) -> Product:
        """The product with the given fields replaced."""
        product = self._get(self.products, given["id"], "id")
        if "name" in given and not (given["name"] or "").strip():
            raise refuse("REQUIRED", "Name can't be blank.", "name")
        before = {
            "incomeAccountId": product.income_account and product.income_account.id,
            "expenseAccountId": product.expense_account and product.expense_account.id,
        }
        product.income_account, product.expense_account = product_accounts({**before, **given}, self.accounts)
        if given.get("defaultSalesTaxIds") is not None:
            product.default_sales_taxes = [
                self._get(self.sales_taxes, key, "defaultSalesTaxIds") for key in given["defaultSalesTaxIds"]
            ]
        product.name = given.get("name", product.name).strip()
        product.description = given.get("description", product.description)
        if "unitPrice" in given:
            product.unit_price = product_price(given["unitPrice"])
        product.modified_at = self.now()
        self._changed()
        return product

    def create_sales_tax(self, given: dict[str, Any]) -> SalesTax:
        """A new sales tax; the abbreviation is short, the rate a fraction."""
        self._here(given["businessId"])
        for name in ("name", "abbreviation"):
            if not given[name].strip():
                raise refuse("REQUIRED", f"{name.capitalize()} can't be blank.", name)
        if not 0 <= given["rate"] <= 1:
            raise refuse("INVALID", "Rate is a fraction between 0 and 1: 0.13 for 13 %.", "rate")
        key, number = self._new("SalesTax", self.sales_taxes)
        now = self.now()
        tax = SalesTax(
            id=key,
            number=number,
            name=given["name"].strip(),
            abbreviation=given["abbreviation"].strip(),
            rate=given["rate"],
            description=given.get("description"),
            tax_number=given.get("taxNumber"),
            show_tax_number_on_invoices=bool(given.get("showTaxNumberOnInvoices")),
            is_compound=bool(given.get("isCompound")),
            is_recoverable=bool(given.get("isRecoverable")),
            effective=now.date(),
            created_at=now,
            modified_at=now,
        )
        self.sales_taxes[key] = tax
        self._changed()
        return tax

    # --- invoices ---

    def create_invoice(self, given: dict[str, Any]) -> Invoice:
        """A new invoice, DRAFT or SAVED."""
        self._here(given["businessId"])
        customer = self._get(self.customers, given["customerId"], "customerId")
        number = given.get("invoiceNumber")
        if number is not None and any(invoice.invoice_number == number for invoice in self.invoices.values()):
            raise refuse("UNIQUE", f"Invoice number {number} is already in use.", "invoiceNumber")
        now = self.now()
        invoice_date = given.get("invoiceDate") or now.date()
        due_date = given.get("dueDate") or invoice_date
        if due_date < invoice_date:
            raise refuse("INVALID", "Due date can't be before the invoice date.", "dueDate")
        currency = given.get("currency") or self.currency
        items = tuple(self._item(item, at) for at, item in enumerate(given.get("items") or ()))
        discounts = tuple(discount(granted, at, now) for at, granted in enumerate(given.get("discounts") or ()))
        try:
            totals = totals_of(items, discounts, currency)
        except ValueError as error:
            raise refuse("INVALID", f"{error}.", "discounts") from None
        if totals.total < 0:
            raise refuse("INVALID", "The total of an invoice can't be negative.", "items")
        key, sequence = self._new("Invoice", self.invoices)
        invoice = Invoice(
            id=key,
            number=sequence,
            customer=customer,
            status=given.get("status") or "DRAFT",
            title=given.get("title") or "Invoice",
            subhead=given.get("subhead"),
            invoice_number=number or self._next_number(),
            po_number=given.get("poNumber"),
            invoice_date=invoice_date,
            due_date=due_date,
            currency=currency,
            exchange_rate=given.get("exchangeRate") or Decimal(1),
            items=items,
            discounts=discounts,
            totals=totals,
            memo=given.get("memo"),
            footer=given.get("footer"),
            created_at=now,
            modified_at=now,
        )
        self.invoices[key] = invoice
        self._changed()
        return invoice

    def _next_number(self) -> str:
        """The largest invoice number there is, and one more."""
        numbers = (i.invoice_number for i in self.invoices.values())
        return str(max((int(n) for n in numbers if n.isdecimal() and len(n) < 19), default=0) + 1)  # noqa: PLR2004

    def _item(self, given: dict[str, Any], at: int) -> Item:
        path = ("items", str(at))
        product = self._get(self.products, given["productId"], *path, "productId")
        if product.income_account is None:
            raise refuse("INVALID", f"{product.name} is not sold.", *path, "productId")
        quantity, price = given.get("quantity"), given.get("unitPrice")
        if quantity is not None and quantity < 0:
            raise refuse("INVALID", "Quantity can't be negative.", *path, "quantity")
        if given.get("taxes") is None:
            taxes = [ItemTax(sales_tax=tax, given=None) for tax in product.default_sales_taxes]
        else:
            taxes = [
                ItemTax(
                    sales_tax=self._get(self.sales_taxes, tax["salesTaxId"], *path, "taxes", "salesTaxId"),
                    given=tax.get("amount"),
                )
                for tax in given["taxes"]
            ]
        return Item(
            product=product,
            account=product.income_account,
            description=given.get("description", product.description),
            quantity=Decimal(1) if quantity is None else quantity,
            unit_price=product.unit_price if price is None else price,
            taxes=tuple(taxes),
        )

    def approve_invoice(self, given: dict[str, Any]) -> Invoice:
        """A draft becomes SAVED; anything else can't be approved (again)."""
        invoice = self._get(self.invoices, given["invoiceId"], "invoiceId")
        if invoice.status != "DRAFT":
            raise refuse("INVALID_STATUS", f"Invoice is {invoice.status}: only a draft can be approved.", "invoiceId")
        if not invoice.items:
            raise refuse("INVALID", "An invoice without items can't be approved.", "invoiceId")
        invoice.status = "SAVED"
        invoice.modified_at = self.now()
        self._changed()
        return invoice

    def send_invoice(self, given: dict[str, Any]) -> Invoice:
        """Mail an approved invoice; each call mails it once more."""
        invoice = self._get(self.invoices, given["invoiceId"], "invoiceId")
        if not given["to"]:
            raise refuse("REQUIRED", "At least one recipient is required.", "to")
        for at, recipient in enumerate(given["to"]):
            if not EMAIL.fullmatch(recipient):
                raise refuse("INVALID", f"{recipient!r} is no e-mail address.", "to", str(at))
        self._sent(invoice, "WAVE", None)
        invoice.recipients = list(given["to"])
        self.mail_count += 1
        self.mails.append(
            {
                "invoice": invoice.id,
                "number": invoice.invoice_number,
                "to": list(given["to"]),
                "subject": given.get("subject"),
                "message": given.get("message"),
                "at": self.now().isoformat(),
            }
        )
        return invoice

    def mark_invoice_sent(self, given: dict[str, Any]) -> Invoice:
        """Note that an approved invoice was sent by other means."""
        invoice = self._get(self.invoices, given["invoiceId"], "invoiceId")
        self._sent(invoice, given["sendMethod"], given.get("sentAt"))
        return invoice

    def _sent(self, invoice: Invoice, method: str, at: datetime | None) -> None:
        if invoice.status == "DRAFT":
            raise refuse("INVALID_STATUS", "Invoice is a draft: approve it before it is sent.", "invoiceId")
        invoice.status = "SENT"
        invoice.last_sent_at = at or self.now()
        invoice.last_sent_via = method
        invoice.sent_count += 1
        invoice.modified_at = self.now()
        self._changed()

    def delete_invoice(self, given: dict[str, Any]) -> None:
        """Remove a draft."""
        invoice = self._get(self.invoices, given["invoiceId"], "invoiceId")
        if invoice.status != "DRAFT":
            raise refuse("INVALID_STATUS", f"Invoice is {invoice.status}: only a draft can be deleted.", "invoiceId")
        del self.invoices[invoice.id]
        self._changed()

    # --- transactions ---

    def create_transaction(self, given: dict[str, Any]) -> Transaction:
        """Book money; the same external id again makes another transaction, unless duplicates are suppressed."""
        self._here(given["businessId"])
        if self.suppresses_duplicates:
            known = (one for one in self.transactions.values() if one.external_id == given["externalId"])
            if (found := next(known, None)) is not None:
                return found
        check_transaction(given, self)
        anchor = given["anchor"]
        key, _ = self._new("Transaction", self.transactions)
        transaction = Transaction(
            id=key,
            external_id=given["externalId"],
            date=given["date"],
            description=given["description"],
            amount=anchor["amount"],
            direction=anchor["direction"],
            lines=[dict(line) for line in given["lineItems"]],
        )
        self.transactions[key] = transaction
        self._changed()
        return transaction


def _encode(text: str) -> str:
    """An id as Wave shows it: opaque, but always the same for the same thing."""
    return base64.b64encode(text.encode()).decode()
