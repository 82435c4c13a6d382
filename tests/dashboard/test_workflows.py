"""Workflows on their pages: compared, tried, written, and never overwritten unseen."""

from __future__ import annotations

from typing import Any

import yaml

from aias.workflows import apply_workflow
from tests.dashboard.conftest import OF_OURS, Connection
from tests.dashboard.work import HOSTILE, ORDER


async def test_a_workflow_is_shown_with_its_graph_and_what_differs_between_versions(
    browse: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    await apply_workflow(conn, tenants["acme"], ORDER)
    await apply_workflow(conn, tenants["acme"], {**ORDER, "description": "changed"})
    browser = await browse("acme", "*:read")
    text = (await browser.get("/workflows/order")).text
    assert '<rect class="step"' in text
    assert "<style" not in text
    differing = (await browser.get("/workflows/order/versions")).text
    assert '<tr class="changed">' in differing
    assert "&lt;script&gt;" in differing
    assert "<script>alert" not in differing
    assert (await browser.get("/workflows/order/versions?old=1&new=9")).status_code == 404
    assert "/workflows/order" in (await browser.get("/workflows")).text
    other = await browse("other", "*")
    for path in ("", "/versions", "/edit", "/dry-run"):
        assert (await other.get(f"/workflows/order{path}")).status_code == 404, path
        named = await other.get(f"/workflows/order{path}?tenant={tenants['acme']}")
        assert named.status_code == 404, path


async def test_a_dry_run_tells_what_it_would_do(browse: Any, conn: Connection, tenants: dict[str, str]) -> None:
    await apply_workflow(conn, tenants["acme"], ORDER)
    browser = await browse("acme", "*:read")
    planned = await browser.send_form("/workflows/order/dry-run", input='{"note": "hello there"}')
    assert planned.status_code == 200
    assert "hello there" in planned.text
    assert ">waits</span>" in planned.text
    wrong = await browser.send_form("/workflows/order/dry-run", input="[1]")
    assert wrong.status_code == 422
    assert "not a JSON object" in wrong.text


async def test_what_is_written_is_checked_and_saved_unless_somebody_else_saved_meanwhile(
    browse: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    browser = await browse("acme", "*")
    begun = (await browser.get("/workflows/new")).text
    assert "Definition (YAML)" in begun
    text = yaml.safe_dump({**ORDER, "name": "written"}, sort_keys=False)
    checked = await browser.send_form("/workflows/check", text=text.replace("transform", "nonsense"))
    assert "there is no action" in checked.text
    assert "<html" not in checked.text
    assert "It is valid" in (await browser.send_form("/workflows/check", text=text)).text
    refused = await browser.send_form("/workflows/save", text="name: [", base="0", what="save")
    assert refused.status_code == 422
    assert (await browser.send_form("/workflows/save", text=text, base="0", what="save")).status_code == 303
    await apply_workflow(conn, tenants["acme"], {**ORDER, "name": "written", "description": "by somebody else"})
    late = await browser.send_form(
        "/workflows/save", text=text.replace("first", "begin"), name="written", base="1", what="save"
    )
    assert late.status_code == 409
    assert "by somebody else" in late.text
    assert HOSTILE not in late.text
    cursor = await conn.execute("select version from aias.workflows where name = 'written'")
    assert await cursor.fetchall() == [(2,)]
    again = await browser.send_form(
        "/workflows/save", text=text.replace("first", "begin"), name="written", base="2", what="save"
    )
    assert again.headers["location"] == "/workflows/written"
    renamed = await browser.send_form("/workflows/save", text=text, name="order", base="1", what="save")
    assert "is not &#39;order&#39;" in renamed.text


async def test_disabling_asks_first_and_only_those_who_may_do_it(browse: Any, tenants: dict[str, str]) -> None:
    owner, viewer = await browse("acme", "*"), await browse("acme", "*:read")
    assert "starts no executions" in (await owner.get("/workflows/greet/disable")).text
    for path in ("disable", "enable"):
        assert (await viewer.send_form(f"/workflows/greet/{path}")).status_code == 403
        assert (await owner.post(f"/workflows/greet/{path}", headers=OF_OURS)).status_code == 403
    for path in ("new", "greet/edit"):
        assert (await viewer.get(f"/workflows/{path}")).status_code == 403
    assert (await owner.send_form("/workflows/greet/disable")).status_code == 303
    assert ">disabled</span>" in (await owner.get("/workflows/greet")).text
    assert (await owner.send_form("/workflows/greet/enable")).status_code == 303
    assert ">enabled</span>" in (await owner.get("/workflows/greet")).text


async def test_an_operator_of_the_platform_says_whose_workflow_it_is(browse: Any, tenants: dict[str, str]) -> None:
    operator = await browse(None, "*")
    listed = (await operator.get(f"/workflows?tenant={tenants['acme']}")).text
    assert f"/workflows/greet?tenant={tenants['acme']}" in listed
    assert (await operator.get(f"/workflows/greet?tenant={tenants['acme']}")).status_code == 200
    assert (await operator.get("/workflows/greet")).status_code == 422
