"""All that the shop sold since its first day, and an invoice that is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case

DAYS = (datetime.now(UTC).date() - date(2026, 8, 31)).days


async def arrange(bench: Bench) -> Mapping[str, Any]:
    del bench
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    orders = list(bench.sims.shopify.shop.orders.values())
    sold = sum((one.order.total.shop for one in orders), start=Decimal(0))
    refunded = sum((one.order.refunded_total.shop for one in orders), start=Decimal(0))
    assert execution.output["sold"] == f"{sold:.2f}"
    assert execution.output["refunded"] == f"{refunded:.2f}"
    assert execution.output["orders"] == len(orders) == 25
    (mail,) = bench.sims.smtp.records()
    assert mail["to"] == ["owner@example.com", "books@example.com"]
    assert f"Sold               {sold:.2f}" in mail["text"]


CASE = Case(
    arrange=arrange,
    check=check,
    parameters={"recipients": ["owner@example.com", "books@example.com"], "days": DAYS},
    calls=["orders", "overdue", "figures", "mail"],
)
