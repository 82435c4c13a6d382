"""What is done through pages: each asks where it destroys something, and needs the scope that the API needs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aias.simulators import running_simulators
from aias.triggers import set_schedule
from tests.dashboard.conftest import Connection

_RAISE = (
    "select aias_private.raise_alert('mine', (select t.id from aias.tenants as t where t.slug = %s), 'k', 'warning',"
    " %s, '{}')"
)


async def test_alerts_are_acknowledged_closed_and_silenced(
    browse: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    cursor = await conn.execute(_RAISE, (tenants["acme"], "Orders <b>fail</b>"))
    (alert,) = await cursor.fetchone() or (None,)
    operator = await browse("acme", "*:read", "alerts:write")
    text = (await operator.get("/alerts")).text
    assert "Orders &lt;b&gt;fail&lt;/b&gt;" in text
    assert "Acknowledge" in text
    viewer, other = await browse("acme", "*:read"), await browse("other")
    assert "Acknowledge" not in (await viewer.get("/alerts")).text
    assert (await viewer.send_form(f"/alerts/{alert}/acknowledge")).status_code == 403
    assert (await other.send_form(f"/alerts/{alert}/acknowledge")).status_code == 404
    assert "Orders" not in (await other.get("/alerts")).text

    assert (await operator.send_form(f"/alerts/{alert}/acknowledge", note="I look")).status_code == 303
    assert "I look" in (await operator.get("/alerts")).text
    asked = await operator.send_form(f"/alerts/{alert}/close")
    assert asked.status_code == 200
    assert "Orders &lt;b&gt;fail&lt;/b&gt;" in asked.text
    assert (await operator.send_form(f"/alerts/{alert}/close", confirmed="yes")).status_code == 303
    assert "Nothing is wrong" in (await operator.get("/alerts")).text
    assert (await operator.send_form("/alerts/silences", hours="x", reason="r")).status_code == 422
    assert (await operator.send_form("/alerts/silences", hours="2", reason="we move")).status_code == 303
    assert "we move" in (await operator.get("/alerts")).text


async def test_a_workflow_is_paused_after_asking_and_resumed(browse: Any, tenants: dict[str, str]) -> None:
    owner = await browse("acme")
    fields = {"scope": "workflow", "name": f"{tenants['acme']}/greet", "reason": "we look"}
    asked = await owner.send_form("/queue/pause", **fields)
    assert asked.status_code == 200
    assert f"Pause the workflow {fields['name']}" in asked.text
    assert "we look" not in (await owner.get("/queue")).text
    await owner.send_form("/queue/pause", **fields, confirmed="yes")
    assert "we look" in (await owner.get("/queue")).text
    await owner.send_form("/queue/resume", scope="workflow", name=fields["name"])
    assert "we look" not in (await owner.get("/queue")).text
    lane = await owner.send_form("/queue/pause", scope="lane", name="normal", confirmed="yes")
    assert lane.status_code == 403


async def test_a_schedule_is_paused_and_resumed_by_its_own_tenant_only(
    browse: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    made = await set_schedule(
        conn, tenants["acme"], "mornings", workflow="greet", cron="0 7 * * *", input={"name": "A"}
    )
    owner, other = await browse("acme"), await browse("other")
    assert "mornings" in (await owner.get("/schedules")).text
    assert "mornings" not in (await other.get("/schedules")).text
    assert (await other.send_form(f"/schedules/{made}/pause")).status_code == 404
    await owner.send_form(f"/schedules/{made}/pause", reason="holidays")
    assert "holidays" in (await owner.get("/schedules")).text
    await owner.send_form(f"/schedules/{made}/resume")
    assert "holidays" not in (await owner.get("/schedules")).text


async def test_a_shop_is_connected_checked_and_forgotten_and_wrong_credentials_are_not_stored(
    browse: Any, tenants: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    owner, other = await browse("acme"), await browse("other")
    form = (await owner.get("/integrations/connect?kind=shopify")).text
    assert 'name="secret.access_token"' in form
    async with running_simulators(which=("shopify",), orders=1) as sims:
        fields = {"kind": "shopify", "name": "main", "config.url": sims.shopify.url}
        refused = await owner.send_form("/integrations/connect", **fields, **{"secret.access_token": "wrong-one"})
        assert refused.status_code == 422
        assert "wrong-one" not in refused.text
        assert "shopify:main" not in (await owner.get("/integrations")).text
        made = await owner.send_form("/integrations/connect", **fields, **{"secret.access_token": sims.shopify.token})
        assert made.status_code == 303, made.text
        assert "shopify:main is connected" in (await owner.get("/integrations")).text
        which = {"kind": "shopify", "name": "main", "tenant": tenants["acme"]}
        await owner.send_form("/integrations/check", **which)
        assert "shopify:main works" in (await owner.get("/integrations")).text
        assert (await other.send_form("/integrations/check", **which)).status_code == 404
        assert "shopify:main" not in (await other.get("/integrations")).text
    asked = await owner.send_form("/integrations/disconnect", **which)
    assert "Forget shopify:main" in asked.text
    await owner.send_form("/integrations/disconnect", **which, confirmed="yes")
    assert "Nothing is connected yet" in (await owner.get("/integrations")).text
    assert "integration.connected" in (await owner.get("/audit?action=integration.connected")).text


async def test_the_audit_log_is_searched_by_its_tenant_and_verified_by_an_operator(browse: Any) -> None:
    owner, operator = await browse("acme"), await browse()
    assert "dashboard.signed_in" in (await owner.get("/audit?action=dashboard.signed_in")).text
    assert "Nothing is found" in (await owner.get("/audit?action=no.such")).text
    assert (await owner.send_form("/audit/verify")).status_code == 403
    assert "Rows read" in (await operator.send_form("/audit/verify")).text


async def test_an_owner_makes_and_revokes_keys_and_adds_people_and_a_viewer_does_not(browse: Any) -> None:
    owner, viewer = await browse("acme"), await browse("acme", "*:read")
    made = await owner.send_form("/settings/keys", name="reports", scopes="executions:read", days="30")
    token = re.search(r"aias_([0-9a-f]{16})_[0-9a-f]{64}", made.text)
    assert token is not None
    assert token[0] not in (await owner.get("/settings")).text
    somebody = await browse("acme", key=token[0])
    assert (await somebody.get("/settings")).status_code == 200
    assert (await viewer.send_form(f"/settings/keys/{token[1]}/revoke", confirmed="yes")).status_code == 403
    assert (await somebody.send_form("/settings/keys", name="more", scopes="*")).status_code == 403
    assert "Revoke the key reports?" in (await owner.send_form(f"/settings/keys/{token[1]}/revoke")).text
    await owner.send_form(f"/settings/keys/{token[1]}/revoke", confirmed="yes")
    assert (await somebody.get("/settings")).status_code == 303
    person = {"name": "Bo", "email": "bo@example.com", "role": "member"}
    assert (await viewer.send_form("/settings/users", **person)).status_code == 403
    assert (await owner.send_form("/settings/users", **person)).status_code == 303
    assert "bo@example.com" in (await owner.get("/settings")).text
    assert (await owner.send_form("/settings/users", **person)).status_code == 409
