from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

from aias.errors import Deferred, PermanentError, TransientError
from aias.simulators.shopify import ShopifySimulator


@pytest.fixture
async def shop(workspace: Any) -> AsyncGenerator[ShopifySimulator]:
    simulator = ShopifySimulator(orders=60, bucket=1e6, restore_rate=1e6)
    await simulator.start()
    await workspace.connect("shopify", {"url": simulator.url}, {"access_token": simulator.token})
    yield simulator
    await simulator.stop()


def order_id(simulator: ShopifySimulator, number: int) -> str:
    return next(order.gid for order in simulator.shop.orders.values() if order.order.number == number)


@pytest.mark.parametrize("form", ["{}", "gid://shopify/Order/{}", " {} "])
async def test_an_order_is_found_by_number_or_gid(workspace: Any, shop: ShopifySimulator, form: str) -> None:
    gid = order_id(shop, 1001)
    order = await workspace.call("shopify.order_get", {"id": form.format(gid.rsplit("/", 1)[1])})
    assert (order["id"], order["name"]) == (gid, "#1001")


async def test_every_order_adds_up_in_both_currencies(workspace: Any, shop: ShopifySimulator) -> None:
    for record in shop.shop.orders.values():
        made = record.order
        for money in ("presentment", "shop"):
            order = await workspace.call("shopify.order_get", {"id": record.gid, "money": money})
            after = sum(
                Decimal(line["total"]) - sum(Decimal(one["amount"]) for one in line["discounts"])
                for line in order["lines"]
            )
            assert after == getattr(made.subtotal, money), order["name"]
            assert Decimal(order["total"]) == getattr(made.total, money), order["name"]
            assert Decimal(order["refunded"]) == getattr(made.refunded_total, money), order["name"]
            assert order["currency"] == (made.presentment_currency if money == "presentment" else "USD")
            assert len(order["lines"]) == len(made.lines)


async def test_an_order_of_250_lines_is_read_whole(workspace: Any, shop: ShopifySimulator) -> None:
    order = await workspace.call("shopify.order_get", {"id": order_id(shop, 1020)})
    assert len(order["lines"]) == 250
    assert len({line["id"] for line in order["lines"]}) == 250


async def test_a_long_order_is_read_whole_from_a_small_bucket(workspace: Any) -> None:
    simulator = ShopifySimulator(orders=20, bucket=1000, restore_rate=2000)
    await simulator.start()
    await workspace.connect("shopify", {"url": simulator.url}, {"access_token": simulator.token}, name="small")
    order = await workspace.call("shopify.order_get", {"id": order_id(simulator, 1020)}, connection="small")
    assert len(order["lines"]) == 250
    assert any(entry.error == "THROTTLED" for entry in simulator.journal.find(None, 0, None))
    await simulator.stop()


async def test_an_order_that_is_not_there_is_permanent(workspace: Any, shop: ShopifySimulator) -> None:
    with pytest.raises(PermanentError, match="has no order gid://shopify/Order/1"):
        await workspace.call("shopify.order_get", {"id": 1})


@pytest.mark.parametrize("bad", ["", "abc", "gid://shopify/Customer/1", "1; drop table", True, None, -1, "9" * 21])
def test_a_malformed_id_is_refused_before_any_call(refuses: Any, bad: Any) -> None:
    refuses("shopify.order_get", {"id": bad}, "id")


async def test_the_buyer_is_known_with_and_without_an_account_or_an_address(
    workspace: Any, shop: ShopifySimulator
) -> None:
    buyers = {
        number: (await workspace.call("shopify.order_get", {"id": order_id(shop, number)}))["buyer"]
        for number in (1001, 1004, 1011, 1012)
    }
    assert buyers[1001]["reference"] == f"email:{buyers[1001]['email'].lower()}"
    assert buyers[1004]["reference"] == buyers[1001]["reference"]
    assert buyers[1011]["email"] == "guest010@example.com"
    assert buyers[1012]["email"] is None
    assert buyers[1012]["reference"].startswith("shopify:")
    assert all(buyer["name"] for buyer in buyers.values())


async def test_orders_are_listed_page_by_page(workspace: Any, shop: ShopifySimulator) -> None:
    names: list[str] = []
    after = None
    while True:
        page = await workspace.call("shopify.order_list", {"first": 25, "after": after})
        names += [order["name"] for order in page["orders"]]
        after = page["next"]
        if after is None:
            break
    assert names == [f"#{number}" for number in range(1001, 1061)]


