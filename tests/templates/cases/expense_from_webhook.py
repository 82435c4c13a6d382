"""An expense above the limit, approved and booked; another of the same reference is the same."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    del bench
    return {"reference": "R-17", "vendor": "Paper & Co", "amount": "312.40", "currency": "USD", "date": "2026-11-02"}


async def check(bench: Bench, execution: Execution) -> None:
    books = bench.sims.wave.books
    (booked,) = books.transactions.values()
    assert (booked.external_id, booked.description) == ("expense-R-17", "Paper & Co")
    assert (booked.amount, booked.direction) == (Decimal("312.40"), "WITHDRAWAL")
    assert [books.accounts[line["accountId"]].name for line in booked.lines] == ["Merchant Fees"]
    assert execution.output == {"transaction": booked.id, "is_new": True}


CASE = Case(arrange=arrange, check=check, approve=["consent"], calls=["consent", "accounts", "book"])
