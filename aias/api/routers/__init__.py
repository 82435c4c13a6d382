"""The resources, one module each; a line in ``ROUTERS`` registers a router."""

from fastapi import APIRouter

from aias.api.routers import (
    endpoints,
    events,
    executions,
    health,
    hooks,
    keys,
    privacy,
    schedules,
    webhooks,
    workflows,
)

__all__ = ["ROUTERS"]

ROUTERS: list[APIRouter] = [
    executions.router,
    workflows.router,
    schedules.router,
    events.router,
    webhooks.router,
    endpoints.router,
    privacy.router,
    hooks.router,
    keys.router,
    health.router,
]
