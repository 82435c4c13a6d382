"""``/``: how things are."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from aias.dashboard.rendering import Answer, page
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can

__all__ = ["router"]

router = area("")


@router.get("/")
async def overview(request: Request, viewer: Annotated[Viewer, can(None)]) -> Answer:
    """Show how things are."""
    return page(request, viewer, "overview/overview.html.j2")
