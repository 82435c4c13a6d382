"""What the routes share: one of each per server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from starlette.requests import Request

from aias.api.authentication import Keys
from aias.api.database import Database
from aias.api.streaming import Streams
from aias.cache import Cache
from aias.db import database_url
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

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Make the parts; none of them is open yet."""
        url = database_url(settings)
        database = Database(url, max_size=settings.api_pool)
        return cls(
            settings=settings,
            database=database,
            keys=Keys(database, operator_rate=settings.api_operator_rate),
            cache=Cache(url),
            intake=Intake(database.connection),
            telemetry=Ingest(database.connection, most_waiting=settings.api_telemetry_buffer),
            streams=Streams(settings.api_streams),
        )


def services_of(request: Request) -> Services:
    """Give the services of the server that has the request."""
    services: Services = request.app.state.services
    return services
