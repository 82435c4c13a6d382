from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType

from aias.simulators import ShopifySimulator, Simulators
from aias.simulators.graph import GraphqlRequest
from aias.simulators.shopify_context import Context

from .conftest import Ask
from .shapes import ListOf, Maybe, Text, check, everything, fields_seen

MONEY = {"amount": Text(r"\d+\.\d+"), "currencyCode": Text(r"[A-Z]{3}")}
BAG = {"shopMoney": MONEY, "presentmentMoney": MONEY}
TIME = Text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PAGE = {"hasNextPage": bool, "hasPreviousPage": bool, "startCursor": Maybe(str), "endCursor": Maybe(str)}
TAX = {"title": str, "rate": float, "priceSet": BAG}
ADDRESS = {"name": str, "address1": str, "city": str, "countryCodeV2": Text("[A-Z]{2}"), "zip": str}

BAG_FIELDS = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
ORDER = f"""
query($id: ID!) {{
  order(id: $id) {{
    id name email createdAt cancelledAt displayFinancialStatus currencyCode presentmentCurrencyCode taxesIncluded
    note tags legacyResourceId
    subtotalPriceSet {BAG_FIELDS} totalDiscountsSet {BAG_FIELDS} totalTaxSet {BAG_FIELDS} totalPriceSet {BAG_FIELDS}
    totalShippingPriceSet {BAG_FIELDS}
    taxLines {{ title rate priceSet {BAG_FIELDS} }}
    discountCodes
    discountApplications(first: 5) {{ nodes {{
      __typename allocationMethod targetSelection index
      ... on DiscountCodeApplication {{ code }}
      ... on AutomaticDiscountApplication {{ title }}
      value {{ __typename ... on PricingPercentageValue {{ percentage }} ... on MoneyV2 {{ amount currencyCode }} }}
    }} }}
    customer {{ id firstName lastName displayName email phone defaultEmailAddress {{ emailAddress }} }}
    billingAddress {{ name address1 city countryCodeV2 zip }}
    shippingAddress {{ name address1 city countryCodeV2 zip }}
    lineItems(first: 50) {{
      edges {{ cursor node {{
        id title sku quantity
        originalUnitPriceSet {BAG_FIELDS} discountedTotalSet {BAG_FIELDS} totalDiscountSet {BAG_FIELDS}
        discountAllocations {{ allocatedAmountSet {BAG_FIELDS} discountApplication {{ index }} }}
        taxLines {{ title rate priceSet {BAG_FIELDS} }}
      }} }}
      pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
    }}
    refunds {{ id createdAt note totalRefundedSet {BAG_FIELDS} }}
  }}
}}
"""
LINE = {
    "id": Text(r"gid://shopify/LineItem/\d+"),
    "title": str,
    "sku": Maybe(str),
    "quantity": int,
    "originalUnitPriceSet": BAG,
    "discountedTotalSet": BAG,
    "totalDiscountSet": BAG,
    "discountAllocations": ListOf({"allocatedAmountSet": BAG, "discountApplication": {"index": int}}, at_least=0),
    "taxLines": ListOf(TAX, at_least=0),
}
ORDER_SHAPE = {
    "id": Text(r"gid://shopify/Order/\d+"),
    "name": Text(r"#\d+"),
    "email": Maybe(str),
    "createdAt": TIME,
    "cancelledAt": Maybe(TIME),
    "displayFinancialStatus": Text("[A-Z_]+"),
    "currencyCode": "USD",
    "presentmentCurrencyCode": Text("[A-Z]{3}"),
    "taxesIncluded": bool,
    "note": Maybe(str),
    "tags": ListOf(str, at_least=0),
    "legacyResourceId": Text(r"\d+"),
    "subtotalPriceSet": BAG,
    "totalDiscountsSet": BAG,
    "totalTaxSet": BAG,
    "totalPriceSet": BAG,
    "totalShippingPriceSet": BAG,
    "taxLines": ListOf(TAX, at_least=0),
    "discountCodes": ListOf(str, at_least=0),
    "discountApplications": {"nodes": list},
    "customer": Maybe(
        {
            "id": Text(r"gid://shopify/Customer/\d+"),
            "firstName": Maybe(str),
            "lastName": Maybe(str),
            "displayName": str,
            "email": Maybe(str),
            "phone": Maybe(str),
            "defaultEmailAddress": Maybe({"emailAddress": str}),
        }
    ),
    "billingAddress": ADDRESS,
    "shippingAddress": Maybe(ADDRESS),
    "lineItems": {"edges": ListOf({"cursor": str, "node": LINE}), "pageInfo": PAGE},
    "refunds": ListOf(
        {"id": Text(r"gid://shopify/Refund/\d+"), "createdAt": TIME, "note": Maybe(str), "totalRefundedSet": BAG},
        at_least=0,
    ),
}


