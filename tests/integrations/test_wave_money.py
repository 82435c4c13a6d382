from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from aias.errors import PermanentError
from aias.integrations.wave.money import MoneyTransactionCreateInput
from aias.simulators import Simulators
from tests.integrations.books import account, count, payment


async def test_a_payment_is_booked_with_its_lines(workspace: Any, sims: Simulators) -> None:
    booked = await workspace.do("wave.money_transaction_create", payment(sims))
    (kept,) = sims.wave.books.transactions.values()
    assert booked == {"id": kept.id, "external_id": "payment-1", "created": True}
    assert (kept.amount, kept.direction) == (Decimal("40.91"), "DEPOSIT")


async def test_without_an_external_id_the_step_is_the_external_id(workspace: Any, sims: Simulators) -> None:
    booked = await workspace.do("wave.money_transaction_create", payment(sims, external_id=None), step="book")
    assert booked["external_id"] == f"{workspace.execution_id}:book"


async def test_fees_go_the_other_way_and_taxes_are_waves_to_compute(workspace: Any, sims: Simulators) -> None:
    tax = await workspace.do("wave.sales_tax_find_or_create", {"name": "VAT", "rate": "0.2"})
    lines = [
        {"account_id": account(sims, "Sales"), "amount": "100", "taxes": [{"sales_tax_id": tax["id"]}]},
        {"account_id": account(sims, "Merchant Fees"), "amount": "3.25", "description": "Fee"},
    ]
    anchor = {"account_id": account(sims, "Cash on Hand"), "amount": "116.75", "direction": "DEPOSIT"}
    await workspace.do("wave.money_transaction_create", payment(sims, anchor=anchor, lines=lines))
    assert count(sims, "transactions") == 1


async def test_what_wave_refuses_is_permanent_and_named(workspace: Any, sims: Simulators) -> None:
    given = payment(sims)
    given["lines"][0]["account_id"] = "nothing"
    with pytest.raises(PermanentError, match=r"refused moneyTransactionCreate: input\.lineItems\.0\.accountId"):
        await workspace.do("wave.money_transaction_create", given)


ANCHOR = {"account_id": "a", "direction": "DEPOSIT"}
BASE = {"date": "2026-11-01", "description": "x"}


@pytest.mark.parametrize(
    ("currency", "amounts", "total"),
    [
        ("USD", ["0.10", "0.20"], "0.30"),
        ("USD", ["10.000", "5"], "15"),
        ("JPY", ["100", "1"], "101"),
        ("KWD", ["1.005", "2.010"], "3.015"),
    ],
)
def test_sums_are_exact_in_currencies_of_two_no_and_three_decimals(
    currency: str, amounts: list[str], total: str
) -> None:
    lines = [{"account_id": "b", "amount": amount} for amount in amounts]
    given = {**BASE, "currency": currency, "anchor": {**ANCHOR, "amount": total}, "lines": lines}
    assert MoneyTransactionCreateInput.model_validate(given).anchor.amount == Decimal(total)


@pytest.mark.parametrize(
    ("currency", "amount", "total"),
    [
        ("USD", "0.1", "0.100001"),
        ("USD", "10.01", "10.02"),
        ("USD", "10.001", "10.001"),
        ("JPY", "10.5", "10.5"),
        ("KWD", "1.0005", "1.0005"),
        (None, "10.01", "10.02"),
    ],
)
def test_amounts_that_do_not_add_up_or_that_there_are_not_are_refused(
    currency: str | None, amount: str, total: str
) -> None:
    lines = [{"account_id": "b", "amount": amount}]
    given = {**BASE, "currency": currency, "anchor": {**ANCHOR, "amount": total}, "lines": lines}
    with pytest.raises(ValidationError):
        MoneyTransactionCreateInput.model_validate(given)
