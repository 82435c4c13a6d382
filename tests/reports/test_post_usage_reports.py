"""On the first of the month each tenant and the operators are sent the last month, once ever."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from aias import notify
from aias.alerts.messages import mail
from aias.analytics import roll_up_activity
from aias.app import app
from aias.errors import Conflict
from aias.reports import post_usage_reports
from tests.alerts.desk import Desk

LATER = datetime(2040, 4, 1, 5, 30, tzinfo=UTC)


async def test_each_is_told_once_ever_with_the_page_and_the_file(desk: Desk) -> None:
    await desk.channel(None, "email")
    await desk.channel("acme", "webhook")
    await desk.at(LATER)
    with pytest.raises(Conflict, match="not whole yet"):
        await post_usage_reports(desk.conn)
    while await roll_up_activity(desk.conn):
        pass
    await desk.value("select aias.create_tenant('newcomer', 'pro')")

    async def post() -> int:
        async with desk.pool.connection() as conn:
            return await post_usage_reports(conn)

    await asyncio.gather(post(), post())
    assert await post() == 0
    claimed = await notify.claim_deliveries(
        desk.conn, "test", limit=10, lease=timedelta(minutes=2), only=(await desk.notifications("email"))[0]["id"]
    )
    message = mail(claimed[0], sender="aias@example.com", recipients=["ops@example.com"])
    assert message["Subject"] == "[info] Usage report of 2040-03"
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert sorted(str(name) for name in files) == ["usage-all-2040-03.csv", "usage-all-2040-03.html"]
    assert files["usage-all-2040-03.csv"].startswith("section,name,measure,value")
    shown = message.get_body(("html",))
    assert shown is not None
    assert "<svg" in shown.get_content()
    await desk.later(minutes=5)
    await desk.deliver()
    (sent,) = desk.sims.smtp.records()
    assert "Executions started" in sent["text"]
    ((_, body),) = desk.listener.heard
    assert b"usage_report" in body
    told = await desk.rows("select tenant from aias.notifications where kind = 'usage_report' group by tenant")
    # who came after the month is told nothing of it
    assert {row["tenant"] for row in told} == {None, "acme"}


def test_it_is_a_schedule_of_the_first_of_the_month() -> None:
    app.perform_import_paths()
    assert app.scheduled["usage_reports"].cron == "30 5 1 * *"
