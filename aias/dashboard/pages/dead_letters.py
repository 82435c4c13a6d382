"""``/dead-letters``: what gave up, and what is decided about it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from aias import workflows
from aias.api.lists.dead_letters import get_dead_letter, page_of_dead_letters
from aias.api.tenancy import tenant_id
from aias.dashboard.filters import link, uuid_of
from aias.dashboard.rendering import page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import InvalidArgument

__all__ = ["router"]

router = area("dead-letters")

Reads = Annotated[Viewer, can("dead-letters:read")]
Writes = Annotated[Viewer, can("dead-letters:write")]

_PAGE = 50
_LONGEST = 1000


@router.get("")
async def show_dead_letters(
    viewer: Reads, request: Request, show: str = "open", kind: str = "", tenant: str = "", before: str = ""
) -> Response:
    """The newest first, fifty to a page; open ones only unless asked otherwise."""
    rows = await page_of_dead_letters(
        viewer.conn,
        tenant_id=await tenant_id(viewer.caller, viewer.tenant or tenant or None),
        is_open={"open": True, "decided": False}.get(show),
        kind=kind if kind in {"execution", "job"} else None,
        fuse=None,
        before=uuid_of(before, "before"),
        limit=_PAGE + 1,
    )
    shown, kept = rows[:_PAGE], {"show": show, "kind": kind, "tenant": tenant}
    return page(
        request,
        viewer,
        "dead_letters/list.html.j2",
        rows=shown,
        show=show,
        kind=kind,
        tenant=tenant,
        next=link("/dead-letters", {**kept, "before": shown[-1].id}) if len(rows) > _PAGE else None,
        first=link("/dead-letters", kept) if before else None,
    )


@router.get("/{dead_letter}")
async def show_dead_letter(viewer: Reads, request: Request, dead_letter: UUID) -> Response:
    """What it was, why it gave up, and what was decided."""
    found = await get_dead_letter(viewer.conn, dead_letter)
    return page(
        request,
        viewer,
        "dead_letters/show.html.j2",
        letter=found,
        may_write=viewer.may("dead-letters:write") and found.resolution is None,
    )


@router.post("/{dead_letter}/retry")
async def retry(viewer: Writes, dead_letter: UUID) -> Response:
    """Try it again: an execution goes on from its checkpoints, a job begins anew."""
    await workflows.requeue_dead_letter(viewer.conn, dead_letter)
    return redirect(f"/dead-letters/{dead_letter}", said="It is tried again.")


@router.get("/{dead_letter}/discard")
async def confirm_discard(viewer: Writes, request: Request, dead_letter: UUID) -> Response:
    """Name what would be given up for good, and ask why."""
    found = await get_dead_letter(viewer.conn, dead_letter)
    return page(request, viewer, "dead_letters/discard.html.j2", letter=found)


@router.post("/{dead_letter}/discard")
async def discard(viewer: Writes, dead_letter: UUID) -> Response:
    """Settle it without trying again; it stays on record."""
    reason = viewer.form.text("reason")[:_LONGEST]
    if not reason:
        raise InvalidArgument("say why it is discarded: that stays on record", argument="reason")
    await workflows.discard_dead_letter(viewer.conn, dead_letter, reason=reason)
    return redirect(f"/dead-letters/{dead_letter}", said="It is discarded, and stays on record.")
