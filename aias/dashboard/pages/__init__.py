"""The pages, an area a module; a line in ``ROUTERS`` registers a router."""

from fastapi import APIRouter

from aias.dashboard.pages import (
    alerts,
    assets,
    audit,
    bulk,
    dead_letters,
    editor,
    errors,
    execution,
    executions,
    integrations,
    intervening,
    live,
    logs,
    overview,
    queue,
    schedules,
    settings,
    sign_in,
    workflow,
    workflows,
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
    executions.router,
    bulk.router,
    execution.router,
    intervening.router,
    editor.router,
    workflows.router,
    workflow.router,
    dead_letters.router,
    errors.router,
]
