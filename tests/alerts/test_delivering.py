"""Notices on their way: by mail, Slack and webhook, once each, again after a failure, and not for ever."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from standardwebhooks.webhooks import Webhook as Standard

from aias import notify
from aias.alerts.messages import mail
from aias.errors import Conflict, InvalidArgument
from aias.integrations import disconnect, erase_keys, rotate_master_key, rotate_tenant_key
from aias.settings import get_settings
from tests.alerts.desk import Desk
from tests.clock import set_clock


async def test_a_notice_goes_by_every_channel_that_takes_it_and_only_once(desk: Desk) -> None:
    await set_clock(desk.conn, None)  # the library of the standard goes by the machine's clock
    made = [await desk.channel(None, kind) for kind in ("email", "slack", "webhook")]
    await desk.channel("acme", "email", min_severity="critical")
    assert await desk.post("one") is not None
    assert await desk.post("one") is None
    await desk.post("two", desk.tenant_id)  # a warning: the tenant's mail takes critical ones only
    assert await desk.value("select count(*) from aias.jobs where task = 'aias.deliver_notices'") == 1
    assert await desk.deliver() == ["delivered"] * 3
    assert await desk.deliver() == []
    (sent,) = desk.sims.smtp.records()
    assert sent["to"] == ["ops@example.com"]
    assert sent["subject"] == "[warning] The title"
    assert "The body" in sent["text"]
    (shown,) = desk.sims.slack.records()
    assert "The title" in shown["text"]
    ((headers, body),) = desk.listener.heard
    told = Standard(made[2].secret).verify(body, headers)
    assert (told["type"], told["data"]["title"]) == ("news", "The title")
    states = {
        (row["channel"], row["status"], row["attempt_count"])
        for row in await desk.rows("select channel, status, attempt_count from aias.notifications where tenant is null")
    }
    assert states == {
        ("dashboard", "delivered", 0),
        ("email", "delivered", 1),
        ("slack", "delivered", 1),
        ("webhook", "delivered", 1),
    }


async def test_a_channel_that_is_down_loses_nothing_and_repeats_nothing(desk: Desk) -> None:
    await desk.channel(None, "email")
    await desk.channel(None, "webhook")
    desk.sims.smtp.faults.add({"match": {}, "do": {"status": 421}, "times": 3})
    await desk.post("one")
    assert sorted(str(status) for status in await desk.deliver()) == ["delivered", "pending"]
    (waiting,) = await desk.notifications("email")
    assert (waiting["status"], waiting["attempt_count"], waiting["doubt_count"]) == ("pending", 1, 0)
    assert "421" in waiting["last_error"]
    assert await desk.value("select failing_since is not null from aias.channels where name = 'email'")
    assert await desk.deliver() == []  # not due
    for _ in range(4):
        await desk.later(minutes=10)
        await desk.deliver()
    assert len(desk.sims.smtp.records()) == 1
    assert len(desk.listener.heard) == 1
    assert await desk.rows("select failing_since, last_error from aias.channels where name = 'email'") == [
        {"failing_since": None, "last_error": None}
    ]


async def test_a_notice_is_given_up_after_twelve_attempts_and_shown_and_can_be_sent_again(desk: Desk) -> None:
    await desk.channel(None, "webhook")
    desk.listener.status = 500
    await desk.post("one")
    for _ in range(20):
        await desk.deliver()
        await desk.later(hours=9)
    assert len(desk.listener.heard) == 12
    (given_up,) = await desk.notifications("webhook")
    assert (given_up["status"], given_up["last_error"]) == ("failed", "it answered 500")
    assert given_up["given_up_at"] is not None
    assert len({headers["webhook-id"] for headers, _ in desk.listener.heard}) == 1
    desk.listener.status = 204
    await notify.retry_notification(desk.conn, given_up["id"])
    assert await desk.deliver() == ["delivered"]
    with pytest.raises(Conflict, match="is delivered, not given up"):
        await notify.retry_notification(desk.conn, given_up["id"])


async def test_two_processes_send_each_notice_once(desk: Desk) -> None:
    await desk.channel(None, "webhook")
    for number in range(12):
        await desk.post(f"n{number}")
    done = await asyncio.gather(*(desk.deliver() for _ in range(3)))
    assert sum(len(one) for one in done) == len(desk.listener.heard) == 12


async def test_what_a_process_that_died_was_sending_is_sent_again_under_the_same_id(desk: Desk) -> None:
    await desk.channel(None, "email")
    await desk.post("one")
    (claimed,) = await notify.claim_deliveries(desk.conn, "dead", limit=10, lease=timedelta(minutes=2))
    first = mail(claimed, sender="aias@example.com", recipients=["ops@example.com"])
    assert await desk.deliver() == []  # it may live
    await desk.later(minutes=3)
    assert await desk.deliver() == ["delivered"]
    (sent,) = desk.sims.smtp.records()
    assert sent["message_id"] == first["Message-ID"]
    (row,) = await desk.notifications("email")
    assert (row["attempt_count"], row["doubt_count"]) == (2, 1)
    # the dead one comes back, and changes nothing
    assert await notify.settle_delivery(desk.conn, claimed, error="it broke") is None
    assert (await desk.notifications("email"))[0]["status"] == "delivered"


async def test_a_mail_without_an_answer_is_sent_again_under_the_same_id_and_in_doubt(desk: Desk) -> None:
    await desk.channel(None, "email")
    desk.sims.smtp.faults.add({"match": {"operation": "data"}, "do": {"drop_after_commit": True}, "times": 1})
    await desk.post("one")
    assert await desk.deliver() == ["pending"]
    assert (await desk.notifications("email"))[0]["doubt_count"] == 1
    await desk.later(minutes=1)
    assert await desk.deliver() == ["delivered"]
    assert len({sent["message_id"] for sent in desk.sims.smtp.records()}) == 1


async def test_a_recipient_who_is_refused_does_not_keep_the_others_from_being_told(desk: Desk) -> None:
    await desk.channel(None, "email", config={**desk.mail, "to": ["gone@example.com", "ops@example.com"]})
    desk.sims.smtp.faults.add({"match": {"operation": "rcpt", "id": "gone@example.com"}, "do": {"status": 550}})
    await desk.post("one")
    assert await desk.deliver() == ["delivered"]
    assert desk.sims.smtp.records()[0]["to"] == ["ops@example.com"]
    assert "gone@example.com: 550" in (await desk.notifications("email"))[0]["last_error"]


async def test_a_test_message_goes_by_one_channel_whatever_it_takes(desk: Desk) -> None:
    await desk.channel(None, "webhook", min_severity="critical", kinds=["alert"])
    await desk.channel(None, "email")
    delivery = await notify.start_test(desk.conn, None, "webhook")
    assert await desk.deliver() == ["delivered"]
    assert json.loads(desk.listener.heard[0][1])["type"] == "test"
    assert desk.sims.smtp.records() == []
    assert (await notify.find_notification(desk.conn, delivery)).status == "delivered"


async def test_a_private_address_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "")
    for kind in ("webhook", "email", "slack"):
        await desk.channel(None, kind)
    await desk.post("one")
    assert await desk.deliver() == ["pending"] * 3
    assert desk.listener.heard == desk.sims.smtp.records() == desk.sims.slack.records() == []
    for kind in ("webhook", "email", "slack"):
        assert "not a public address" in (await desk.notifications(kind))[0]["last_error"]


async def test_the_secrets_of_channels_are_sealed_and_survive_the_rotation_of_keys(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.channel(None, "slack")
    await desk.channel("acme", "slack")
    assert await desk.value("select count(*) from aias.channels where config::text like '%%services%%'") == 0
    assert await desk.value("select count(*) from aias.audit_log where detail::text like '%%services%%'") == 0
    await rotate_tenant_key(desk.pool, "acme")
    monkeypatch.setenv("AIAS_MASTER_KEY_PREVIOUS", "11" * 32)
    monkeypatch.setenv("AIAS_MASTER_KEY", "22" * 32)
    rotated = await rotate_master_key(desk.pool, settings=get_settings())
    assert rotated.rewrapped == 2
    monkeypatch.delenv("AIAS_MASTER_KEY_PREVIOUS")
    await desk.post("one")
    await desk.post("one", desk.tenant_id)
    assert await desk.deliver() == ["delivered"] * 2
    await erase_keys(desk.conn, "acme")
    await desk.post("two", desk.tenant_id)
    assert await desk.deliver() == ["pending"]
    assert "were erased" in (await desk.notifications("slack"))[-1]["last_error"]


async def test_a_stored_password_is_not_sent_to_another_server(desk: Desk) -> None:
    config = {**desk.mail, "security": "tls", "username": "me"}
    for tenant in (None, "acme"):
        await desk.channel(tenant, "email", config=config, secret="hidden")
        await desk.channel(tenant, "email", config={**config, "to": ["more@example.com"]})
        with pytest.raises(InvalidArgument, match="give the secret again"):
            await desk.channel(tenant, "email", config={**config, "host": "evil.example.com"})


async def test_a_channel_that_is_switched_off_or_removed_tells_nobody(desk: Desk) -> None:
    await desk.channel("acme", "webhook")
    await desk.post("one", desk.tenant_id)
    await desk.channel("acme", "webhook", is_enabled=False)
    assert (await desk.notifications("webhook"))[0]["status"] == "discarded"
    await desk.post("two", desk.tenant_id)
    assert await desk.deliver() == []
    await notify.remove_channel(desk.conn, "acme", "webhook")
    assert await desk.value("select count(*) from aias.integrations where kind = 'channel'") == 0
    assert [channel.name for channel in await notify.list_channels(desk.conn, tenant="acme")] == ["dashboard"]
    with pytest.raises(Conflict, match="the dashboard stays"):
        await notify.remove_channel(desk.conn, "acme", "dashboard")


async def test_a_mail_shows_what_is_wrong_as_text_and_as_html_and_hides_nothing_in_it(desk: Desk) -> None:
    await desk.channel(None, "email")
    await desk.value(
        "select aias_private.raise_alert('fuse_blown', %s, 'k', 'critical', 'It <b>blew</b>', '{}')", desk.tenant_id
    )
    await desk.later(minutes=1)
    await desk.rows("select rule from aias_private.evaluate_alerts()")
    (claimed,) = await notify.claim_deliveries(desk.conn, "me", limit=10, lease=timedelta(minutes=2))
    message = mail(claimed, sender="aias@example.com", recipients=["ops@example.com"])
    parsed = message_from_bytes(message.as_bytes(), EmailMessage, policy=policy.default)
    text, html = [str(part.get_content()) for part in parsed.iter_parts() if isinstance(part, EmailMessage)]
    assert "It <b>blew</b>" in text
    assert "docs/runbook.md, section fuse_blown" in text
    assert "It &lt;b&gt;blew&lt;/b&gt;" in html
    assert "<b>" not in html
    assert parsed["Auto-Submitted"] == "auto-generated"
    again = mail(replace(claimed, attempt_count=7), sender="aias@example.com", recipients=["ops@example.com"])
    assert (again["Message-ID"], again["Date"]) == (message["Message-ID"], message["Date"])


async def test_the_page_shows_every_notice_until_it_is_read(desk: Desk) -> None:
    await desk.post("one", desk.tenant_id)
    await desk.post("two", desk.tenant_id)
    unread = await notify.list_notifications(desk.conn, tenant="acme", is_unread=True)
    assert len(unread) == 2
    assert await notify.read_notifications(desk.conn, "acme", unread[0].id) == 1
    assert await notify.read_notifications(desk.conn, "acme") == 1
    assert await notify.list_notifications(desk.conn, tenant="acme", is_unread=True) == []


async def test_disconnecting_what_holds_its_secret_removes_a_channel(desk: Desk) -> None:
    await desk.channel("acme", "webhook")
    await disconnect(desk.conn, tenant="acme", kind="channel", name="webhook")
    assert await notify.list_channels(desk.conn, tenant="acme") == []
