"""A customer on each side that the other has not, and one that both have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


def people(bench: Bench) -> list[Any]:
    return [one for one in bench.sims.shopify.shop.customers.values() if one.customer.email][:2]


async def arrange(bench: Bench) -> Mapping[str, Any]:
    shop, books = bench.sims.shopify.shop, bench.sims.wave.books
    for customer in shop.customers.values():
        customer.updated_at = datetime.now(UTC) - timedelta(days=30)
    only_here, both = people(bench)
    for one in (only_here, both):
        one.updated_at = datetime.now(UTC)
    business = bench.sims.wave.business_id
    there = {"name": "Only There", "firstName": "Only", "lastName": "There", "email": "only@example.com"}
    books.create_customer({"businessId": business, **there})
    books.create_customer({"businessId": business, "name": "Old Name", "email": both.customer.email})
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    shop, books = bench.sims.shopify.shop, bench.sims.wave.books
    only_here, both = people(bench)
    assert execution.output == {"to_wave": 2, "to_shopify": 1}
    names = {customer.email: customer.name for customer in books.customers.values()}
    assert names.keys() == {only_here.customer.email, both.customer.email, "only@example.com"}
    assert names[both.customer.email] != "Old Name"
    assert [one.customer.first_name for one in shop.customers.values() if one.customer.email == "only@example.com"] == [
        "Only"
    ]


CASE = Case(arrange=arrange, check=check, calls=["shopify", "wave", "to_wave", "to_shopify"], runs=2)
