"""The local servers, running, and callers of their APIs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from aias.simulators import Simulators, running_simulators

Ask = Callable[..., Awaitable[dict[str, Any]]]


class Clock:
    """A clock that stands still until it is set forward."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sims() -> AsyncIterator[Simulators]:
    async with running_simulators(orders=40) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10, trust_env=False, verify=False) as made:
        yield made


@pytest.fixture
def shopify(sims: Simulators, client: httpx.AsyncClient) -> Ask:
    """Ask the shop in GraphQL; the whole answer, which must be 200."""

    async def ask(query: str, **variables: Any) -> dict[str, Any]:
        answer = await client.post(
            f"{sims.shopify.url}/admin/api/2026-01/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": sims.shopify.token},
        )
        assert answer.status_code == 200
        return answer.json()

    return ask


@pytest.fixture
def wave(sims: Simulators, client: httpx.AsyncClient) -> Ask:
    """Ask Wave; the whole answer, whatever its status."""

    async def ask(query: str, **variables: Any) -> dict[str, Any]:
        answer = await client.post(
            sims.wave.url,
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {sims.wave.token}"},
        )
        return answer.json()

    return ask


class Bookkeeper:
    """Makes what an invoice needs, and invoices."""

    def __init__(self, ask: Ask, business_id: str) -> None:
        self.ask = ask
        self.business_id = business_id
        self.customer_id = ""
        self.product_id = ""
        self.tax_id = ""

    async def mutate(self, name: str, given: dict[str, Any], selection: str = "") -> dict[str, Any]:
        kind = name[0].upper() + name[1:]
        answer = await self.ask(
            f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{"
            f" didSucceed inputErrors {{ code message path }} {selection} }} }}",
            input=given,
        )
        return answer["data"][name]

    async def prepare(self) -> None:
        made = await self.mutate(
            "customerCreate",
            {"businessId": self.business_id, "name": "Buyer 001", "email": "buyer001@example.com"},
            "customer { id }",
        )
        self.customer_id = made["customer"]["id"]
        accounts = await self.ask(
            "query($id: ID!) { business(id: $id) { accounts(subtypes: [INCOME]) { edges { node { id } } } } }",
            id=self.business_id,
        )
        account_id = accounts["data"]["business"]["accounts"]["edges"][0]["node"]["id"]
        made = await self.mutate(
            "productCreate",
            {"businessId": self.business_id, "name": "Test Mug", "unitPrice": "12.50", "incomeAccountId": account_id},
            "product { id }",
        )
        self.product_id = made["product"]["id"]
        made = await self.mutate(
            "salesTaxCreate",
            {"businessId": self.business_id, "name": "HST", "abbreviation": "HST", "rate": "0.13"},
            "salesTax { id }",
        )
        self.tax_id = made["salesTax"]["id"]

    def invoice(self, **changes: Any) -> dict[str, Any]:
        return {
            "businessId": self.business_id,
            "customerId": self.customer_id,
            "poNumber": "#1001",
            "items": [{"productId": self.product_id, "taxes": [{"salesTaxId": self.tax_id}]}],
            **changes,
        }

    async def create(self, **changes: Any) -> dict[str, Any]:
        return await self.mutate(
            "invoiceCreate",
            self.invoice(**changes),
            "invoice { id status invoiceNumber subtotal { value } discountTotal { value } taxTotal { value }"
            " total { value currency { code } } }",
        )


@pytest.fixture
async def books(sims: Simulators, wave: Ask) -> Bookkeeper:
    keeper = Bookkeeper(wave, sims.wave.business_id)
    await keeper.prepare()
    return keeper
