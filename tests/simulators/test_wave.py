from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import GraphQLObjectType

from aias.simulators import Simulators, WaveSimulator
from aias.simulators.graph import GraphqlRequest
from aias.simulators.wave_resolvers import Context

from .conftest import Ask, Bookkeeper
from .shapes import ListOf, Text, check, everything, fields_seen

TIME = Text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DATE = Text(r"\d{4}-\d\d-\d\d")
MONEY = {"value": Text(r"-?\d+(\.\d+)?"), "currency": {"code": Text("[A-Z]{3}"), "symbol": str}}
PROBLEM = {"code": Text("[A-Z_]+"), "message": str, "path": ListOf(str)}


async def test_the_user_and_the_business_have_the_documented_shape(sims: Simulators, wave: Ask) -> None:
    answer = await wave(
        """{ user { id firstName lastName defaultEmail createdAt modifiedAt }
             businesses(page: 1, pageSize: 5) { pageInfo { currentPage totalPages totalCount }
               edges { node { id name currency { code symbol } isClassicInvoicing createdAt } } } }"""
    )
    shape = {
        "user": {
            "id": str,
            "firstName": str,
            "lastName": str,
            "defaultEmail": Text(".+@.+"),
            "createdAt": TIME,
            "modifiedAt": TIME,
        },
        "businesses": {
            "pageInfo": {"currentPage": 1, "totalPages": 1, "totalCount": 1},
            "edges": ListOf(
                {
                    "node": {
                        "id": sims.wave.business_id,
                        "name": str,
                        "currency": {"code": "USD", "symbol": "$"},
                        "isClassicInvoicing": False,
                        "createdAt": TIME,
                    }
                }
            ),
        },
    }
    check(answer["data"], shape)


async def test_an_invoice_has_the_documented_shape(sims: Simulators, wave: Ask, books: Bookkeeper) -> None:
    made = await books.create(memo="Thanks", discounts=[{"discountType": "FIXED", "amount": "1", "name": "Nice"}])
    money = "{ value currency { code symbol } }"
    answer = await wave(
        f"""query($b: ID!, $i: ID!) {{ business(id: $b) {{ invoice(id: $i) {{
          id createdAt modifiedAt pdfUrl viewUrl status title subhead invoiceNumber invoiceDate poNumber dueDate
          customer {{ id name }} currency {{ code }} exchangeRate memo footer
          amountDue {money} amountPaid {money} taxTotal {money} total {money} subtotal {money} discountTotal {money}
          items {{ product {{ id name }} description quantity price subtotal {money} total {money}
            account {{ id name subtype {{ name value }} }}
            taxes {{ amount {{ value }} salesTax {{ id name }} }} }}
          discounts {{ __typename name ... on FixedInvoiceDiscount {{ amount }} }}
          lastSentAt lastSentVia lastViewedAt
        }} }} }}""",
        b=sims.wave.business_id,
        i=made["invoice"]["id"],
    )
    decimal = Text(r"\d+(\.\d+)?")
    shape = {
        "id": made["invoice"]["id"],
        "createdAt": TIME,
        "modifiedAt": TIME,
        "pdfUrl": Text("http://.+"),
        "viewUrl": Text("http://.+"),
        "status": "DRAFT",
        "title": "Invoice",
        "subhead": None,
        "invoiceNumber": "1",
        "invoiceDate": DATE,
        "poNumber": "#1001",
        "dueDate": DATE,
        "customer": {"id": books.customer_id, "name": "Buyer 001"},
        "currency": {"code": "USD"},
        "exchangeRate": decimal,
        "memo": "Thanks",
        "footer": None,
        **dict.fromkeys(("amountDue", "amountPaid", "taxTotal", "total", "subtotal", "discountTotal"), MONEY),
        "items": ListOf(
            {
                "product": {"id": books.product_id, "name": "Test Mug"},
                "description": None,
                "quantity": "1",
                "price": "12.5",
                "subtotal": MONEY,
                "total": MONEY,
                "account": {"id": str, "name": "Sales", "subtype": {"name": "Income", "value": "INCOME"}},
                "taxes": ListOf({"amount": {"value": decimal}, "salesTax": {"id": books.tax_id, "name": "HST"}}),
            }
        ),
        "discounts": [{"__typename": "FixedInvoiceDiscount", "name": "Nice", "amount": "1"}],
        "lastSentAt": None,
        "lastSentVia": None,
        "lastViewedAt": None,
    }
    check(answer["data"]["business"]["invoice"], shape)


