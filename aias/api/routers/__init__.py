"""The resources, one module each; a line in ``ROUTERS`` registers a router."""

from fastapi import APIRouter

from aias.api.routers import executions, health, keys, workflows

__all__ = ["ROUTERS"]

ROUTERS: list[APIRouter] = [
    executions.router,
    workflows.router,
    keys.router,
    health.router,
]
