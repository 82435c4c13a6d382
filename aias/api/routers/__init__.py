"""The resources, one module each; a line in ``ROUTERS`` registers a router."""

from fastapi import APIRouter

from aias.api.routers import (
    analytics,
    audit,
    cache,
    dead_letters,
    docs,
    effects,
    endpoints,
    events,
    executions,
    health,
    hooks,
    integrations,
    jobs,
    keys,
    metrics,
    privacy,
    queue,
    schedules,
    telemetry,
    tenants,
    traces,
    webhooks,
    workflows,
)

__all__ = ["ROUTERS"]

ROUTERS: list[APIRouter] = [
    hooks.router,
    executions.router,
    telemetry.router,
    workflows.router,
    schedules.router,
    events.router,
    webhooks.router,
    endpoints.router,
    privacy.router,
    integrations.router,
    effects.router,
    dead_letters.router,
    jobs.router,
    queue.lanes,
    queue.pauses,
    queue.limits,
    queue.gates,
    tenants.router,
    tenants.plans,
    keys.router,
    audit.router,
    traces.router,
    analytics.usage,
    analytics.business,
    cache.router,
    metrics.router,
    metrics.prometheus,
    health.router,
    docs.router,
]
"""The busiest first: a request is compared with one after the other."""
