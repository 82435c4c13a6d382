"""The action ``wave.money_transaction_create``: money that moved, booked to where it belongs.

Wave asks for an ``externalId`` and does not promise that a second transaction of the same one is refused; and it shows
no transactions, so that an unknown outcome can't be looked up. The call is therefore made once: where no answer came,
the step is in doubt, and its ``on_unknown`` says what then happens. What stands under an external id is
kept on our side, so that another execution with the same one books nothing.

Source: https://developer.waveapps.com/hc/en-us/articles/360057230751-Mutation-Create-Money-Transaction .
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from aias.integrations.currency import exponent
from aias.integrations.references import once_for
from aias.integrations.wave import documents, wire
from aias.integrations.wave.client import Wave, wave
from aias.integrations.wave.inputs import Id, Input, Reference, plain
from aias.integrations.wave.models import CurrencyCode
from aias.plugins import ActionContext, action

__all__ = ["MoneyTransactionCreateInput", "money_transaction_create"]

_UNNAMED = "booked"
"""Noted of a transaction whose id is not known: a person said that it was booked."""

Sum = Annotated[Decimal, Field(gt=0, decimal_places=4), plain]
"""An amount without sign; Wave's say which way it goes. No currency has more than four decimals."""


class TransactionTax(Input):
    """A sales tax of a line; without an amount Wave computes it from the tax's rate."""

    sales_tax_id: Id
    amount: Sum | None = None


class TransactionLine(Input):
    """What the money is booked to; ``balance`` says which way the account goes."""

    account_id: Id
    amount: Sum
    balance: Literal["INCREASE", "DECREASE", "CREDIT", "DEBIT"] = "INCREASE"
    customer_id: Id | None = None
    description: str | None = Field(default=None, max_length=1000)
    taxes: list[TransactionTax] = Field(default_factory=list[TransactionTax], max_length=10)


class TransactionAnchor(Input):
    """Where the money came in or went out: a bank, cash or credit card account."""

    account_id: Id
    amount: Sum
    direction: Literal["DEPOSIT", "WITHDRAWAL"]


class MoneyTransactionCreateInput(Input):
    """What to book.

    Without ``external_id`` the step's idempotency key is the external id. With ``currency``, that of the accounts, the
    amounts are held to its decimals. Lines that all go one way, with the amounts of their taxes, must come to the
    anchor's amount.
    """

    external_id: Reference | None = None
    date: date
    description: str = Field(min_length=1, max_length=500)
    notes: str | None = Field(default=None, max_length=5000)
    currency: CurrencyCode | None = None
    anchor: TransactionAnchor
    lines: list[TransactionLine] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        taxes = [tax.amount for line in self.lines for tax in line.taxes]
        parts = [line.amount for line in self.lines] + [amount for amount in taxes if amount is not None]
        if self.currency is not None:
            for amount in (self.anchor.amount, *parts):
                if -_exponent(amount) > exponent(self.currency):
                    raise ValueError(f"{amount} has more decimals than {self.currency}")
        is_one_way = len({line.balance for line in self.lines}) == 1 and None not in taxes
        total = sum(parts, start=Decimal(0))
        if is_one_way and total != self.anchor.amount:
            raise ValueError(f"the lines come to {total}, the anchor to {self.anchor.amount}")
        return self


class MoneyTransactionCreateOutput(BaseModel):
    """The transaction: its id at Wave (null where a person said that it was booked), and its external id.

    ``created`` is false where another execution had booked it under this external id before.
    """

    id: str | None
    external_id: str
    created: bool = True


@action("wave.money_transaction_create", effect="at_most_once", integration="wave", ledger=True)
async def money_transaction_create(
    context: ActionContext, data: MoneyTransactionCreateInput
) -> MoneyTransactionCreateOutput:
    """Book a deposit or a withdrawal, once per external id; what came of a call without an answer is not known."""
    books = await wave(context)
    external_id = data.external_id or context.idempotency_key

    async def send() -> MoneyTransactionCreateOutput:
        payload = await books.mutate(
            documents.MONEY_TRANSACTION_CREATE,
            _values(books, data, external_id),
            "moneyTransactionCreate",
            wire.TransactionPayload,
        )
        return MoneyTransactionCreateOutput(id=payload.transaction.id, external_id=external_id)

    async def make() -> str:
        booked = await books.once(
            "moneyTransactionCreate",
            {"external_id": external_id, **data.model_dump(mode="json", exclude={"external_id"})},
            MoneyTransactionCreateOutput,
            send=send,
            find=None,
        )
        return (booked.id if booked else None) or _UNNAMED

    if data.external_id is None:
        made, is_ours = await make(), True
    else:
        made, is_ours = await once_for(context, books.connection, kind="transaction", reference=external_id, make=make)
    return MoneyTransactionCreateOutput(id=None if made == _UNNAMED else made, external_id=external_id, created=is_ours)


def _values(books: Wave, data: MoneyTransactionCreateInput, external_id: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "businessId": books.business_id,
        "externalId": external_id,
        "date": data.date.isoformat(),
        "description": data.description,
        "anchor": {
            "accountId": data.anchor.account_id,
            "amount": data.anchor.amount,
            "direction": data.anchor.direction,
        },
        "lineItems": [_line(line) for line in data.lines],
    }
    return values if data.notes is None else {**values, "notes": data.notes}


def _line(line: TransactionLine) -> dict[str, Any]:
    values: dict[str, Any] = {"accountId": line.account_id, "amount": line.amount, "balance": line.balance}
    optional = {"customerId": line.customer_id, "description": line.description}
    values |= {name: value for name, value in optional.items() if value is not None}
    if line.taxes:
        values["taxes"] = [
            {"salesTaxId": tax.sales_tax_id} | ({} if tax.amount is None else {"amount": tax.amount})
            for tax in line.taxes
        ]
    return values


def _exponent(amount: Decimal) -> int:
    """The power of ten of the last digit that is not zero: 2.50 has -1."""
    power = amount.normalize().as_tuple().exponent
    return power if isinstance(power, int) else 0
