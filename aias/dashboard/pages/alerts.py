"""``/alerts``: what is wrong, who sees to it, what is silenced, and the rules that look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from aias import alerts
from aias.alerts import RuleChanges
from aias.dashboard.rendering import Answer, confirm, page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import InvalidArgument

__all__ = ["router"]

router = area("alerts")

Reads = Annotated[Viewer, can("alerts:read")]
Writes = Annotated[Viewer, can("alerts:write")]

_MOST = 100
_MOST_HOURS = 24 * 365


@router.get("")
async def list_alerts(
    request: Request,
    viewer: Reads,
    show: Annotated[Literal["open", "all"], Query()] = "open",
    before: Annotated[UUID | None, Query()] = None,
) -> Answer:
    """Show alerts, the newest first, with the silences and the rules."""
    statuses = ("open", "acknowledged") if show == "open" else None
    found = await alerts.list_alerts(
        viewer.conn, tenant=viewer.tenant, statuses=statuses, before=before, limit=_MOST + 1
    )
    return page(
        request,
        viewer,
        "alerts/list.html.j2",
        alerts=found[:_MOST],
        next=found[_MOST - 1].id if len(found) > _MOST else None,
        show=show,
        silences=await alerts.list_silences(viewer.conn, tenant=viewer.tenant),
        rules=await alerts.list_rules(viewer.conn, tenant=viewer.tenant),
    )


@router.post("/{alert}/acknowledge")
async def acknowledge(viewer: Writes, alert: UUID) -> Answer:
    """Say that somebody sees to it."""
    await alerts.acknowledge_alert(viewer.conn, alert, viewer.form.text("note") or None)
    return redirect("/alerts", said="Acknowledged: it tells nobody again until it is over.")


@router.post("/{alert}/close")
async def close(request: Request, viewer: Writes, alert: UUID) -> Answer:
    """End an alert by hand."""
    found = await alerts.find_alert(viewer.conn, alert)
    if viewer.form.text("confirmed") != "yes":
        return confirm(
            request,
            viewer,
            title="Close the alert?",
            touches=[f"{found.rule}: {found.title}"],
            button="Close the alert",
            action=f"/alerts/{alert}/close",
            back="/alerts",
            warning="While what it is about lasts, its rule opens it again within a minute.",
        )
    await alerts.close_alert(viewer.conn, alert)
    return redirect("/alerts", said=f"Closed: {found.title}")


@router.post("/silences")
async def silence(viewer: Writes) -> Answer:
    """Have nobody told for a time."""
    form = viewer.form
    try:
        hours = float(form.text("hours"))
    except ValueError:
        hours = 0.0
    if not 0 < hours <= _MOST_HOURS:
        raise InvalidArgument("hours are a number above 0, up to a year", argument="p_until")
    await alerts.silence_alerts(
        viewer.conn,
        viewer.tenant,
        rule=form.text("rule") or None,
        key=None,
        until=datetime.now(UTC) + timedelta(hours=hours),
        reason=form.text("reason"),
    )
    return redirect("/alerts", said=f"Silenced for {hours:g} hours.")


@router.post("/silences/{silence}/end")
async def end_silence(viewer: Writes, silence: UUID) -> Answer:
    """Have people told again."""
    await alerts.end_silence(viewer.conn, silence)
    return redirect("/alerts", said="The silence is over.")


@router.post("/rules/{name}")
async def set_rule(viewer: Writes, name: str) -> Answer:
    """Switch a rule of one's own on or off, or move its threshold."""
    form = viewer.form
    threshold = form.text("threshold")
    try:
        changes = RuleChanges(
            threshold=float(threshold) if threshold else None,
            is_enabled={"on": True, "off": False}.get(form.text("enabled")),
        )
    except ValueError:
        raise InvalidArgument(f"a threshold is a number, not {threshold!r}", argument="p_threshold") from None
    await alerts.set_rule(viewer.conn, viewer.tenant, name, changes)
    return redirect("/alerts#rules", said=f"The rule {name} is changed.")
