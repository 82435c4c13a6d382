from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from aias.simulators import Simulators

from .shapes import ListOf, Maybe, Text, check


@pytest.fixture
def get(sims: Simulators, client: httpx.AsyncClient) -> Callable[..., Awaitable[httpx.Response]]:
    async def send(path: str, **query: Any) -> httpx.Response:
        url = path if path.startswith("http") else f"{sims.shopify.url}/admin/api/2026-01/{path}"
        sims.shopify.rest_bucket.refill()
        return await client.get(url, params=query or None, headers={"X-Shopify-Access-Token": sims.shopify.token})

    return send


TIME = Text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
AMOUNT = Text(r"\d+(\.\d+)?")
MONEY = {"amount": AMOUNT, "currency_code": Text("[A-Z]{3}")}
SET = {"shop_money": MONEY, "presentment_money": MONEY}
ADDRESS_FIELDS = {
    "first_name", "last_name", "name", "company", "address1", "address2", "city", "zip", "province", "province_code",
    "country", "country_code", "phone", "latitude", "longitude",
}  # fmt: skip
# The fields that clients of the REST API read, with their types.
EXPECTED: dict[str, Any] = {
    "id": int,
    "admin_graphql_api_id": Text(r"gid://shopify/Order/\d+"),
    "name": Text(r"#\d+"),
    "number": int,
    "order_number": int,
    "email": str,
    "note": Maybe(str),
    "tags": str,
    "created_at": TIME,
    "updated_at": TIME,
    "processed_at": TIME,
    "cancelled_at": Maybe(TIME),
    "closed_at": Maybe(TIME),
    "currency": "USD",
    "presentment_currency": Text("[A-Z]{3}"),
    "taxes_included": bool,
    "financial_status": Text("[a-z_]+"),
    "fulfillment_status": None,
    "subtotal_price": AMOUNT,
    "total_discounts": AMOUNT,
    "total_line_items_price": AMOUNT,
    "total_price": AMOUNT,
    "total_tax": AMOUNT,
    "total_price_set": SET,
    "total_tax_set": SET,
    "total_discounts_set": SET,
    "subtotal_price_set": SET,
    "total_line_items_price_set": SET,
    "total_shipping_price_set": SET,
    "discount_codes": ListOf({"code": str, "amount": AMOUNT, "type": str}, at_least=0),
    "tax_lines": ListOf(
        {"title": str, "price": AMOUNT, "rate": float, "price_set": SET, "channel_liable": bool}, at_least=0
    ),
    "note_attributes": list,
    "payment_gateway_names": ListOf(str),
    "fulfillments": list,
}
LINE = {
    "id": int, "title": str, "name": str, "quantity": int, "price": AMOUNT, "price_set": SET, "sku": Maybe(str),
    "product_id": int, "variant_id": int, "variant_title": Maybe(str), "vendor": str, "product_exists": bool,
    "requires_shipping": bool, "taxable": bool, "total_discount": AMOUNT, "total_discount_set": SET,
}  # fmt: skip


def part(value: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in shape}


async def test_every_order_has_the_shape_of_the_rest_api(sims: Simulators, get: Any) -> None:
    for order in sims.shopify.orders[:25]:
        answer = await get(f"orders/{order.id}.json")
        assert answer.status_code == 200
        shown = answer.json()["order"]
        check(part(shown, EXPECTED), EXPECTED, order.name)
        for line in shown["line_items"]:
            check(part(line, LINE), LINE, order.name)
        assert set(shown["billing_address"]) == ADDRESS_FIELDS
        if shown["customer"] is not None:
            check(part(shown["customer"], {"id": int, "email": None}), {"id": int, "email": Maybe(str)})


async def test_the_totals_of_an_order_add_up(sims: Simulators, get: Any) -> None:
    for order in sims.shopify.orders[:25]:
        shown = (await get(f"orders/{order.id}.json")).json()["order"]
        lines = sum(Decimal(line["price"]) * line["quantity"] for line in shown["line_items"])
        shipping = sum(Decimal(line["price"]) for line in shown["shipping_lines"])
        taxes = Decimal(0) if shown["taxes_included"] else Decimal(shown["total_tax"])
        assert lines == Decimal(shown["total_line_items_price"])
        assert Decimal(shown["total_price"]) == lines - Decimal(shown["total_discounts"]) + shipping + taxes


