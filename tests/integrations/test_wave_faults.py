from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aias.errors import Deferred, OutcomeUnknown, PermanentError, TransientError
from aias.integrations import forget_cached
from aias.integrations.wave import client
from aias.integrations.wave.catalog import forget_catalog
from aias.simulators import Simulators
from tests.integrations.books import BUYER, DRAFT, count, customer, payment

pytestmark = pytest.mark.usefixtures("shown_at_once")


def fault(sims: Simulators, operation: str, times: int = 1, **do: Any) -> None:
    sims.wave.faults.add({"match": {"operation": operation}, "times": times, "do": do})


async def twice(workspace: Any, name: str, data: dict[str, Any]) -> Any:
    """Call, see it fail for now, and call again as the engine would: as the same step."""
    with pytest.raises(TransientError):
        await workspace.do(name, data)
    forget_cached()
    forget_catalog()
    return await workspace.do(name, data, attempt=2)


LOST = [
    {"drop_after_commit": True},
    {"truncate": 10},
    {"status": 502, "commit": True},
    {"html": True, "commit": True},
    {"status": 503},
    {"reset": True},
]


@pytest.mark.parametrize("do", LOST)
async def test_a_customer_whose_making_was_not_confirmed_is_made_once(
    workspace: Any, sims: Simulators, do: dict[str, Any]
) -> None:
    fault(sims, "customerCreate", **do)
    await twice(workspace, "wave.customer_find_or_create", BUYER)
    assert count(sims, "customers") == 1


@pytest.mark.parametrize("do", LOST)
async def test_an_invoice_whose_making_was_not_confirmed_is_made_once(
    workspace: Any, sims: Simulators, do: dict[str, Any]
) -> None:
    buyer = await customer(workspace)
    for operation in ("productCreate", "salesTaxCreate", "invoiceCreate"):
        fault(sims, operation, **do)
    data = {**DRAFT, "customer_id": buyer, "expected_total": "40.91"}
    for attempt in (1, 2, 3):
        forget_catalog()
        with pytest.raises(TransientError):
            await workspace.do("wave.invoice_create", data, attempt=min(attempt, 2))
    invoice = await workspace.do("wave.invoice_create", data, attempt=4)
    assert (count(sims, "products"), count(sims, "sales_taxes"), count(sims, "invoices")) == (2, 1, 1)
    assert invoice["total"] == "40.91"


@pytest.mark.parametrize("do", LOST)
async def test_an_approval_and_a_sending_that_were_not_confirmed_happen_once(
    workspace: Any, sims: Simulators, do: dict[str, Any]
) -> None:
    invoice = await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": await customer(workspace)})
    fault(sims, "invoiceApprove", **do)
    fault(sims, "invoiceSend", **do)
    await twice(workspace, "wave.invoice_approve", {"id": invoice["id"]})
    sent = await twice(workspace, "wave.invoice_send", {"id": invoice["id"], "to": "buyer017@example.com"})
    assert (sent["is_sent"], sims.wave.books.mail_count) == (True, 1)


async def test_an_unconfirmed_creation_keeps_others_away_until_its_step_is_back(
    workspace: Any, sims: Simulators
) -> None:
    fault(sims, "customerCreate", reset=True)
    with pytest.raises(TransientError):
        await workspace.do("wave.customer_find_or_create", BUYER, step="first")
    async with workspace.pool.connection() as conn:
        query = "select holder from aias_private.integration_references where tenant_id = %s"
        held = await (await conn.execute(query, (workspace.tenant_id,))).fetchone()
    assert held == (f"{workspace.execution_id}:first",)
    other = asyncio.create_task(workspace.do("wave.customer_find_or_create", BUYER, step="other"))
    first = await workspace.do("wave.customer_find_or_create", BUYER, step="first", attempt=2)
    assert (await other)["id"] == first["id"]
    assert count(sims, "customers") == 1


async def test_an_answered_failure_lets_others_go_on_at_once(workspace: Any, sims: Simulators) -> None:
    fault(sims, "customerCreate", status=503)
    with pytest.raises(TransientError):
        await workspace.do("wave.customer_find_or_create", BUYER, step="first")
    assert (await workspace.do("wave.customer_find_or_create", BUYER, step="other"))["created"]


