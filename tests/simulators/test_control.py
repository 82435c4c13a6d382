from __future__ import annotations

from typing import Any

import httpx
import pytest

from aias.simulators import Simulators
from aias.simulators.journal import Call, Journal, summary

from .conftest import Bookkeeper, Clock
from .shapes import ListOf, Maybe, Text, check

CALL = {
    "sequence": int,
    "at": Text(r"\d{4}-\d\d-\d\dT.+"),
    "method": "POST",
    "path": "/graphql/public",
    "operation": str,
    "operations": ListOf(str),
    "kind": str,
    "variables": dict,
    "key": Maybe(str),
    "caller": Maybe(str),
    "trace": Maybe(str),
    "reference": Maybe(str),
    "digest": Text(r"[0-9a-f]{16}"),
    "status": int,
    "effect": bool,
    "error": Maybe(str),
    "fault": Maybe(int),
    "seconds": float,
}


async def test_the_journal_shows_every_call(sims: Simulators, books: Bookkeeper, client: httpx.AsyncClient) -> None:
    await books.create()
    shown = (await client.get(f"{sims.wave.control_url}/journal")).json()
    check(shown, {"calls": ListOf(CALL), "total": 5, "kept": 5})
    names = [call["operation"] for call in shown["calls"]]
    assert names == ["customerCreate", "business", "productCreate", "salesTaxCreate", "invoiceCreate"]
    assert shown["calls"][1]["operations"] == ["business", "business.accounts"]


async def test_the_journal_is_asked_for_a_part(sims: Simulators, books: Bookkeeper, client: httpx.AsyncClient) -> None:
    url = f"{sims.wave.control_url}/journal"
    found = (await client.get(url, params={"operation": "productCreate"})).json()["calls"]
    assert [call["sequence"] for call in found] == [3]
    assert [c["sequence"] for c in (await client.get(url, params={"since": 2, "limit": 1})).json()["calls"]] == [3]
    assert (await client.get(url, params={"since": "x"})).status_code == 422
    assert (await client.get(url, params={"limit": "-1"})).status_code == 422


async def test_an_idempotency_key_is_noted_from_header_or_directive(
    sims: Simulators, client: httpx.AsyncClient
) -> None:
    url = f"{sims.shopify.url}/admin/api/2026-01/graphql.json"
    headers = {"X-Shopify-Access-Token": sims.shopify.token}
    gid = sims.shopify.orders[0].gid
    query = f'mutation($k: String!) {{ orderClose(input: {{id: "{gid}"}}) @idempotent(key: $k) {{ order {{ id }} }} }}'
    await client.post(url, json={"query": query, "variables": {"k": "key-1"}}, headers=headers)
    await client.post(url, json={"query": "{ shop { id } }"}, headers={**headers, "Idempotency-Key": "key-2"})
    assert [call.call.key for call in sims.shopify.journal] == ["key-1", "key-2"]


async def test_faults_are_armed_listed_and_disarmed_over_http(sims: Simulators, client: httpx.AsyncClient) -> None:
    url = f"{sims.slack.control_url}/faults"
    armed = await client.post(
        url,
        json=[
            {"match": {"operation": "webhook"}, "times": 2, "do": {"status": 503}},
            {"times": None, "do": {"status": 429, "retry_after": 1.5}},
        ],
    )
    assert (armed.status_code, armed.json()["ids"]) == (201, [1, 2])
    statuses = [(await client.post(sims.slack.url, json={"text": "a"})).status_code for _ in range(3)]
    assert statuses == [503, 503, 429]
    first, second = (await client.get(url)).json()["faults"]
    assert (first["seen"], first["used"], first["times"], first["do"]) == (3, 2, 2, {"status": 503})
    assert (second["used"], second["times"], second["do"]["retry_after"]) == (1, None, 1.5)
    assert (await client.delete(f"{url}/2")).json() == {"removed": True}
    assert (await client.delete(f"{url}/2")).status_code == 404
    assert (await client.delete(url)).json() == {"faults": []}
    assert (await client.post(sims.slack.url, json={"text": "a"})).status_code == 200


