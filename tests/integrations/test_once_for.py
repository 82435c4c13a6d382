"""A key, or an external id, is used once, whichever execution asks: mails and bookings can't be looked up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from aias.errors import OutcomeUnknown, PermanentError, TransientError
from aias.simulators import Simulators, running_simulators
from tests.integrations.books import account, payment

MAIL = {"to": "buyer@example.com", "subject": "Your cart", "text": "Still there", "key": "checkout-1"}


@pytest.fixture
async def mail(workspace: Any) -> AsyncGenerator[Simulators]:
    async with running_simulators(which=("smtp",)) as running:
        server = {"host": running.smtp.host, "port": running.smtp.port, "security": "none", "sender": "a@example.com"}
        await workspace.connect("email", server, {})
        yield running


async def another(workspace: Any, name: str, data: dict[str, Any]) -> Any:
    """The same call by another execution."""
    return await workspace.call(name, data, execution_id=await workspace.execution())


async def test_a_mail_with_a_key_is_sent_once_whichever_execution_asks(workspace: Any, mail: Simulators) -> None:
    sent = await workspace.call("email.send", MAIL)
    assert sent["sent"] is True
    assert await workspace.call("email.send", MAIL, attempt=2) == sent  # the step itself, after a crash
    again = await another(workspace, "email.send", {**MAIL, "text": "And again"})
    assert again == {"message_id": sent["message_id"], "sent": False}
    await another(workspace, "email.send", {**MAIL, "key": "checkout-2"})
    await another(workspace, "email.send", {name: value for name, value in MAIL.items() if name != "key"})
    assert len(mail.smtp.records()) == 3


async def test_of_ten_that_ask_at_once_one_sends(workspace: Any, mail: Simulators) -> None:
    asked = [another(workspace, "email.send", MAIL) for _ in range(10)]
    given = await asyncio.gather(*asked, return_exceptions=True)
    assert len(mail.smtp.records()) == 1
    assert sum(isinstance(one, dict) and one["sent"] for one in given) == 1
    assert all(isinstance(one, dict | TransientError) for one in given), given


async def test_a_mail_that_was_refused_leaves_the_key_free(workspace: Any, mail: Simulators) -> None:
    mail.smtp.faults.add({"match": {"operation": "rcpt"}, "do": {"status": 550}})
    with pytest.raises(PermanentError):
        await workspace.call("email.send", MAIL)
    assert (await another(workspace, "email.send", MAIL))["sent"] is True
    assert len(mail.smtp.records()) == 1


async def test_a_booking_under_an_external_id_is_made_once_whichever_execution_asks(
    workspace: Any, sims: Simulators
) -> None:
    booked = await workspace.call("wave.money_transaction_create", payment(sims))
    again = await another(workspace, "wave.money_transaction_create", payment(sims, description="Payout again"))
    assert again == {**booked, "created": False}
    assert len(sims.wave.books.transactions) == 1


async def test_a_booking_of_which_nobody_knows_blocks_its_external_id(workspace: Any, sims: Simulators) -> None:
    sims.wave.faults.add({"match": {"operation": "moneyTransactionCreate"}, "do": {"drop_after_commit": True}})
    with pytest.raises(OutcomeUnknown):
        await workspace.call("wave.money_transaction_create", payment(sims), step="book")
    with pytest.raises(TransientError, match=f"the step {workspace.execution_id}:book has asked for the same"):
        await another(workspace, "wave.money_transaction_create", payment(sims))
    assert len(sims.wave.books.transactions) == 1


async def test_a_booking_that_wave_refused_leaves_the_external_id_free(workspace: Any, sims: Simulators) -> None:
    wrong = payment(sims, lines=[{"account_id": "nothing", "amount": "40.91"}])
    with pytest.raises(PermanentError, match="refused moneyTransactionCreate"):
        await workspace.call("wave.money_transaction_create", wrong)
    right = payment(sims, lines=[{"account_id": account(sims, "Sales"), "amount": "40.91"}])
    assert (await another(workspace, "wave.money_transaction_create", right))["created"] is True
