"""One execution on its page: seen whole, and moved by people who may."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from aias.db import Pool
from aias.redaction import MASK
from tests.dashboard.conftest import Connection
from tests.dashboard.work import HOSTILE, drive, run


async def test_a_waiting_execution_is_shown_with_its_graph_its_reason_and_the_question(
    browse: Any, conn: Connection, pool: Pool, tenants: dict[str, str]
) -> None:
    started = await run(conn, pool, tenants["acme"], {"note": HOSTILE, "api_key": "sk_live_abcdef123456"})
    browser = await browse("acme", "*")
    text = (await browser.get(f"/executions/{started}")).text
    assert '<rect class="step is-succeeded"' in text
    assert '<rect class="step is-waiting"' in text
    assert "Why it does not run now" in text
    assert "asked waits for a person" in text
    assert ">to come</span>" in text
    assert 'class="timeline"' in text
    assert "sk_live_abcdef123456" not in text
    assert "<img src=x" not in text
    assert "<script>alert" not in text
    listed = (await browser.get("/executions?status=waiting&workflow=order")).text
    assert str(started) in listed


async def test_an_approval_lets_it_go_on_and_the_log_names_who_gave_it(
    browse: Any, conn: Connection, pool: Pool, tenants: dict[str, str]
) -> None:
    started = await run(conn, pool, tenants["acme"])
    browser = await browse("acme", "*")
    answer = await browser.send_form(f"/executions/{started}/approve", step="asked", answer="approve", comment="fine")
    assert answer.status_code == 303
    assert await drive(pool, started) == "succeeded"
    page = (await browser.get(f"/executions/{started}")).text
    assert "Output" in page
    assert "test" in page


async def test_what_is_edited_is_replayed_and_what_is_hidden_stays(
    browse: Any, conn: Connection, pool: Pool, tenants: dict[str, str]
) -> None:
    started = await run(conn, pool, tenants["acme"], {"note": "old", "customer": {"email": "a@b.example", "vip": True}})
    browser = await browse("acme", "*")
    asked = (await browser.get(f"/executions/{started}/cancel")).text
    assert "order v" in asked
    assert str(started) in asked
    assert (await browser.send_form(f"/executions/{started}/cancel", reason="a test")).status_code == 303
    shown = {"note": "new", "customer": {"email": MASK, "vip": False}}
    answer = await browser.send_form(f"/executions/{started}/replay", from_step="first", input=json.dumps(shown))
    assert answer.status_code == 303, answer.text
    made = answer.headers["location"].rpartition("/")[2]
    cursor = await conn.execute("select input, replayed_from_id from aias.executions where id = %s", (made,))
    row = await cursor.fetchone()
    assert row is not None
    assert row[0] == {"note": "new", "customer": {"email": "a@b.example", "vip": False}}
    assert row[1] == started
    kept = await browser.send_form(f"/executions/{started}/replay", input='{"note": "not JSON"')
    assert kept.status_code == 422
    assert "not JSON&#34;" in kept.text


async def test_who_watches_is_told_each_move_and_the_end(
    browse: Any, conn: Connection, pool: Pool, tenants: dict[str, str]
) -> None:
    started = await run(conn, pool, tenants["acme"])
    browser = await browse("acme", "*")
    watching = asyncio.create_task(browser.get(f"/executions/{started}/live"))
    await browser.send_form(f"/executions/{started}/approve", step="asked", answer="approve")
    await drive(pool, started)
    async with asyncio.timeout(20):
        told = (await watching).text
    assert "event: moved\ndata: succeeded" in told
    assert told.endswith("event: ended\ndata: \n\n")
    state = (await browser.get(f"/executions/{started}/state")).text
    assert "<html" not in state


async def test_many_are_cancelled_after_asking_and_each_refusal_is_told(
    browse: Any, conn: Connection, pool: Pool, tenants: dict[str, str]
) -> None:
    started = [await run(conn, pool, tenants["acme"]) for _ in range(3)]
    browser = await browse("acme", "*")
    ids = "&".join(f"id={one}" for one in started)
    asked = (await browser.get(f"/executions/bulk?action=cancel&{ids}")).text
    assert "Cancel 3 executions?" in asked
    assert all(str(one) in asked for one in started)
    done = await browser.send_form(
        "/executions/bulk", action="cancel", scope="chosen", id=[str(one) for one in started]
    )
    assert done.status_code == 200, done.text
    assert "3 executions cancelled" in done.text
    seen = (await browser.get(f"/executions/chosen?ids={','.join(map(str, started))}")).text
    assert "3 of 3 have ended" in seen
    unclear = await browser.get("/executions/bulk?action=retry&scope=all")
    assert unclear.status_code == 422
    assert "failed or cancelled" in unclear.text
    retried = await browser.send_form("/executions/bulk", action="retry", scope="all", status="cancelled", total="3")
    assert "3 executions retried" in retried.text


@pytest.mark.parametrize("path", ["cancel", "retry", "approve", "replay"])
async def test_who_may_only_look_moves_nothing_and_no_form_counts_without_its_token(
    browse: Any, conn: Connection, pool: Pool, tenants: dict[str, str], path: str
) -> None:
    started = await run(conn, pool, tenants["acme"])
    viewer = await browse("acme", "*:read")
    page = (await viewer.get(f"/executions/{started}")).text
    assert "/cancel" not in page
    assert (await viewer.send_form(f"/executions/{started}/{path}", step="asked", answer="approve")).status_code == 403
    assert (await viewer.send_form("/executions/bulk", action="cancel", id=str(started))).status_code == 403
    owner = await browse("acme", "*")
    assert (await owner.post(f"/executions/{started}/{path}", data={"answer": "approve"})).status_code == 403
    other = await browse("other", "*")
    assert (await other.get(f"/executions/{started}")).status_code == 404
    assert (await other.get(f"/executions/{started}/live")).status_code == 404
    gone = await other.send_form(f"/executions/{started}/{path}", step="asked", answer="approve", input="{}")
    assert gone.status_code in {404, 422}
    assert await drive(pool, started) == "waiting"
    chosen = (await other.get(f"/executions/chosen?ids={started}")).text
    assert f"/executions/{started}" not in chosen.replace("ids=", "")


async def test_filters_are_kept_and_pages_follow_each_other(
    browse: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    await conn.execute(
        "select aias.run_workflow(%s, 'greet', '{\"name\": \"x\"}', 'key-' || n) from generate_series(1, 60) as n",
        (tenants["acme"],),
    )
    browser = await browse("acme", "*:read")
    first = (await browser.get("/executions?workflow=greet&status=queued")).text
    following = re.search(r'<a href="([^"]+)" rel="next">', first)
    assert following is not None
    assert "workflow=greet" in following[1]
    second = (await browser.get(following[1].replace("&amp;", "&"))).text
    shown = [re.findall(r'<a href="/executions/([0-9a-f-]{36})">', page) for page in (first, second)]
    assert (len(shown[0]), len(shown[1])) == (50, 10)
    assert set(shown[0]).isdisjoint(shown[1])
    found = await browser.get("/executions?q=key-7")
    assert found.status_code == 303
    assert found.headers["location"] == "/executions?key=key-7"
    wrong = await browser.get("/executions?before=nonsense")
    assert wrong.status_code == 422
