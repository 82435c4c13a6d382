"""Making a check now: in the database, or, of HTTP servers, by asking them."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

import httpx

from aias.db import Pool
from aias.health import queries
from aias.health.queries import ApiServer, Problem

__all__ = ["look", "look_at_all"]

_PATIENCE = 5.0
_AT_ONCE = 10
_SILENT_AFTER = timedelta(minutes=3)
"""Three beats (``aias.api.registering``) that did not come."""


async def look(pool: Pool, name: str) -> bool:
    """Make one check now and keep what it finds; gives whether its status has changed.

    Raises:
        NotFound: there is no such check.
        InvalidArgument: it is not made on demand (``optimization``).
    """
    outside = _OUTSIDE.get(name)
    if outside is not None:
        return await outside(pool)
    async with pool.connection() as conn:
        return await queries.look_at_health(conn, name)


async def look_at_all(pool: Pool, cadence: str) -> list[str]:
    """Make every check of a cadence that the database makes, each in its own transaction; gives those that changed."""
    async with pool.connection() as conn:
        names = await queries.checks_of(conn, cadence)
    return [name for name in names if await look(pool, name)]


async def look_at_api(pool: Pool) -> bool:
    """Ask every HTTP server that registered itself whether it is ready, and keep what comes of it."""
    started = time.monotonic()
    async with pool.connection() as conn:
        servers = await queries.api_servers(conn)
    here = socket.gethostname()
    places = asyncio.Semaphore(_AT_ONCE)
    # neither a proxy nor a certificate is between servers of one system and their workers
    async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:

        async def ask(server: ApiServer) -> tuple[Problem | None, float | None]:
            async with places:
                return await _asked(client, server, here)

        answers = await asyncio.gather(*(ask(server) for server in servers))
    figures = {
        "servers": [
            {"url": server.url, "host_name": server.host_name, "latency_ms": latency}
            for server, (_, latency) in zip(servers, answers, strict=True)
        ]
    }
    async with pool.connection() as conn:
        return await queries.note_health(
            conn,
            "api",
            latency_ms=(time.monotonic() - started) * 1000,
            problems=[problem for problem, _ in answers if problem is not None],
            figures=figures,
        )


async def _asked(client: httpx.AsyncClient, server: ApiServer, here: str) -> tuple[Problem | None, float | None]:
    """Give what is wrong with a server, and how long its answer took in milliseconds."""
    if server.silence > _SILENT_AFTER:
        minutes = round(server.silence.total_seconds() / 60)
        return Problem(object=server.url, problem=f"has not said for {minutes} minutes that it is there"), None
    if server.host_name != here and _is_loopback(server.url):
        return None, None  # only its own machine can reach it; it says that it is there
    started = time.monotonic()
    try:
        answer = await client.get(f"{server.url}/readyz")
    except httpx.HTTPError as error:
        return Problem(object=server.url, problem=f"does not answer: {type(error).__name__}"), None
    latency = round((time.monotonic() - started) * 1000, 2)
    if answer.is_success:
        return None, latency
    return Problem(object=server.url, problem=f"answers {answer.status_code} to /readyz"), latency


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_OUTSIDE: dict[str, Callable[[Pool], Awaitable[bool]]] = {"api": look_at_api}
