"""The application: what it is made of, and how it comes up and goes down."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

import aias
from aias.api.compression import Compression
from aias.api.middleware import BodyLimit, Surroundings
from aias.api.openapi import describe
from aias.api.problems import problem_of, respond
from aias.api.routers import ROUTERS
from aias.api.services import Services
from aias.api.upkeep import upkeep
from aias.diagnostics import recording
from aias.integrations import close_clients
from aias.metrics import Flusher
from aias.plugins import load_plugins
from aias.settings import Settings, get_settings
from aias.tracing import flush_spans, start_export

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; its lifespan opens the pool and closes it again.

    Without settings those of the environment: ``uvicorn --factory aias.api:create_app``.
    """
    settings = settings or get_settings()
    app = FastAPI(
        title="AIAS",
        version=aias.__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        exception_handlers={HTTPException: _answer, RequestValidationError: _answer},
        middleware=_middleware(settings),
    )
    app.state.services = Services.of(settings)
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """Give what surrounds the routes, the outermost first."""
    found = [Middleware(Surroundings)]
    origins = [origin.strip() for origin in settings.api_cors_origins.split(",") if origin.strip()]
    if origins:
        found.append(
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
                allow_headers=[
                    "Authorization",
                    "Content-Type",
                    "Idempotency-Key",
                    "If-None-Match",
                    "X-Correlation-ID",
                    "traceparent",
                    "tracestate",
                ],
                expose_headers=[
                    "ETag",
                    "Link",
                    "Location",
                    "RateLimit",
                    "RateLimit-Policy",
                    "Retry-After",
                    "X-Request-ID",
                ],
                max_age=600,
            )
        )
    return [*found, Middleware(Compression), Middleware(BodyLimit, limit=settings.api_body_limit)]


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers = {"Allow": ", ".join(sorted(_methods(request)))}
    return respond(request, problem)


def _methods(request: Request) -> set[str]:
    """Give the methods of the path as the document lists them: ``/a/b`` is not ``/a/{name}``, which takes it too."""
    path = request.scope["path"]
    by_path: dict[str, set[str]] = {}
    for template, methods in request.app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            by_path[template] = {method.upper() for method in methods}
    plainest = min(by_path, key=lambda template: template.count("{"), default=None)
    found = by_path[plainest] if plainest is not None else {"GET"}
    return found | {"HEAD"} if "GET" in found else found


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Open what the routes share; at the end write down what is only in memory, and close it."""
    services: Services = app.state.services
    load_plugins()
    start_export(services.settings)
    await services.database.open()
    flusher = Flusher(services.database.connection)
    work = [asyncio.create_task(upkeep(services)), asyncio.create_task(flusher.run())]
    try:
        async with recording(services.database.url, role="serve", settings=services.settings), services.cache:
            yield
    finally:
        for task in work:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await flusher.close()
        await flush_spans()
        await services.database.close()
        await close_clients()
