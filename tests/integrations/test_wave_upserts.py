from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aias.errors import PermanentError
from aias.simulators import Simulators
from tests.integrations.books import BUYER, count, customer


def mutations(sims: Simulators, *names: str) -> int:
    return sum(len(sims.wave.journal.find(name)) for name in names)


ADDRESS = {"address1": "1 Test Street", "city": "Toronto", "province_code": "ON", "country_code": "CA"}


async def test_a_customer_is_made_then_changed_where_it_differs_then_left_alone(
    workspace: Any, sims: Simulators
) -> None:
    made = await workspace.do("wave.customer_upsert", {**BUYER, "phone": "1", "address": ADDRESS}, step="a")
    changed = await workspace.do("wave.customer_upsert", {**BUYER, "phone": "2", "mobile": "3"}, step="b")
    same = await workspace.do("wave.customer_upsert", {**BUYER, "phone": "2", "address": {"city": "Toronto"}}, step="c")
    assert [(one["created"], one["changed"]) for one in (made, changed, same)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert (same["id"], same["phone"], same["mobile"]) == (made["id"], "2", "3")
    assert (same["address"]["address1"], same["address"]["province_code"]) == ("1 Test Street", "CA-ON")
    assert (count(sims, "customers"), mutations(sims, "customerPatch")) == (1, 1)


async def test_a_customer_is_found_whether_made_by_upsert_or_by_find_or_create(
    workspace: Any, sims: Simulators
) -> None:
    first = await customer(workspace, email=None, reference="shop-7")
    again = await workspace.do(
        "wave.customer_upsert", {"name": "Renamed", "reference": "shop-7", "email": "new@example.com"}, step="b"
    )
    # The e-mail address comes first: it is another customer's.
    assert again["created"]
    renamed = await workspace.do("wave.customer_upsert", {"name": "Renamed", "reference": "shop-7"}, step="c")
    assert (renamed["id"], renamed["name"], renamed["changed"]) == (first, "Renamed", True)


async def test_one_part_of_an_address_is_changed_and_the_others_stay(workspace: Any, sims: Simulators) -> None:
    made = await workspace.do("wave.customer_upsert", {**BUYER, "address": ADDRESS}, step="a")
    moved = await workspace.do("wave.customer_upsert", {"id": made["id"], "address": {"zip": "M5V"}}, step="b")
    assert moved["address"] == {**ADDRESS, "address2": None, "province_code": "CA-ON", "zip": "M5V"}


async def test_a_customer_that_is_named_by_an_id_that_is_not_there_is_not_made(
    workspace: Any, sims: Simulators
) -> None:
    with pytest.raises(PermanentError, match="wave:default has no customer nobody"):
        await workspace.do("wave.customer_upsert", {"id": "nobody", "phone": "1"})
    assert count(sims, "customers") == 0


async def test_an_address_that_wave_does_not_take_is_told_and_nothing_is_made(workspace: Any, sims: Simulators) -> None:
    with pytest.raises(PermanentError, match="countryCode"):
        await workspace.do("wave.customer_upsert", {**BUYER, "address": {"country_code": "ZZZ"}})
    assert count(sims, "customers") == 0


async def test_executions_that_upsert_one_customer_at_once_make_it_once(workspace: Any, sims: Simulators) -> None:
    executions = [await workspace.execution() for _ in range(6)]
    answers = await asyncio.gather(
        *(
            workspace.do("wave.customer_upsert", {**BUYER, "phone": str(number)}, execution_id=execution)
            for number, execution in enumerate(executions)
        )
    )
    assert sum(answer["created"] for answer in answers) == 1
    assert (count(sims, "customers"), len({answer["id"] for answer in answers})) == (1, 1)


async def test_a_product_is_made_then_changed_where_it_differs_then_left_alone(
    workspace: Any, sims: Simulators
) -> None:
    given = {"name": "Mug", "unit_price": "12.5"}
    made = await workspace.do("wave.product_upsert", {**given, "description": "A mug"}, step="a")
    changed = await workspace.do("wave.product_upsert", {**given, "unit_price": "13"}, step="b")
    same = await workspace.do("wave.product_upsert", {**given, "unit_price": "13.00000"}, step="c")
    assert [(one["created"], one["changed"]) for one in (made, changed, same)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert (same["id"], same["unit_price"], same["description"]) == (made["id"], "13", "A mug")
    assert (count(sims, "products"), mutations(sims, "productPatch")) == (1, 1)


async def test_a_product_is_renamed_by_its_id_and_gets_accounts_and_taxes(workspace: Any, sims: Simulators) -> None:
    accounts = {one.name: one.id for one in sims.wave.books.accounts.values()}
    tax = await workspace.do("wave.sales_tax_find_or_create", {"name": "VAT", "rate": "0.2"})
    made = await workspace.do("wave.product_upsert", {"name": "Mug"}, step="a")
    changes = {
        "name": "Cup",
        "income_account_id": accounts["Shipping Income"],
        "expense_account_id": accounts["Merchant Fees"],
        "default_sales_tax_ids": [tax["id"]],
    }
    renamed = await workspace.do("wave.product_upsert", {"id": made["id"], **changes}, step="b")
    assert {key: renamed[key] for key in changes} == changes
    assert (renamed["is_sold"], renamed["is_bought"]) == (True, True)


@pytest.mark.parametrize("price", ["-1", "1.000001", "NaN", "Infinity", "1e20", ""])
def test_a_price_that_wave_would_not_keep_is_refused_before_anything_is_called(refuses: Any, price: str) -> None:
    refuses("wave.product_upsert", {"name": "Mug", "unit_price": price}, "unit_price")


@pytest.mark.parametrize("name", ["customer", "product"])
def test_what_is_to_be_made_has_a_name(refuses: Any, name: str) -> None:
    refuses(f"wave.{name}_upsert", {}, "")
