"""Checkouts that were left, payouts, and stock by SKU: read as they are, and refused as the shop refuses."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from aias.errors import PermanentError
from aias.simulators.shopify import ShopifySimulator

MAIN, FLOOR = 6_000_000_001, 6_000_000_002


@pytest.fixture
async def shop(workspace: Any) -> AsyncGenerator[ShopifySimulator]:
    simulator = ShopifySimulator(orders=25, bucket=1e6, restore_rate=1e6)
    await simulator.start()
    await workspace.connect("shopify", {"url": simulator.url}, {"access_token": simulator.token})
    yield simulator
    await simulator.stop()


def pieces(shop: ShopifySimulator, number: int, place: int = MAIN) -> dict[str, int]:
    return shop.shop.items[8_400_000_001 + number].quantities[place]


# --- checkouts ---


async def test_only_those_who_agreed_accept_marketing_and_who_paid_is_left_out(
    workspace: Any, shop: ShopifySimulator
) -> None:
    listed = await workspace.call("shopify.checkout_list", {})
    told = [(one["email"], one["accepts_marketing"], one["total"]) for one in listed["checkouts"]]
    assert told == [
        ("buyer000@example.com", True, "12.5"),
        ("buyer001@example.com", False, "39.98"),
        ("buyer004@example.com", True, "356.0"),
    ]
    first = listed["checkouts"][0]
    assert first["lines"] == [{"title": "Test Mug", "sku": "TEST-000", "quantity": 1}]
    assert first["url"].startswith(f"{shop.url}/checkouts/")
    everyone = await workspace.call("shopify.checkout_list", {"query": None})
    assert [one["completed_at"] is not None for one in everyone["checkouts"]] == [False, False, True, False]


async def test_checkouts_are_paged_and_searched_by_time(workspace: Any, shop: ShopifySimulator) -> None:
    page = await workspace.call("shopify.checkout_list", {"first": 2})
    rest = await workspace.call("shopify.checkout_list", {"first": 2, "after": page["next"]})
    assert (len(page["checkouts"]), len(rest["checkouts"]), rest["next"]) == (2, 1, None)
    since = page["checkouts"][1]["created_at"]
    late = await workspace.call("shopify.checkout_list", {"query": f"created_at:>='{since}'", "reverse": True})
    assert [one["email"] for one in late["checkouts"]][-1] == "buyer001@example.com"
    of_today = await workspace.call("shopify.checkout_list", {"idle_hours": 4, "within_hours": 24})
    assert [one["email"] for one in of_today["checkouts"]] == ["buyer001@example.com"]


async def test_an_order_says_where_what_is_owed_can_be_paid(workspace: Any, shop: ShopifySimulator) -> None:
    first, second = list(shop.shop.orders.values())[:2]
    first.order = replace(first.order, paid=False)
    owed = await workspace.call("shopify.order_get", {"id": first.gid})
    assert owed["payment_url"] == f"{shop.url}/orders/{first.order.id}/pay"
    assert (await workspace.call("shopify.order_get", {"id": second.gid}))["payment_url"] is None


# --- payouts ---


async def test_a_payout_is_what_its_parts_and_its_transactions_come_to(workspace: Any, shop: ShopifySimulator) -> None:
    listed = (await workspace.call("shopify.payout_list", {}))["payouts"]
    assert [one["direction"] for one in listed] == ["WITHDRAWAL", "DEPOSIT"]
    for summary in listed:
        payout = await workspace.call("shopify.payout_get", {"id": summary["legacy_id"]})
        parts = [Decimal(payout[name]) for name in ("charges", "refunds", "adjustments", "other")]
        assert sum(parts) - Decimal(payout["fees"]) == Decimal(payout["net"]) == Decimal(summary["net"])
        assert (Decimal(payout["difference"]), payout["is_balanced"]) == (0, True)
        assert Decimal(payout["gross"]) == Decimal(payout["net"]) + Decimal(payout["fees"])
        assert payout["transaction_count"] > 0
    newest = {"status": None, "issued_since": listed[0]["issued_at"][:10]}
    assert [one["status"] for one in (await workspace.call("shopify.payout_list", newest))["payouts"]] == [
        "SCHEDULED",
        "PAID",
    ]


async def test_a_payout_that_is_off_says_by_how_much(workspace: Any, shop: ShopifySimulator) -> None:
    number = shop.shop.payouts()[0].id
    shop.shop.payout_slips[number] = Decimal("-1.25")
    payout = await workspace.call("shopify.payout_get", {"id": number})
    assert (payout["difference"], payout["is_balanced"]) == ("-1.25", False)
    with pytest.raises(PermanentError, match="has no payout gid://shopify/ShopifyPaymentsPayout/1"):
        await workspace.call("shopify.payout_get", {"id": 1})


# --- stock ---


async def test_stock_is_told_by_sku_and_place(workspace: Any, shop: ShopifySimulator) -> None:
    here = await workspace.call("shopify.inventory_list", {"skus": ["TEST-001", "TEST-003", "nothing"]})
    assert here["location_name"] == "Main warehouse"
    assert [(one["sku"], one["available"]) for one in here["items"]] == [("TEST-001", 1000), ("TEST-003", 1000)]
    there = await workspace.call("shopify.inventory_list", {"location_id": FLOOR, "query": "sku:TEST-001"})
    assert [(one["title"], one["on_hand"]) for one in there["items"]] == [("Sample Poster", 0)]
    with pytest.raises(PermanentError, match="has no location gid://shopify/Location/1"):
        await workspace.call("shopify.inventory_list", {"location_id": 1})


async def test_quantities_become_what_a_feed_says_and_strangers_are_named(
    workspace: Any, shop: ShopifySimulator
) -> None:
    feed = {"TEST-000": 12, "TEST-001": 1000, "TEST-002": 0, "UNKNOWN": 3}
    wanted = {"quantities": [{"sku": sku, "quantity": quantity} for sku, quantity in feed.items()]}
    made = await workspace.call("shopify.inventory_set", wanted)
    assert [(one["sku"], one["before"], one["quantity"]) for one in made["set"]] == [
        ("TEST-000", 1000, 12),
        ("TEST-002", 1000, 0),
    ]
    assert (made["unchanged_count"], made["unknown"]) == (1, ["UNKNOWN"])
    assert (pieces(shop, 0)["available"], pieces(shop, 0)["on_hand"], pieces(shop, 2)["available"]) == (12, 12, 0)
    pieces(shop, 0)["available"] = 11  # sold since
    assert await workspace.call("shopify.inventory_set", wanted, attempt=2) == made
    assert pieces(shop, 0)["available"] == 11
    assert sum(entry.effect for entry in shop.journal.find("inventorySetQuantities")) == 1


async def test_a_quantity_that_has_moved_is_not_overwritten(
    workspace: Any, shop: ShopifySimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.faults.add({"match": {"operation": "inventorySetQuantities"}, "do": {"status": 500}})
    wanted = {"quantities": [{"sku": "TEST-000", "quantity": 12}, {"sku": "TEST-001", "quantity": 5}]}
    with pytest.raises(Exception, match="500"):
        await workspace.call("shopify.inventory_set", wanted)
    pieces(shop, 0)["available"] = 999
    with pytest.raises(PermanentError, match=r"quantities\.0\.changeFromQuantity: .* no longer matches"):
        await workspace.call("shopify.inventory_set", wanted, attempt=2)
    assert pieces(shop, 1)["available"] == 1000


async def test_a_sku_of_two_variants_is_refused_before_anything_is_set(workspace: Any, shop: ShopifySimulator) -> None:
    variants = list(shop.shop.variants.values())
    variants[1].sku = variants[0].sku
    with pytest.raises(PermanentError, match="several variants have the SKU TEST-000"):
        await workspace.call("shopify.inventory_set", {"quantities": [{"sku": "TEST-000", "quantity": 1}]})
    assert pieces(shop, 0)["available"] == 1000


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quantities": [{"sku": "a", "quantity": -1}]}, "quantities"),
        ({"quantities": [{"sku": "a' OR sku:'b", "quantity": 1}]}, "quantities"),
        ({"quantities": [{"sku": "a", "quantity": 1}] * 2}, ""),
        ({"quantities": [], "name": "damaged"}, "name"),
    ],
)
def test_what_is_no_stock_is_refused(refuses: Any, given: dict[str, Any], field: str) -> None:
    refuses("shopify.inventory_set", given, field)


async def test_the_shop_refuses_what_shopify_refuses(shop: ShopifySimulator) -> None:
    good = {"inventoryItemId": "gid://shopify/InventoryItem/8400000001", "locationId": f"gid://shopify/Location/{MAIN}"}
    fine = {**good, "quantity": 5, "changeFromQuantity": 1000}
    cases = [
        ({"name": "reserved"}, fine, "INVALID_NAME"),
        ({"reason": "because"}, fine, "INVALID_REASON"),
        ({}, {**good, "quantity": 5}, "COMPARE_QUANTITY_REQUIRED"),
        ({}, {**fine, "changeFromQuantity": 1}, "CHANGE_FROM_QUANTITY_STALE"),
        ({}, {**fine, "quantity": -1}, "INVALID_QUANTITY_NEGATIVE"),
        ({}, {**fine, "inventoryItemId": "gid://shopify/InventoryItem/1"}, "INVALID_INVENTORY_ITEM"),
        ({}, {**fine, "locationId": "gid://shopify/Location/1"}, "INVALID_LOCATION"),
    ]
    document = """mutation($i: InventorySetQuantitiesInput!, $k: String!) {
      inventorySetQuantities(input: $i) @idempotent(key: $k) { userErrors { code } } }"""
    async with httpx.AsyncClient(headers={"X-Shopify-Access-Token": shop.token}) as client:
        url = f"{shop.url}/admin/api/2026-10/graphql.json"
        for number, (changes, quantity, code) in enumerate(cases):
            given = {"name": "available", "reason": "correction", "quantities": [quantity], **changes}
            asked = {"query": document, "variables": {"i": given, "k": str(number)}}
            answer = (await client.post(url, json=asked)).json()["data"]["inventorySetQuantities"]
            assert answer["userErrors"] == [{"code": code}], code
    assert pieces(shop, 0)["available"] == 1000
