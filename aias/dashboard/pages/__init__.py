"""The pages, an area a module; a line in ``ROUTERS`` registers a router."""

from fastapi import APIRouter

from aias.dashboard.pages import (
    alerts,
    assets,
    audit,
    integrations,
    live,
    logs,
    overview,
    queue,
    schedules,
    settings,
    sign_in,
)

__all__ = ["ROUTERS"]

ROUTERS: list[APIRouter] = [
    assets.router,
    live.router,
    overview.router,
    sign_in.router,
    alerts.router,
    queue.router,
    integrations.router,
    audit.router,
    logs.router,
    logs.stream,
    schedules.router,
    settings.router,
]
