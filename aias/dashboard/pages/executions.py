"""``/executions``: all of them, searched and filtered."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aias.api.lists.executions import page_of_executions
from aias.api.tenancy import tenant_id
from aias.dashboard.filters import STATUSES, ExecutionFilters, uuid_of
from aias.dashboard.rendering import page
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can

__all__ = ["router"]

router = area("executions")

_PAGE = 50
_TRACE = re.compile(r"[0-9a-f]{32}", re.ASCII)


@router.get("")
async def show_executions(
    viewer: Annotated[Viewer, can("executions:read")], request: Request, q: str = "", before: str = ""
) -> Response:
    """The newest first, fifty to a page. What is searched for is an id, a trace, or an idempotency key."""
    filters = ExecutionFilters.of(request.query_params)
    if q.strip():
        return RedirectResponse(_found(q.strip(), filters), HTTPStatus.SEE_OTHER)
    which = filters.which(await tenant_id(viewer.caller, filters.tenant or viewer.tenant))
    rows = await page_of_executions(viewer.conn, which, before=uuid_of(before, "before"), limit=_PAGE + 1)
    shown = rows[:_PAGE]
    return page(
        request,
        viewer,
        "executions/list.html.j2",
        filters=filters,
        statuses=STATUSES,
        rows=shown,
        next=filters.link(before=shown[-1].id) if len(rows) > _PAGE else None,
        first=filters.link() if before else None,
        may_write=viewer.may("executions:write"),
    )


def _found(text: str, filters: ExecutionFilters) -> str:
    """Give where what is searched for is shown: an execution itself, or the list of those that fit."""
    plain = text.lower()
    try:
        return f"/executions/{UUID(plain)}" if "-" in plain else _narrowed(plain, filters)
    except ValueError:
        return _narrowed(text, filters)


def _narrowed(text: str, filters: ExecutionFilters) -> str:
    field = "trace" if _TRACE.fullmatch(text) else "key"
    return ExecutionFilters.of({**filters.given, field: text}).link()
