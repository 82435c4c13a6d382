from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from aias.errors import PermanentError
from aias.integrations.wave.catalog import forget_catalog
from aias.simulators import Simulators
from tests.integrations.books import BUYER, DRAFT, LINES, count, customer

# --- customers, products, taxes -----------------------------------------------------------------


async def test_businesses_are_listed(workspace: Any, sims: Simulators) -> None:
    answer = await workspace.do("wave.business_list", {})
    assert [business["id"] for business in answer["businesses"]] == [sims.wave.business_id]


async def test_a_customer_is_made_once_and_then_found_by_address(workspace: Any, sims: Simulators) -> None:
    first = await workspace.do("wave.customer_find_or_create", {**BUYER, "first_name": "Buyer"})
    again = await workspace.do("wave.customer_find_or_create", {**BUYER, "email": " buyer017@EXAMPLE.com"}, step="b")
    assert (first["created"], again["created"]) == (True, False)
    assert first["id"] == again["id"]
    assert count(sims, "customers") == 1


async def test_a_customer_of_before_our_time_is_found(workspace: Any, sims: Simulators) -> None:
    known = sims.wave.books.create_customer(
        {"businessId": sims.wave.business_id, "name": "Old", "email": "buyer017@example.com"}
    )
    found = await workspace.do("wave.customer_find_or_create", BUYER)
    assert (found["id"], found["name"], found["created"]) == (known.id, "Old", False)


async def test_a_customer_on_the_last_of_many_pages_is_found(workspace: Any, sims: Simulators) -> None:
    for number in range(450):
        sims.wave.books.create_customer(
            {"businessId": sims.wave.business_id, "name": f"N {number}", "email": f"n{number}@example.com"}
        )
    found = await workspace.do("wave.customer_find_or_create", {"name": "x", "email": "n0@example.com"})
    assert (found["name"], found["created"]) == ("N 0", False)


async def test_without_an_address_the_reference_or_the_name_tells_customers_apart(
    workspace: Any, sims: Simulators
) -> None:
    ids = [
        await customer(workspace, email=None, **given)
        for given in (
            {"reference": "shopify:1"},
            {"reference": "shopify:2"},
            {"reference": "shopify:1", "name": "Renamed"},
            {"name": "Zoë Ünïcode Test"},
            {"name": "Zoë Ünïcode Test"},
        )
    ]
    assert ids[0] == ids[2]
    assert ids[3] == ids[4]
    assert len({ids[0], ids[1], ids[3]}) == 3


async def test_ten_executions_that_want_one_customer_make_it_once(workspace: Any, sims: Simulators) -> None:
    executions = [await workspace.execution() for _ in range(10)]
    answers = await asyncio.gather(
        *(workspace.do("wave.customer_find_or_create", BUYER, execution_id=one) for one in executions)
    )
    assert len({answer["id"] for answer in answers}) == 1
    assert sum(answer["created"] for answer in answers) == 1
    assert count(sims, "customers") == 1


async def test_a_customer_that_was_deleted_at_wave_is_made_anew(workspace: Any, sims: Simulators) -> None:
    first = await customer(workspace)
    sims.wave.books.delete_customer({"id": first})
    again = await workspace.do("wave.customer_find_or_create", BUYER, step="later")
    assert again["id"] != first
    assert count(sims, "customers") == 1


async def test_an_address_that_wave_does_not_take_is_left_out(workspace: Any, sims: Simulators) -> None:
    address = {"address1": "1 Test Street", "city": "X", "province_code": "not a code", "country_code": "ZZZ"}
    assert await customer(workspace, address=address)
    assert count(sims, "customers") == 1


async def test_products_and_taxes_are_made_once(workspace: Any, sims: Simulators) -> None:
    for _ in range(2):
        forget_catalog()
        await workspace.do("wave.product_find_or_create", {"name": "Shipping"})
        await workspace.do("wave.sales_tax_find_or_create", {"name": "VAT", "rate": "0.2"})
        await workspace.do("wave.sales_tax_find_or_create", {"name": "VAT", "rate": "0.07"})
    assert (count(sims, "products"), count(sims, "sales_taxes")) == (1, 2)


async def test_executions_that_start_together_make_each_product_once(workspace: Any, sims: Simulators) -> None:
    buyer = await customer(workspace)
    executions = [await workspace.execution() for _ in range(8)]
    await asyncio.gather(
        *(
            workspace.do(
                "wave.invoice_create",
                {**DRAFT, "customer_id": buyer, "reference": f"r{number}"},
                execution_id=execution,
            )
            for number, execution in enumerate(executions)
        )
    )
    assert (count(sims, "products"), count(sims, "sales_taxes"), count(sims, "invoices")) == (2, 1, 8)