async def test_amounts_have_the_decimals_of_their_currency(sims: Simulators, get: Any) -> None:
    amounts = {}
    for order in sims.shopify.orders[:25]:
        shown = (await get(f"orders/{order.id}.json")).json()["order"]["total_price_set"]["presentment_money"]
        amounts[shown["currency_code"]] = shown["amount"]
    assert re.fullmatch(r"\d+", amounts["JPY"])
    assert re.fullmatch(r"\d+\.\d{3}", amounts["KWD"])
    assert re.fullmatch(r"\d+\.\d{2}", amounts["EUR"])


async def test_orders_are_paged_by_link(sims: Simulators, get: Any) -> None:
    answer = await get("orders.json", limit=15, status="any", fields="id,name")
    names: list[str] = []
    while True:
        assert all(set(order) <= {"id", "name"} or len(order) > 2 for order in answer.json()["orders"])
        names += [order["name"] for order in answer.json()["orders"]]
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        if following is None:
            break
        answer = await get(following[1])
    assert names == [order.name for order in reversed(sims.shopify.orders)]
    assert re.search(r'<[^>]+>; rel="previous"', answer.headers["Link"])


async def test_a_filter_stays_on_the_next_pages(sims: Simulators, get: Any) -> None:
    expected = [o.name for o in reversed(sims.shopify.orders) if o.financial_status == "PAID"]
    answer = await get("orders.json", limit=20, status="any", financial_status="paid")
    names = [order["name"] for order in answer.json()["orders"]]
    following = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
    assert following is not None
    names += [order["name"] for order in (await get(following[1])).json()["orders"]]
    assert names == expected


async def test_only_open_orders_are_listed_unless_all_are_asked_for(sims: Simulators, get: Any) -> None:
    cancelled = {o.name for o in sims.shopify.orders if o.cancelled_at}
    assert cancelled
    listed = {order["name"] for order in (await get("orders.json", limit=250)).json()["orders"]}
    everything = {order["name"] for order in (await get("orders.json", limit=250, status="any")).json()["orders"]}
    assert everything - listed == cancelled
    counted = (await get("orders/count.json", status="any")).json()
    assert counted == {"count": len(everything)}


async def test_orders_since_an_id_come_oldest_first(sims: Simulators, get: Any) -> None:
    third = sims.shopify.orders[2]
    answer = await get("orders.json", since_id=third.id, limit=2)
    assert [order["name"] for order in answer.json()["orders"]] == ["#1004", "#1005"]


@pytest.mark.parametrize(
    "query", [{"limit": "many"}, {"since_id": "x"}, {"page_info": "x"}, {"page_info": "W10", "status": "any"}]
)
async def test_a_parameter_that_makes_no_sense_is_a_bad_request(get: Any, query: dict[str, str]) -> None:
    answer = await get("orders.json", **query)
    assert answer.status_code == 400
    assert set(answer.json()) == {"errors"}


async def test_what_is_not_there_is_not_found(get: Any) -> None:
    for path in ("orders/1.json", "orders/abc.json", "webhooks.json"):
        answer = await get(path)
        assert (answer.status_code, answer.json()) == (404, {"errors": "Not Found"})


async def test_the_shop_is_there(get: Any) -> None:
    shop = (await get("shop.json")).json()["shop"]
    assert (shop["currency"], shop["myshopify_domain"]) == ("USD", "simulated-goods.myshopify.com")


async def test_a_rest_call_is_matched_by_its_name(sims: Simulators, get: Any) -> None:
    sims.shopify.faults.add({"match": {"operation": "rest.order"}, "do": {"status": 503}})
    assert (await get("orders.json")).status_code == 200
    assert (await get(f"orders/{sims.shopify.orders[0].id}.json")).status_code == 503
