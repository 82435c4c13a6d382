"""Shopify's own client library (ShopifyAPI on PyPI, MIT) talks to the local shop as it does to a real one.

The library builds a shop's host from a name and a domain: of ``127`` and ``0.0.1`` it makes loopback's address.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from aias.simulators import Simulators

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

Work = Callable[[Any], Any]
Do = Callable[[Work], Awaitable[Any]]


@pytest.fixture
async def do(sims: Simulators) -> AsyncIterator[Do]:
    """Runs work of the library, which blocks, in a thread with a session at the local shop."""
    import shopify  # noqa: PLC0415 (it warns of its own age when it is imported)

    sims.shopify.rest_bucket.refill()
    port = urlsplit(sims.shopify.url).port
    before = (shopify.Session.protocol, shopify.Session.myshopify_domain, shopify.Session.port)
    shopify.Session.setup(protocol="http", myshopify_domain="0.0.1", port=port)

    def run(work: Work) -> Any:
        session = shopify.Session("127.0.0.1", "2026-10", sims.shopify.token)
        shopify.ShopifyResource.activate_session(session)
        try:
            return work(shopify)
        finally:
            shopify.ShopifyResource.clear_session()

    async def in_a_thread(work: Work) -> Any:
        return await asyncio.wait_for(asyncio.to_thread(run, work), 20)

    yield in_a_thread
    shopify.Session.setup(protocol=before[0], myshopify_domain=before[1], port=before[2])


async def test_orders_are_read_page_by_page(sims: Simulators, do: Do) -> None:
    def work(shopify: Any) -> list[str]:
        page = shopify.Order.find(limit=15, status="any")
        names = [order.name for order in page]
        while page.has_next_page():
            page = page.next_page()
            names += [order.name for order in page]
        return names

    assert await do(work) == [order.name for order in reversed(sims.shopify.orders)]


async def test_an_order_is_read_with_its_lines_and_marked(sims: Simulators, do: Do) -> None:
    made = sims.shopify.orders[0]

    def work(shopify: Any) -> tuple[Any, ...]:
        order = shopify.Order.find(made.id)
        shown = (order.name, order.total_price, len(order.line_items), order.customer.email)
        order.note = "read by the library"
        order.tags = "seen, library"
        assert order.save()
        return shown

    name, price, lines, email = await do(work)
    assert (name, price, lines) == (made.name, str(made.total.shop), len(made.lines))
    assert made.customer is not None
    assert email == made.customer.email
    kept = sims.shopify.shop.orders[made.id]
    assert (kept.note, kept.tags) == ("read by the library", ["library", "seen"])


async def test_products_customers_counts_and_the_shop_are_read(sims: Simulators, do: Do) -> None:
    def work(shopify: Any) -> tuple[Any, ...]:
        product = shopify.Product.find(limit=1)[0]
        customer = shopify.Customer.find(limit=1)[0]
        return product.variants[0].price, customer.email, shopify.Order.count(status="any"), shopify.Shop.current().name

    price, email, count, name = await do(work)
    assert float(price) == 0  # the newest product is the free sample
    assert email
    assert (count, name) == (40, "Simulated Goods")


async def test_the_call_limit_is_seen_and_its_end_is_an_error(sims: Simulators, do: Do) -> None:
    def work(shopify: Any) -> int:
        shopify.Shop.current()
        return shopify.Limits.credit_used()

    assert 1 <= await do(work) <= 2

    def drain(shopify: Any) -> None:
        while True:
            shopify.Shop.current()

    with pytest.raises(Exception, match=r"429|Too Many") as caught:
        await do(drain)
    assert type(caught.value).__name__ == "ClientError"


async def test_graphql_answers_with_its_throttle_status(sims: Simulators, do: Do) -> None:
    def work(shopify: Any) -> Any:
        return json.loads(shopify.GraphQL().execute("{ orders(first: 10) { nodes { name } } }"))

    answer = await do(work)
    assert [node["name"] for node in answer["data"]["orders"]["nodes"]] == [o.name for o in sims.shopify.orders[:10]]
    cost = answer["extensions"]["cost"]
    assert cost["requestedQueryCost"] == 10
    assert cost["throttleStatus"]["currentlyAvailable"] <= cost["throttleStatus"]["maximumAvailable"] == 2000
    sims.shopify.bucket.take(sims.shopify.bucket.available)
    large = "{ orders(first: 250) { nodes { name } } }"  # 2.5 s until there is enough for it
    throttled = await do(lambda shopify: json.loads(shopify.GraphQL().execute(large)))
    assert throttled["errors"][0]["extensions"]["code"] == "THROTTLED"


async def test_a_token_without_the_scope_is_refused(sims: Simulators, do: Do) -> None:
    sims.shopify.scopes = frozenset({"read_products"})
    with pytest.raises(Exception, match=r"Forbidden|403") as caught:
        await do(lambda shopify: shopify.Order.find())
    assert type(caught.value).__name__ == "ForbiddenAccess"
