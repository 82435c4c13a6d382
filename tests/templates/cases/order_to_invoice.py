"""The first order of the shop, billed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


def order(bench: Bench) -> Any:
    return next(iter(bench.sims.shopify.shop.orders.values()))


async def arrange(bench: Bench) -> Mapping[str, Any]:
    return {"order_id": order(bench).gid}


async def check(bench: Bench, execution: Execution) -> None:
    (invoice,) = bench.sims.wave.books.invoices.values()
    assert invoice.status == "SENT"
    assert execution.output["is_billed"] is True
    assert {"invoiced", f"invoice {execution.output['invoice']}"} <= set(order(bench).tags)
    assert bench.sims.wave.books.mail_count == 1


CASE = Case(
    arrange=arrange,
    check=check,
    parameters={"approval_above": 0},
    approve=["consent"],
    calls=["fetch", "customer", "invoice", "approve", "send", "tag"],
)