# --- invoices -----------------------------------------------------------------------------------


async def test_an_invoice_has_its_lines_taxes_and_total(workspace: Any, sims: Simulators) -> None:
    data = {**DRAFT, "customer_id": await customer(workspace), "po_number": "#1", "expected_total": "40.91"}
    invoice = await workspace.do("wave.invoice_create", data)
    assert (invoice["status"], invoice["total"], invoice["tax_total"]) == ("DRAFT", "40.91", "5.99")
    assert (invoice["currency"], invoice["reference"], invoice["created"]) == ("USD", "ref-1", True)
    (made,) = sims.wave.books.invoices.values()
    assert [item.description for item in made.items] == ["Thing", "Sending it"]
    assert [item.product.name for item in made.items] == ["Sales", "Shipping"]


async def test_a_reference_is_invoiced_once_whoever_asks(workspace: Any, sims: Simulators) -> None:
    data = {**DRAFT, "customer_id": await customer(workspace)}
    executions = [await workspace.execution() for _ in range(6)]
    answers = await asyncio.gather(*(workspace.do("wave.invoice_create", data, execution_id=one) for one in executions))
    assert len({answer["id"] for answer in answers}) == 1
    assert count(sims, "invoices") == 1


async def test_without_a_reference_the_step_is_the_reference(workspace: Any, sims: Simulators) -> None:
    data = {"currency": "USD", "lines": LINES, "customer_id": await customer(workspace)}
    first = await workspace.do("wave.invoice_create", data, step="one")
    again = await workspace.do("wave.invoice_create", data, step="one", attempt=2)
    other = await workspace.do("wave.invoice_create", data, step="two")
    assert first["id"] == again["id"] != other["id"]
    assert first["reference"] == f"{workspace.execution_id}:one"


async def test_an_invoice_is_found_by_its_memo_where_our_memory_was_lost(workspace: Any, sims: Simulators) -> None:
    data = {**DRAFT, "customer_id": await customer(workspace)}
    first = await workspace.do("wave.invoice_create", data)
    async with workspace.pool.connection() as conn:
        await conn.execute(
            "delete from aias_private.integration_references where tenant_id = %s", (workspace.tenant_id,)
        )
    again = await workspace.do("wave.invoice_create", data, step="later")
    assert (again["id"], again["created"]) == (first["id"], False)


async def test_a_draft_with_another_total_is_replaced(workspace: Any, sims: Simulators) -> None:
    buyer = await customer(workspace)
    await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": buyer})
    data = {**DRAFT, "customer_id": buyer, "lines": LINES[1:], "expected_total": "4.95"}
    invoice = await workspace.do("wave.invoice_create", data)
    assert (invoice["total"], count(sims, "invoices")) == ("4.95", 1)


async def test_an_approved_invoice_with_another_total_is_not_touched(workspace: Any, sims: Simulators) -> None:
    buyer = await customer(workspace)
    invoice = await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": buyer})
    await workspace.do("wave.invoice_approve", {"id": invoice["id"]})
    data = {**DRAFT, "customer_id": buyer, "lines": LINES[1:], "expected_total": "4.95"}
    with pytest.raises(PermanentError, match=r"total of 40\.91 USD; expected were 4\.95 USD"):
        await workspace.do("wave.invoice_create", data)
    assert count(sims, "invoices") == 1


async def test_where_wave_rounds_otherwise_a_correction_brings_the_total(workspace: Any, sims: Simulators) -> None:
    data = {**DRAFT, "customer_id": await customer(workspace), "expected_total": "40.92"}
    invoice = await workspace.do("wave.invoice_create", data)
    assert (invoice["total"], count(sims, "invoices")) == ("40.92", 1)
    (made,) = sims.wave.books.invoices.values()
    assert made.items[-1].product.name == "Rounding"


@pytest.mark.parametrize("discount", [{"type": "fixed", "value": "10"}, {"type": "percentage", "value": "10"}])
async def test_a_discount_of_the_whole_invoice_is_waves_own(
    workspace: Any, sims: Simulators, discount: dict[str, str]
) -> None:
    data = {**DRAFT, "customer_id": await customer(workspace), "discount": discount}
    invoice = await workspace.do("wave.invoice_create", data)
    assert Decimal(invoice["total"]) < Decimal("40.91")


