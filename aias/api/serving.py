"""The server: uvicorn, which at the end first says that it wants no more, then finishes what it has."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Generator

import structlog
import uvicorn
from fastapi import FastAPI

from aias.api.registering import reachable, registered
from aias.api.services import Services
from aias.errors import AiasError
from aias.settings import Settings

__all__ = ["Server"]

_log = structlog.stdlib.get_logger(__name__)

_KEEP_ALIVE = 15
_BACKLOG = 2048


class _Uvicorn(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_started = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Come up, and say so."""
        await super().startup(sockets)
        self.has_started.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class Server:
    """Serves the application on one address, which is taken when it is made (port 0: any free one)."""

    def __init__(self, app: FastAPI, settings: Settings, *, host: str, port: int) -> None:
        """Take the address.

        Raises:
            AiasError: it can't be taken.
        """
        self._services: Services = app.state.services
        try:
            self._socket = socket.create_server((host, port), family=_family(host), backlog=_BACKLOG)
        except OSError as error:
            raise AiasError(f"can't listen on {host} port {port}: {error.strerror or error}") from None
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=max(1, round(settings.api_request_timeout)),
                proxy_headers=bool(settings.api_trusted_proxies),
                forwarded_allow_ips=settings.api_trusted_proxies or None,
                ws="none",
            )
        )

    @property
    def url(self) -> str:
        """Where it is."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def serve(self, stop: asyncio.Event, *, drain: float = 0.0) -> None:
        """Serve until ``stop`` is set, then end gracefully.

        For ``drain`` seconds ``/readyz`` says 503 and everything else goes on as before, so that a balancer looks
        elsewhere; then no connection is taken any more, and requests in flight get the time that requests have.
        """
        url = reachable(self.url, self._socket.getsockname()[0])
        serving = asyncio.create_task(self._uvicorn.serve(sockets=[self._socket]))
        registering = asyncio.create_task(self._registered(url))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                self._services.is_draining = True
                _log.info("draining", seconds=drain)
                await asyncio.wait({serving}, timeout=drain)
            # while the lifespan still has its connections
            registering.cancel()
            await asyncio.wait({registering})
            self._uvicorn.should_exit = True
            await serving
        finally:
            stopping.cancel()
            registering.cancel()
            self._uvicorn.should_exit = self._uvicorn.force_exit = True
            await asyncio.wait({serving})
            self._socket.close()

    async def _registered(self, url: str) -> None:
        await self.started()
        await registered(self._services.database, url)

    async def started(self) -> None:
        """Wait until it answers."""
        await self._uvicorn.has_started.wait()


def _family(host: str) -> socket.AddressFamily:
    with contextlib.suppress(ValueError):
        return socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET  # noqa: PLR2004
    return socket.AF_INET
