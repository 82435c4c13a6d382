from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from aias.errors import Deferred, PermanentError, TransientError
from aias.integrations.shopify import wire_changes
from aias.simulators.shopify import ShopifySimulator

ORDERS = """{
  orders { edges { node {
    id name totalPriceSet { shopMoney { amount } } lineItems { edges { node { id title } } }
  } } }
}"""


@pytest.fixture
async def shop(workspace: Any) -> AsyncGenerator[ShopifySimulator]:
    simulator = ShopifySimulator(orders=40, bucket=1e6, restore_rate=1e6)
    await simulator.start()
    await workspace.connect("shopify", {"url": simulator.url}, {"access_token": simulator.token})
    yield simulator
    await simulator.stop()


async def test_everything_comes_as_rows_with_children_below_their_parents(
    workspace: Any, shop: ShopifySimulator
) -> None:
    answer = await workspace.call("shopify.bulk_query", {"query": ORDERS})
    rows = answer["rows"]
    orders = [row for row in rows if "__parentId" not in row]
    assert [row["name"] for row in orders] == [order.name for order in shop.orders]
    lines = [row for row in rows if "__parentId" in row]
    assert len(lines) == sum(len(order.lines) for order in shop.orders)
    assert {row["__parentId"] for row in lines} == {row["id"] for row in orders}
    assert (answer["object_count"], answer["truncated"]) == (len(rows), False)


async def test_a_running_operation_is_waited_for_without_a_worker(workspace: Any, shop: ShopifySimulator) -> None:
    shop.bulk_seconds = 3600
    for _ in range(3):
        with pytest.raises(Deferred, match="is running") as caught:
            await workspace.call("shopify.bulk_query", {"query": ORDERS})
        assert caught.value.seconds == 2.0
    shop.shop.clock = lambda: shop.clock() + 7200
    assert (await workspace.call("shopify.bulk_query", {"query": ORDERS}))["rows"]
    assert len(shop.journal.find("bulkOperationRunQuery")) == 1


async def test_a_sixth_operation_at_once_waits_for_its_turn(workspace: Any, shop: ShopifySimulator) -> None:
    shop.bulk_seconds = 3600
    for number in range(5):
        with pytest.raises(Deferred, match="is running the bulk operation"):
            await workspace.call("shopify.bulk_query", {"query": ORDERS}, step=f"s{number}")
    with pytest.raises(Deferred, match="as many bulk operations as it takes"):
        await workspace.call("shopify.bulk_query", {"query": ORDERS}, step="s6")
    shop.shop.clock = lambda: shop.clock() + 7200
    with pytest.raises(Deferred):
        await workspace.call("shopify.bulk_query", {"query": ORDERS}, step="s6")
    assert len(shop.shop.bulk_operations) == 6


@pytest.mark.parametrize(("bound", "rows"), [({"max_rows": 7}, 7), ({"max_rows": 0}, 0), ({"max_bytes": 1000}, None)])
async def test_rows_beyond_the_bounds_are_left_out_and_said_to_be(
    workspace: Any, shop: ShopifySimulator, bound: dict[str, int], rows: int | None
) -> None:
    answer = await workspace.call("shopify.bulk_query", {"query": ORDERS, **bound})
    assert answer["truncated"]
    assert rows is None or len(answer["rows"]) == rows
    assert len(json.dumps(answer["rows"], separators=(",", ":"))) < bound.get("max_bytes", 10_000)
    assert answer["object_count"] > len(answer["rows"])


async def _others_run(shop: ShopifySimulator, number: int) -> None:
    """Have another app run bulk operations in the same shop."""
    url = f"{shop.url}/admin/api/2026-10/graphql.json"
    headers = {"X-Shopify-Access-Token": shop.token}
    query = 'mutation { bulkOperationRunQuery(query: "{ products { nodes { id } } }") { userErrors { code } } }'
    async with httpx.AsyncClient(headers=headers) as client:
        for _ in range(number):
            answer = await client.post(url, json={"query": query})
            assert answer.json()["data"]["bulkOperationRunQuery"]["userErrors"] == []


