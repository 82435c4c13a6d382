"""``/logs``: what processes wrote, searched or followed as it is written."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

import psycopg
import structlog
from fastapi import Query
from starlette.requests import Request

from aias import diagnostics
from aias.api import HttpProblem, Page, services_of
from aias.api.models.diagnostics import LogShown
from aias.api.streaming import EventStream
from aias.dashboard.live import Hub
from aias.dashboard.rendering import Answer, page, part
from aias.dashboard.routing import area
from aias.dashboard.sessions import session_of
from aias.dashboard.viewer import Viewer, can
from aias.errors import DatabaseError

__all__ = ["router", "stream"]

router = area("logs")
stream = area("live")

_log = structlog.stdlib.get_logger(__name__)
_HEARTBEAT = 15.0

Level = Annotated[Literal["", "debug", "info", "warning", "error"], Query()]
Text = Annotated[str, Query(max_length=500)]
Which = Annotated[str, Query(max_length=36)]


def _filter(viewer: Viewer, level: str, text: str, execution: str) -> diagnostics.LogFilter:
    try:
        which = UUID(execution) if execution else None
    except ValueError:
        raise HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "an execution is named by its id") from None
    # the form has the levels that there are
    known: Literal["debug", "info", "warning", "error"] | None = None
    match level:
        case "debug" | "info" | "warning" | "error":
            known = level
        case _:
            pass
    return diagnostics.LogFilter(tenant_id=viewer.tenant_id, level=known, text=text or None, execution_id=which)


@router.get("")
async def search_logs(
    request: Request,
    viewer: Annotated[Viewer, can("logs:read")],
    listing: Page,
    level: Level = "",
    text: Text = "",
    execution: Which = "",
    follow: Annotated[bool, Query()] = False,  # noqa: FBT002 (a flag of the address)
) -> Answer:
    """Show the newest records, narrowed as the address says; with ``follow`` what is written from now on, too."""
    (before,) = listing.after(UUID)
    rows = await diagnostics.find_logs(
        viewer.conn, _filter(viewer, level, text, execution), before=before, limit=listing.fetch
    )
    listed = listing.of([LogShown.model_validate(row) for row in rows], lambda row: (row.id,))
    filters = {"level": level, "text": text, "execution": execution}
    return page(
        request, viewer, "logs/list.html.j2", listed=listed, filters=filters, follow=follow, query=urlencode(filters)
    )


@stream.get("/logs")
async def follow_logs(
    request: Request,
    viewer: Annotated[Viewer, can("logs:read", in_transaction=False)],
    level: Level = "",
    text: Text = "",
    execution: Which = "",
) -> Answer:
    """Give each record as a row of the table, once it is committed, until the session or the server ends."""
    hub: Hub = request.app.state.dashboard
    pages = diagnostics.follow_logs(viewer.caller.transaction, _filter(viewer, level, text, execution), start=None)
    return EventStream(_rows(request, pages), hub.streams.place(viewer.session.tenant_id))


async def _rows(request: Request, pages: AsyncGenerator[diagnostics.Followed]) -> AsyncGenerator[bytes]:
    services, beat = services_of(request), time.monotonic()
    yield b"retry: 3000\n\n"
    async with contextlib.aclosing(pages):
        try:
            async for found in pages:
                for row in found.rows:
                    html = part("logs/row.html.j2", one=LogShown.model_validate(row))
                    yield f"event: record\ndata: {html}\n\n".encode()
                if time.monotonic() - beat >= _HEARTBEAT:
                    beat = time.monotonic()
                    if await session_of(request) is None:
                        return
                    yield b":\n\n"
                if services.is_draining:
                    return
        except (DatabaseError, psycopg.OperationalError) as error:
            # the page comes back by itself
            _log.warning("a stream ends: the database is away", error=str(error))
