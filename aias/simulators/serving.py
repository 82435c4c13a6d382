"""uvicorn as a part of this process: its own port, no signal handlers, no log lines, and a way to cut a connection.

uvicorn gives an application no access to the socket, but "the server resets the connection" is one of the failures
that must be had on demand. :class:`_Protocol` therefore puts the transport into the scope; :func:`cut` uses it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
from collections.abc import Generator
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from aias.errors import ConfigurationError

__all__ = ["HttpServer", "cut", "gone", "write_raw"]

_TRANSPORT = "aias.transport"
_STOP_SECONDS = 2.0
_TICK_SECONDS = 0.1
_TICKS = 864_000

# uvicorn reports an unfinished answer as an error of the application; here it is what was asked for.
_silent = logging.getLogger("aias.simulators.http")
_silent.setLevel(logging.CRITICAL)


class _Protocol(H11Protocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _silent
        application = cast("ASGIApp", self.app)

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope[_TRANSPORT] = self.transport
            await application(scope, receive, send)

        self.app = cast("Any", with_transport)


def cut(scope: Scope) -> None:
    """Reset the connection of this request: the client sees neither an answer nor an orderly end."""
    transport = cast("asyncio.Transport", scope[_TRANSPORT])
    sock = cast("socket.socket | None", transport.get_extra_info("socket"))
    if sock is not None:
        # Lingering for zero seconds makes the kernel send RST instead of FIN.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def write_raw(scope: Scope, data: bytes) -> None:
    """Send these bytes past the HTTP library, then end the connection in good order."""
    transport = cast("asyncio.Transport", scope[_TRANSPORT])
    transport.write(data)
    transport.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # Signals belong to whoever runs the process.
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        # As uvicorn's own (a tick each 0.1 s keeps the Date header right), but over as soon as it is told to stop.
        counter = 0
        while not await self.on_tick(counter) and not self.stopping.is_set():
            counter = (counter + 1) % _TICKS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self.stopping.wait()


class HttpServer:
    """One application on one port, from :meth:`start` to :meth:`stop`, as a task of the running loop."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port, which the kernel chooses when 0 is asked for.

        Raises:
            ConfigurationError: the address is taken or not ours.
        """
        listener = _listen(host, port)
        config = uvicorn.Config(
            self._app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listener]), name=f"simulator on {host}:{port}")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self._task
        return cast("int", listener.getsockname()[1])

    async def stop(self) -> None:
        """Close the port and all connections; calls under way get a second to end. Does nothing when not started."""
        if self._server is None or self._task is None:
            return
        self._server.stopping.set()
        _, pending = await asyncio.wait({self._task}, timeout=_STOP_SECONDS)
        if pending:
            self._server.should_exit = self._server.force_exit = True
            self._task.cancel()
            await asyncio.wait({self._task})
        self._server = self._task = None


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigurationError(f"can't listen on {host}:{port}: {error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
        listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    except OSError as error:
        listener.close()
        raise ConfigurationError(f"can't listen on {host}:{port}: {error}") from error
    return listener


async def gone(receive: Receive) -> None:
    """Wait until the client has left. Only after the request's body was read to its end."""
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()
