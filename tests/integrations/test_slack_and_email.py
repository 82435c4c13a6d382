from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from aias.errors import Deferred, OutcomeUnknown, PermanentError, TransientError
from aias.integrations.slack import escaped
from aias.simulators import Simulators, running_simulators
from aias.workflows.failures import failure_of


@pytest.fixture
async def sims(workspace: Any) -> AsyncGenerator[Simulators]:
    async with running_simulators(which=("slack", "smtp")) as running:
        await workspace.connect("slack", {}, {"webhook_url": running.slack.url})
        mail = {"host": running.smtp.host, "port": running.smtp.port, "security": "none", "sender": "aias@example.com"}
        await workspace.connect("email", mail, {})
        yield running


# --- slack --------------------------------------------------------------------------------------


async def test_a_message_reaches_the_channel(workspace: Any, sims: Simulators) -> None:
    assert await workspace.call("slack.post", {"text": "Invoice *7* for #1001"}) == {"ok": True}
    (message,) = sims.slack.records()
    assert message["text"] == "Invoice *7* for #1001"


async def test_control_sequences_are_shown_and_not_obeyed(workspace: Any, sims: Simulators) -> None:
    await workspace.call("slack.post", {"text": "<!channel> <https://evil.example|a&b>"})
    (message,) = sims.slack.records()
    assert message["text"] == "&lt;!channel&gt; &lt;https://evil.example|a&amp;b&gt;"


def test_escaping_touches_three_characters_only() -> None:
    assert escaped("a & b < c > d \"e\" 'f' ü") == "a &amp; b &lt; c &gt; d \"e\" 'f' ü"


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_webhook_that_was_taken_away_is_permanent(workspace: Any, sims: Simulators, status: int) -> None:
    sims.slack.faults.add({"match": {}, "do": {"status": status}})
    with pytest.raises(PermanentError, match="slack:default"):
        await workspace.call("slack.post", {"text": "x"})


async def test_an_answer_other_than_ok_is_no_success(workspace: Any, sims: Simulators) -> None:
    sims.slack.faults.add({"match": {}, "do": {"status": 200, "body": "invalid_payload"}})
    with pytest.raises(PermanentError, match="did not take the message: invalid_payload"):
        await workspace.call("slack.post", {"text": "x"})


@pytest.mark.parametrize("do", [{"html": True}, {"empty": True, "commit": True}, {"body": "okay, thank you"}])
async def test_an_answer_that_is_not_slacks_leaves_the_message_in_doubt(
    workspace: Any, sims: Simulators, do: dict[str, Any]
) -> None:
    sims.slack.faults.add({"do": do})
    with pytest.raises(OutcomeUnknown):
        await workspace.call("slack.post", {"text": "x"})


async def test_slack_may_ask_for_patience(workspace: Any, sims: Simulators) -> None:
    sims.slack.faults.add({"match": {}, "do": {"status": 429, "retry_after": 30}})
    with pytest.raises(Deferred) as caught:
        await workspace.call("slack.post", {"text": "x"})
    assert (caught.value.kind, caught.value.seconds) == ("gate", 30)


async def test_a_message_without_an_answer_is_in_doubt_and_its_address_stays_secret(
    workspace: Any, sims: Simulators
) -> None:
    sims.slack.faults.add({"match": {}, "do": {"drop_after_commit": True}, "times": 1})
    for _ in range(2):
        with pytest.raises(OutcomeUnknown) as caught:
            await workspace.call("slack.post", {"text": "x"})
        assert failure_of(caught.value).verdict == "in_doubt"
        assert "/services/" not in str(caught.value.to_json())
    assert len(sims.slack.records()) == 1


async def test_a_closed_port_leaves_no_doubt(workspace: Any) -> None:
    await workspace.connect("slack", {}, {"webhook_url": "http://127.0.0.1:1/services/x"})
    with pytest.raises(TransientError, match="can't be reached") as caught:
        await workspace.call("slack.post", {"text": "x"})
    assert failure_of(caught.value).verdict == "transient"


# --- e-mail -------------------------------------------------------------------------------------

MAIL = {"to": "buyer@example.com", "subject": "Rechnung für 株式会社テスト", "text": "Guten Tag\n.\nEnde"}


async def test_a_mail_arrives_with_its_text_and_subject(workspace: Any, sims: Simulators) -> None:
    data = {**MAIL, "cc": ["second@example.com", "buyer@example.com"], "html": "<p>Guten Tag</p>"}
    answer = await workspace.call("email.send", data)
    (mail,) = sims.smtp.records()
    assert (mail["from"], mail["to"]) == ("aias@example.com", ["buyer@example.com", "second@example.com"])
    assert (mail["subject"], mail["message_id"]) == (MAIL["subject"], answer["message_id"])
    assert mail["text"].split() == ["Guten", "Tag", ".", "Ende"]


