"""Of two goods one has run low: the rest is ordered, after a person has looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    bench.sims.shopify.shop.items[8_400_000_001].quantities[6_000_000_001]["available"] = 4
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    (mail,) = bench.sims.smtp.records()
    assert mail["to"] == ["orders@supplier.example.com"]
    assert "36 x TEST-000  Test Mug - Blue" in mail["text"]
    assert "TEST-001" not in mail["text"]
    assert execution.output["ordered"] is True


CASE = Case(
    arrange=arrange,
    check=check,
    parameters={
        "supplier": "orders@supplier.example.com",
        "shop_name": "Acme Deli",
        "goods": [{"sku": "TEST-000", "keep": 40}, {"sku": "TEST-001", "keep": 1000}],
    },
    approve=["consent"],
    calls=["stock", "missing", "consent", "order"],
)
