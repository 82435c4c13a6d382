"""``/live/events``: the stream by which open pages hear that something has changed."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from aias.api import services_of
from aias.api.streaming import EventStream
from aias.dashboard.live import Hub
from aias.dashboard.rendering import Answer
from aias.dashboard.routing import area
from aias.dashboard.sessions import session_of
from aias.dashboard.viewer import Viewer, can

__all__ = ["router"]

router = area("live")


@router.get("/events")
async def events(request: Request, viewer: Annotated[Viewer, can(None, in_transaction=False)]) -> Answer:
    """Say ``changed`` when something has, at most every two seconds; holds no connection of the database."""
    hub: Hub = request.app.state.dashboard
    services = services_of(request)

    async def is_good() -> bool:
        return await session_of(request) is not None

    stream = hub.events(is_ending=lambda: services.is_draining, is_good=is_good)
    return EventStream(stream, hub.streams.place(viewer.session.tenant_id))
