"""A feed with a quantity that differs, one that does not, and a SKU that the shop does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    feed = [("TEST-000", 12), ("TEST-001", 1000), ("TEST-404", 7)]
    bench.shelf.pages["/stock.json"] = {"items": [{"article": sku, "pieces": left} for sku, left in feed]}
    parameters = {"feed_url": f"{bench.shelf.base_url}/stock.json", "sku_field": "article", "quantity_field": "pieces"}
    await bench.use("inventory-sync", parameters)
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    shop = bench.sims.shopify
    assert shop.shop.items[8_400_000_001].quantities[6_000_000_001]["available"] == 12
    assert execution.output == {"changed": 1, "unchanged": 1, "unknown": ["TEST-404"]}
    assert sum(entry.effect for entry in shop.journal.find("inventorySetQuantities")) == 1


CASE = Case(arrange=arrange, check=check, calls=["feed", "rows", "set"])
