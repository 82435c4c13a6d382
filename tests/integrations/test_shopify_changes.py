"""What the actions change at the shop: once, whatever becomes of the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

from aias.errors import Deferred, OutcomeUnknown, PermanentError, TransientError
from aias.integrations.shopify import client as shopify_client
from aias.simulators.shopify import ShopifySimulator

ITEM = "gid://shopify/InventoryItem/8400000001"
PLACE = "gid://shopify/Location/6000000001"
VARIANT = 8_100_000_001


@pytest.fixture
async def shop(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[ShopifySimulator]:
    monkeypatch.setattr(shopify_client, "SETTLES_WITHIN", 0.0)  # the local shop shows at once what it has done
    simulator = ShopifySimulator(orders=40, bucket=1e6, restore_rate=1e6)
    await simulator.start()
    await workspace.connect("shopify", {"url": simulator.url}, {"access_token": simulator.token})
    yield simulator
    await simulator.stop()


def record(shop: ShopifySimulator, number: int) -> Any:
    return next(one for one in shop.shop.orders.values() if one.order.number == number)


def line(shop: ShopifySimulator, number: int, at: int = 0) -> str:
    return f"gid://shopify/LineItem/{record(shop, number).order.lines[at].id}"


def stock(shop: ShopifySimulator) -> int:
    return shop.shop.items[8_400_000_001].quantities[6_000_000_001]["available"]


def effects(shop: ShopifySimulator, mutation: str) -> int:
    return sum(entry.effect for entry in shop.journal.find(mutation))


# --- once, whatever happens to the answer ---

CHANGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "cancel": ("shopify.order_cancel", "orderCancel", {"id": 1003, "refund": True}),
    "fulfill": ("shopify.order_fulfill", "fulfillmentCreate", {"id": 1002}),
    "fulfill a line": ("shopify.order_fulfill", "fulfillmentCreate", {"id": 1002, "lines": 1}),
    "refund": ("shopify.order_refund", "refundCreate", {"id": 1002, "full": True}),
    "tag": ("shopify.order_tag", "tagsAdd", {"id": 1002, "tags": ["a"]}),
    "note": ("shopify.order_note", "orderUpdate", {"id": 1002, "note": "a"}),
    "draft order": (
        "shopify.draft_order_create",
        "draftOrderCreate",
        {"lines": [{"variant_id": VARIANT, "quantity": 2}]},
    ),
    "stock": (
        "shopify.inventory_adjust",
        "inventoryAdjustQuantities",
        {"changes": [{"item_id": ITEM, "location_id": PLACE, "delta": 5}]},
    ),
    "stock set": (
        "shopify.inventory_set",
        "inventorySetQuantities",
        {"quantities": [{"sku": "TEST-000", "quantity": 5}]},
    ),
    "product": ("shopify.product_upsert", "productSet", {"handle": "new-thing", "title": "New thing"}),
    "customer": ("shopify.customer_upsert", "customerSet", {"email": "new@example.com", "first_name": "New"}),
    "webhook": (
        "shopify.webhook_subscribe",
        "webhookSubscriptionCreate",
        {"topic": "ORDERS_CREATE", "uri": "https://example.com/hook"},
    ),
    "bulk": ("shopify.bulk_query", "bulkOperationRunQuery", {"query": "{ products { nodes { id title } } }"}),
}


def asked(shop: ShopifySimulator, data: dict[str, Any]) -> dict[str, Any]:
    """The input with the ids of this shop in place of order numbers."""
    if "id" not in data:
        return data
    given = {**data, "id": record(shop, data["id"]).gid}
    if "lines" in data:
        given["lines"] = [{"line_item_id": line(shop, data["id"]), "quantity": data["lines"]}]
    return given


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_whose_answer_was_lost_is_made_once(workspace: Any, shop: ShopifySimulator, change: str) -> None:
    name, mutation, data = CHANGES[change]
    shop.faults.add({"match": {"operation": mutation}, "do": {"drop_after_commit": True}})
    with pytest.raises(TransientError):
        await workspace.call(name, asked(shop, data))
    answer = await workspace.call(name, asked(shop, data), attempt=2)
    assert answer == await workspace.call(name, asked(shop, data), attempt=3)
    repeatable = change in {"product", "customer", "note"}  # setting what is to be once more changes nothing
    assert effects(shop, mutation) == 1 or repeatable
    counted = shop.state()
    assert {
        "cancel": counted["orders"]["by_status"].get("REFUNDED", 0) == 2,
        "fulfill": counted["fulfillments"]["count"] == 1,
        "fulfill a line": counted["fulfillments"]["count"] == 1,
        "draft order": counted["draft_orders"]["count"] == 1,
        "stock": stock(shop) == 1005,
        "stock set": stock(shop) == 5,
        "product": counted["products"]["count"] == 18,
        "webhook": len(counted["webhooks"]) == 1,
        "bulk": counted["bulk_operations"]["count"] == 1,
    }.get(change, True)


@pytest.mark.parametrize("change", sorted(set(CHANGES) - {"stock", "stock set"}))
async def test_a_shop_that_forgets_keys_is_asked_what_it_has_done(
    workspace: Any, shop: ShopifySimulator, change: str
) -> None:
    shop.keys.suppresses = False
    name, mutation, data = CHANGES[change]
    shop.faults.add({"match": {"operation": mutation}, "do": {"drop_after_commit": True}})
    with pytest.raises(TransientError):
        await workspace.call(name, asked(shop, data))
    await workspace.call(name, asked(shop, data), attempt=2)
    assert effects(shop, mutation) == 1 or change in {"product", "customer", "note"}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_that_was_refused_for_load_is_made_later(
    workspace: Any, shop: ShopifySimulator, change: str
) -> None:
    name, mutation, data = CHANGES[change]
    shop.faults.add({"match": {"operation": mutation}, "do": {"status": 503}})
    with pytest.raises(TransientError):
        await workspace.call(name, asked(shop, data))
    await workspace.call(name, asked(shop, data), attempt=2)
    assert effects(shop, mutation) == 1


async def test_stock_that_a_version_without_keys_may_have_changed_is_in_doubt(
    workspace: Any, shop: ShopifySimulator
) -> None:
    await workspace.connect(
        "shopify", {"url": shop.url, "api_version": "2025-10"}, {"access_token": shop.token}, name="old"
    )
    shop.faults.add({"match": {"operation": "inventoryAdjustQuantities"}, "do": {"drop_after_commit": True}})
    with pytest.raises(OutcomeUnknown):
        await workspace.call("shopify.inventory_adjust", CHANGES["stock"][2], connection="old")
    assert stock(shop) == 1005
    assert len(shop.journal.find("inventoryAdjustQuantities")) == 1


# --- orders ---


async def test_a_cancelled_order_is_refunded_and_its_goods_are_back(workspace: Any, shop: ShopifySimulator) -> None:
    one = record(shop, 1001)
    bought = one.order.lines[0]
    item = shop.shop.variants[bought.product.variant_id].item
    before = item.available
    data = {"id": one.gid, "reason": "CUSTOMER", "refund": True, "staff_note": "changed their mind"}
    answer = await workspace.call("shopify.order_cancel", data)
    assert answer["cancelled_at"]
    assert answer["financial_status"] == "REFUNDED"
    assert (one.cancel_reason, one.staff_note) == ("CUSTOMER", "changed their mind")
    assert item.available == before + bought.quantity


async def test_a_cancellation_is_waited_for_without_a_worker(workspace: Any, shop: ShopifySimulator) -> None:
    shop.shop.job_seconds = 3600
    data = {"id": record(shop, 1001).gid}
    for _ in range(2):
        with pytest.raises(Deferred):
            await workspace.call("shopify.order_cancel", data)
    shop.shop.clock = lambda: shop.clock() + 7200
    assert (await workspace.call("shopify.order_cancel", data))["cancelled_at"]
    assert len(shop.journal.find("orderCancel")) == 1


async def test_an_order_that_is_cancelled_already_stays_as_it_is(workspace: Any, shop: ShopifySimulator) -> None:
    data = {"id": record(shop, 1001).gid}
    first = await workspace.call("shopify.order_cancel", data, step="one")
    second = await workspace.call("shopify.order_cancel", data, step="two")
    assert first["cancelled_at"] == second["cancelled_at"]
    assert second["job_id"] is None
    assert len(shop.journal.find("orderCancel")) == 1


async def test_a_fulfilled_order_can_not_be_cancelled(workspace: Any, shop: ShopifySimulator) -> None:
    data = {"id": record(shop, 1001).gid}
    await workspace.do("shopify.order_fulfill", data)
    with pytest.raises(PermanentError, match="has been fulfilled"):
        await workspace.do("shopify.order_cancel", data)


async def test_an_order_is_fulfilled_with_its_tracking_number(workspace: Any, shop: ShopifySimulator) -> None:
    one = record(shop, 1003)
    data = {"id": one.gid, "tracking_company": "DHL", "tracking_number": "T-1", "notify_customer": True}
    answer = await workspace.call("shopify.order_fulfill", data)
    (parcel,) = answer["fulfillments"]
    assert parcel["name"] == "#1003-F1"
    assert parcel["pieces"] == sum(line.quantity for line in one.order.lines)
    assert one.fulfillment_status == "FULFILLED"
    assert one.fulfillments[0].tracking[0]["number"] == "T-1"
    assert one.fulfillments[0].notified


async def test_an_order_of_250_lines_is_fulfilled_line_by_line(workspace: Any, shop: ShopifySimulator) -> None:
    one = record(shop, 1020)
    last = one.order.lines[-1]
    wanted = [{"line_item_id": str(last.id), "quantity": last.quantity}]
    answer = await workspace.do("shopify.order_fulfill", {"id": one.gid, "lines": wanted})
    assert [parcel["pieces"] for parcel in answer["fulfillments"]] == [last.quantity]
    assert one.fulfillment_status == "PARTIALLY_FULFILLED"
    with pytest.raises(PermanentError, match="fewer pieces left"):
        await workspace.do("shopify.order_fulfill", {"id": one.gid, "lines": [{**wanted[0], "quantity": 9}]})


async def test_the_same_pieces_can_be_sent_by_two_steps(workspace: Any, shop: ShopifySimulator) -> None:
    one = next(o for o in shop.shop.orders.values() if o.order.lines[0].quantity >= 2 and not o.order.refunds)
    wanted = [{"line_item_id": str(one.order.lines[0].id), "quantity": 1}]
    shop.faults.add({"match": {"operation": "fulfillmentCreate"}, "times": 2, "do": {"drop_after_commit": True}})
    for step in ("one", "two"):
        with pytest.raises(TransientError):
            await workspace.call("shopify.order_fulfill", {"id": one.gid, "lines": wanted}, step=step)
        await workspace.call("shopify.order_fulfill", {"id": one.gid, "lines": wanted}, step=step, attempt=2)
    assert [made.lines[0].quantity for made in one.fulfillments] == [1, 1]


async def test_nothing_left_to_send_is_no_failure(workspace: Any, shop: ShopifySimulator) -> None:
    data = {"id": record(shop, 1001).gid}
    await workspace.call("shopify.order_fulfill", data, step="one")
    assert (await workspace.call("shopify.order_fulfill", data, step="two"))["fulfillments"] == []


async def test_a_full_refund_pays_back_what_was_paid_in_the_buyers_currency(
    workspace: Any, shop: ShopifySimulator
) -> None:
    for number in (1001, 1006, 1007, 1015, 1018):  # dollars, yen, included taxes, a refund before, pounds
        one = record(shop, number)
        left = one.order.total.presentment - one.order.refunded_total.presentment
        answer = await workspace.do("shopify.order_refund", {"id": one.gid, "full": True, "note": "sorry"})
        assert (Decimal(answer["amount"]), answer["currency"]) == (left, one.order.presentment_currency)
        assert one.order.financial_status == "REFUNDED"
        assert one.order.refunds[-1].note.startswith("sorry\naias-")
        with pytest.raises(PermanentError, match="nothing left to refund"):
            await workspace.call("shopify.order_refund", {"id": one.gid, "full": True}, step=f"again-{number}")


async def test_a_line_and_the_shipping_are_refunded_and_restocked(workspace: Any, shop: ShopifySimulator) -> None:
    one = record(shop, 1001)
    bought = one.order.lines[0]
    item = shop.shop.variants[bought.product.variant_id].item
    before = item.available
    wanted = {"line_item_id": str(bought.id), "quantity": 1, "restock": "return", "location_id": PLACE}
    answer = await workspace.do("shopify.order_refund", {"id": one.gid, "lines": [wanted], "shipping": "2.50"})
    share = (bought.final_total + bought.tax).part(Decimal(1), Decimal(bought.quantity))
    assert Decimal(answer["amount"]) == share.presentment + Decimal("2.50")
    assert item.available == before + 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"id": 1}, ""),
        ({"id": 1, "full": True, "shipping": "all"}, ""),
        ({"id": 1, "shipping": -1}, "shipping"),
        ({"id": 1, "lines": [{"line_item_id": 1, "quantity": 0}]}, "lines"),
        ({"id": 1, "lines": [{"line_item_id": 1, "quantity": 1, "restock": "return"}]}, "lines"),
    ],
)
def test_a_refund_that_makes_no_sense_is_refused_before_any_call(refuses: Any, data: Any, field: str) -> None:
    refuses("shopify.order_refund", data, field)


async def test_what_the_shop_refuses_is_permanent_and_leaves_nothing(workspace: Any, shop: ShopifySimulator) -> None:
    gid = record(shop, 1001).gid
    for name, data in (
        ("shopify.order_cancel", {"id": 1}),
        ("shopify.order_fulfill", {"id": 1}),
        ("shopify.order_refund", {"id": 1, "full": True}),
        ("shopify.order_fulfill", {"id": gid, "lines": [{"line_item_id": 1, "quantity": 1}]}),
        ("shopify.draft_order_create", {"lines": [{"variant_id": 1}]}),
        ("shopify.product_upsert", {"id": 1, "title": "x"}),
        ("shopify.product_upsert", {"handle": "new"}),
        ("shopify.customer_upsert", {"id": 1, "first_name": "x"}),
        ("shopify.inventory_adjust", {"changes": [{"item_id": 1, "location_id": PLACE, "delta": 1}]}),
        ("shopify.webhook_subscribe", {"topic": "ORDERS_CREATE", "uri": "http://example.com/not-tls"}),
        ("shopify.bulk_query", {"query": "{ shop { name } }"}),
    ):
        with pytest.raises(PermanentError):
            await workspace.do(name, data)
    assert not any(entry.effect for entry in shop.journal)


# --- products, stock, customers, drafts, webhooks ---


async def test_a_product_is_made_by_its_handle_and_then_brought_up_to_date(
    workspace: Any, shop: ShopifySimulator
) -> None:
    sizes = [{"options": {"Size": size}, "price": "9.50", "sku": f"S-{size}"} for size in ("S", "M")]
    data = {"handle": "shirt", "title": "Shirt", "tags": ["new"], "variants": sizes}
    made = await workspace.do("shopify.product_upsert", data)
    assert [(v["title"], v["price"], v["sku"]) for v in made["variants"]] == [
        ("S", "9.50", "S-S"),
        ("M", "9.50", "S-M"),
    ]
    changed = await workspace.do("shopify.product_upsert", {**data, "variants": [{**sizes[1], "price": "11"}]})
    assert changed["id"] == made["id"]
    assert [(v["id"], v["price"]) for v in changed["variants"]] == [(made["variants"][1]["id"], "11.00")]
    renamed = await workspace.do("shopify.product_upsert", {"id": made["id"], "title": "Tee"})
    assert (renamed["title"], renamed["tags"], len(renamed["variants"])) == ("Tee", ["new"], 1)


async def test_a_stale_expectation_changes_nothing(workspace: Any, shop: ShopifySimulator) -> None:
    change = {"item_id": ITEM, "location_id": PLACE, "delta": -3}
    answer = await workspace.do("shopify.inventory_adjust", {"changes": [{**change, "expected": 1000}]})
    assert answer["changes"][0]["quantity"] == 997
    with pytest.raises(PermanentError, match="has changed since it was read"):
        await workspace.do("shopify.inventory_adjust", {"changes": [{**change, "expected": 999}]})
    assert stock(shop) == 997


async def test_a_customer_is_found_by_address_or_made(workspace: Any, shop: ShopifySimulator) -> None:
    known = next(c for c in shop.shop.customers.values() if c.customer.email)
    changed = await workspace.do("shopify.customer_upsert", {"email": known.email, "first_name": "Renamed"})
    assert (changed["id"], changed["first_name"]) == (known.gid, "Renamed")
    data = {
        "email": "new@example.com",
        "last_name": "Person",
        "tags": ["b", "a"],
        "address": {"address1": "Test Street 1", "city": "Sampleville", "country_code": "US"},
    }
    made = await workspace.do("shopify.customer_upsert", data)
    assert (made["name"], made["tags"], made["address"]["city"]) == ("Person", ["a", "b"], "Sampleville")
    assert made["id"] == (await workspace.do("shopify.customer_get", {"id": made["id"]}))["id"]


async def test_a_draft_order_adds_up_and_is_marked(workspace: Any, shop: ShopifySimulator) -> None:
    lines = [{"variant_id": VARIANT, "quantity": 2}, {"title": "Wrap", "price": "1.50", "currency": "USD"}]
    customer = next(iter(shop.shop.customers.values()))
    data = {"lines": lines, "customer_id": customer.gid, "note": "for a friend", "tags": ["gift"]}
    answer = await workspace.do("shopify.draft_order_create", data)
    assert Decimal(answer["total"]) == Decimal("26.50")
    (draft,) = shop.shop.drafts.values()
    assert draft.email == customer.email
    assert [tag.partition("-")[0] for tag in draft.tags] == ["aias", "gift"]


async def test_a_subscription_that_is_there_is_kept_and_brought_up_to_date(
    workspace: Any, shop: ShopifySimulator
) -> None:
    data: dict[str, Any] = {"topic": "ORDERS_CREATE", "uri": "https://example.com/hook"}
    first = await workspace.do("shopify.webhook_subscribe", data)
    again = await workspace.call("shopify.webhook_subscribe", data, step="another")
    changed = await workspace.do("shopify.webhook_subscribe", {**data, "include_fields": ["id"], "filter": "id:1"})
    assert first["id"] == again["id"] == changed["id"]
    (kept,) = shop.shop.webhooks.values()
    assert (kept.include_fields, kept.filter) == (["id"], "id:1")
    assert len(shop.journal.find("webhookSubscriptionCreate")) == 1