async def test_every_field_of_the_schema_can_be_asked_for(sims: Simulators, books: Bookkeeper) -> None:
    kinds = ({"discountType": "FIXED", "amount": "1"}, {"discountType": "PERCENTAGE", "percentage": "5"})
    made = await books.create(discounts=list(kinds))
    simulator = sims.wave
    schema = simulator._graph.schema
    arguments = {
        "Query.currency": {"code": "USD"},
        "Business.customer": {"id": json.dumps(books.customer_id)},
        "Business.product": {"id": json.dumps(books.product_id)},
        "Business.salesTax": {"id": json.dumps(books.tax_id)},
        "Business.invoice": {"id": json.dumps(made["invoice"]["id"])},
        "Business.account": {"id": json.dumps(next(iter(simulator.books.accounts)))},
    }
    asked: set[str] = set()
    assert schema.query_type is not None
    for name, field in schema.query_type.fields.items():
        only = GraphQLObjectType("Query", {name: field})
        query = everything(schema, only, 5 if name == "business" else 3, arguments)
        prepared = simulator._graph.prepare(query)
        assert prepared.document is not None
        assert not prepared.errors
        request = GraphqlRequest(query=query, variables={}, operation_name=None)
        context = Context(books=simulator.books, base_url=simulator.base_url)
        result = simulator._graph.execute(prepared.document, request, context)
        assert result.errors is None, (name, result.errors)
        asked |= fields_seen(query, schema)
    unasked = {"Mutation", "InputError", "Transaction"}
    there = {
        f"{kind.name}.{field}"
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        if kind.name not in unasked and not kind.name.endswith("Output")
        for field in kind.fields
    }
    assert there <= asked


async def test_the_same_invoice_twice_makes_two(sims: Simulators, books: Bookkeeper) -> None:
    first, second = await books.create(), await books.create()
    assert (first["didSucceed"], second["didSucceed"]) == (True, True)
    assert first["invoice"]["id"] != second["invoice"]["id"]
    assert [first["invoice"]["invoiceNumber"], second["invoice"]["invoiceNumber"]] == ["1", "2"]
    counts = sims.wave.state()["invoices"]
    assert (counts["count"], counts["by_reference"], counts["duplicates"]) == (2, {"#1001": 2}, {"#1001": 2})


async def test_two_customers_with_the_same_address_are_two(sims: Simulators, books: Bookkeeper) -> None:
    given = {"businessId": sims.wave.business_id, "name": "Other", "email": "BUYER001@example.com"}
    assert (await books.mutate("customerCreate", given))["didSucceed"]
    assert sims.wave.state()["customers"] == {"count": 2, "duplicates": {"buyer001@example.com": 2}}


async def test_an_invoice_goes_from_draft_to_saved_to_sent(sims: Simulators, books: Bookkeeper) -> None:
    made = await books.create()
    given = {"invoiceId": made["invoice"]["id"]}
    sending = {**given, "to": ["buyer001@example.com"], "attachPDF": False, "subject": "Yours", "message": "Hello"}
    early = await books.mutate("invoiceSend", sending)
    check(early, {"didSucceed": False, "inputErrors": ListOf(PROBLEM)})
    approved = await books.mutate("invoiceApprove", given, "invoice { status }")
    assert approved == {"didSucceed": True, "inputErrors": [], "invoice": {"status": "SAVED"}}
    again = await books.mutate("invoiceApprove", given, "invoice { status }")
    check(again, {"didSucceed": False, "inputErrors": ListOf(PROBLEM), "invoice": None})
    assert again["inputErrors"][0]["path"] == ["input", "invoiceId"]
    assert (await books.mutate("invoiceSend", sending))["didSucceed"]
    assert sims.wave.state()["invoices"]["by_status"] == {"SENT": 1}
    assert sims.wave.records()[0]["recipients"] == ["buyer001@example.com"]


