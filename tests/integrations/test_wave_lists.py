from __future__ import annotations

from typing import Any

import pytest

from aias.errors import PermanentError
from aias.simulators import Simulators
from tests.integrations.books import DRAFT, customer


async def pages(workspace: Any, name: str, key: str, **given: Any) -> list[dict[str, Any]]:
    """Every page of a list, as a workflow would go through it."""
    found: list[dict[str, Any]] = []
    page, last = 0, 1
    answer: dict[str, Any] = {}
    while page < last:
        page += 1
        answer = await workspace.do(name, {**given, "page": page})
        assert answer["page"] == page
        last = answer["page_count"]
        found += answer[key]
    assert answer["total_count"] == len(found)
    return found


async def test_every_customer_is_on_exactly_one_page(workspace: Any, sims: Simulators) -> None:
    for number in range(23):
        sims.wave.books.create_customer(
            {
                "businessId": sims.wave.business_id,
                "name": f"N {number}",
                "address": {"city": "Montréal", "countryCode": "CA", "provinceCode": "CA-QC"},
            }
        )
    found = await pages(workspace, "wave.customer_list", "customers", page_size=10)
    assert [one["name"] for one in found] == [f"N {number}" for number in range(23)]
    assert found[0]["address"] == {
        "address1": None,
        "address2": None,
        "city": "Montréal",
        "province_code": "CA-QC",
        "country_code": "CA",
        "zip": None,
    }


async def test_customers_who_changed_since_are_listed_alone(workspace: Any, sims: Simulators) -> None:
    await customer(workspace)
    before = await workspace.do("wave.customer_list", {"modified_after": "2020-01-01T00:00:00Z"})
    after = await workspace.do("wave.customer_list", {"modified_after": "2099-01-01T00:00:00+02:00"})
    assert (len(before["customers"]), after["customers"]) == (1, [])
    assert before["customers"][0]["reference"] == "email:buyer017@example.com"


async def test_accounts_are_listed_by_type_and_subtype(workspace: Any, sims: Simulators) -> None:
    everything = await workspace.do("wave.account_list", {})
    assert everything["total_count"] == len(sims.wave.books.accounts)
    income = await workspace.do("wave.account_list", {"types": ["INCOME"], "subtypes": ["INCOME"]})
    assert {account["name"] for account in income["accounts"]} == {"Sales", "Shipping Income"}
    assert {(one["type"], one["currency"]) for one in income["accounts"]} == {("INCOME", "USD")}


async def test_products_and_taxes_are_listed_with_exact_amounts(workspace: Any, sims: Simulators) -> None:
    await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": await customer(workspace)})
    await workspace.do("wave.product_upsert", {"name": "Mug", "unit_price": "12.34567"})
    products = (await workspace.do("wave.product_list", {"is_sold": True}))["products"]
    assert {one["name"]: one["unit_price"] for one in products} == {"Sales": "0", "Shipping": "0", "Mug": "12.34567"}
    assert (await workspace.do("wave.product_list", {"is_bought": True}))["products"] == []
    (tax,) = (await workspace.do("wave.tax_list", {}))["taxes"]
    assert (tax["name"], tax["rate"]) == ("VAT 20 %", "0.2")


async def test_businesses_are_listed_a_page_at_a_time(workspace: Any, sims: Simulators) -> None:
    answer = await workspace.do("wave.business_list", {"page_size": 1})
    assert (answer["page"], answer["page_count"], answer["total_count"]) == (1, 1, 1)
    assert (await workspace.do("wave.business_list", {"page": 2}))["businesses"] == []


@pytest.mark.parametrize("name", ["business", "account", "customer", "product", "tax", "invoice"])
@pytest.mark.parametrize("given", [{"page": 0}, {"page_size": 201}, {"page_size": 0}, {"colour": 1}])
def test_a_page_that_can_not_be_is_refused_before_anything_is_called(
    refuses: Any, name: str, given: dict[str, Any]
) -> None:
    refuses(f"wave.{name}_list", given, next(iter(given)))


@pytest.mark.parametrize("name", ["account", "customer", "product", "tax", "invoice"])
async def test_without_the_scope_a_list_says_which_connection_lacks_it(
    workspace: Any, sims: Simulators, name: str
) -> None:
    sims.wave.grant("narrow", ["business:read"])
    wave = {"url": sims.wave.url, "business_id": sims.wave.business_id}
    await workspace.connect("wave", wave, {"access_token": "narrow"})
    with pytest.raises(PermanentError, match=r"wave:default refused the credentials .* lacks the scope \w+:read"):
        await workspace.do(f"wave.{name}_list", {})
