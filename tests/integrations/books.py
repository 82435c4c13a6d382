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
    return (await workspace.call("wave.customer_find_or_create", {**BUYER, **given}))["id"]
