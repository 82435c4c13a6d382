"""What the tests of the Wave actions bill, and to whom."""

from __future__ import annotations

from typing import Any

from aias.simulators import Simulators


def count(sims: Simulators, kind: str) -> int:
    return len(getattr(sims.wave.books, kind))


BUYER = {"name": "Buyer 017", "email": "Buyer017@example.com"}
LINES = [
    {"description": "Thing", "quantity": "3", "unit_price": "9.99", "taxes": [{"name": "VAT 20 %", "rate": "0.2"}]},
    {"description": "Sending it", "product": "Shipping", "unit_price": "4.95"},
]
DRAFT = {"currency": "USD", "lines": LINES, "reference": "ref-1"}


async def customer(workspace: Any, **given: Any) -> str:
    return (await workspace.do("wave.customer_find_or_create", {**BUYER, **given}))["id"]


def account(sims: Simulators, name: str) -> str:
    return next(one.id for one in sims.wave.books.accounts.values() if one.name == name)


def payment(sims: Simulators, **changes: Any) -> dict[str, Any]:
    return {
        "external_id": "payment-1",
        "date": "2026-11-01",
        "description": "Payout",
        "anchor": {"account_id": account(sims, "Cash on Hand"), "amount": "40.91", "direction": "DEPOSIT"},
        "lines": [{"account_id": account(sims, "Sales"), "amount": "40.91"}],
        **changes,
    }
