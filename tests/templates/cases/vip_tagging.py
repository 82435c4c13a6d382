"""An order of a buyer who has ordered before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


def order(bench: Bench) -> Any:
    return next(record for record in bench.sims.shopify.shop.orders.values() if record.customer is not None)


async def arrange(bench: Bench) -> Mapping[str, Any]:
    return {"order_id": order(bench).gid}


async def check(bench: Bench, execution: Execution) -> None:
    found = order(bench)
    assert execution.output == {"is_vip": True}
    assert found.tags.count("VIP") == 1
    assert found.customer.tags.count("VIP") == 1
    others = [record for record in bench.sims.shopify.shop.orders.values() if record is not found]
    assert not any("VIP" in record.tags for record in others)


CASE = Case(
    arrange=arrange,
    check=check,
    parameters={"min_spent": 100000, "min_orders": 1},
    calls=["order", "customer", "tag_customer", "tag_order"],
)
