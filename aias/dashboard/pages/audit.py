"""``/audit``: who did what, and whether the log is what was sealed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from aias.api import HttpProblem, Page
from aias.api.lists.audit import AuditFilter, page_of_audit
from aias.audit import verify_audit
from aias.dashboard.rendering import Answer, page
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can

__all__ = ["router"]

router = area("audit")

Reads = Annotated[Viewer, can("audit:read")]


@router.get("")
async def search_audit(
    request: Request,
    viewer: Reads,
    listing: Page,
    action: Annotated[str, Query(max_length=100)] = "",
    actor: Annotated[str, Query(max_length=200)] = "",
    object_id: Annotated[str, Query(max_length=300)] = "",
) -> Answer:
    """Show the log, the newest first, narrowed as the address says."""
    (before,) = listing.after(UUID)
    which = AuditFilter(
        tenant_id=viewer.tenant_id, action=action or None, actor=actor or None, object_id=object_id or None
    )
    rows = await page_of_audit(viewer.conn, which, before=before, limit=listing.fetch)
    return page(
        request,
        viewer,
        "audit/list.html.j2",
        listed=listing.of(rows, lambda row: (row.id,)),
        filters={"action": action, "actor": actor, "object_id": object_id},
    )


@router.post("/verify")
async def verify(request: Request, viewer: Annotated[Viewer, can("audit:write")]) -> Answer:
    """Look whether the log is what was sealed, and name the first row that is not."""
    if viewer.tenant is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "the chain of the audit log is for operators to verify")
    found = await verify_audit(viewer.conn)
    return page(request, viewer, "audit/verified.html.j2", found=found)
