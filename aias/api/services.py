"""What the routes share: one of each per server."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from aias.api.authentication import Keys
from aias.api.database import Database
from aias.api.streaming import Streams
from aias.cache import Cache
from aias.settings import Settings
from aias.telemetry import Ingest
from aias.triggers import Intake

__all__ = ["Services", "services_of"]


@dataclass(slots=True, kw_only=True)
class Services:
    """The server's parts; a route without a key (a webhook's) gets them by ``services_of``."""

    settings: Settings
    database: Database
    keys: Keys
    cache: Cache
    intake: Intake
    telemetry: Ingest
    streams: Streams
    is_draining: bool = False
    """Whether the server is about to end: it serves on, and says that it wants no more."""
    schema_is_good_until: float = 0.0
    """Until when (on the monotonic clock) a look at the schema need not be repeated: it takes reading every file."""


def services_of(request: Request) -> Services:
    """Give the services of the server that has the request."""
    services: Services = request.app.state.services
    return services
