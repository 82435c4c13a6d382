"""Signing in and out: cookies, links by mail, forms of others, and what an operator's look leaves behind."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from fastapi import FastAPI

from aias.alerts import set_channel
from aias.api import revoke_api_key
from aias.notify import remove_channel
from aias.simulators import running_simulators
from aias.tenants import create_user
from tests.dashboard.conftest import OF_OURS, Connection


async def test_a_key_signs_in_and_what_it_may_not_do_is_refused(browse: Any) -> None:
    nobody = await browse(key=None)
    sent = await nobody.get("/settings?x=1")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=%2Fsettings%3Fx%3D1"
    assert (await nobody.get("/settings", headers={"HX-Request": "true"})).headers["hx-redirect"] == "/sign-in"
    wrong = await nobody.post("/sign-in", data={"key": f"aias_{'0' * 16}_{'0' * 64}"}, headers=OF_OURS)
    assert wrong.status_code == 422
    assert "not known" in wrong.text

    for scopes, role in ((("*:read",), "viewer"), (("*:read", "executions:write"), "operator"), (("*",), "owner")):
        somebody = await browse("acme", *scopes)
        assert f"<dd>{role}</dd>" in (await somebody.get("/settings")).text
    assert "<dd>platform operator</dd>" in (await (await browse()).get("/settings")).text


async def test_the_cookie_is_new_at_each_sign_in_and_out_of_reach(browse: Any, token: Any, conn: Connection) -> None:
    browser = await browse(key=None)
    browser.cookies.set("aias_session", "chosen-by-somebody-else")
    key = await token("acme")
    answer = await browser.post("/sign-in", data={"key": key, "next": "//evil.example/"}, headers=OF_OURS)
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "chosen-by-somebody-else" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    value = cookie.split("=", 1)[1].split(";", 1)[0]
    cursor = await conn.execute(
        "select count(*) from aias_private.dashboard_sessions where token_hash = sha256(%s)", (value.encode(),)
    )
    assert await cursor.fetchone() == (1,)

    behind_https = await browse(key=None, host="https://aias.test")
    answer = await behind_https.post("/sign-in", data={"key": key}, headers=OF_OURS)
    assert answer.headers["set-cookie"].startswith("__Host-aias_session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert (await behind_https.get("/settings")).status_code == 200


async def test_a_session_ends_with_its_key_when_idle_and_at_its_end(browse: Any, token: Any, conn: Connection) -> None:
    for ending in (
        "update aias_private.dashboard_sessions set seen_at = seen_at - interval '3 hours' where key_id = %s",
        "update aias_private.dashboard_sessions set expires_at = now() where key_id = %s",
        "revoke",
    ):
        key = await token("acme")
        browser = await browse("acme", key=key)
        assert (await browser.get("/settings")).status_code == 200
        if ending == "revoke":
            await revoke_api_key(conn, key.split("_")[1])
        else:
            await conn.execute(ending, (key.split("_")[1],))
        assert (await browser.get("/settings")).status_code == 303, ending


async def test_signing_out_everywhere_ends_every_session_of_the_key(browse: Any, token: Any) -> None:
    key = await token("acme")
    first, second, third = [await browse("acme", key=key) for _ in range(3)]
    await first.send_form("/sign-out")
    assert (await first.get("/settings")).status_code == 303
    assert (await second.get("/settings")).status_code == 200
    await second.send_form("/sign-out", everywhere="yes")
    assert (await third.get("/settings")).status_code == 303


async def test_a_form_from_elsewhere_changes_nothing(browse: Any, token: Any) -> None:
    browser = await browse("acme")
    without = await browser.post("/sign-out", data={}, headers=OF_OURS)
    assert without.status_code == 403
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        refused = await browser.post("/sign-in", data={"key": await token("acme")}, headers=headers)
        assert refused.status_code == 403, headers
    taken = await browser.post("/sign-in", data={"key": await token("acme")}, headers={"Origin": "http://aias.test"})
    assert taken.status_code == 303


async def test_attempts_to_sign_in_are_counted_by_where_they_come_from(browse: Any) -> None:
    browser = await browse(key=None)
    statuses = [(await browser.post("/sign-in", data={"key": "x"}, headers=OF_OURS)).status_code for _ in range(25)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert (await (await browse(key=None)).post("/sign-in", data={"key": "x"}, headers=OF_OURS)).status_code == 422


async def test_an_operators_look_into_a_tenant_is_in_the_audit_log_once(
    browse: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    operator = await browse()
    await operator.get("/settings")
    await operator.send_form("/tenants/pick", tenant=tenants["acme"])
    for _ in range(3):
        assert f"<dd>{tenants['acme']}</dd>" in (await operator.get("/settings")).text
    cursor = await conn.execute(
        "select count(*), min(a.actor_kind) from aias.audit_log as a inner join aias.tenants as t on t.id = a.tenant_id"
        " where t.slug = %s and a.action = 'dashboard.looked'",
        (tenants["acme"],),
    )
    assert await cursor.fetchone() == (1, "administrator")
    assert (await operator.send_form("/tenants/pick", tenant="nobody")).status_code == 404
    somebody = await browse("acme")
    assert (await somebody.send_form("/tenants/pick", tenant=tenants["other"])).status_code == 403


async def test_a_mailed_link_signs_in_once_and_no_answer_tells_who_is_known(
    browse: Any, app: FastAPI, conn: Connection, tenants: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    email = f"ann@{tenants['acme']}.example"
    await create_user(conn, tenant=tenants["acme"], email=email, name="Ann", role="viewer")
    browser = await browse(key=None)
    assert (await browser.post("/sign-in/link", data={"email": email}, headers=OF_OURS)).status_code == 404
    services = app.state.services
    services.settings = services.settings.model_copy(update={"dashboard_url": "https://aias.example"})
    async with running_simulators(which=("smtp",)) as sims:
        config = {
            "host": sims.smtp.host, "port": sims.smtp.port, "security": "none", "sender": "aias@example.com",
            "to": ["operators@example.com"],
        }  # fmt: skip
        await set_channel(conn, None, "sign-in", kind="email", config=config)
        browser = await browse(key=None, host="https://aias.example")
        answers = [
            await browser.post("/sign-in/link", data={"email": address}, headers=OF_OURS)
            for address in ("nobody@example.com", email.upper())
        ]
        assert answers[0].status_code == answers[1].status_code == 200
        assert answers[0].text == answers[1].text
        for _ in range(200):
            if sims.smtp.mails:
                break
            await asyncio.sleep(0.05)
        (mail,) = sims.smtp.mails
    await remove_channel(conn, None, "sign-in")
    found = re.search(r"https://aias\.example/sign-in/link\?token=([\w-]+)", str(mail))
    assert found is not None, str(mail)
    # whatever opens links by itself uses none up
    for _ in range(2):
        assert found[1] in (await browser.get(f"/sign-in/link?token={found[1]}")).text
    answer = await browser.post("/sign-in/by-link", data={"token": found[1]}, headers=OF_OURS)
    assert answer.status_code == 303
    text = (await browser.get("/settings")).text
    assert "<dd>Ann</dd>" in text
    assert "<dd>viewer</dd>" in text
    again = await (await browse(key=None)).post("/sign-in/by-link", data={"token": found[1]}, headers=OF_OURS)
    assert again.status_code == 422
    assert "used already" in again.text
