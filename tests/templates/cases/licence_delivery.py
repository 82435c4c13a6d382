"""An order with one line that comes with a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    return {"order_id": order(bench).gid}


def order(bench: Bench) -> Any:
    return next(iter(bench.sims.shopify.shop.orders.values()))


async def check(bench: Bench, execution: Execution) -> None:
    bought = order(bench)
    line = bought.order.lines[0]
    assert bench.shelf.made == 1
    assert list(bench.shelf.pages) == [f"/licences/{bought.order.id}-{line.sku}"]
    (mail,) = bench.sims.smtp.records()
    assert mail["to"] == [bought.email]
    assert "KEY-0001" in mail["text"]
    assert [done.line for parcel in bought.fulfillments for done in parcel.lines] == [line]
    assert execution.output == {"keys": 1, "sent": True}


CASE = Case(
    arrange=arrange,
    check=check,
    parameters={"skus": ["TEST-013", "TEST-404"], "product_name": "Acme Editor"},
    calls=["order", "licensed", "keys", "mail", "fulfill"],
)
