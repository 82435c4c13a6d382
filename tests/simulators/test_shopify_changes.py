"""What can be done to the local shop, and what it refuses: keys, scopes, user errors, bulk operations, webhooks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from aias.simulators import Simulators
from aias.simulators.shopify_events import rest_topic

from .conftest import Ask

ITEM = "gid://shopify/InventoryItem/8400000001"
PLACE = "gid://shopify/Location/6000000001"
ADJUST = """mutation($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id reason changes { delta quantityAfterChange } } userErrors { code message } } }"""
UNKEYED = ADJUST.replace(", $key: String!", "").replace(" @idempotent(key: $key)", "")

New = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def ask(sims: Simulators, client: httpx.AsyncClient) -> New:
    """Ask the shop in a version of the API, the latest unless another is named."""

    async def send(query: str, version: str = "2026-10", **variables: Any) -> dict[str, Any]:
        answer = await client.post(
            f"{sims.shopify.url}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": sims.shopify.token},
        )
        assert answer.status_code == 200
        return answer.json()

    return send


def change(delta: int = 5, **more: Any) -> dict[str, Any]:
    one = {"delta": delta, "inventoryItemId": ITEM, "locationId": PLACE, "changeFromQuantity": None, **more}
    return {"name": "available", "reason": "correction", "changes": [one]}


def stock(sims: Simulators) -> int:
    return sims.shopify.shop.items[8_400_000_001].quantities[6_000_000_001]["available"]


# --- keys ---


async def test_the_same_key_gives_the_first_result_and_no_second_change(sims: Simulators, ask: New) -> None:
    first = await ask(ADJUST, input=change(), key="k")
    second = await ask(ADJUST, input=change(), key="k")
    assert first["data"] == second["data"]
    assert stock(sims) == 1005
    assert [call.effect for call in sims.shopify.journal.find("inventoryAdjustQuantities")] == [True, False]
    assert [call.call.key for call in sims.shopify.journal] == ["k", "k"]


async def test_the_same_key_with_another_input_is_refused(sims: Simulators, ask: New) -> None:
    await ask(ADJUST, input=change(), key="k")
    answer = (await ask(ADJUST, input=change(6), key="k"))["data"]["inventoryAdjustQuantities"]
    assert answer["userErrors"][0]["code"] == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    assert stock(sims) == 1005


async def test_a_shop_that_forgets_keys_changes_twice(sims: Simulators, ask: New, client: httpx.AsyncClient) -> None:
    url = f"{sims.shopify.control_url}/settings"
    told = (await client.post(url, json={"suppresses_duplicates": False})).json()
    assert told["suppresses_duplicates"] is False
    for _ in range(2):
        await ask(ADJUST, input=change(), key="k")
    assert stock(sims) == 1010


@pytest.mark.parametrize("given", [{"suppresses_duplicates": "perhaps"}, {"colour": 1}, {"bulk_seconds": -1}, []])
async def test_settings_that_make_no_sense_change_nothing(
    sims: Simulators, client: httpx.AsyncClient, given: Any
) -> None:
    url = f"{sims.shopify.control_url}/settings"
    before = (await client.get(url)).json()
    assert (await client.post(url, json=given)).status_code == 422
    assert (await client.get(url)).json() == before
    assert (await client.post(f"{sims.wave.control_url}/settings", json={"x": 1})).status_code == 422


@pytest.mark.parametrize(("version", "demands"), [("2026-01", False), ("2026-04", True), ("unstable", True)])
async def test_a_key_is_demanded_since_april_2026(sims: Simulators, ask: New, version: str, demands: bool) -> None:
    answer = await ask(UNKEYED, version=version, input=change())
    assert ("errors" in answer) is demands
    assert stock(sims) == (1000 if demands else 1005)


# --- scopes ---


async def test_a_field_without_its_scope_is_denied_and_the_rest_is_answered(sims: Simulators, ask: New) -> None:
    sims.shopify.scopes = frozenset({"write_products"})
    answer = await ask(
        '{ shop { name } order(id: "gid://shopify/Order/5500000001") { id } products(first: 1) { nodes { id } } }'
    )
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["extensions"]["requiredAccess"] == "`read_orders` access scope."
    assert error["path"] == ["order"]
    assert answer["data"]["order"] is None
    assert answer["data"]["products"]["nodes"]
    granted = await ask("{ currentAppInstallation { accessScopes { handle } } }")
    assert granted["data"]["currentAppInstallation"]["accessScopes"] == [{"handle": "write_products"}]


async def test_tags_ask_for_the_scope_of_what_carries_them(sims: Simulators, ask: New) -> None:
    sims.shopify.scopes = frozenset({"write_orders"})
    query = 'mutation($id: ID!) { tagsAdd(id: $id, tags: ["a"]) { userErrors { message } } }'
    assert "errors" not in await ask(query, id="gid://shopify/Order/5500000001")
    assert "errors" in await ask(query, id="gid://shopify/Customer/7000000001")


# --- user errors ---

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "another quantity": (ADJUST, {"input": {**change(), "name": "colour"}, "key": "k"}, "INVALID_QUANTITY_NAME"),
    "another reason": (ADJUST, {"input": {**change(), "reason": "because"}, "key": "k"}, "INVALID_REASON"),
    "no such item": (
        ADJUST,
        {"input": change(inventoryItemId="gid://shopify/InventoryItem/1"), "key": "k"},
        "INVALID_INVENTORY_ITEM",
    ),
    "no such place": (ADJUST, {"input": change(locationId="gid://shopify/Location/1"), "key": "k"}, "INVALID_LOCATION"),
    "stale": (ADJUST, {"input": change(changeFromQuantity=1), "key": "k"}, "CHANGE_FROM_QUANTITY_STALE"),
    "a ledger for what is available": (
        ADJUST,
        {"input": change(ledgerDocumentUri="a:b"), "key": "k"},
        "INVALID_LEDGER_DOCUMENT",
    ),
    "a product without options": (
        'mutation { productSet(input: {title: "a", variants: [{optionValues: []}]}) { userErrors { code } } }',
        {},
        "PRODUCT_OPTIONS_INPUT_MISSING",
    ),
    "a variant twice": (
        (
            'mutation { productSet(input: {title: "a", productOptions: [{name: "S", values: [{name: "M"}]}], variants: '
            '[{optionValues: [{optionName: "S", name: "M"}]}, {optionValues: [{optionName: "S", name: "M"}]}]}) '
            "{ userErrors { code } } }"
        ),
        {},
        "VARIANT_ALREADY_EXISTS",
    ),
    "a handle that is taken": (
        'mutation { productSet(input: {title: "a", handle: "test-product-1"}) { userErrors { code } } }',
        {},
        "HANDLE_NOT_UNIQUE",
    ),
    "an identifier that is not in the input": (
        'mutation { customerSet(identifier: {phone: "+1"}, input: {firstName: "N"}) { userErrors { code } } }',
        {},
        "MISSING_FIELD_REQUIRED",
    ),
    "an identifier that differs": (
        (
            'mutation { customerSet(identifier: {email: "n@example.com"}, input: {email: "o@example.com"}) '
            "{ userErrors { code } } }"
        ),
        {},
        "INPUT_MISMATCH",
    ),
    "no bulk query": (
        'mutation { bulkOperationRunQuery(query: "{ shop { name } }") { userErrors { code } } }',
        {},
        "INVALID",
    ),
    "a cancelled order that is not there": (
        (
            'mutation { orderCancel(orderId: "gid://shopify/Order/1", reason: OTHER, restock: true) '
            "{ orderCancelUserErrors { code } } }"
        ),
        {},
        "NOT_FOUND",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_makes_no_sense_is_a_user_error_with_its_code(sims: Simulators, ask: New, name: str) -> None:
    query, variables, code = REFUSED[name]
    answer = await ask(query, **variables)
    (payload,) = answer["data"].values()
    (errors,) = (value for key, value in payload.items() if key.endswith("serErrors"))
    assert [error["code"] for error in errors] == [code]
    (call,) = sims.shopify.journal
    assert not call.effect


REFUND = """mutation($input: RefundInput!) { refundCreate(input: $input) @idempotent(key: "r") {
    refund { id totalRefundedSet { shopMoney { amount } } transactions(first: 5) { nodes { kind } } }
    userErrors { field message } } }"""


async def test_a_refund_moves_what_its_transactions_say_and_no_more_than_was_paid(sims: Simulators, ask: New) -> None:
    order = sims.shopify.orders[0]
    sale = {"orderId": order.gid, "kind": "REFUND", "gateway": "bogus", "amount": "1.50"}
    made = (await ask(REFUND, input={"orderId": order.gid, "transactions": [sale]}))["data"]["refundCreate"]
    assert made["refund"]["totalRefundedSet"]["shopMoney"]["amount"] == "1.5"
    assert made["refund"]["transactions"]["nodes"] == [{"kind": "REFUND"}]
    assert sims.shopify.shop.orders[order.id].order.financial_status == "PARTIALLY_REFUNDED"
    sims.shopify.keys.clear()
    too_much = {**sale, "amount": str(order.total.shop)}
    refused = (await ask(REFUND, input={"orderId": order.gid, "transactions": [too_much]}))["data"]["refundCreate"]
    assert refused["refund"] is None
    assert refused["userErrors"][0]["field"] == ["transactions"]


# --- bulk operations ---


async def test_a_bulk_result_is_at_its_address_when_it_is_done(
    sims: Simulators, ask: New, client: httpx.AsyncClient
) -> None:
    sims.shopify.bulk_seconds = 3600
    query = "{ customers { nodes { id email orders { nodes { id name } } } } }"
    run = "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id status url } } }"
    made = (await ask(run, q=query))["data"]["bulkOperationRunQuery"]["bulkOperation"]
    assert (made["status"], made["url"]) == ("RUNNING", None)
    sims.shopify.shop.clock = lambda: sims.shopify.clock() + 7200
    look = "query($id: ID!) { bulkOperation(id: $id) { status url objectCount rootObjectCount fileSize } }"
    done = (await ask(look, id=made["id"]))["data"]["bulkOperation"]
    result = await client.get(done["url"])
    rows = [json.loads(line) for line in result.text.splitlines()]
    assert (done["status"], int(done["objectCount"]), int(done["fileSize"])) == (
        "COMPLETED",
        len(rows),
        len(result.content),
    )
    assert (
        sum("__parentId" not in row for row in rows) == int(done["rootObjectCount"]) == len(sims.shopify.shop.customers)
    )
    assert (await client.get(f"{sims.shopify.url}/_bulk/0.jsonl")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "{",
        "{ orders { nodes { nme } } }",
        "{ orders { nodes { id } } products { nodes { id } } }",
        "mutation { x }",
        "{ orders { nodes { customer { orders { nodes { customer { orders { nodes { id } } } } } } } } }",
    ],
)
async def test_what_is_no_bulk_query_is_refused(ask: New, query: str) -> None:
    run = "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } userErrors { code } } }"
    answer = (await ask(run, q=query))["data"]["bulkOperationRunQuery"]
    assert answer == {"bulkOperation": None, "userErrors": [{"code": "INVALID"}]}


async def test_an_operation_is_cancelled_while_it_runs(sims: Simulators, ask: New) -> None:
    sims.shopify.bulk_seconds = 3600
    run = 'mutation { bulkOperationRunQuery(query: "{ orders { nodes { id } } }") { bulkOperation { id } } }'
    made = (await ask(run))["data"]["bulkOperationRunQuery"]["bulkOperation"]
    cancel = "mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } } }"
    answer = await ask(cancel, id=made["id"])
    assert answer["data"]["bulkOperationCancel"]["bulkOperation"]["status"] == "CANCELED"


# --- webhooks ---


def test_topics_are_called_as_deliveries_call_them() -> None:
    assert [rest_topic(one) for one in ("ORDERS_PARTIALLY_FULFILLED", "DRAFT_ORDERS_CREATE", "APP_UNINSTALLED")] == [
        "orders/partially_fulfilled",
        "draft_orders/create",
        "app/uninstalled",
    ]


SUBSCRIBE = """mutation($uri: String!) {
  webhookSubscriptionCreate(topic: ORDERS_UPDATED, webhookSubscription: {uri: $uri}) {
    webhookSubscription { id } userErrors { message } } }"""


async def test_a_subscriber_on_loopback_hears_of_a_change(sims: Simulators, ask: New) -> None:
    # The local Slack takes anything that is posted to it, and keeps a journal.
    uri = sims.slack.url
    assert (await ask(SUBSCRIBE, uri=uri))["data"]["webhookSubscriptionCreate"]["userErrors"] == []
    taken = (await ask(SUBSCRIBE, uri=uri))["data"]["webhookSubscriptionCreate"]["userErrors"]
    assert taken == [{"message": "Address for this topic has already been taken"}]
    await ask('mutation { tagsAdd(id: "gid://shopify/Order/5500000001", tags: ["a"]) { userErrors { message } } }')
    assert sims.shopify.webhooks is not None
    (delivery,) = sims.shopify.webhooks.deliveries
    await asyncio.wait_for(delivery.attempted.wait(), 10)
    assert delivery.event.topic == "orders/updated"
    assert delivery.event.payload["tags"] == "a"


@pytest.mark.parametrize("uri", ["http://example.com/x", "", "ftp://127.0.0.2/x", "https://["])
async def test_an_address_that_is_not_fit_is_refused(ask: New, uri: str) -> None:
    answer = (await ask(SUBSCRIBE, uri=uri))["data"]["webhookSubscriptionCreate"]
    assert answer["webhookSubscription"] is None
    assert answer["userErrors"]


async def test_a_subscription_elsewhere_is_listed_and_never_called(sims: Simulators, ask: New, shopify: Ask) -> None:
    await ask(SUBSCRIBE, uri="https://example.com/x")
    await shopify('mutation { tagsAdd(id: "gid://shopify/Order/5500000001", tags: ["a"]) { userErrors { message } } }')
    listed = await ask("{ webhookSubscriptions(first: 5) { nodes { topic uri } } }")
    assert listed["data"]["webhookSubscriptions"]["nodes"] == [
        {"topic": "ORDERS_UPDATED", "uri": "https://example.com/x"}
    ]
    assert sims.shopify.webhooks is not None
    assert not sims.shopify.webhooks.deliveries
