"""``/``: how things are, and stay while the page is open."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from aias.api import services_of
from aias.dashboard.overview import MOST_LIVE, overview_of
from aias.dashboard.rendering import Answer, page
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can

__all__ = ["router"]

router = area("")


@router.get("/")
async def overview(request: Request, viewer: Annotated[Viewer, can(None)]) -> Answer:
    """Show how things are."""
    found = await overview_of(viewer, services_of(request))
    return page(request, viewer, "overview/overview.html.j2", overview=found, most_live=MOST_LIVE)


@router.get("/live/overview")
async def overview_again(request: Request, viewer: Annotated[Viewer, can(None)]) -> Answer:
    """Give the part that changes."""
    found = await overview_of(viewer, services_of(request))
    return page(request, viewer, "overview/live.html.j2", overview=found, most_live=MOST_LIVE)