async def test_every_order_has_the_documented_shape(sims: Simulators, shopify: Ask) -> None:
    for order in sims.shopify.orders:
        answer = await shopify(ORDER, id=order.gid)
        check(answer["data"]["order"], ORDER_SHAPE, order.name)
        sims.shopify.bucket.refill()


async def test_amounts_and_names_arrive_unharmed(sims: Simulators, shopify: Ask) -> None:
    order = next(o for o in sims.shopify.orders if o.presentment_currency == "KWD")
    shown = (await shopify(ORDER, id=order.gid))["data"]["order"]
    assert shown["totalPriceSet"]["presentmentMoney"]["currencyCode"] == "KWD"
    assert float(shown["totalPriceSet"]["presentmentMoney"]["amount"]) == float(order.total.presentment)
    answer = await shopify("{ orders(first: 10) { nodes { billingAddress { name } } } }")
    names = {shown["billingAddress"]["name"] for shown in answer["data"]["orders"]["nodes"]}
    assert {"株式会社 テスト", "Zoë Ünïcode Test"} <= names


# Where the tree is widest it is asked a level deeper: refunds, their lines, the lines' pages.
_DEPTHS = {"order": 5, "product": 4, "draftOrder": 4, "fulfillmentOrder": 4, "inventoryItem": 4}
_DEPTHS |= {"abandonedCheckouts": 5, "shopifyPaymentsAccount": 4}

# One of each thing that a new shop has none of.
_MAKE = """mutation($order: ID!, $line: ID!, $item: ID!, $place: ID!) {
  fulfillmentCreate(fulfillment: {
    lineItemsByFulfillmentOrder: [{fulfillmentOrderId: "gid://shopify/FulfillmentOrder/6500000019"}]
    trackingInfo: {number: "T1"} }) { fulfillment { id } }
  refundCreate(input: {orderId: $order, currency: GBP, refundLineItems: [{lineItemId: $line, quantity: 1}]})
    @idempotent(key: "r") { refund { id } }
  draftOrderCreate(input: {lineItems: [{variantId: "gid://shopify/ProductVariant/8100000001", quantity: 1}]
    customAttributes: [{key: "a", value: "b"}]}) { draftOrder { id } }
  inventoryAdjustQuantities(input: {name: "available", reason: "correction", changes: [
    {delta: 1, inventoryItemId: $item, locationId: $place, changeFromQuantity: null}]})
    @idempotent(key: "i") { inventoryAdjustmentGroup { id } }
  webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: {uri: "https://example.com"}) {
    webhookSubscription { id } }
  bulkOperationRunQuery(query: "{ products { nodes { id } } }") { bulkOperation { id } }
  orderCancel(orderId: "gid://shopify/Order/5500000009", reason: STAFF, restock: true) { job { id } }
}"""


def _executed(shop: ShopifySimulator, query: str, **variables: Any) -> dict[str, Any]:
    prepared = shop._graph.prepare(query)
    assert not prepared.errors, prepared.errors
    assert prepared.document is not None
    context = Context(shop=shop.shop, graph=shop._graph, base_url="http://127.0.0.1", keys=shop.keys)
    request = GraphqlRequest(query=query, variables=variables, operation_name=None)
    result = shop._graph.execute(prepared.document, request, context)
    assert result.errors is None, result.errors
    return result.data or {}


