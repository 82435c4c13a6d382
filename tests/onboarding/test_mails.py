"""Mails of sequences: once ever, skipped when nobody needs them, stopped by the person."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from aias.alerts import deliver
from aias.errors import Conflict, NotFound
from aias.onboarding import note_mail_seen, send_mail, set_mail_preferences, unsubscribe
from aias.onboarding.tasks import plan_and_send
from tests.onboarding.post import ADDRESS, Post

# a Thursday, eight in the morning
DAY = datetime(2026, 11, 19, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
Tx = psycopg.Connection[Any]


def test_a_morning_is_the_same_clock_time_before_and_after_summer_time_ends(tx: Tx) -> None:
    found = tx.execute(
        "select aias_private.local_morning('2026-10-24 06:00Z', d, '09:00', 'Europe/Berlin')"
        " from unnest(array[0, 1]) as d"
    ).fetchall()
    assert [at for (at,) in found] == [datetime(2026, 10, 24, 7, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)]


def test_trials_are_found_by_the_index_on_their_start(tx: Tx) -> None:
    tx.execute("set local enable_seqscan = off")
    plan = tx.execute(
        "explain select from aias_private.tenants as t where t.trial_started_at > now() - interval '14 days'"
        " and t.trial_started_at <= now()"
    ).fetchall()
    assert "tenants_trial_started_idx" in str(plan)


async def test_a_mail_that_fails_is_tried_again_and_what_was_sent_is_never_sent_again(post: Post) -> None:
    await post.at(DAY)
    user = await post.person()
    post.server.answer = lambda _recipient: "451 later"
    await post.at(DAY + HOUR)
    await post.minute()
    assert (await post.progress(user))["getting_started"] == "retrying"
    (shown,) = await post.rows("select last_error, next_at from aias.onboarding_progress where state = 'retrying'")
    assert "451" in shown["last_error"]
    post.server.answer = lambda _recipient: "250 OK"
    await post.at(DAY + 2 * HOUR)
    for _ in range(3):
        await post.minute()
    assert (await post.progress(user))["getting_started"] == "sent"
    assert [mail["Subject"] for mail in post.server.mails()] == ["Welcome to AIAS: your first steps"]
    with pytest.raises(Conflict, match="sent already"):
        await send_mail(post.conn, user, "welcome", "getting_started", is_forced=True)
    with pytest.raises(NotFound):
        await send_mail(post.conn, user, "welcome", "nothing")


async def test_a_mail_is_in_doubt_and_not_sent_again_where_its_sender_died_after_the_server_took_it(post: Post) -> None:
    await post.at(DAY)
    user = await post.person()
    await post.at(DAY + HOUR)
    await plan_and_send(post.pool)
    sending = asyncio.create_task(deliver(post.pool))

    def after(_count: int) -> None:
        sending.cancel()

    post.server.after = after
    with pytest.raises(asyncio.CancelledError):
        await sending
    for hours in (2, 3, 30):
        await post.at(DAY + hours * HOUR)
        await post.minute()
        assert (await post.progress(user))["getting_started"] == "in_doubt"
    assert len([mail for mail in post.server.taken if b"your first steps" in mail[2]]) == 1
    (kept,) = await post.rows("select state from aias_private.onboarding_mails where step = 'getting_started'")
    assert kept["state"] == "in_doubt"
    with pytest.raises(Conflict, match="in_doubt already"):
        await send_mail(post.conn, user, "welcome", "getting_started", is_forced=True)


async def test_what_was_due_while_the_system_was_down_waits_for_a_morning_and_after_a_week_is_dropped(
    post: Post,
) -> None:
    await post.at(DAY)
    user = await post.person()
    await post.at(DAY + 8 * HOUR)
    await post.minute()
    assert post.server.mails() == []
    await post.at(DAY + 25 * HOUR)
    await post.minute()
    assert (await post.progress(user))["getting_started"] == "sent"
    await post.at(DAY + timedelta(days=11))
    await post.minute()
    progress = await post.progress(user)
    assert (progress["first_workflow"], progress["advanced_features"]) == ("too_late", "planned")


async def test_whoever_unsubscribes_by_the_link_gets_nothing_more_not_even_what_is_in_the_outbox(post: Post) -> None:
    await post.at(DAY)
    user = await post.person()
    await post.at(DAY + HOUR)
    await post.minute()
    (mail,) = post.server.mails()
    assert mail["To"] == "ada@acme.test"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{ADDRESS}/mail/unsubscribe/")
    token = link.rsplit("/", 1)[1]
    await send_mail(post.conn, user, "welcome", "first_workflow")
    assert await unsubscribe(post.conn, token) == "en"
    assert await unsubscribe(post.conn, token) == "en"
    await post.minute()
    progress = await post.progress(user)
    assert progress.pop("getting_started") == "sent"
    assert set(progress.values()) == {"unsubscribed"}
    assert len(post.server.mails()) == 1
    for wrong in ("x", token[:-1] + ("A" if token[-1] != "A" else "B"), "A" * 43):
        with pytest.raises(NotFound):
            await unsubscribe(post.conn, wrong)


async def test_opens_and_clicks_are_counted_only_while_the_person_consents(post: Post) -> None:
    await post.at(DAY)
    user = await post.person()
    await post.at(DAY + HOUR)
    await post.minute()
    (row,) = await post.rows("select id from aias.onboarding_progress where state = 'sent'")
    html = post.server.mails()[0].get_body(("html",))
    assert html is not None
    assert "/mail/open/" not in html.get_content()

    async def counted() -> tuple[int, int]:
        await note_mail_seen(post.conn, row["id"], is_click=False)
        await note_mail_seen(post.conn, row["id"], is_click=True)
        (found,) = await post.rows(
            "select open_count, click_count from aias.onboarding_progress where id = %s", row["id"]
        )
        return found["open_count"], found["click_count"]

    assert await counted() == (0, 0)
    await set_mail_preferences(post.conn, user, is_counted=True)
    assert await counted() == (1, 1)
    await send_mail(post.conn, user, "welcome", "first_workflow")
    await post.minute()
    html = post.server.mails()[1].get_body(("html",))
    assert html is not None
    assert "/mail/open/" in html.get_content()
    assert "/mail/click/" in html.get_content()
    await set_mail_preferences(post.conn, user, is_counted=False)
    assert await counted() == (0, 0)
