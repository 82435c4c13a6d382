"""One variant that runs out among many that do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    item = next(iter(bench.sims.shopify.shop.items.values()))
    for here in item.quantities.values():
        here["available"] = 1
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    item = next(iter(bench.sims.shopify.shop.items.values()))
    assert execution.output == {"low_count": 1}
    (message,) = [message["text"] for message in bench.sims.slack.messages]
    assert message.startswith("1 variants run out:")
    assert f"({item.variant.sku}): {item.available} left" in message


CASE = Case(arrange=arrange, check=check, calls=["stock", "alert"], runs=1)
