"""Of three that were left one is too new, one buyer did not agree to mails, and one gets a reminder."""

from __future__ import annotations

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def check(bench: Bench, execution: Execution) -> None:
    (mail,) = bench.sims.smtp.records()
    (checkout, *_) = bench.sims.shopify.shop.checkouts.values()
    assert checkout.customer is not None
    assert mail["to"] == [checkout.customer.customer.email] == ["buyer000@example.com"]
    assert mail["subject"] == "You left something at Acme Goods"
    assert "1 x Test Mug" in mail["text"]
    assert f"/checkouts/{checkout.id}/recover" in mail["text"]
    assert "Together 12.50 USD" in mail["text"]
    assert execution.output == {"reminded": 1}


CASE = Case(check=check, calls=["left", "remind"])
