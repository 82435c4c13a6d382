"""Waiting on loopback for the browser that comes back from a consent.

One address, one path, one answer: anything else that reaches the port is refused and changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import webbrowser
from collections.abc import Mapping
from typing import Any

from aias.cli.output import note
from aias.client import Aias
from aias.errors import AiasError, ConfigurationError, Forbidden, InvalidArgument, NotFound
from aias.integrations import Connected, finish_oauth, start_oauth

__all__ = ["by_consent"]

_HOST = "127.0.0.1"
_PATH = "/callback"
_LONGEST_REQUEST = 16_384
_REQUEST_SECONDS = 10.0


async def by_consent(
    aias: Aias,
    *,
    tenant: str,
    user: str,
    kind: str,
    name: str,
    config: Mapping[str, Any],
    scopes: str | None,
    port: int,
    is_opened: bool,
    wait: float,
) -> Connected:
    """Ask for consent in a browser, wait at most ``wait`` seconds for its answer, and connect.

    Raises:
        ConfigurationError: the port is taken.
        AiasError: nobody answered in time, or as ``start_oauth`` and ``finish_oauth``.
    """
    waiting = _Waiting(aias, tenant=tenant, user=user)
    try:
        server = await asyncio.start_server(waiting.serve, _HOST, port, limit=_LONGEST_REQUEST)
    except OSError as error:
        raise ConfigurationError(f"can't listen on {_HOST}:{port} for the answer: {error.strerror}") from None
    async with server:
        bound = server.sockets[0].getsockname()[1]
        started = await start_oauth(
            aias.session.pool,
            tenant=tenant,
            user=user,
            kind=kind,
            name=name,
            config=config,
            redirect_uri=f"http://{_HOST}:{bound}{_PATH}",
            scopes=scopes,
        )
        note(f"open this address in a browser and consent:\n{started.url}")
        if is_opened:
            await asyncio.to_thread(webbrowser.open, started.url)
        limit = min(wait, started.expires_in)
        try:
            async with asyncio.timeout(limit):
                return await waiting.outcome
        except TimeoutError:
            raise AiasError(f"nobody consented within {limit:g} s") from None


class _Waiting:
    """The page that the browser comes back to, and what came of it."""

    def __init__(self, aias: Aias, *, tenant: str, user: str) -> None:
        self.outcome: asyncio.Future[Connected] = asyncio.get_running_loop().create_future()
        self._aias = aias
        self._tenant = tenant
        self._user = user
        self._one_at_a_time = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            path, _, query = target.partition("?")
            if method != "GET" or path != _PATH:
                await _say(writer, 404, "There is nothing here.")
                return
            async with self._one_at_a_time:
                status, message = await self._answer(query)
            await _say(writer, status, message)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # not a browser, or gone: whoever is meant will come
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, query: str) -> tuple[int, str]:
        """Take an answer. One that is not for us leaves us waiting; anything else is the end."""
        if self.outcome.done():
            return 409, "This was answered before."
        try:
            made = await finish_oauth(self._aias.session.pool, tenant=self._tenant, user=self._user, query=query)
        except (Forbidden, InvalidArgument, NotFound) as error:
            note(f"an answer was refused: {error.message}")
            return 400, error.message
        except AiasError as error:
            self.outcome.set_exception(error)
            return 502, error.message
        self.outcome.set_result(made)
        return 200, f"{made.kind}:{made.name} is connected. This window can be closed."


async def _say(writer: asyncio.StreamWriter, status: int, message: str) -> None:
    page = f"<!doctype html><meta charset=utf-8><title>AIAS</title><p>{html.escape(message)}</p>\n".encode()
    head = (
        f"HTTP/1.1 {status} AIAS\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n"
        # the address holds the code: no copy of it in a cache, no page that is told where we came from
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + page)
    await writer.drain()
