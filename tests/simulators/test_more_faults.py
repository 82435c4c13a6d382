"""Failures of the wire, of the moment and of the answer's content that need more than a status."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from aias.simulators import Simulators

from .conftest import Ask, Bookkeeper

SHOP = "{ shop { name } }"
Post = Callable[..., Coroutine[Any, Any, httpx.Response]]


@pytest.fixture
def post(sims: Simulators, client: httpx.AsyncClient) -> Post:
    async def send(query: str = SHOP, headers: dict[str, str] | None = None) -> httpx.Response:
        return await client.post(
            f"{sims.shopify.url}/admin/api/2026-01/graphql.json",
            json={"query": query},
            headers={"X-Shopify-Access-Token": sims.shopify.token, **(headers or {})},
        )

    return send


def tag(sims: Simulators) -> str:
    gid = sims.shopify.orders[0].gid
    return f'mutation {{ tagsAdd(id: "{gid}", tags: ["seen"]) {{ userErrors {{ message }} }} }}'


def tagged(sims: Simulators) -> bool:
    return "seen" in sims.shopify.state()["tags"]


async def test_a_connection_can_be_cut_before_the_request_is_read(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"match": {"header": "x-shop: one"}, "do": {"reset": "early"}})
    assert (await post()).status_code == 200
    with pytest.raises(httpx.TransportError):
        await post(tag(sims), headers={"X-Shop": "one"})
    assert not tagged(sims)
    _, call = sims.shopify.journal
    assert (call.operation, call.status, call.effect, call.fault) == ("", None, False, 1)


async def test_a_connection_can_be_cut_in_the_middle_of_the_answer(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"reset": "mid_body"}})
    with pytest.raises(httpx.TransportError):
        await post(tag(sims))
    assert tagged(sims)
    assert (await post()).status_code == 200


async def test_a_cut_json_text_comes_as_a_whole_answer(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"truncated_json": 15}})
    answer = await post(tag(sims))
    assert (len(answer.content), answer.headers["Content-Length"]) == (15, "15")
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert tagged(sims)


async def test_an_answer_can_end_before_its_first_byte(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"truncate": 0}})
    with pytest.raises(httpx.RemoteProtocolError, match="received 0 bytes"):
        await post()


async def test_an_answer_can_claim_to_be_shorter_than_it_is(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"content_length": 10}})
    answer = await post(tag(sims))
    assert len(answer.content) == 10
    assert tagged(sims)
    assert (await post()).status_code == 200


async def test_an_answer_can_claim_to_be_longer_than_it_is(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"content_length": 100_000}})
    with pytest.raises(httpx.RemoteProtocolError, match="expected 100000"):
        await post()


async def test_what_comes_can_be_no_http_at_all(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"raw": "SSH-2.0-OpenSSH_9.6\r\n"}})
    with pytest.raises(httpx.RemoteProtocolError):
        await post(tag(sims))
    assert not tagged(sims)


async def test_a_small_answer_can_unpack_to_a_large_one(sims: Simulators, client: httpx.AsyncClient) -> None:
    sims.shopify.faults.add({"do": {"bomb": 5_000_000}})
    url = f"{sims.shopify.url}/admin/api/2026-01/graphql.json"
    async with client.stream("POST", url, json={"query": SHOP}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(raw) < 50_000
    assert len(zlib.decompress(raw, wbits=zlib.MAX_WBITS | 16)) == 5_000_000


async def test_work_can_be_done_after_its_caller_has_left(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"hang": 100, "commit_after": 0.5}})
    changed = sims.shopify.version
    call = asyncio.create_task(post(tag(sims)))
    async with asyncio.timeout(60):
        while not len(sims.shopify.journal):  # noqa: ASYNC110 - the journal rings no bell
            await asyncio.sleep(0)
        assert sims.shopify.version == changed
        call.cancel()
        while not tagged(sims):  # noqa: ASYNC110 - nor does the shop
            await asyncio.sleep(0)
    (entry,) = sims.shopify.journal
    assert (entry.status, entry.effect) == (None, True)


async def test_work_that_is_to_be_done_later_is_forgotten_by_a_reset(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"status": 503, "commit_after": 3600}})
    assert (await post(tag(sims))).status_code == 503
    sims.reset()
    assert not tagged(sims)


async def test_a_mutation_can_be_refused_in_shopifys_shape(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"do": {"user_errors": [{"message": "Order is locked", "field": ["id"]}]}})
    gid = sims.shopify.orders[0].gid
    query = (
        f'mutation {{ add: tagsAdd(id: "{gid}", tags: ["seen"]) {{ node {{ id }} userErrors {{ field message }} }} }}'
    )
    answer = await post(query)
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {"add": {"node": None, "userErrors": [{"field": ["id"], "message": "Order is locked"}]}}
    }
    assert not tagged(sims)


async def test_a_mutation_can_be_refused_in_waves_shape(sims: Simulators, books: Bookkeeper) -> None:
    sims.wave.faults.add({"do": {"user_errors": [{"message": "Closed period", "code": "CLOSED"}]}})
    refused = await books.create()
    assert (refused["didSucceed"], refused["invoice"]) == (False, None)
    assert refused["inputErrors"] == [{"code": "CLOSED", "message": "Closed period", "path": None}]
    assert (await books.create())["didSucceed"]


async def test_a_call_without_a_mutation_is_refused_with_422(sims: Simulators, client: httpx.AsyncClient) -> None:
    sims.slack.faults.add({"do": {"user_errors": [{"message": "No"}]}})
    answer = await client.post(sims.slack.url, json={"text": "a"})
    assert (answer.status_code, answer.json()) == (422, {"errors": {"base": ["No"]}})


async def test_chance_hits_about_as_often_as_ordered_and_the_same_with_the_same_seed(
    sims: Simulators, post: Post
) -> None:
    async def hits(seed: int) -> list[int]:
        sims.reset()
        sims.shopify.faults.add({"times": None, "probability": 0.3, "seed": seed, "do": {"status": 503}})
        return [at for at in range(60) if (await post()).status_code == 503]

    first = await hits(7)
    assert 8 <= len(first) <= 28
    assert await hits(7) == first
    assert await hits(8) != first


async def test_the_journal_counts_what_changed_something_by_key_and_reference(
    sims: Simulators, wave: Ask, books: Bookkeeper, client: httpx.AsyncClient
) -> None:
    await books.create(poNumber="#77")
    await books.create(poNumber="#77")
    await wave("{ user { id } }")
    counted = (await client.get(f"{sims.wave.control_url}/effects")).json()
    assert counted["by_operation"]["invoiceCreate"] == 2
    assert counted["by_reference"]["#77"] == 2
    assert "user" not in counted["by_operation"]
    found = (await client.get(f"{sims.wave.control_url}/journal", params={"reference": "#77"})).json()["calls"]
    assert [call["operation"] for call in found] == ["invoiceCreate", "invoiceCreate"]
    assert found[0]["digest"] == found[1]["digest"] != ""


async def test_an_answer_can_be_held_back_after_the_work(sims: Simulators, post: Post) -> None:
    sims.shopify.faults.add({"match": {"kind": "mutation"}, "do": {"linger": 100}})
    assert (await post()).status_code == 200
    call = asyncio.create_task(post(tag(sims), headers={"Idempotency-Key": "k-1"}))
    async with asyncio.timeout(60):
        while not tagged(sims):  # noqa: ASYNC110 - the shop rings no bell
            await asyncio.sleep(0)
    call.cancel()
    _, entry = sims.shopify.journal
    assert (entry.status, entry.effect, entry.caller, entry.call.key) == (None, True, "k-1", "k-1")
