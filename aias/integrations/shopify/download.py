"""The result of a bulk operation, fetched from where Shopify keeps it.

The address is signed: whoever knows it can read, so that no token goes along, and it is in no message. Only Shopify's
storage (over TLS) and the shop itself (as its connection says) are asked, without redirects, within 30 s.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import httpx
from pydantic import JsonValue, TypeAdapter

from aias.errors import PermanentError, TransientError
from aias.integrations.egress import GuardedTransport
from aias.integrations.payload import dumps, loads
from aias.integrations.shopify.client import Shop

__all__ = ["Lines", "download_lines"]

_STORAGE = "storage.googleapis.com"
_TOTAL = 30.0
_CONNECT = 5.0
_ROW = TypeAdapter(dict[str, JsonValue])
_GONE = frozenset({403, 404, 410})


@dataclass(slots=True, kw_only=True)
class Lines:
    """The rows that were read, and whether there were more."""

    rows: list[dict[str, JsonValue]] = field(default_factory=list[dict[str, JsonValue]])
    truncated: bool = False


async def download_lines(shop: Shop, url: str, *, max_rows: int, max_bytes: int) -> Lines:
    """Read lines of JSON until one of the bounds is reached; a line that would cross it is left out.

    Raises:
        PermanentError: the address is none of Shopify's, or the result is gone.
        TransientError: no answer, a broken one, or one that is not lines of JSON objects.
    """
    _check(shop, url)
    lines = Lines()
    left = max_bytes
    try:
        async with asyncio.timeout(_TOTAL):
            async for line in _lines(shop, url, longest=max_bytes):
                left -= len(line)
                if len(lines.rows) >= max_rows or left < 0:
                    lines.truncated = True
                    break
                lines.rows.append(_row(shop, line))
    except TimeoutError:
        raise TransientError(f"{shop.name}: the result did not arrive within {_TOTAL:g} s") from None
    except (httpx.HTTPError, httpx.StreamError, ssl.SSLError) as error:
        # Without the cause: its message may hold the address.
        raise TransientError(f"{shop.name}: the result can't be fetched: {type(error).__name__}") from None
    return lines


def _check(shop: Shop, url: str) -> None:
    try:
        target, own = httpx.URL(url), httpx.URL(shop.connection.config.base_url)
    except httpx.InvalidURL:
        raise PermanentError(f"{shop.name} keeps the result at an address that is none") from None
    is_own = (target.scheme, target.host, target.port) == (own.scheme, own.host, own.port)
    is_storage = target.scheme == "https" and target.port is None and target.host == _STORAGE
    if target.userinfo or not (is_own or is_storage):
        raise PermanentError(f"{shop.name} keeps the result at {target.host[:100]}, which is not Shopify's storage")


async def _lines(shop: Shop, url: str, *, longest: int) -> AsyncGenerator[bytes]:
    inner = httpx.AsyncHTTPTransport(trust_env=False)
    timeout = httpx.Timeout(_TOTAL, connect=_CONNECT)
    transport = GuardedTransport(inner, shop.connection.egress)
    headers = {"Accept-Encoding": "identity", "Accept": "*/*"}
    async with (
        httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=timeout) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if response.status_code in _GONE:
            raise PermanentError(f"{shop.name}: the result is gone ({response.status_code})")
        if not response.is_success or response.headers.get("content-encoding", "identity") != "identity":
            raise TransientError(f"{shop.name}: the result can't be fetched: answer {response.status_code}")
        rest = b""
        async for chunk in response.aiter_raw():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                if line.strip():
                    yield line
            if len(rest) > longest:
                yield rest  # longer than what is kept: the reader stops here
                return
        if rest.strip():
            yield rest


def _row(shop: Shop, line: bytes) -> dict[str, JsonValue]:
    try:
        return _ROW.validate_python(loads(dumps(loads(line))))  # there and back: decimals become strings
    except ValueError:
        raise TransientError(f"{shop.name}: the result is not lines of JSON objects") from None
