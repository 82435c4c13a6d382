from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from aias.simulators import Simulators, running_simulators
from aias.simulators.graph import Graph
from aias.simulators.wave_roots import ALL_RESOLVERS
from aias.simulators.wave_scopes import NEEDED

from .conftest import Ask, Bookkeeper, Clock

USER = {"query": "{ user { id } }"}


async def ask(client: httpx.AsyncClient, sims: Simulators, token: str | None = None, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or sims.wave.token}"}
    return await client.post(sims.wave.url, json=body or USER, headers=headers)


async def test_one_call_too_many_in_a_minute_is_told_when_to_come_back(client: httpx.AsyncClient, clock: Clock) -> None:
    async with running_simulators(which=["wave"], wave={"per_minute": 2}, clock=clock) as sims:
        statuses = [(await ask(client, sims)).status_code for _ in range(2)]
        clock.forward(20.5)
        refused = await ask(client, sims)
        clock.forward(float(refused.headers["retry-after"]))
        again = await ask(client, sims)
        assert (statuses, refused.status_code, again.status_code) == ([200, 200], 429, 200)
        assert refused.headers["retry-after"] == "40"
        assert sims.wave.state()["limits"]["too_often"] == 1
        errors = [entry.error for entry in sims.wave.journal]
        assert errors == [None, None, "more than 2 calls per minute", None]


@pytest.mark.parametrize("enforced", [True, False])
async def test_calls_at_once_are_counted_and_the_excess_is_in_the_journal(
    client: httpx.AsyncClient, *, enforced: bool
) -> None:
    async with running_simulators(which=["wave"], wave={"at_once": 1, "enforce_limits": enforced}) as sims:
        sims.wave.faults.add({"match": {}, "times": 2, "do": {"latency": 0.2}})
        answers = await asyncio.gather(ask(client, sims), ask(client, sims))
        assert sorted(answer.status_code for answer in answers) == ([200, 429] if enforced else [200, 200])
        told = sims.wave.state()["limits"]
        assert (told["most_at_once"], told["too_many_at_once"]) == (2, 1)
        assert [e.error for e in sims.wave.journal if e.error] == ["2 calls at once, 1 allowed"]
        assert (await ask(client, sims)).status_code == 200


async def test_one_call_after_the_other_is_never_too_many_at_once(client: httpx.AsyncClient) -> None:
    async with running_simulators(which=["wave"], wave={"at_once": 1}) as sims:
        assert [(await ask(client, sims)).status_code for _ in range(5)] == [200] * 5
        assert sims.wave.state()["limits"]["most_at_once"] == 1


def test_every_query_and_mutation_names_the_scope_that_it_needs() -> None:
    schema = Graph("wave.graphql", resolvers=ALL_RESOLVERS, scalars={}, type_of=lambda _: "").schema
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    roots = {f"Query.{name}" for name in schema.query_type.fields} - {"Query.currencies", "Query.currency"}
    roots |= {f"Mutation.{name}" for name in schema.mutation_type.fields}
    assert {field for field in NEEDED if not field.startswith("Business.")} == roots


async def test_a_token_does_what_its_scopes_allow_and_nothing_else(
    sims: Simulators, client: httpx.AsyncClient, books: Bookkeeper
) -> None:
    sims.wave.grant("narrow", ["business:read", "customer:*", "invoice:write"])
    lists = "query($b: ID!) { business(id: $b) { customers { edges { node { name } } } %s } }"
    variables = {"b": sims.wave.business_id}
    allowed = await ask(client, sims, "narrow", query=lists % "", variables=variables)
    assert allowed.json()["data"]["business"]["customers"]["edges"]
    refused = await ask(client, sims, "narrow", query=lists % "invoices { edges { node { id } } }", variables=variables)
    (error,) = refused.json()["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", ["business", "invoices"])
    assert "invoice:read" in error["message"]
    mutation = "mutation($input: InvoiceCreateInput!) { invoiceCreate(input: $input) { didSucceed } }"
    made = await ask(client, sims, "narrow", query=mutation, variables={"input": books.invoice()})
    assert made.json()["data"]["invoiceCreate"]["didSucceed"]


async def test_a_mutation_without_its_scope_changes_nothing(
    sims: Simulators, client: httpx.AsyncClient, books: Bookkeeper
) -> None:
    saved = (await books.create(status="SAVED"))["invoice"]["id"]
    sims.wave.grant("writes", ["invoice:read", "invoice:write"])
    mutation = "mutation($input: InvoiceSendInput!) { invoiceSend(input: $input) { didSucceed } }"
    given = {"invoiceId": saved, "to": ["a@example.com"], "attachPDF": False}
    refused = await ask(client, sims, "writes", query=mutation, variables={"input": given})
    assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert sims.wave.books.mail_count == 0


async def test_a_product_is_patched_field_by_field_and_its_price_has_five_decimals(
    wave: Ask, books: Bookkeeper
) -> None:
    patched = await books.mutate(
        "productPatch",
        {"id": books.product_id, "unitPrice": "9.9999955", "defaultSalesTaxIds": [books.tax_id]},
        "product { name unitPrice isSold defaultSalesTaxes { name } }",
    )
    assert patched["product"] == {
        "name": "Test Mug",
        "unitPrice": "10",
        "isSold": True,
        "defaultSalesTaxes": [{"name": "HST"}],
    }
    refused = await books.mutate("productPatch", {"id": books.product_id, "incomeAccountId": None})
    assert refused["inputErrors"][0]["code"] == "REQUIRED"
