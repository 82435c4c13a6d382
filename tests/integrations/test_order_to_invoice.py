from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest

from aias.simulators import Simulators, running_simulators
from aias.workflows import apply_workflow, check_definition
from tests.workflows.lab import Lab

WORKFLOW = files("aias.workflows").joinpath("shipped/order-to-invoice.yaml").read_text(encoding="utf-8")
PLANTED = "planted-0123456789"


@pytest.fixture
async def sims(workspace: Any) -> AsyncGenerator[Simulators]:
    shop = {"bucket": 1e6, "restore_rate": 1e6, "token": PLANTED}
    async with running_simulators(orders=25, shopify=shop) as running:
        wave = {"url": running.wave.url, "business_id": running.wave.business_id}
        await workspace.connect("shopify", {"url": running.shopify.url}, {"access_token": PLANTED})
        await workspace.connect("wave", wave, {"access_token": running.wave.token})
        await workspace.connect("slack", {}, {"webhook_url": running.slack.url})
        yield running


@pytest.fixture
async def lab(workspace: Any, sims: Simulators) -> Lab:
    lab = Lab(pool=workspace.pool, tenant=workspace.tenant)
    lab.tenant_id = workspace.tenant_id
    async with workspace.pool.connection() as conn:
        await apply_workflow(conn, workspace.tenant, WORKFLOW)
    return lab


def order(sims: Simulators, number: int) -> Any:
    return next(record for record in sims.shopify.shop.orders.values() if record.order.number == number)


async def finish(lab: Lab, execution: UUID) -> Any:
    """Drive it to its end, letting retries come due."""
    for _ in range(30):
        found = await lab.drive(execution)
        if found.status not in {"queued", "waiting", "running"}:
            return found
        await lab.later(execution, hours=2)
    raise AssertionError(await lab.statuses(execution))


async def run(lab: Lab, sims: Simulators, number: int) -> Any:
    return await finish(lab, await lab.run("order-to-invoice", {"order_id": order(sims, number).gid}))


async def test_the_shipped_workflow_has_no_problem(workspace: Any, sims: Simulators) -> None:
    async with workspace.pool.connection() as conn:
        assert await check_definition(conn, workspace.tenant, WORKFLOW) == []


async def test_every_order_is_invoiced_sent_tagged_and_told_once(lab: Lab, sims: Simulators) -> None:
    for record in sims.shopify.shop.orders.values():
        execution = await finish(lab, await lab.run("order-to-invoice", {"order_id": record.order.id}))
        assert execution.status == "succeeded", execution
        made = record.order
        assert Decimal(execution.output["invoice"]["total"]) == made.total.presentment
        assert execution.output["order"] == made.name
        assert "invoiced" in record.tags
        assert f"invoice {execution.output['invoice']['number']}" in record.tags
        assert execution.output["is_sent"] is (made.email is not None)
    invoices = list(sims.wave.books.invoices.values())
    assert len(invoices) == len({invoice.po_number for invoice in invoices}) == 25
    assert {invoice.status for invoice in invoices} == {"SENT", "SAVED"}
    assert sims.wave.books.mail_count == sum(r.order.email is not None for r in sims.shopify.shop.orders.values())
    assert sims.slack.message_count == 25


async def test_an_order_that_is_started_twice_has_one_invoice(lab: Lab, sims: Simulators) -> None:
    first, second = [await run(lab, sims, 1001) for _ in range(2)]
    assert first.output == second.output
    assert len(sims.wave.books.invoices) == 1
    assert sims.wave.books.mail_count == 1


LOST = [{"drop_after_commit": True}, {"status": 503}, {"status": 429, "retry_after": 1}, {"html": True}]


@pytest.mark.usefixtures("shown_at_once")
@pytest.mark.parametrize("do", LOST)
async def test_a_fault_at_every_call_in_turn_leaves_each_effect_once(
    lab: Lab, sims: Simulators, do: dict[str, Any]
) -> None:
    for operation in ("order", "tagsAdd"):
        sims.shopify.faults.add({"match": {"operation": operation}, "times": 1, "do": do})
    wave = (
        "business.customers", "customerCreate", "business.products", "productCreate", "business.salesTaxes",
        "salesTaxCreate", "business.invoices", "invoiceCreate", "invoiceApprove", "invoiceSend",
    )  # fmt: skip
    for operation in wave:
        if "html" in do and operation.startswith("business."):
            continue  # an answer that can't be read counts as a fact after five attempts of a step
        sims.wave.faults.add({"match": {"operation": operation}, "times": 1, "do": do})
    execution = await run(lab, sims, 1001)
    assert execution.status == "succeeded", execution
    assert len(sims.wave.books.invoices) == len(sims.wave.books.customers) == 1
    assert sims.wave.books.mail_count == 1
    assert sims.slack.message_count == 1


async def test_an_order_that_shopify_does_not_have_goes_to_the_dead_letters(lab: Lab, sims: Simulators) -> None:
    execution = await finish(lab, await lab.run("order-to-invoice", {"order_id": "1"}))
    assert execution.status == "failed"
    letter = await lab.value("select error::text from aias.dead_letters where execution_id = %s", execution.id)
    assert "has no order gid://shopify/Order/1" in letter
    assert not sims.wave.books.invoices


async def test_a_message_that_slack_did_not_confirm_is_not_posted_again(lab: Lab, sims: Simulators) -> None:
    sims.slack.faults.add({"match": {}, "do": {"drop_after_commit": True}})
    execution = await run(lab, sims, 1001)
    assert execution.status == "succeeded"
    assert sims.slack.message_count == 1
    assert (await lab.statuses(execution.id))["notify"] == "failed"


async def test_no_token_is_in_anything_that_was_written(
    workspace: Any, lab: Lab, sims: Simulators, capsys: pytest.CaptureFixture[str]
) -> None:
    sims.shopify.faults.add({"match": {}, "times": 1, "do": {"status": 500, "body": f"token {PLANTED}"}})
    execution = await run(lab, sims, 1001)
    assert execution.status == "succeeded"
    for table, rows in (await workspace.everything()).items():
        assert not any(PLANTED in row for row in rows), table
    printed = capsys.readouterr()
    assert PLANTED not in printed.out + printed.err
