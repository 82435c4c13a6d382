from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from aias.simulators import Do, Fault, FaultBook, Simulators
from aias.simulators.journal import Call

from .conftest import Ask, Bookkeeper, Clock

SHOP = "{ shop { name } }"


@pytest.fixture
def post(sims: Simulators, client: httpx.AsyncClient) -> Callable[..., Awaitable[httpx.Response]]:
    async def send(query: str = SHOP, headers: dict[str, str] | None = None, **variables: Any) -> httpx.Response:
        return await client.post(
            f"{sims.shopify.url}/admin/api/2026-01/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": sims.shopify.token, **(headers or {})},
        )

    return send


def tag(sims: Simulators) -> str:
    gid = sims.shopify.orders[0].gid
    return f'mutation {{ tagsAdd(id: "{gid}", tags: ["seen"]) {{ userErrors {{ message }} }} }}'


def tagged(sims: Simulators) -> bool:
    return "seen" in sims.shopify.state()["tags"]


@pytest.mark.parametrize("status", [401, 402, 403, 404, 423, 429, 500, 502, 503, 504, 418])
async def test_a_status_comes_in_the_services_own_words(sims: Simulators, post: Any, status: int) -> None:
    sims.shopify.faults.add({"do": {"status": status}})
    answer = await post()
    assert answer.status_code == status
    assert isinstance(answer.json()["errors"], str)
    assert (await post()).status_code == 200


async def test_a_failure_is_over_after_so_many_times(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"times": 2, "do": {"status": 503}})
    assert [(await post()).status_code for _ in range(4)] == [503, 503, 200, 200]


async def test_a_failure_without_end_goes_on_until_it_is_removed(sims: Simulators, post: Any) -> None:
    (number,) = sims.shopify.faults.add({"times": None, "do": {"status": 503}})
    assert [(await post()).status_code for _ in range(3)] == [503, 503, 503]
    assert sims.shopify.faults.remove(number)
    assert not sims.shopify.faults.remove(number)
    assert (await post()).status_code == 200


@pytest.mark.parametrize(
    ("given", "sent"),
    [(1, "1"), (2.0, "2.0"), (-1, "-1"), (10**9, "1000000000"), ("soon", "soon"), ("1e999", "1e999"), ("", "")],
)
async def test_retry_after_is_sent_as_it_was_given(sims: Simulators, post: Any, given: Any, sent: str) -> None:
    sims.shopify.faults.add({"do": {"status": 429, "retry_after": given}})
    answer = await post()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, sent)


async def test_retry_after_can_be_a_date(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"status": 503, "retry_after": {"http_date": 30}}})
    moment = parsedate_to_datetime((await post()).headers["Retry-After"])
    assert 25 < moment.timestamp() - time.time() < 31


async def test_a_reset_connection_gives_no_answer_and_has_no_effect(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"reset": True}})
    with pytest.raises(httpx.ReadError):
        await post(tag(sims))
    assert not tagged(sims)
    (call,) = sims.shopify.journal
    assert (call.status, call.effect) == (None, False)


async def test_a_dropped_answer_leaves_the_work_done(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"match": {"operation": "tagsAdd"}, "do": {"drop_after_commit": True}})
    with pytest.raises(httpx.ReadError):
        await post(tag(sims))
    assert tagged(sims)
    (call,) = sims.shopify.journal
    assert (call.operation, call.status, call.effect, call.fault) == ("tagsAdd", None, True, 1)


async def test_a_failure_can_hide_that_the_work_was_done(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"status": 502, "commit": True}})
    assert (await post(tag(sims))).status_code == 502
    assert tagged(sims)


async def test_a_failure_without_commit_has_no_effect(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"status": 502}})
    assert (await post(tag(sims))).status_code == 502
    assert not tagged(sims)


async def test_silence_lasts_until_the_client_gives_up(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"hang": 60}})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await post(tag(sims))
    assert not tagged(sims)
    assert (await post()).status_code == 200


