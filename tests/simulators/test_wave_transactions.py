from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from aias.simulators import Simulators, running_simulators
from aias.simulators.wave_input import Refused

from .conftest import Bookkeeper


def account(sims: Simulators, name: str) -> str:
    return next(one.id for one in sims.wave.books.accounts.values() if one.name == name)


def transaction(sims: Simulators, **changes: Any) -> dict[str, Any]:
    return {
        "businessId": sims.wave.business_id,
        "externalId": "payment-1",
        "date": "2026-11-01",
        "description": "Paid",
        "anchor": {"accountId": account(sims, "Cash on Hand"), "amount": "10.00", "direction": "DEPOSIT"},
        "lineItems": [{"accountId": account(sims, "Sales"), "amount": 10, "balance": "INCREASE"}],
        **changes,
    }


async def test_the_same_external_id_twice_makes_two_transactions(sims: Simulators, books: Bookkeeper) -> None:
    for _ in range(2):
        booked = await books.mutate("moneyTransactionCreate", transaction(sims), "transaction { id }")
        assert booked["transaction"]["id"]
    assert sims.wave.state()["transactions"] == {"count": 2, "by_external_id": {"payment-1": 2}}


async def test_where_duplicates_are_suppressed_the_first_transaction_is_given_again(
    sims: Simulators, books: Bookkeeper
) -> None:
    sims.wave.books.suppresses_duplicates = True
    ids = [
        (await books.mutate("moneyTransactionCreate", transaction(sims), "transaction { id }"))["transaction"]["id"]
        for _ in range(2)
    ]
    assert ids[0] == ids[1]
    assert sims.wave.state()["transactions"]["count"] == 1


async def test_a_fee_is_taken_off_a_deposit_and_taxes_are_added_to_their_line(
    sims: Simulators, books: Bookkeeper
) -> None:
    lines = [
        {
            "accountId": account(sims, "Sales"),
            "amount": "100",
            "balance": "INCREASE",
            "customerId": books.customer_id,
            "taxes": [{"salesTaxId": books.tax_id}],
        },
        {"accountId": account(sims, "Merchant Fees"), "amount": "3.20", "balance": "INCREASE"},
    ]
    anchor = {"accountId": account(sims, "Cash on Hand"), "amount": "109.80", "direction": "DEPOSIT"}
    booked = await books.mutate("moneyTransactionCreate", transaction(sims, anchor=anchor, lineItems=lines))
    assert booked["didSucceed"]
    (kept,) = sims.wave.books.transactions.values()
    assert kept.amount == Decimal("109.8")


@pytest.mark.parametrize(
    ("anchor", "line", "path"),
    [
        ({"amount": "9.99"}, {}, ["input", "lineItems"]),
        ({"direction": "WITHDRAWAL"}, {}, ["input", "lineItems"]),
        ({"amount": "-1"}, {}, ["input", "anchor", "amount"]),
        ({"amount": "10.001"}, {}, ["input", "anchor", "amount"]),
        ({"accountId": "nothing"}, {}, ["input", "anchor", "accountId"]),
        ({"accountId": "Sales"}, {}, ["input", "anchor", "accountId"]),
        ({}, {"accountId": "nothing"}, ["input", "lineItems", "0", "accountId"]),
        ({}, {"accountId": "Cash on Hand"}, ["input", "lineItems", "0"]),
        ({}, {"customerId": "nobody"}, ["input", "lineItems", "0", "customerId"]),
        ({}, {"taxes": [{"salesTaxId": "none"}]}, ["input", "lineItems", "0", "taxes", "salesTaxId"]),
    ],
)
async def test_a_transaction_that_makes_no_sense_is_a_business_error(
    sims: Simulators, books: Bookkeeper, anchor: dict[str, Any], line: dict[str, Any], path: list[str]
) -> None:
    names = {one.name: one.id for one in sims.wave.books.accounts.values()}
    given = transaction(sims)
    given["anchor"] |= {key: names.get(value, value) for key, value in anchor.items()}
    given["lineItems"][0] |= {
        key: names.get(value, value) if isinstance(value, str) else value for key, value in line.items()
    }
    refused = await books.mutate("moneyTransactionCreate", given)
    assert refused["inputErrors"][0]["path"] == path
    assert sims.wave.state()["transactions"]["count"] == 0


@pytest.fixture
async def yen() -> AsyncIterator[Simulators]:
    async with running_simulators(which=["wave"], wave={"currency": "JPY"}) as running:
        yield running


async def test_a_business_in_yen_books_no_fractions(yen: Simulators) -> None:
    given = transaction(yen)
    given["anchor"]["amount"] = given["lineItems"][0]["amount"] = Decimal("10.5")
    with pytest.raises(Refused, match="more decimals than JPY"):
        yen.wave.books.create_transaction(given)