@pytest.mark.parametrize("others", [0, 30, 130])
async def test_an_operation_whose_answer_was_lost_is_found_however_many_came_after_it(
    workspace: Any, shop: ShopifySimulator, others: int
) -> None:
    started = {"operation": "bulkOperationRunQuery"}
    shop.faults.add({"match": started, "do": {"drop_after_commit": True}})
    with pytest.raises(TransientError):
        await workspace.call("shopify.bulk_query", {"query": ORDERS})
    await _others_run(shop, others)
    (ours,) = [one for one in shop.shop.bulk_operations.values() if "# aias-" in one.query]
    # the ledger gives the shop time to show what it has taken, before it would be sent again
    answer = await workspace.call("shopify.bulk_query", {"query": ORDERS}, attempt=2)
    assert answer["id"] == f"gid://shopify/BulkOperation/{ours.id}"
    assert len(shop.shop.bulk_operations) == 1 + others


async def test_an_operation_is_looked_for_no_further_back_than_its_execution(
    workspace: Any, shop: ShopifySimulator
) -> None:
    now = shop.clock()
    shop.shop.clock = lambda: now - 3 * 86_400
    await _others_run(shop, 200)
    shop.shop.clock = lambda: now
    shop.faults.add({"match": {"operation": "bulkOperationRunQuery"}, "do": {"reset": True}})
    with pytest.raises(TransientError):
        await workspace.call("shopify.bulk_query", {"query": ORDERS})
    with pytest.raises(Deferred, match="may still take effect"):
        await workspace.call("shopify.bulk_query", {"query": ORDERS}, attempt=2)
    assert len(shop.journal.find("bulkOperations")) == 1


async def test_an_empty_result_has_no_rows(workspace: Any, shop: ShopifySimulator) -> None:
    answer = await workspace.call("shopify.bulk_query", {"query": '{ orders(query: "tag:none") { nodes { id } } }'})
    assert (answer["rows"], answer["truncated"]) == ([], False)


async def test_a_scope_that_is_missing_fails_the_operation(workspace: Any, shop: ShopifySimulator) -> None:
    shop.scopes -= {"read_products", "write_products"}
    with pytest.raises(PermanentError, match=r"FAILED \(ACCESS_DENIED\)"):
        await workspace.call("shopify.bulk_query", {"query": "{ products { nodes { id } } }"})


@pytest.mark.parametrize(
    "do", [{"truncate": 300}, {"garbage": True}, {"html": True}, {"status": 503}, {"reset": True}, {"hang": 0.2}]
)
async def test_a_download_that_breaks_is_fetched_again(
    workspace: Any, shop: ShopifySimulator, do: dict[str, Any]
) -> None:
    shop.faults.add({"match": {"operation": "bulk.download"}, "do": do})
    with pytest.raises(TransientError):
        await workspace.call("shopify.bulk_query", {"query": ORDERS})
    assert (await workspace.call("shopify.bulk_query", {"query": ORDERS}, attempt=2))["rows"]
    assert len(shop.journal.find("bulkOperationRunQuery")) == 1


async def test_the_token_does_not_go_to_the_storage_and_the_address_is_in_no_message(
    workspace: Any, shop: ShopifySimulator
) -> None:
    leak = {"operation": "bulk.download", "header": shop.token}
    shop.faults.add({"match": leak, "do": {"status": 500}})
    await workspace.call("shopify.bulk_query", {"query": ORDERS}, step="one")
    shop.faults.clear()
    shop.faults.add({"match": {"operation": "bulk.download"}, "do": {"status": 404}})
    with pytest.raises(PermanentError, match="gone") as caught:
        await workspace.call("shopify.bulk_query", {"query": ORDERS}, step="two")
    assert not any(one.key in str(caught.value.to_json()) for one in shop.shop.bulk_operations.values())


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/x.jsonl",
        "http://storage.googleapis.com/x",
        "https://storage.googleapis.com.example.com/x",
        "https://user:pw@storage.googleapis.com/x",
        "https://storage.googleapis.com:8443/x",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "nonsense",
    ],
)
async def test_a_result_anywhere_but_at_shopifys_storage_is_not_fetched(
    workspace: Any, shop: ShopifySimulator, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    told = {"status": "COMPLETED", "createdAt": "", "objectCount": 1, "rootObjectCount": 1, "url": url}
    done = wire_changes.WireBulk.model_validate({"id": "gid://shopify/BulkOperation/1", **told})

    async def finished(*_: Any) -> wire_changes.WireBulk:
        return done

    monkeypatch.setattr("aias.integrations.shopify.bulk._finished", finished)
    with pytest.raises(PermanentError, match="keeps the result at"):
        await workspace.call("shopify.bulk_query", {"query": ORDERS})