async def test_silence_ends_with_a_cut(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"hang": 0.05}})
    with pytest.raises(httpx.ReadError):
        await post()


async def test_silence_can_come_after_the_work(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"hang": 0.05, "commit": True}})
    with pytest.raises(httpx.ReadError):
        await post(tag(sims))
    assert tagged(sims)


async def test_latency_delays_an_otherwise_good_answer(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"latency": 0.1}})
    started = time.monotonic()
    assert (await post(tag(sims))).status_code == 200
    assert time.monotonic() - started >= 0.1
    assert tagged(sims)


async def test_a_truncated_answer_ends_before_its_length(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"truncate": 10}})
    with pytest.raises(httpx.RemoteProtocolError, match="received 10 bytes"):
        await post()


async def test_a_dripping_answer_arrives_whole_but_slowly(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"drip": 0.001}})
    started = time.monotonic()
    answer = await post()
    assert answer.json()["data"]["shop"]["name"]
    assert time.monotonic() - started >= 0.001 * len(answer.content)


async def test_a_drip_outlasts_a_read_timeout_that_only_looks_at_single_reads(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"drip": 0.05}})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.4):
            await post()


async def test_garbage_is_neither_json_nor_text(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"garbage": True}})
    answer = await post()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode()


async def test_a_web_page_comes_where_json_was_expected(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"html": True}})
    answer = await post()
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


async def test_an_empty_object_comes_instead_of_data(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"empty": True}})
    assert (await post()).json() == {}


async def test_a_good_answer_can_claim_another_content_type(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"content_type": "text/plain; charset=utf-16"}})
    answer = await post()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-16"
    assert b'"data"' in answer.content


async def test_a_body_can_be_dictated(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"body": '{"data":{"shop":null}}', "headers": {"X-Odd": "yes"}}})
    answer = await post()
    assert (answer.json(), answer.headers["X-Odd"]) == ({"data": {"shop": None}}, "yes")


async def test_a_huge_answer_is_as_large_as_ordered_and_stops_when_nobody_listens(
    sims: Simulators, post: Any, client: httpx.AsyncClient
) -> None:
    sims.shopify.faults.add({"do": {"huge": 1_000_000}}, {"do": {"huge": 2_000_000_000}})
    assert len((await post()).content) == 1_000_000
    url = f"{sims.shopify.url}/admin/api/2026-01/graphql.json"
    headers = {"X-Shopify-Access-Token": sims.shopify.token}
    async with client.stream("POST", url, json={"query": SHOP}, headers=headers) as answer:
        async for _ in answer.aiter_raw():
            break
    assert (await post()).status_code == 200


async def test_shopifys_own_failure_carries_a_request_id(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"internal_error": True}})
    answer = await post()
    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["requestId"]


async def test_the_throttle_answer_can_be_had_with_a_full_bucket(sims: Simulators, post: Any) -> None:
    sims.shopify.faults.add({"do": {"throttled": True}})
    answer = await post()
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (200, "Throttled")
    assert answer.json()["extensions"]["cost"]["actualQueryCost"] is None


async def test_an_error_of_ones_own_choice_comes_without_data(sims: Simulators, wave: Ask, post: Any) -> None:
    sims.wave.faults.add({"do": {"graphql_error": {"message": "No", "code": "FORBIDDEN"}}})
    answer = await wave("{ user { id } }")
    assert answer["data"] is None
    assert (answer["errors"][0]["message"], answer["errors"][0]["extensions"]["code"]) == ("No", "FORBIDDEN")


async def test_a_lost_answer_and_a_second_call_make_two_invoices(sims: Simulators, books: Bookkeeper) -> None:
    sims.wave.faults.add({"match": {"operation": "invoiceCreate"}, "do": {"drop_after_commit": True}})
    with pytest.raises(httpx.ReadError):
        await books.create()
    assert (await books.create())["didSucceed"]
    assert sims.wave.state()["invoices"]["duplicates"] == {"#1001": 2}


