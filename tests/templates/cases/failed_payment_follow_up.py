"""Two orders are open and not paid; one has no address, and is only told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    for number in (1001, 1012):
        record = order(bench, number)
        record.order = replace(record.order, paid=False)
    return {}


def order(bench: Bench, number: int) -> Any:
    return next(one for one in bench.sims.shopify.shop.orders.values() if one.order.number == number)


async def check(bench: Bench, execution: Execution) -> None:
    (mail,) = bench.sims.smtp.records()
    owed = order(bench, 1001)
    assert mail["to"] == [owed.email]
    assert mail["subject"] == "Your order #1001 is waiting for its payment"
    assert f"/orders/{owed.order.id}/pay" in mail["text"]
    assert f"{owed.order.total.presentment:.2f} USD" in mail["text"]
    assert owed.tags == ["payment reminded"]
    assert execution.output == {"reminded": 1, "without_address": ["#1012"]}


CASE = Case(arrange=arrange, check=check, calls=["list", "orders", "remind", "tag"])
