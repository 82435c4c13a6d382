from __future__ import annotations

from typing import Any

import httpx
import pytest

from aias.simulators import Simulators, running_simulators

from .conftest import Ask, Bookkeeper
from .shapes import ListOf, Text, check

UUID = Text(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ERROR = {"extensions": {"id": UUID, "code": Text("[A-Z_]+")}, "message": str, "locations": list}


@pytest.mark.parametrize(
    ("query", "code", "status"),
    [
        ("{", "GRAPHQL_PARSE_FAILED", 400),
        ("{ user { colour } }", "GRAPHQL_VALIDATION_FAILED", 400),
        ("query($id: ID!) { business(id: $id) { id } }", "BAD_USER_INPUT", 400),
        (
            'mutation { invoiceCreate(input: {businessId: "x", customerId: "y", exchangeRate: "a"}) { didSucceed } }',
            "GRAPHQL_VALIDATION_FAILED",
            400,
        ),
    ],
)
async def test_a_wrong_query_fails_in_waves_shape(
    sims: Simulators, client: httpx.AsyncClient, query: str, code: str, status: int
) -> None:
    headers = {"Authorization": f"Bearer {sims.wave.token}"}
    answer = await client.post(sims.wave.url, json={"query": query}, headers=headers)
    assert answer.status_code == status
    check(answer.json(), {"errors": ListOf(ERROR)})
    assert answer.json()["errors"][0]["extensions"]["code"] == code


async def test_what_is_not_there_is_not_found_with_its_path(wave: Ask) -> None:
    answer = await wave('{ business(id: "nobody") { id } }')
    check(answer, {"data": {"business": None}, "errors": ListOf({**ERROR, "path": ["business"]})})
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}])
async def test_a_wrong_token_is_unauthenticated(
    sims: Simulators, client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.post(sims.wave.url, json={"query": "{ user { id } }"}, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_errors_can_come_with_200_where_the_documentation_is_silent(client: httpx.AsyncClient) -> None:
    settings = {"error_status": 200, "unauthenticated_status": 200}
    async with running_simulators(which=["wave"], wave=settings) as sims:
        answers = [
            await client.post(sims.wave.url, json={"query": "{"}, headers=headers)
            for headers in ({"Authorization": f"Bearer {sims.wave.token}"}, {})
        ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["errors"][0]["extensions"]["code"] for answer in answers] == [
        "GRAPHQL_PARSE_FAILED",
        "UNAUTHENTICATED",
    ]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e13", "12,50", "", True, [], "٣x"])
async def test_an_amount_that_is_none_is_bad_input(sims: Simulators, wave: Ask, books: Bookkeeper, amount: Any) -> None:
    given = books.invoice(items=[{"productId": books.product_id, "unitPrice": amount}])
    answer = await wave(
        "mutation($input: InvoiceCreateInput!) { invoiceCreate(input: $input) { didSucceed } }", input=given
    )
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert sims.wave.state()["invoices"]["count"] == 0


async def test_customers_can_not_be_filtered_by_address_as_in_the_real_one(sims: Simulators, wave: Ask) -> None:
    answer = await wave(
        'query($b: ID!) { business(id: $b) { customers(email: "a@example.com") { edges { node { id } } } } }',
        b=sims.wave.business_id,
    )
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
