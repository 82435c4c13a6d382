"""The API's application with the dashboard in it."""

from __future__ import annotations

from fastapi import FastAPI

from aias import api
from aias.dashboard.live import Hub
from aias.dashboard.pages import ROUTERS
from aias.settings import Settings

__all__ = ["add_dashboard", "create_app"]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the API's application, with the dashboard at ``/``: ``uvicorn --factory aias.dashboard:create_app``."""
    app = api.create_app(settings)
    add_dashboard(app)
    return app


def add_dashboard(app: FastAPI) -> None:
    """Add the pages behind the API's routes; the API's document does not list them."""
    services: api.Services = app.state.services
    app.state.dashboard = Hub(services.database.url, most=services.settings.api_streams)
    for router in ROUTERS:
        app.include_router(router)
