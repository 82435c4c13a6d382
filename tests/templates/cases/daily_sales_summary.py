"""Two orders of today, and many of long ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


def recent(bench: Bench) -> list[Any]:
    return list(bench.sims.shopify.shop.orders.values())[:2]


async def arrange(bench: Bench) -> Mapping[str, Any]:
    long_ago = datetime.now(UTC) - timedelta(days=30)
    for record in bench.sims.shopify.shop.orders.values():
        record.order = replace(record.order, created_at=long_ago)
    for record in recent(bench):
        record.order = replace(record.order, created_at=datetime.now(UTC) - timedelta(hours=1))
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    total = sum(record.order.total.shop for record in recent(bench))
    assert execution.output == {"count": 2, "total": str(total)}
    (mail,) = bench.sims.smtp.mails
    assert mail["to"] == ["owner@example.com"]
    assert "2 orders" in mail["text"]
    assert all(record.order.name in mail["text"] for record in recent(bench))


CASE = Case(arrange=arrange, check=check, calls=["orders", "mail"], runs=1)
