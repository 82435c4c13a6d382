"""The first refund of the shop, booked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


def refunded(bench: Bench) -> Any:
    return next(record for record in bench.sims.shopify.shop.orders.values() if record.order.refunds)


async def arrange(bench: Bench) -> Mapping[str, Any]:
    record = refunded(bench)
    return {"order_id": record.gid, "refund_id": str(record.order.refunds[0].id)}


async def check(bench: Bench, execution: Execution) -> None:
    record = refunded(bench)
    refund = record.order.refunds[0]
    (booked,) = bench.sims.wave.books.transactions.values()
    assert booked.external_id == f"shopify-refund-{refund.id}"
    assert execution.output["is_booked"] is True
    assert execution.output["amount"] == str(refund.total.shop)
    assert f"refund {refund.id} booked" in record.tags
    assert f"Refund {refund.id}" in record.note


CASE = Case(
    arrange=arrange,
    check=check,
    parameters={"approval_above": 0},
    approve=["consent"],
    calls=["fetch", "accounts", "book", "tag", "note"],
)
