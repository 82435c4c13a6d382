"""``/settings``: who is signed in, and out everywhere."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from aias.dashboard.rendering import Answer, page
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can

__all__ = ["router"]

router = area("settings")


@router.get("")
async def settings(request: Request, viewer: Annotated[Viewer, can(None)]) -> Answer:
    """Show who is signed in."""
    return page(request, viewer, "settings/settings.html.j2")