def test_every_field_of_the_schema_can_be_asked_for() -> None:
    shop = ShopifySimulator(orders=40, bucket=10**9)
    schema = shop._graph.schema
    given = {
        "order": shop.orders[17].gid,
        "line": f"gid://shopify/LineItem/{shop.orders[17].lines[3].id}",
        "item": "gid://shopify/InventoryItem/8400000001",
        "place": "gid://shopify/Location/6000000001",
    }
    made = _executed(shop, _MAKE, **given)
    ids = {name: value["id"] for payload in made.values() for name, value in payload.items()}
    asked: set[str] = set()
    for number in (9, 18, 19):
        order = shop.orders[number - 1]
        group = ids["inventoryAdjustmentGroup"]
        arguments = {
            "QueryRoot.order": {"id": json.dumps(order.gid)},
            "QueryRoot.node": {"id": json.dumps(group)},
            "QueryRoot.nodes": {"ids": json.dumps([order.gid, group])},
            "QueryRoot.customer": {"id": '"gid://shopify/Customer/7000000001"'},
            "QueryRoot.customerByIdentifier": {"identifier": '{emailAddress: "buyer001@example.com"}'},
            "QueryRoot.product": {"id": '"gid://shopify/Product/8000000001"'},
            "QueryRoot.productByIdentifier": {"identifier": '{handle: "test-product-2"}'},
            "QueryRoot.productVariant": {"id": '"gid://shopify/ProductVariant/8100000001"'},
            "QueryRoot.inventoryItem": {"id": json.dumps(given["item"])},
            "QueryRoot.fulfillmentOrder": {"id": '"gid://shopify/FulfillmentOrder/6500000019"'},
            "QueryRoot.draftOrder": {"id": json.dumps(ids["draftOrder"])},
            "QueryRoot.webhookSubscription": {"id": json.dumps(ids["webhookSubscription"])},
            "QueryRoot.bulkOperation": {"id": json.dumps(ids["bulkOperation"])},
            "QueryRoot.job": {"id": json.dumps(ids["job"])},
            "InventoryItem.inventoryLevel": {"locationId": json.dumps(given["place"])},
            "InventoryLevel.quantities": {"names": '["available"]'},
            "Order.suggestedRefund": {"suggestFullRefund": "true"},
        }
        assert schema.query_type is not None
        for name in schema.query_type.fields if number == 9 else ("order",):
            only = GraphQLObjectType("QueryRoot", {name: schema.query_type.fields[name]})
            query = everything(schema, only, _DEPTHS.get(name, 3), arguments)
            _executed(shop, query)
            asked |= fields_seen(query, schema)
    there = {
        f"{kind.name}.{field}"
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        if kind.name != "Mutation" and not kind.name.endswith(("Payload", "UserError", "SetOperation"))
        for field in kind.fields
    }
    assert there <= asked, there - asked


