from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from graphql import parse

from aias.simulators import ShopifySimulator
from aias.simulators.cost import Bucket, requested_cost
from aias.simulators.graph import operation_of

from .conftest import Clock


@pytest.fixture
async def shop(clock: Clock) -> AsyncIterator[ShopifySimulator]:
    simulator = ShopifySimulator(orders=10, bucket=100, restore_rate=10, rest_bucket=3, rest_rate=2, clock=clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


async def ask(shop: ShopifySimulator, client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = await client.post(
        f"{shop.url}/admin/api/2026-01/graphql.json",
        json={"query": query, "variables": variables},
        headers={"X-Shopify-Access-Token": shop.token},
    )
    assert answer.status_code == 200
    return answer.json()


async def cost_of(shop: ShopifySimulator, client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    return (await ask(shop, client, query))["extensions"]["cost"]


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ shop { name currencyCode } }", 1),
        ("{ shop { name plan { shopifyPlus } primaryDomain { host } } }", 3),
        ("{ orders(first: 7) { nodes { id } } }", 7),
        ("{ orders(first: 7) { edges { cursor node { id } } pageInfo { hasNextPage } } }", 7),
        ("{ orders(last: 3) { nodes { customer { id } } } }", 6),
        ("{ orders(first: 4) { nodes { lineItems(first: 5) { nodes { id } } } } }", 24),
        ('{ a: order(id: "gid://shopify/Order/1") { id } b: order(id: "gid://shopify/Order/2") { id } }', 2),
        ("{ orders(first: 2) { nodes { refunds(first: 3) { id } taxLines { title } } } }", 2 * (1 + 3 + 1)),
        ("{ orders(first: 1) { nodes { ...F } } } fragment F on Order { customer { id } customer { email } }", 2),
        (
            """{ orders(first: 1) { nodes { discountApplications(first: 2) { nodes {
                value { ... on MoneyV2 { amount } ... on PricingPercentageValue { percentage } } } } } } }""",
            1 + 2 * (1 + 1),
        ),
        ('mutation { tagsAdd(id: "x", tags: []) { userErrors { message } } }', 10),
        (
            """mutation { a: orderClose(input: {id: "x"}) { order { id } }
                b: orderOpen(input: {id: "x"}) { order { id } } }""",
            20,
        ),
    ],
)
def test_a_query_costs_what_the_documented_rules_say(query: str, cost: int) -> None:
    schema = ShopifySimulator(orders=0)._graph.schema
    document = parse(query)
    operation = operation_of(document, None)
    assert operation is not None
    assert requested_cost(schema, document, operation, {}) == cost


async def test_the_cost_follows_the_variable_that_sets_the_page(
    shop: ShopifySimulator, client: httpx.AsyncClient
) -> None:
    query = "query($n: Int = 4) { orders(first: $n) { nodes { id } } }"
    assert (await ask(shop, client, query))["extensions"]["cost"]["requestedQueryCost"] == 4
    assert (await ask(shop, client, query, n=9))["extensions"]["cost"]["requestedQueryCost"] == 9


async def test_only_what_was_there_is_paid_for(shop: ShopifySimulator, client: httpx.AsyncClient) -> None:
    cost = await cost_of(shop, client, '{ orders(first: 50, query: "name:#1001") { nodes { id customer { id } } } }')
    assert cost == {
        "requestedQueryCost": 100,
        "actualQueryCost": 2,
        "throttleStatus": {"maximumAvailable": 100.0, "currentlyAvailable": 98, "restoreRate": 10.0},
    }


async def test_a_query_that_the_bucket_does_not_hold_is_throttled_in_shopifys_shape(
    shop: ShopifySimulator, client: httpx.AsyncClient
) -> None:
    await cost_of(shop, client, "{ orders(first: 9) { nodes { id } } }")
    answer = await ask(shop, client, "{ orders(first: 92) { nodes { id } } }")
    assert answer == {
        "errors": [
            {
                "message": "Throttled",
                "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"},
            }
        ],
        "extensions": {
            "cost": {
                "requestedQueryCost": 92,
                "actualQueryCost": None,
                "throttleStatus": {"maximumAvailable": 100.0, "currentlyAvailable": 91, "restoreRate": 10.0},
            }
        },
    }


