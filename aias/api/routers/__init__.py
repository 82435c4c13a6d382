"""The resources, one module each; a line in ``ROUTERS`` registers a router."""

from fastapi import APIRouter

from aias.api.routers import events, executions, health, hooks, keys, schedules, webhooks, workflows

__all__ = ["ROUTERS"]

ROUTERS: list[APIRouter] = [
    executions.router,
    workflows.router,
    schedules.router,
    events.router,
    webhooks.router,
    hooks.router,
    keys.router,
    health.router,
]
