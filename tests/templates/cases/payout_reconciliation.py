"""Two payouts: one deposit and one withdrawal; of a third the net is off, which is told and not booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    """A day before the first order there was another, whose payout is off by a quarter."""
    shop = bench.sims.shopify.shop
    first = next(iter(shop.orders.values()))
    day = first.order.created_at - timedelta(days=1)
    shop.orders[1] = replace(first, order=replace(first.order, id=1, number=1000, created_at=day))
    shop.payout_slips[shop.payouts()[0].id] = Decimal("0.25")
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    off, deposit, withdrawal, *_ = bench.sims.shopify.shop.payouts()
    booked = {one.external_id: one for one in bench.sims.wave.books.transactions.values()}
    assert set(booked) == {f"shopify-payout-{deposit.id}", f"shopify-payout-{withdrawal.id}"}
    came, went = booked[f"shopify-payout-{deposit.id}"], booked[f"shopify-payout-{withdrawal.id}"]
    assert (came.direction, came.amount) == ("DEPOSIT", deposit.net)
    assert (went.direction, went.amount) == ("WITHDRAWAL", -withdrawal.net)
    names = {one.id: one.name for one in bench.sims.wave.books.accounts.values()}
    fees = sum(one.fee for one in deposit.transactions)
    assert [(names[line["accountId"]], line["amount"], line["balance"]) for line in came.lines] == [
        ("Sales", deposit.net + fees, "CREDIT"),
        ("Merchant Fees", fees, "DEBIT"),
    ]
    assert [line["balance"] for line in went.lines] == ["DEBIT"]
    (mail,) = bench.sims.smtp.records()
    assert mail["subject"] == f"Shopify payout {off.id} does not add up"
    assert "come to 0.25 USD less" in mail["text"]
    assert len(execution.output["booked"]) == 2
    assert execution.output["off"] == [str(off.id)]


CASE = Case(
    arrange=arrange,
    check=check,
    parameters={"report_to": "books@example.com", "days": 366},
    calls=["accounts", "names", "list", "payouts", "book", "tell"],
)