async def test_one_fault_needs_no_list(sims: Simulators, client: httpx.AsyncClient) -> None:
    await client.post(f"{sims.slack.control_url}/faults", json={"do": {"hang": 0.01}})
    with pytest.raises(httpx.ReadError):
        await client.post(sims.slack.url, json={"text": "a"})


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"[{}]", "0.do"),
        (b'{"do": {"status": 42}}', "0.do.status"),
        (b'[{"do": {"status": 503}}, {"do": {"explode": 1}}]', "1.do.explode"),
        (b'{"match": {"nth": 0}, "do": {"reset": true}}', "0.match.nth"),
    ],
)
async def test_a_malformed_fault_is_refused_with_its_place_and_none_is_armed(
    sims: Simulators, client: httpx.AsyncClient, body: bytes, path: str
) -> None:
    answer = await client.post(f"{sims.slack.control_url}/faults", content=body)
    assert answer.status_code == 422
    assert path in [problem["path"] for problem in answer.json()["errors"]]
    assert sims.slack.faults.to_json() == []


@pytest.mark.parametrize("body", [b"", b"{", b"3", b"[1]", b"null", b"[" * 100_000, b'{"do": {"hang": NaN}}'])
async def test_what_is_no_fault_at_all_is_refused(sims: Simulators, client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(f"{sims.slack.control_url}/faults", content=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"]


async def test_reset_brings_back_the_start(sims: Simulators, books: Bookkeeper, client: httpx.AsyncClient) -> None:
    await books.create()
    sims.wave.faults.add({"do": {"status": 503}})
    url = f"{sims.wave.control_url}/reset"
    assert (await client.post(url, params={"only": "journal"})).json() == {"reset": True}
    assert (len(sims.wave.journal), sims.wave.state()["invoices"]["count"]) == (0, 1)
    assert (await client.post(url, params={"only": "everything"})).status_code == 422
    await client.post(url)
    assert (await client.get(f"{sims.wave.control_url}/faults")).json() == {"faults": []}
    counts = (await client.get(f"{sims.wave.control_url}/state")).json()
    assert (counts["invoices"]["count"], counts["customers"]["count"], counts["products"]["count"]) == (0, 0, 0)
    await books.prepare()
    assert (await books.create())["invoice"]["invoiceNumber"] == "1"


async def test_reset_brings_back_a_shops_orders(sims: Simulators, client: httpx.AsyncClient) -> None:
    record = sims.shopify.shop.orders[sims.shopify.orders[0].id]
    sims.shopify.shop.add_tags(record, ["gone"])
    sims.shopify.bucket.take(500)
    sims.reset()
    assert "gone" not in sims.shopify.state()["tags"]
    assert sims.shopify.bucket.available == 2000


async def test_every_server_has_the_endpoint(sims: Simulators, client: httpx.AsyncClient) -> None:
    for simulator in sims.all().values():
        index = await client.get(simulator.control_url)
        assert "/_control/journal" in index.text
        assert isinstance((await client.get(f"{simulator.control_url}/state")).json(), dict)
        assert isinstance((await client.get(f"{simulator.control_url}/records")).json()["records"], list)
    assert len((await client.get(f"{sims.shopify.control_url}/records")).json()["records"]) == 40


async def test_a_fault_never_hits_the_control_endpoint(sims: Simulators, client: httpx.AsyncClient) -> None:
    sims.slack.faults.add({"times": None, "do": {"reset": True}})
    assert (await client.get(f"{sims.slack.control_url}/state")).status_code == 200
    assert len(sims.slack.journal) == 0


def test_a_journal_drops_the_oldest_calls_and_counts_on(clock: Clock) -> None:
    journal = Journal(clock, limit=3)
    for number in range(5):
        journal.open(method="POST", path="/", call=Call(operations=(str(number),)))
    assert [entry.operation for entry in journal] == ["2", "3", "4"]
    assert (journal.total, len(journal)) == (5, 3)
    assert [entry.sequence for entry in journal.find(since=3)] == [4, 5]


def test_a_journal_keeps_a_large_call_in_short(clock: Clock) -> None:
    deep: Any = "end"
    for _ in range(50):
        deep = [deep]
    variables = {"text": "x" * 1_000_000, "many": list(range(100_000)), "deep": deep, "k" * 100_000: 1}
    names = tuple(f"field{n}" for n in range(1000))
    entry = Journal(clock).open(
        method="POST",
        path="/" + "p" * 100_000,
        call=Call(operations=names, variables=variables, reference="r" * 10_000),
    )
    assert len(str(entry.to_json())) < 5000


def test_a_summary_says_what_it_left_out() -> None:
    assert summary("x" * 300) == f"{'x' * 200}… (300 characters)"
    assert summary(list(range(25)))[-1] == "… 5 more"
    assert summary({str(n): n for n in range(22)})["…"] == "2 more"
    assert summary(10**400).endswith("(401 characters)")
    assert summary(["\ud83d", None, True, 1.5]) == ["?", None, True, 1.5]
