"""``/schedules``: what runs when, how it went, and pausing it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from starlette.requests import Request

from aias import triggers
from aias.api import Page
from aias.api.lists.triggers import page_of_schedules
from aias.dashboard.rendering import Answer, page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can

__all__ = ["router"]

router = area("schedules")

Writes = Annotated[Viewer, can("schedules:write")]


@router.get("")
async def list_schedules(request: Request, viewer: Annotated[Viewer, can("schedules:read")], listing: Page) -> Answer:
    """Show the schedules with their next times."""
    after = listing.after(str, str)
    rows = await page_of_schedules(
        viewer.conn, tenant_id=viewer.tenant_id, kind=None, after=(after[0], after[1]), limit=listing.fetch
    )
    listed = listing.of(rows, lambda row: (row.tenant or "", row.name))
    return page(request, viewer, "schedules/list.html.j2", listed=listed)


@router.post("/{schedule}/pause")
async def pause(viewer: Writes, schedule: UUID) -> Answer:
    """Let nothing run by it until it is resumed."""
    await triggers.pause_schedule(viewer.conn, schedule, reason=viewer.form.text("reason") or None)
    return redirect("/schedules", said="Paused: what falls due meanwhile is not made up for.")


@router.post("/{schedule}/resume")
async def resume(viewer: Writes, schedule: UUID) -> Answer:
    """Let it run again, from now on."""
    await triggers.resume_schedule(viewer.conn, schedule)
    return redirect("/schedules", said="It runs again from now on.")
