"""What is done through pages: each asks where it destroys something, and needs the scope that the API needs."""

from __future__ import annotations

from typing import Any

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
