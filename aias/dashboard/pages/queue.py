"""``/queue``: the lanes, who works on them, and what is paused."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from aias import jobs
from aias.api import services_of
from aias.api.lists.jobs import page_of_pauses
from aias.dashboard.overview import lanes_now
from aias.dashboard.rendering import Answer, confirm, page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.tenants import list_lanes

__all__ = ["router"]

router = area("queue")

Writes = Annotated[Viewer, can("pauses:write")]
_MOST = 500


@router.get("")
async def see_queue(request: Request, viewer: Annotated[Viewer, can("lanes:read")]) -> Answer:
    """Show what waits, who works, what is paused."""
    sees_all = viewer.tenant is None
    pauses = await page_of_pauses(viewer.conn, after=(None, None), limit=_MOST) if viewer.may("pauses:read") else []
    return page(
        request,
        viewer,
        "queue/queue.html.j2",
        lanes=await list_lanes(viewer.conn),
        counts={row["lane"]: row for row in await lanes_now(viewer, services_of(request))} if sees_all else {},
        workers=await jobs.list_workers(viewer.conn) if viewer.may("jobs:read") else [],
        pauses=pauses,
        paused_lanes={one.name for one in pauses if one.scope == "lane"},
    )


@router.post("/pause")
async def pause(request: Request, viewer: Writes) -> Answer:
    """Start no more of a lane's, a workflow's, a tenant's or a task's jobs."""
    form = viewer.form
    scope, name, reason = form.text("scope"), form.text("name"), form.text("reason")
    if form.text("confirmed") != "yes":
        return confirm(
            request,
            viewer,
            title=f"Pause the {scope} {name}?",
            touches=[f"every job of the {scope} {name} that has not started: it waits until the {scope} is resumed"],
            button=f"Pause the {scope} {name}",
            action="/queue/pause",
            back="/queue",
            fields={"scope": scope, "name": name, "reason": reason},
            warning="What runs already goes on.",
        )
    await jobs.pause(viewer.conn, scope, name, reason=reason or None)
    return redirect("/queue", said=f"The {scope} {name} is paused.")


@router.post("/resume")
async def resume(viewer: Writes) -> Answer:
    """Let its jobs start again."""
    scope, name = viewer.form.text("scope"), viewer.form.text("name")
    await jobs.resume(viewer.conn, scope, name)
    return redirect("/queue", said=f"The {scope} {name} goes on.")
