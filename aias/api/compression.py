"""Answers in fewer bytes: zstd (RFC 8878) or gzip, whichever the client takes, zstd before gzip."""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["Compression"]

_SMALLEST = 1000
_IN_A_THREAD = 200_000
"""Bytes from which on compressing would hold up other requests."""
_GZIP_LEVEL = 5
_TEXT = ("application/json", "application/problem+json", "text/", "application/javascript")


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body)


class Compression:
    """Compresses answers that are texts, whole and not small; others pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding, compress = _chosen(Headers(scope=scope).get("accept-encoding", ""))
        start: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                headers = MutableHeaders(scope=start)
                if headers.get("content-type", "").startswith(_TEXT):
                    headers.add_vary_header("Accept-Encoding")
                    body = message.get("body", b"")
                    is_fit = (
                        len(body) >= _SMALLEST and not message.get("more_body") and "content-encoding" not in headers
                    )
                    if is_fit and compress is not None:
                        is_large = len(body) >= _IN_A_THREAD
                        body = await asyncio.to_thread(compress, body) if is_large else compress(body)
                        headers["Content-Encoding"], headers["Content-Length"] = encoding, str(len(body))
                        message = {**message, "body": body}
                await send(start)
                start = None
            await send(message)

        await self._app(scope, receive, sending)


def _chosen(accepted: str) -> tuple[str, Callable[[bytes], bytes] | None]:
    """Read Accept-Encoding (RFC 9110, 12.5.3): what is named with a weight above zero."""
    weights: dict[str, float] = {}
    for one in accepted.lower().split(","):
        name, _, parameter = one.partition(";")
        weight = parameter.strip().removeprefix("q=") or "1"
        try:
            weights[name.strip()] = float(weight)
        except ValueError:
            weights[name.strip()] = 0
    for name, compress in (("zstd", _zstd), ("gzip", _gzip)):
        if weights.get(name, 0) > 0:
            return name, compress
    return "", None