CALL = Call(
    operations=("invoiceCreate", "Create"),
    kind="mutation",
    variables={"id": "gid://shopify/Order/5500000001", "input": {"poNumber": "#1001", "items": [{"quantity": 2}]}},
)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({}, True),
        ({"operation": "invoiceCreate"}, True),
        ({"operation": "Create"}, True),
        ({"operation": "invoice"}, False),
        ({"id": "5500000001"}, True),
        ({"id": "500000001"}, False),
        ({"id": "gid://shopify/Order/5500000001"}, True),
        ({"id": "#1001"}, True),
        ({"variables": {"input.poNumber": "#1001"}}, True),
        ({"variables": {"input.items.0.quantity": 2}}, True),
        ({"variables": {"input.items.1.quantity": 2}}, False),
        ({"variables": {"input.poNumber": "#1002"}}, False),
        ({"contains": "needle"}, True),
        ({"contains": "thread"}, False),
        ({"header": "x-shop: one"}, True),
        ({"header": "x-shop: two"}, False),
        ({"operation": "invoiceCreate", "id": "nobody"}, False),
    ],
)
def test_a_fault_hits_the_calls_that_it_describes(match: dict[str, Any], fits: bool) -> None:
    book = FaultBook()
    book.add({"match": match, "do": {"status": 503}})
    taken = book.take(CALL, body="hay needle hay", headers=[("x-shop", "one")])
    assert (taken is not None) == fits


@pytest.mark.parametrize(
    ("match", "times", "hits"),
    [
        ({"nth": 3}, 1, [3]),
        ({"nth": 2}, 2, [2, 3]),
        ({"every": 2}, None, [2, 4, 6]),
        ({"nth": 3, "every": 2}, None, [4, 6]),
    ],
)
def test_a_fault_can_wait_for_its_turn(match: dict[str, Any], times: int | None, hits: list[int]) -> None:
    book = FaultBook()
    book.add({"match": match, "times": times, "do": {"status": 503}})
    struck = [n for n in range(1, 7) if book.take(CALL, body="", headers=[]) is not None]
    assert struck == hits


def test_the_first_fault_that_fits_is_the_one_that_hits() -> None:
    book = FaultBook()
    book.add(
        {"match": {"operation": "other"}, "do": {"status": 500}}, Fault(do=Do(status=502)), {"do": {"status": 503}}
    )
    statuses = [taken[1].status for _ in range(3) if (taken := book.take(CALL, body="", headers=[]))]
    assert statuses == [502, 503]


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"do": {"status": 99}},
        {"do": {"hang": -1}},
        {"do": {"hang": float("inf")}},
        {"do": {"explode": True}},
        {"do": {"status": 503, "reset": True}},
        {"do": {"garbage": True, "html": True}},
        {"do": {"status": 503}, "times": 0},
        {"do": {"status": 503}, "match": {"nth": 0}},
        {"do": {"headers": {"Bad Name": "x"}}},
        {"do": {"headers": {"X-Split": "a\r\nSet-Cookie: b"}}},
        {"do": {"retry_after": "1\r\nX: y"}},
        {"do": {"truncate": 0, "drip": 0}},
        {"do": {"commit_after": 1}},
        {"do": {"commit_after": 1, "drip": 1}},
        {"do": {"commit_after": 1, "hang": 2, "commit": True}},
        {"do": {"reset": "late"}},
        {"do": {"reset": "early"}, "match": {"operation": "order"}},
        {"do": {"reset": "early", "commit": True}},
        {"do": {"status": 503}, "probability": 0},
        {"do": {"user_errors": []}, "probability": 1.1},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FaultBook().add(fault)


def test_a_fault_book_does_not_grow_without_end() -> None:
    book = FaultBook()
    book.add(*[{"do": {"status": 503}}] * 5000)
    with pytest.raises(ValueError, match="5000"):
        book.add({"do": {"status": 503}})


def test_a_date_in_the_past_can_be_sent(clock: Clock) -> None:
    do = Do.model_validate({"status": 503, "retry_after": {"http_date": -60}})
    assert do.answer_headers(clock())["Retry-After"].endswith("GMT")
