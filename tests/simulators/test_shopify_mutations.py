from __future__ import annotations

from typing import Any

import pytest

from aias.simulators import Simulators

from .conftest import Ask

TAGS_ADD = """mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) {
    node { id ... on Order { tags } ... on Customer { tags } } userErrors { field message } } }"""
TAGS_REMOVE = TAGS_ADD.replace("tagsAdd", "tagsRemove")
UPDATE = """mutation($i: OrderInput!) { orderUpdate(input: $i) {
    order { note email tags updatedAt } userErrors { field message } } }"""


@pytest.fixture
def gid(sims: Simulators) -> str:
    return sims.shopify.orders[0].gid


async def test_a_tag_is_there_in_the_next_query(shopify: Ask, gid: str) -> None:
    added = await shopify(TAGS_ADD, id=gid, tags=["invoiced", "Wave"])
    assert added["data"]["tagsAdd"] == {"node": {"id": gid, "tags": ["invoiced", "Wave"]}, "userErrors": []}
    seen = await shopify("query($id: ID!) { order(id: $id) { tags } }", id=gid)
    assert seen["data"]["order"]["tags"] == ["invoiced", "Wave"]


async def test_the_same_tag_twice_is_there_once_and_the_second_time_has_no_effect(
    sims: Simulators, shopify: Ask, gid: str
) -> None:
    await shopify(TAGS_ADD, id=gid, tags=["invoiced"])
    await shopify(TAGS_ADD, id=gid, tags=["Invoiced"])
    assert sims.shopify.state()["tags"]["invoiced"] == ["#1001"]
    assert [call.effect for call in sims.shopify.journal.find("tagsAdd")] == [True, False]


async def test_a_comma_separates_tags(shopify: Ask, gid: str) -> None:
    added = await shopify(TAGS_ADD, id=gid, tags=["a, b", " c ", ""])
    assert added["data"]["tagsAdd"]["node"]["tags"] == ["a", "b", "c"]


async def test_tags_are_removed_whatever_their_case(shopify: Ask, gid: str) -> None:
    await shopify(TAGS_ADD, id=gid, tags=["Keep", "Drop"])
    removed = await shopify(TAGS_REMOVE, id=gid, tags=["drop", "never there"])
    assert removed["data"]["tagsRemove"]["node"]["tags"] == ["Keep"]


async def test_a_customer_can_be_tagged_too(shopify: Ask) -> None:
    added = await shopify(TAGS_ADD, id="gid://shopify/Customer/7000000001", tags=["vip"])
    assert added["data"]["tagsAdd"]["node"]["tags"] == ["vip"]


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        (["x" * 41], "Tag exceeds the maximum length of 40 characters"),
        ([str(n) for n in range(251)], "The maximum number of tags (250) is exceeded"),
    ],
)
async def test_tags_beyond_the_limits_are_a_user_error(shopify: Ask, gid: str, tags: list[str], message: str) -> None:
    refused = await shopify(TAGS_ADD, id=gid, tags=tags)
    assert refused["data"]["tagsAdd"]["userErrors"] == [{"field": ["tags"], "message": message}]
    assert refused["data"]["tagsAdd"]["node"]["tags"] == []


async def test_an_order_that_is_not_there_is_a_user_error(shopify: Ask) -> None:
    answer = await shopify(TAGS_ADD, id="gid://shopify/Order/1", tags=["a"])
    assert answer["data"]["tagsAdd"]["node"] is None
    assert answer["data"]["tagsAdd"]["userErrors"][0]["field"] == ["id"]
    answer = await shopify(UPDATE, i={"id": "gid://shopify/Order/1", "note": "x"})
    assert answer["data"]["orderUpdate"] == {
        "order": None,
        "userErrors": [{"field": ["id"], "message": "Order does not exist"}],
    }


async def test_a_note_is_changed_and_everything_else_is_not(sims: Simulators, shopify: Ask, gid: str) -> None:
    changed = await shopify(UPDATE, i={"id": gid, "note": "Invoice 7 – paid"})
    order = changed["data"]["orderUpdate"]["order"]
    assert (order["note"], order["email"]) == ("Invoice 7 – paid", sims.shopify.orders[0].email)
    assert order["updatedAt"] > "2026-09-01T08:00:00Z"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"email": "no address"}, ["email"]), ({"note": "x" * 5001}, ["note"]), ({"tags": ["x" * 41]}, ["tags"])],
)
async def test_an_update_that_makes_no_sense_is_a_user_error(
    shopify: Ask, gid: str, given: dict[str, Any], field: list[str]
) -> None:
    answer = await shopify(UPDATE, i={"id": gid, **given})
    assert [error["field"] for error in answer["data"]["orderUpdate"]["userErrors"]] == [field]


async def test_an_order_is_closed_and_opened(shopify: Ask, gid: str) -> None:
    for name, closed in (("orderClose", True), ("orderOpen", False)):
        answer = await shopify(f'mutation {{ {name}(input: {{id: "{gid}"}}) {{ order {{ closed }} }} }}')
        assert answer["data"][name]["order"]["closed"] is closed


async def test_a_pending_order_is_marked_as_paid_once(sims: Simulators, shopify: Ask) -> None:
    pending = next(o for o in sims.shopify.orders if o.financial_status == "PENDING")
    query = f"""mutation {{ orderMarkAsPaid(input: {{id: "{pending.gid}"}}) {{
        order {{ displayFinancialStatus fullyPaid totalOutstandingSet {{ shopMoney {{ amount }} }} }}
        userErrors {{ field message }} }} }}"""
    first = (await shopify(query))["data"]["orderMarkAsPaid"]
    assert first["order"] == {
        "displayFinancialStatus": "PAID",
        "fullyPaid": True,
        "totalOutstandingSet": {"shopMoney": {"amount": "0.0"}},
    }
    second = (await shopify(query))["data"]["orderMarkAsPaid"]
    assert second["userErrors"] == [{"field": ["id"], "message": "Order cannot be marked as paid."}]


async def test_a_customer_is_updated_but_not_to_the_address_of_another(shopify: Ask) -> None:
    query = """mutation($i: CustomerInput!) { customerUpdate(input: $i) {
        customer { firstName displayName email } userErrors { field message } } }"""
    one = "gid://shopify/Customer/7000000001"
    changed = await shopify(query, i={"id": one, "firstName": "Renamed"})
    assert changed["data"]["customerUpdate"]["customer"]["displayName"] == "Renamed 000"
    refused = await shopify(query, i={"id": one, "email": "buyer001@example.com"})
    assert refused["data"]["customerUpdate"]["userErrors"] == [
        {"field": ["email"], "message": "Email has already been taken"}
    ]


async def test_an_unknown_input_field_is_a_variable_error(shopify: Ask, gid: str) -> None:
    answer = await shopify(UPDATE, i={"id": gid, "colour": "red"})
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_VARIABLE"
    assert "data" not in answer