async def test_429_says_when_to_come_back(workspace: Any, sims: Simulators) -> None:
    fault(sims, "business.customers", status=429, retry_after=3)
    with pytest.raises(Deferred) as caught:
        await workspace.do("wave.customer_find_or_create", BUYER)
    assert caught.value.seconds == 3


async def test_input_errors_are_permanent_and_named(workspace: Any, sims: Simulators) -> None:
    with pytest.raises(PermanentError, match=r"wave:default refused invoiceCreate: input\.customerId"):
        await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": "nobody"})


@pytest.mark.parametrize("do", LOST)
async def test_an_upsert_that_was_not_confirmed_makes_and_changes_once(
    workspace: Any, sims: Simulators, do: dict[str, Any]
) -> None:
    for name, thing, data in (
        ("wave.customer_upsert", "customer", {**BUYER, "phone": "1"}),
        ("wave.product_upsert", "product", {"name": "Mug", "unit_price": "12.5"}),
    ):
        fault(sims, f"{thing}Create", **do)
        made = await twice(workspace, name, data)
        fault(sims, f"{thing}Patch", **do)
        changes = {"phone": "2"} if thing == "customer" else {"unit_price": "13"}
        changed = await twice(workspace, name, {**data, **changes})
        assert changed["id"] == made["id"]
        assert changed["changed"]
        assert {**changed, **changes} == changed
        assert count(sims, f"{thing}s") == 1


async def test_what_is_settled_makes_no_call_at_all_when_it_is_asked_for_again(
    workspace: Any, sims: Simulators
) -> None:
    invoice = await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": await customer(workspace)})
    asked = [
        ("wave.customer_find_or_create", BUYER),
        ("wave.customer_upsert", {**BUYER, "phone": "1"}),
        ("wave.product_upsert", {"name": "Mug"}),
        ("wave.invoice_create", {**DRAFT, "customer_id": invoice["customer_id"]}),
        ("wave.invoice_approve", {"id": invoice["id"]}),
        ("wave.invoice_send", {"id": invoice["id"], "to": "buyer017@example.com"}),
        ("wave.money_transaction_create", payment(sims)),
    ]
    before = [await workspace.do(name, data) for name, data in asked]
    calls = sims.wave.journal.total
    after = [await workspace.do(name, data, attempt=2) for name, data in asked]
    assert after == before
    assert sims.wave.journal.total == calls


async def test_a_search_that_failed_proves_that_nothing_was_made(
    workspace: Any, sims: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SETTLES_WITHIN", 60.0)
    for do in ({"status": 503}, {"reset": True}, {"html": True}):
        fault(sims, "business.customers", **do)
    for attempt in (1, 2, 3):
        with pytest.raises(TransientError):
            await workspace.do("wave.customer_find_or_create", BUYER, attempt=attempt)
    made = await workspace.do("wave.customer_find_or_create", BUYER, attempt=4)
    assert (made["created"], count(sims, "customers")) == (True, 1)


@pytest.mark.parametrize("do", LOST)
async def test_a_payment_that_was_not_confirmed_is_in_doubt_and_never_sent_again(
    workspace: Any, sims: Simulators, do: dict[str, Any]
) -> None:
    fault(sims, "moneyTransactionCreate", **do)
    for attempt in (1, 2):
        with pytest.raises(OutcomeUnknown, match="moneyTransactionCreate was asked for, and whether it happened"):
            await workspace.do("wave.money_transaction_create", payment(sims), attempt=attempt)
    assert len(sims.wave.journal.find("moneyTransactionCreate")) == 1
    assert count(sims, "transactions") <= 1


async def test_a_payment_that_wave_refuses_may_be_asked_for_again(workspace: Any, sims: Simulators) -> None:
    fault(sims, "moneyTransactionCreate", graphql_error={"code": "BAD_USER_INPUT"})
    with pytest.raises(PermanentError):
        await workspace.do("wave.money_transaction_create", payment(sims))
    assert (await workspace.do("wave.money_transaction_create", payment(sims), attempt=2))["id"]