async def test_tags_are_added_once_however_often_it_is_called(workspace: Any, shop: ShopifySimulator) -> None:
    gid = order_id(shop, 1001)
    for _ in range(2):
        answer = await workspace.call("shopify.order_tag", {"id": gid, "tags": ["invoiced", "wave-1"]})
        assert sorted(answer["tags"]) == ["invoiced", "wave-1"]
    entries = shop.journal.find("tagsAdd", 0, None)
    assert [entry.effect for entry in entries] == [True]  # the second time it is known from the ledger


@pytest.mark.parametrize("tags", [[], ["a,b"], [" "], ["x" * 41], "not a list"])
def test_tags_that_shopify_would_cut_up_are_refused(refuses: Any, tags: Any) -> None:
    refuses("shopify.order_tag", {"id": 1, "tags": tags}, "tags")


async def test_tagging_an_order_that_is_not_there_is_permanent(workspace: Any, shop: ShopifySimulator) -> None:
    with pytest.raises(PermanentError, match="refused"):
        await workspace.call("shopify.order_tag", {"id": 1, "tags": ["x"]})


async def test_a_note_is_appended_once_and_replaced_on_demand(workspace: Any, shop: ShopifySimulator) -> None:
    gid = order_id(shop, 1006)  # it has a note already
    before = shop.shop.orders[int(gid.rsplit("/", 1)[1])].note
    for _ in range(2):
        answer = await workspace.call("shopify.order_note", {"id": gid, "note": "Invoice 7"})
        assert answer["note"] == f"{before}\nInvoice 7"
    answer = await workspace.do("shopify.order_note", {"id": gid, "note": "x", "mode": "replace"})
    assert answer["note"] == "x"


async def test_a_note_that_another_step_wrote_is_not_appended_again(workspace: Any, shop: ShopifySimulator) -> None:
    gid = order_id(shop, 1001)
    for step in ("one", "two"):
        answer = await workspace.call("shopify.order_note", {"id": gid, "note": "Invoice 7"}, step=step)
        assert answer["note"] == "Invoice 7"


async def test_products_and_customers_are_found(workspace: Any, shop: ShopifySimulator) -> None:
    product_id = next(iter(shop.shop.products))
    product = await workspace.call("shopify.product_get", {"id": product_id})
    assert product["variants"]
    customer_id = next(iter(shop.shop.customers))
    customer = await workspace.call("shopify.customer_get", {"id": customer_id})
    assert customer["order_count"] >= 1
    for name, kind in (("product", "Product"), ("customer", "Customer")):
        with pytest.raises(PermanentError, match=f"has no {name} gid://shopify/{kind}/1"):
            await workspace.call(f"shopify.{name}_get", {"id": 1})


# --- faults -------------------------------------------------------------------------------------


def fault(simulator: ShopifySimulator, times: int = 1, **do: Any) -> None:
    simulator.faults.add({"match": {"operation": "order"}, "times": times, "do": do})


async def test_two_times_503_and_then_the_order(workspace: Any, shop: ShopifySimulator) -> None:
    gid = order_id(shop, 1001)
    fault(shop, times=2, status=503)
    for attempt in (1, 2):
        with pytest.raises(TransientError, match="answered 503"):
            await workspace.call("shopify.order_get", {"id": gid}, attempt=attempt)
    assert (await workspace.call("shopify.order_get", {"id": gid}, attempt=3))["name"] == "#1001"


async def test_429_says_when_to_come_back(workspace: Any, shop: ShopifySimulator) -> None:
    fault(shop, status=429, retry_after=2.0)
    with pytest.raises(Deferred) as caught:
        await workspace.call("shopify.order_get", {"id": order_id(shop, 1001)})
    assert caught.value.seconds == 2.0


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ({"reset": True}, "broke the connection"),
        ({"truncate": 20}, "broke the connection|can't be read"),
        ({"garbage": True}, "can't be read"),
        ({"html": True}, "can't be read"),
        ({"empty": True}, "can't be read"),
        ({"internal_error": True}, "failed"),
        ({"status": 500}, "answered 500"),
    ],
)
async def test_a_fault_of_the_upstream_is_transient(
    workspace: Any, shop: ShopifySimulator, do: dict[str, Any], message: str
) -> None:
    fault(shop, **do)
    with pytest.raises(TransientError, match=message):
        await workspace.call("shopify.order_get", {"id": order_id(shop, 1001)})
    assert (await workspace.call("shopify.order_get", {"id": order_id(shop, 1001)}))["name"] == "#1001"


async def test_a_wrong_token_names_the_connection_and_stays_secret(workspace: Any, shop: ShopifySimulator) -> None:
    await workspace.connect("shopify", {"url": shop.url}, {"access_token": "planted-0123456789"})
    with pytest.raises(PermanentError, match="shopify:default refused the credentials") as caught:
        await workspace.call("shopify.order_get", {"id": 1})
    assert "planted" not in str(caught.value.to_json())