async def test_an_invoice_is_approved_and_sent_once(workspace: Any, sims: Simulators) -> None:
    invoice = await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": await customer(workspace)})
    for _ in range(2):
        approved = await workspace.do("wave.invoice_approve", {"id": invoice["id"]})
        assert approved["status"] == "SAVED"
    for _ in range(2):
        sent = await workspace.do("wave.invoice_send", {"id": invoice["id"], "to": "buyer017@example.com"})
        assert (sent["status"], sent["is_sent"]) == ("SENT", True)
    assert sims.wave.books.mail_count == 1
    later = await workspace.do("wave.invoice_approve", {"id": invoice["id"]}, step="later")
    assert later["status"] == "SENT"


@pytest.mark.parametrize("to", [None, "", []])
async def test_with_nobody_to_send_it_to_an_invoice_stays_unsent_and_says_so(
    workspace: Any, sims: Simulators, to: Any
) -> None:
    invoice = await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": await customer(workspace)})
    await workspace.do("wave.invoice_approve", {"id": invoice["id"]})
    answer = await workspace.do("wave.invoice_send", {"id": invoice["id"], "to": to})
    assert (answer["is_sent"], answer["status"], sims.wave.books.mail_count) == (False, "SAVED", 0)


async def test_a_draft_is_not_sent(workspace: Any, sims: Simulators) -> None:
    invoice = await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": await customer(workspace)})
    with pytest.raises(PermanentError, match="is a draft: approve it first"):
        await workspace.do("wave.invoice_send", {"id": invoice["id"], "to": "buyer017@example.com"})


async def test_invoices_are_fetched_and_listed(workspace: Any, sims: Simulators) -> None:
    buyer = await customer(workspace)
    made = [
        await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": buyer, "reference": f"r{number}"})
        for number in range(3)
    ]
    fetched = await workspace.do("wave.invoice_get", {"id": made[0]["id"]})
    assert fetched == {**made[0], "created": False}
    page = await workspace.do("wave.invoice_list", {"customer_id": buyer, "page_size": 2})
    assert (len(page["invoices"]), page["page_count"]) == (2, 2)
    with pytest.raises(PermanentError, match="has no invoice nothing"):
        await workspace.do("wave.invoice_get", {"id": "nothing"})


async def test_a_business_that_is_not_the_tokens_is_permanent(workspace: Any, sims: Simulators) -> None:
    await workspace.connect(
        "wave", {"url": sims.wave.url, "business_id": "someone-elses"}, {"access_token": sims.wave.token}
    )
    for name, data in (
        ("wave.customer_find_or_create", BUYER),
        ("wave.invoice_list", {}),
        ("wave.invoice_get", {"id": "1"}),
    ):
        with pytest.raises(PermanentError):
            await workspace.do(name, data)


async def test_a_wrong_token_names_the_connection_and_stays_secret(workspace: Any, sims: Simulators) -> None:
    wave = {"url": sims.wave.url, "business_id": sims.wave.business_id}
    await workspace.connect("wave", wave, {"access_token": "planted-0123456789"})
    with pytest.raises(PermanentError, match="wave:default refused the credentials") as caught:
        await workspace.do("wave.invoice_list", {})
    assert "planted" not in str(caught.value.to_json())


# --- from orders --------------------------------------------------------------------------------


async def test_every_order_of_the_shop_becomes_an_invoice_of_its_total(workspace: Any, sims: Simulators) -> None:
    for record in sims.shopify.shop.orders.values():
        execution = await workspace.execution()
        order = await workspace.call("shopify.order_get", {"id": record.gid}, execution_id=execution)
        buyer = order["buyer"]
        found = await workspace.do(
            "wave.customer_find_or_create",
            {name: buyer[name] for name in ("name", "email", "reference", "first_name", "last_name", "phone")}
            | {"address": {key: (buyer["address"] or {}).get(key) for key in ("address1", "city", "zip")}},
            execution_id=execution,
        )
        data = {"customer_id": found["id"], "order": order}
        await workspace.do("wave.invoice_from_order", data, execution_id=execution)
        invoice = await workspace.do("wave.invoice_from_order", data, execution_id=execution, step="later")
        assert Decimal(invoice["total"]) == record.order.total.presentment, order["name"]
        assert invoice["currency"] == record.order.presentment_currency
        assert invoice["po_number"] == order["name"]
        assert invoice["created"] is False
    assert count(sims, "invoices") == len(sims.shopify.shop.orders)