async def test_waiting_for_the_missing_points_is_enough_and_a_moment_less_is_not(
    shop: ShopifySimulator, client: httpx.AsyncClient, clock: Clock
) -> None:
    assert shop.bucket.take(100)
    query = "{ orders(first: 20) { nodes { id } } }"
    clock.forward(1.9)
    assert (await ask(shop, client, query))["errors"][0]["extensions"]["code"] == "THROTTLED"
    clock.forward(0.1)
    assert "data" in await ask(shop, client, query)


async def test_a_full_bucket_does_not_overflow(shop: ShopifySimulator, client: httpx.AsyncClient, clock: Clock) -> None:
    clock.forward(3600)
    cost = await cost_of(shop, client, "{ shop { name } }")
    assert cost["throttleStatus"]["currentlyAvailable"] == 99


async def test_a_throttled_mutation_changes_nothing(shop: ShopifySimulator, client: httpx.AsyncClient) -> None:
    assert shop.bucket.take(95)
    order = shop.orders[0]
    answer = await ask(
        shop, client, f'mutation {{ tagsAdd(id: "{order.gid}", tags: ["late"]) {{ userErrors {{ message }} }} }}'
    )
    assert answer["errors"][0]["message"] == "Throttled"
    assert "late" not in shop.state()["tags"]


async def test_a_single_query_above_the_limit_is_refused_and_free(
    shop: ShopifySimulator, client: httpx.AsyncClient
) -> None:
    answer = await ask(shop, client, "{ orders(first: 250) { nodes { lineItems(first: 10) { nodes { id } } } } }")
    assert answer["errors"][0]["extensions"] == {
        "code": "MAX_COST_EXCEEDED",
        "cost": 2750,
        "maxCost": 1000,
        "documentation": "https://shopify.dev/api/usage/rate-limits",
    }
    assert "exceeds the single query max cost limit (1000)" in answer["errors"][0]["message"]
    assert shop.bucket.available == 100


async def test_fragments_that_multiply_are_refused_instead_of_followed(
    shop: ShopifySimulator, client: httpx.AsyncClient
) -> None:
    fragments = " ".join(
        f"fragment F{n} on Order {{ a{n}: customer {{ orders(first: 1) {{ nodes {{ ...F{n + 1} }} }} }}"
        f" b{n}: customer {{ orders(first: 1) {{ nodes {{ ...F{n + 1} }} }} }} }}"
        for n in range(18)
    )
    query = f"{{ orders(first: 1) {{ nodes {{ ...F0 }} }} }} {fragments} fragment F18 on Order {{ id }}"
    answer = await ask(shop, client, query)
    assert answer["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


async def test_rest_has_a_bucket_of_its_own_and_says_how_full_it_is(
    shop: ShopifySimulator, client: httpx.AsyncClient, clock: Clock
) -> None:
    async def get() -> httpx.Response:
        return await client.get(
            f"{shop.url}/admin/api/2026-01/shop.json", headers={"X-Shopify-Access-Token": shop.token}
        )

    limits = [(await get()).headers["X-Shopify-Shop-Api-Call-Limit"] for _ in range(3)]
    assert limits == ["1/3", "2/3", "3/3"]
    refused = await get()
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1.0"
    assert refused.json() == {
        "errors": "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."
    }
    clock.forward(0.5)
    assert (await get()).status_code == 200


def test_a_clock_that_goes_back_neither_fills_nor_empties_a_bucket(clock: Clock) -> None:
    bucket = Bucket(capacity=10, rate=1, clock=clock)
    assert bucket.take(4)
    clock.forward(-100)
    assert bucket.available == 6
    clock.forward(2)
    assert bucket.available == 8


@pytest.mark.parametrize(("capacity", "rate"), [(0, 1), (-1, 1), (1, 0)])
def test_a_bucket_that_could_never_be_used_is_refused(capacity: float, rate: float, clock: Clock) -> None:
    with pytest.raises(ValueError, match="positive"):
        Bucket(capacity=capacity, rate=rate, clock=clock)