async def test_a_mail_goes_once_for_each_step_however_often_it_is_tried(workspace: Any, sims: Simulators) -> None:
    given = [await workspace.call("email.send", MAIL, attempt=attempt) for attempt in (1, 2)]
    await workspace.call("email.send", MAIL, step="another")
    ids = [mail["message_id"] for mail in sims.smtp.records()]
    assert len(ids) == len(set(ids)) == 2
    assert [answer["message_id"] for answer in given] == [ids[0], ids[0]]


async def test_a_step_that_may_send_twice_has_the_same_message_id_again(workspace: Any, sims: Simulators) -> None:
    sims.smtp.faults.add({"match": {"operation": "data"}, "do": {"drop_after_commit": True}, "times": 1})
    with pytest.raises(TransientError):
        await workspace.call("email.send", MAIL, on_unknown="retry")
    await workspace.call("email.send", MAIL, on_unknown="retry")
    first, second = (mail["message_id"] for mail in sims.smtp.records())
    assert first == second


@pytest.mark.parametrize(
    "bad",
    [
        {"to": "a@x.example\r\nBcc: evil@x.example"},
        {"to": "a@x.example,b@x.example"},
        {"to": "Name <a@x.example>"},
        {"to": "a@x.example b"},
        {"to": ["no-address"]},
        {"to": "ä@x.example"},
        {"to": []},
        {"to": '"a b"@x.example'},
        {"cc": ["a@x.example\nTo: c@x.example"]},
        {"reply_to": "a@x.example\r\n\r\nbody"},
        {"subject": "x\r\nBcc: evil@x.example"},
        {"subject": "x\ny"},
        {"subject": "x\x00"},
        {"subject": ""},
        {"from": "someone@else.example"},
    ],
)
def test_nothing_smuggles_a_header_in(refuses: Any, bad: dict[str, Any]) -> None:
    (field,) = bad
    refuses("email.send", {**MAIL, **bad}, field)


@pytest.mark.parametrize(
    ("operation", "status", "kind"),
    [
        ("connect", 421, TransientError),
        ("mail", 451, TransientError),
        ("rcpt", 450, TransientError),
        ("rcpt", 550, PermanentError),
        ("data", 452, TransientError),
        ("data", 554, PermanentError),
    ],
)
async def test_what_the_server_refuses_is_not_sent_and_leaves_no_doubt(
    workspace: Any, sims: Simulators, operation: str, status: int, kind: type[Exception]
) -> None:
    sims.smtp.faults.add({"match": {"operation": operation}, "do": {"status": status}})
    with pytest.raises(kind, match=str(status)) as caught:
        await workspace.call("email.send", MAIL)
    assert failure_of(caught.value).verdict in {"transient", "permanent"}
    assert sims.smtp.mail_count == 0


async def test_one_refused_recipient_stops_the_mail_for_all(workspace: Any, sims: Simulators) -> None:
    sims.smtp.faults.add({"match": {"operation": "rcpt", "id": "second@example.com"}, "do": {"status": 550}})
    with pytest.raises(PermanentError):
        await workspace.call("email.send", {**MAIL, "cc": ["second@example.com"]})
    assert sims.smtp.mail_count == 0


@pytest.mark.parametrize("operation", ["connect", "mail", "rcpt"])
async def test_a_connection_that_breaks_before_the_mail_leaves_no_doubt(
    workspace: Any, sims: Simulators, operation: str
) -> None:
    sims.smtp.faults.add({"match": {"operation": operation}, "do": {"reset": True}})
    with pytest.raises(TransientError) as caught:
        await workspace.call("email.send", MAIL)
    assert failure_of(caught.value).verdict == "transient"


async def test_a_connection_that_breaks_after_the_mail_leaves_doubt(workspace: Any, sims: Simulators) -> None:
    sims.smtp.faults.add({"match": {"operation": "data"}, "do": {"drop_after_commit": True}})
    with pytest.raises(OutcomeUnknown) as caught:
        await workspace.call("email.send", MAIL)
    assert failure_of(caught.value).verdict == "in_doubt"
    assert sims.smtp.mail_count == 1


async def test_a_server_that_offers_no_tls_gets_no_mail_in_the_clear(workspace: Any, sims: Simulators) -> None:
    mail = {"host": sims.smtp.host, "port": sims.smtp.port, "sender": "aias@example.com"}
    await workspace.connect("email", mail, {})
    with pytest.raises(PermanentError, match="does not offer"):
        await workspace.call("email.send", MAIL)
    assert sims.smtp.mail_count == 0


async def test_a_mail_server_inside_is_not_reached(
    workspace: Any, sims: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "")
    with pytest.raises(PermanentError, match="not a public address"):
        await workspace.call("email.send", MAIL)
    assert not sims.smtp.journal.find("connect", 0, None)


async def test_mails_of_one_moment_do_not_disturb_each_other(workspace: Any, sims: Simulators) -> None:
    await asyncio.gather(*(workspace.call("email.send", MAIL, step=f"s{number}") for number in range(10)))
    assert len({mail["message_id"] for mail in sims.smtp.records()}) == 10