async def test_orders_are_paged_forwards_and_backwards(sims: Simulators, shopify: Ask) -> None:
    query = """query($first: Int, $after: String, $last: Int, $before: String) {
      orders(first: $first, after: $after, last: $last, before: $before) {
        nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    names: list[str] = []
    after = None
    while True:
        page = (await shopify(query, first=15, after=after))["data"]["orders"]
        names += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert names == [order.name for order in sims.shopify.orders]
    back = (await shopify(query, last=5, before=after))["data"]["orders"]
    assert [node["name"] for node in back["nodes"]] == names[-6:-1]
    assert (back["pageInfo"]["hasNextPage"], back["pageInfo"]["hasPreviousPage"]) == (True, True)


async def test_the_order_with_250_lines_comes_in_pages(sims: Simulators, shopify: Ask) -> None:
    order = sims.shopify.orders[19]
    query = """query($id: ID!, $after: String) { order(id: $id) { lineItems(first: 100, after: $after) {
        nodes { id quantity } pageInfo { hasNextPage endCursor } } } }"""
    ids: list[str] = []
    after = None
    page: dict[str, Any] = {}
    for _ in range(3):
        page = (await shopify(query, id=order.gid, after=after))["data"]["order"]["lineItems"]
        ids += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert not page["pageInfo"]["hasNextPage"]
    assert len(set(ids)) == 250


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name:#1003", ["#1003"]),
        ("name:1003", ["#1003"]),
        ("email:buyer000@example.com", ["#1001", "#1004"]),
        ("financial_status:refunded", ["#1025"]),
        ("created_at:<2026-09-01T09:00:00Z", ["#1001", "#1002"]),
        ("created_at:>=2026-09-01 -name:#1002 id:<5500000005", ["#1001", "#1003", "#1004"]),
        ("Ünïcode", ["#1007"]),
        ("tag:repeat AND name:'#1008'", ["#1008"]),
        ("name:#1001 name:#1002", []),
    ],
)
async def test_orders_are_searched_in_shopifys_syntax(shopify: Ask, query: str, names: list[str]) -> None:
    answer = await shopify("query($q: String) { orders(first: 5, query: $q) { nodes { name } } }", q=query)
    assert [node["name"] for node in answer["data"]["orders"]["nodes"]] == names


async def test_a_search_field_that_is_not_known_is_left_out_and_warned_about(shopify: Ask) -> None:
    answer = await shopify('{ orders(first: 1, query: "colour:red") { nodes { name } } }')
    assert answer["data"]["orders"]["nodes"]
    assert answer["extensions"]["search"] == [
        {
            "path": ["orders"],
            "query": "colour:red",
            "warnings": [
                {"field": "colour", "message": "Invalid search field for this query.", "code": "invalid_field"}
            ],
        }
    ]


async def test_what_is_not_there_is_null(shopify: Ask) -> None:
    answer = await shopify('{ order(id: "gid://shopify/Order/1") { id } node(id: "gid://shopify/Thing/1") { id } }')
    assert answer["data"] == {"order": None, "node": None}
    answer = await shopify('{ order(id: "gid://shopify/Customer/7000000001") { id } }')
    assert answer["data"] == {"order": None}


STATIC = [
    ("{ order { id } }", "Field 'order' is missing required arguments: id", "missingRequiredArguments"),
    ("{ shop { colour } }", "Field 'colour' doesn't exist on type 'Shop'", "undefinedField"),
    ("{ shop(x: 1) { name } }", "Field 'shop' doesn't accept argument 'x'", "argumentNotAccepted"),
    ("{ shop }", "Field must have selections (field 'shop' returns Shop but has no selections)", "selectionMismatch"),
    ("query Q($a: Int) { shop { name } }", "Variable $a is declared by the query but not used", "variableNotUsed"),
    ("{ order(id: $x) { id } }", "Variable $x is used by the query but not declared", "variableNotDefined"),
    ("query($a: Int!) { order(id: $a) { id } }", "Type mismatch on variable $a (Int! / ID!)", "variableMismatch"),
    ("{ ...Nothing }", "Fragment Nothing was used, but not defined", "useAndDefineFragment"),
]


@pytest.mark.parametrize(("query", "message", "code"), STATIC)
async def test_a_wrong_query_fails_in_shopifys_words(shopify: Ask, query: str, message: str, code: str) -> None:
    answer = await shopify(query)
    assert "data" not in answer
    (error,) = answer["errors"]
    check(error, {"message": str, "locations": ListOf({"line": int, "column": int}), "path": list, "extensions": dict})
    assert (error["message"], error["extensions"]["code"]) == (message, code)


async def test_a_wrong_field_is_named_with_its_path(shopify: Ask) -> None:
    answer = await shopify("query Mine { orders(first: 1) { nodes { nme } } }")
    (error,) = answer["errors"]
    assert error["path"] == ["query Mine", "orders", "nodes", "nme"]
    assert error["extensions"] == {"code": "undefinedField", "typeName": "Order", "fieldName": "nme"}


@pytest.mark.parametrize("query", ["{", "", "}{", "query { shop { name ", "\x00", "{ shop { name } } \ud83d"])
async def test_what_is_no_graphql_fails_with_a_syntax_error(
    sims: Simulators, client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.post(
        f"{sims.shopify.url}/admin/api/2026-01/graphql.json",
        content=json.dumps({"query": query}).encode(),
        headers={"X-Shopify-Access-Token": sims.shopify.token, "Content-Type": "application/json"},
    )
    assert answer.status_code == 200
    assert set(answer.json()) == {"errors"}


@pytest.mark.parametrize("levels", [30, 100, 1000])
async def test_a_query_that_nests_without_end_is_refused(shopify: Ask, wave: Ask, levels: int) -> None:
    gid = '"gid://shopify/Order/5500000001"'
    nested = f"order(id: {gid}) {{" + "customer { orders(first: 1) { nodes {" * levels + "id" + "} } }" * levels + "}"
    assert "errors" in await shopify(f"{{ {nested} }}")
    fragments = "".join(
        f"fragment F{n} on Order {{ customer {{ orders(first: 1) {{ nodes {{ ...F{n + 1} }} }} }} }}" for n in range(30)
    )
    query = f"{{ order(id: {gid}) {{ ...F0 }} }} {fragments} fragment F30 on Order {{ id }}"
    assert "nested" in (await shopify(query))["errors"][0]["message"]
    nested = "business {" + "customers { edges { node { business {" * levels + "id" + "} } } }" * levels + "}"
    assert "errors" in await wave(f"{{ {nested} }}")


async def test_a_wrong_variable_is_named(shopify: Ask) -> None:
    answer = await shopify("query($id: ID!) { order(id: $id) { id } }", id=None)
    (error,) = answer["errors"]
    assert error["message"] == "Variable $id of type ID! was provided invalid value"
    assert error["extensions"]["code"] == "INVALID_VARIABLE"
    assert error["extensions"]["value"] is None
    assert error["extensions"]["problems"]


async def test_an_id_that_is_no_global_id_is_refused(shopify: Ask) -> None:
    answer = await shopify('{ order(id: "1001") { id } }')
    assert answer["errors"][0]["message"] == "Invalid global id '1001'"


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("", "you must provide one of first or last"),
        ("(first: 1, last: 1)", "providing both first and last is not supported"),
        ("(first: 0)", "first must be greater than 0"),
        ("(first: -1)", "first must be greater than 0"),
        ("(first: 251)", "first cannot exceed 250"),
        ('(first: 1, after: "nonsense")', "Invalid cursor for current pagination sort."),
        ('(first: 1, after: "eyJsYXN0X2lkIjogMX0=")', "Invalid cursor for current pagination sort."),
    ],
)
async def test_a_page_that_can_not_be_is_refused(shopify: Ask, page: str, message: str) -> None:
    answer = await shopify(f"{{ orders{page} {{ nodes {{ id }} }} }}")
    assert answer["data"] is None
    assert answer["errors"][0]["message"] == message
    assert answer["errors"][0]["path"] == ["orders"]


async def test_a_wrong_token_is_refused(sims: Simulators, client: httpx.AsyncClient) -> None:
    url = f"{sims.shopify.url}/admin/api/2026-01/graphql.json"
    for headers in ({}, {"X-Shopify-Access-Token": "wrong"}):
        answer = await client.post(url, json={"query": "{ shop { name } }"}, headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {
            "errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"
        }


@pytest.mark.parametrize(
    "path", ["/", "/admin/api/graphql.json", "/admin/api/2026-02/graphql.json", "/admin/api/2026-01/x"]
)
async def test_another_path_is_not_found(sims: Simulators, client: httpx.AsyncClient, path: str) -> None:
    headers = {"X-Shopify-Access-Token": sims.shopify.token}
    answer = await client.post(f"{sims.shopify.url}{path}", json={"query": "{ shop { name } }"}, headers=headers)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"query": 1}',
        b'{"query": "{shop{name}}", "variables": [1]}',
        b"[" * 100_000,
        b"\xff",
    ],
)
async def test_a_body_without_a_query_is_a_bad_request(
    sims: Simulators, client: httpx.AsyncClient, body: bytes
) -> None:
    answer = await client.post(
        f"{sims.shopify.url}/admin/api/2026-01/graphql.json",
        content=body,
        headers={"X-Shopify-Access-Token": sims.shopify.token, "Content-Type": "application/json"},
    )
    assert answer.status_code == 400
    assert answer.json() == {"errors": {"query": "Required parameter missing or invalid"}}


async def test_a_request_above_the_size_limit_is_refused(sims: Simulators, client: httpx.AsyncClient) -> None:
    answer = await client.post(
        f"{sims.shopify.url}/admin/api/2026-01/graphql.json",
        content=b" " * 2_000_001,
        headers={"X-Shopify-Access-Token": sims.shopify.token},
    )
    assert answer.status_code == 413
    assert (await client.get(f"{sims.shopify.control_url}/journal")).json()["calls"][0]["status"] == 413


async def test_a_named_operation_is_chosen_among_several(
    shopify: Ask, sims: Simulators, client: httpx.AsyncClient
) -> None:
    answer = await client.post(
        f"{sims.shopify.url}/admin/api/2026-01/graphql.json",
        json={"query": "query A { shop { name } } query B { shop { email } }", "operationName": "B"},
        headers={"X-Shopify-Access-Token": sims.shopify.token},
    )
    assert answer.json()["data"] == {"shop": {"email": "owner@example.com"}}
    assert "errors" in await shopify("query A { shop { name } } query B { shop { email } }")


async def test_the_schema_can_be_introspected(shopify: Ask) -> None:
    answer = await shopify('{ __schema { queryType { name } } __type(name: "Order") { kind } }')
    assert answer["data"] == {"__schema": {"queryType": {"name": "QueryRoot"}}, "__type": {"kind": "OBJECT"}}