async def test_a_mail_that_is_sent_twice_is_seen(sims: Simulators, books: Bookkeeper) -> None:
    given = {"invoiceId": (await books.create(status="SAVED"))["invoice"]["id"]}
    for _ in range(2):
        await books.mutate("invoiceSend", {**given, "to": ["a@example.com"], "attachPDF": True})
    assert sims.wave.state()["mails"] == {"count": 2}
    assert sims.wave.state()["invoices"]["sent_twice"] == ["1"]


async def test_an_invoice_can_be_marked_as_sent_or_deleted_as_a_draft(sims: Simulators, books: Bookkeeper) -> None:
    draft, saved = await books.create(), await books.create(status="SAVED")
    marked = await books.mutate(
        "invoiceMarkSent",
        {"invoiceId": saved["invoice"]["id"], "sendMethod": "MARKED_SENT", "sentAt": "2026-11-01T10:00:00Z"},
        "invoice { status lastSentAt lastSentVia }",
    )
    assert marked["invoice"] == {
        "status": "SENT",
        "lastSentAt": "2026-11-01T10:00:00.000Z",
        "lastSentVia": "MARKED_SENT",
    }
    assert not (await books.mutate("invoiceDelete", {"invoiceId": saved["invoice"]["id"]}))["didSucceed"]
    assert (await books.mutate("invoiceDelete", {"invoiceId": draft["invoice"]["id"]}))["didSucceed"]
    assert sims.wave.state()["invoices"]["count"] == 1


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"customerId": "nobody"}, "NOT_FOUND", ["input", "customerId"]),
        ({"businessId": "nobody"}, "NOT_FOUND", ["input", "businessId"]),
        ({"items": [{"productId": "nothing"}]}, "NOT_FOUND", ["input", "items", "0", "productId"]),
        ({"invoiceDate": "2026-02-01", "dueDate": "2026-01-01"}, "INVALID", ["input", "dueDate"]),
        ({"discounts": [{"discountType": "FIXED"}]}, "INVALID", ["input", "discounts", "0", "amount"]),
        (
            {"discounts": [{"discountType": "PERCENTAGE", "percentage": 101}]},
            "INVALID",
            ["input", "discounts", "0", "percentage"],
        ),
        ({"discounts": [{"discountType": "FIXED", "amount": 1000}]}, "INVALID", ["input", "discounts"]),
    ],
)
async def test_an_invoice_that_makes_no_sense_is_a_business_error(
    sims: Simulators, books: Bookkeeper, changes: dict[str, Any], code: str, path: list[str]
) -> None:
    refused = await books.create(**changes)
    assert (refused["didSucceed"], refused["invoice"]) == (False, None)
    (problem,) = refused["inputErrors"]
    check(problem, PROBLEM)
    assert (problem["code"], problem["path"]) == (code, path)
    assert sims.wave.state()["invoices"]["count"] == 0


async def test_an_invoice_number_is_given_once(books: Bookkeeper) -> None:
    assert (await books.create(invoiceNumber="INV-7"))["didSucceed"]
    refused = await books.create(invoiceNumber="INV-7")
    assert refused["inputErrors"][0]["code"] == "UNIQUE"
    assert (await books.create(invoiceNumber="41"))["didSucceed"]
    assert (await books.create())["invoice"]["invoiceNumber"] == "42"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": "  "}, ["input", "name"]),
        ({"email": "no address"}, ["input", "email"]),
        ({"address": {"countryCode": "Germany"}}, ["input", "address", "countryCode"]),
        ({"address": {"countryCode": "US", "provinceCode": "CA"}}, ["input", "address", "provinceCode"]),
        ({"address": {"countryCode": "US", "provinceCode": "CA-ON"}}, ["input", "address", "provinceCode"]),
    ],
)
async def test_a_customer_that_can_not_be_is_a_business_error(
    sims: Simulators, books: Bookkeeper, given: dict[str, Any], path: list[str]
) -> None:
    new = {"businessId": sims.wave.business_id, "name": "Buyer 002", **given}
    assert (await books.mutate("customerCreate", new))["inputErrors"][0]["path"] == path
    patched = await books.mutate("customerPatch", {"id": books.customer_id, **given})
    assert (patched["didSucceed"], patched["inputErrors"][0]["path"]) == (False, path)


async def test_a_customer_is_patched_field_by_field(books: Bookkeeper) -> None:
    patched = await books.mutate(
        "customerPatch",
        {"id": books.customer_id, "phone": "+15550100", "address": {"countryCode": "US", "provinceCode": "US-CA"}},
        "customer { name email phone address { country { code } province { code } } }",
    )
    assert patched["customer"] == {
        "name": "Buyer 001",
        "email": "buyer001@example.com",
        "phone": "+15550100",
        "address": {"country": {"code": "US"}, "province": {"code": "US-CA"}},
    }


async def test_lists_are_paged_sorted_and_filtered(sims: Simulators, wave: Ask, books: Bookkeeper) -> None:
    for number in range(25):
        await books.create(poNumber=f"#{number}", currency="EUR" if number % 5 == 0 else None)
    query = """query($b: ID!, $page: Int, $sort: [InvoiceSort!]!, $currency: CurrencyCode) { business(id: $b) {
        invoices(page: $page, pageSize: 10, sort: $sort, currency: $currency) {
          pageInfo { currentPage totalPages totalCount } edges { node { poNumber } } } } }"""

    async def page(**variables: Any) -> dict[str, Any]:
        return (await wave(query, b=sims.wave.business_id, **variables))["data"]["business"]["invoices"]

    third = await page(page=3, sort=["CREATED_AT_ASC"])
    assert third["pageInfo"] == {"currentPage": 3, "totalPages": 3, "totalCount": 25}
    assert [edge["node"]["poNumber"] for edge in third["edges"]] == [f"#{n}" for n in range(20, 25)]
    newest = await page(sort=["CREATED_AT_DESC"])
    assert newest["edges"][0]["node"]["poNumber"] == "#24"
    assert (await page(sort=["CREATED_AT_DESC"], currency="EUR"))["pageInfo"]["totalCount"] == 5
    assert (await page(page=4, sort=["CREATED_AT_ASC"]))["edges"] == []


@pytest.mark.parametrize("arguments", ["page: 0", "page: -1", "pageSize: 0", "pageSize: 201"])
async def test_a_page_that_can_not_be_is_bad_input(sims: Simulators, wave: Ask, arguments: str) -> None:
    answer = await wave(
        f"query($b: ID!) {{ business(id: $b) {{ customers({arguments}) {{ edges {{ node {{ id }} }} }} }} }}",
        b=sims.wave.business_id,
    )
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_journal_names_the_reference_and_whether_something_happened(
    sims: Simulators, books: Bookkeeper
) -> None:
    await books.create()
    await books.create(customerId="nobody")
    done, refused = sims.wave.journal.find("invoiceCreate")
    assert (done.call.reference, done.effect, done.status, done.error) == ("#1001", True, 200, None)
    assert (refused.effect, refused.error) == (False, "Customer could not be found.")


async def test_a_query_is_matched_by_the_list_that_it_asks_for(sims: Simulators, wave: Ask) -> None:
    sims.wave.faults.add({"match": {"operation": "business.customers"}, "do": {"status": 503}})
    query = "query($b: ID!) { business(id: $b) { id customers { pageInfo { totalCount } } } }"
    assert "data" in await wave("query($b: ID!) { business(id: $b) { id } }", b=sims.wave.business_id)
    assert "data" not in await wave(query, b=sims.wave.business_id)
    assert "data" in await wave(query, b=sims.wave.business_id)


def test_the_business_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert WaveSimulator(seed=1).business_id == WaveSimulator(seed=1).business_id != WaveSimulator(seed=2).business_id
