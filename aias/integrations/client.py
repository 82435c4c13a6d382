"""The one way to call an upstream: pooled, bounded in time and size, and every outcome a result or one of our errors.

::

    shop = Upstream(name="shopify:main", base_url="https://shop.example", headers={"X-Token": SecretStr("...")})
    answer = await shop.call("POST", "/graphql.json", json={...}, call=Call.of(context))

What holds for every call:

- Connections are pooled per origin, HTTP/2 where the server offers it; proxies of the environment are ignored.
- Connecting takes at most 5 s, everything together at most 30 s (AIAS_CALL_TIMEOUT): a server that drips a byte a
  second gains nothing.
- An answer larger than 10 MB, unpacked, is given up while it streams in.
- A GET follows up to three redirects within its origin; nothing else follows any.
- No secret is in an error, a repr or a log line.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import time
import zlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import httpx
import structlog
from pydantic import SecretStr

from aias import __version__
from aias.errors import PermanentError, StepError, TransientError
from aias.integrations.call import Call
from aias.integrations.egress import Egress, GuardedTransport
from aias.integrations.gatekeeper import flush_reports
from aias.integrations.guard import Guard, Passage, Tally
from aias.integrations.outcome import malformed, status_error
from aias.integrations.payload import dumps, loads
from aias.integrations.spans import CallSpan
from aias.settings import get_settings

__all__ = ["Answer", "Call", "Limits", "Upstream", "close_clients"]

# They write what must not be written: httpx whole URLs (a Slack webhook's URL is its secret), the others header values.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("hpack").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_log = structlog.stdlib.get_logger(__name__)

_MAX_REDIRECTS = 3
_MAX_CLIENTS = 256
_UNPACKED = re.compile(r"\s*(identity)?\s*", re.IGNORECASE)
_PACKED = re.compile(r"\s*(x-)?(gzip|deflate)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes of one call. ``total`` is AIAS_CALL_TIMEOUT where nothing else is said."""

    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 30.0
    total: float = field(default_factory=lambda: get_settings().call_timeout)
    max_bytes: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: the status, the headers, and the whole body, unpacked."""

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A service to call: its name for people, where it is, what to send along, and its limits.

    ``headers`` go with every call and are secret. ``secret_url`` says that the address itself is one (a webhook).
    """

    name: str
    base_url: str = field(repr=False)
    headers: Mapping[str, SecretStr] = field(default_factory=dict[str, SecretStr])
    secret_url: bool = False
    limits: Limits = field(default_factory=Limits)
    egress: Egress = field(default_factory=Egress)
    guard: Guard | Tally | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every string that must not be shown: header values, their words, and the address where it is secret."""
        values = [value.get_secret_value() for value in self.headers.values()]
        words = [word for value in values for word in value.split()]
        if self.secret_url:
            url = httpx.URL(self.base_url)
            words += [self.base_url, url.raw_path.decode("ascii"), *url.path.split("/")]
        return tuple(dict.fromkeys([*values, *words]))

    async def call(  # noqa: PLR0913 (the request, and what it is to us)
        self,
        method: str,
        path: str = "",
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        call: Call | None = None,
        check: bool = True,
        operation: str | None = None,
        cost: int = 1,
    ) -> Answer:
        """Make one call and give its answer.

        ``path`` is appended to the base URL; the body is ``json``, or ``content`` as it is. With ``check`` (the
        default) an answer that is not 2xx is an error; without it only the absence of a readable answer is. Where the
        upstream has a ``guard``, the call takes ``cost`` points of its limit and is counted under ``operation``.

        Raises:
            Deferred: the upstream's gate is closed or its limit is used up (nothing was called), or it answered 429.
            TransientError: no answer, a broken one, or one that says "later"; ``retry_after`` as the upstream wished.
            PermanentError: the same call would be refused again.
        """
        call = call or Call()
        async with self.passing(operation or method, call=call, cost=cost) as passage:
            answer = await self.send(
                method, path, json=json, content=content, headers=headers, call=call, passage=passage
            )
            if check and not answer.ok:
                raise status_error(self.name, answer.status, answer.headers, answer.body, secrets=self.secrets)
        return answer

    @asynccontextmanager
    async def passing(self, operation: str, *, call: Call, cost: int = 1) -> AsyncGenerator[Passage]:
        """Pass the guard, if there is one, for what happens in the block: one ``send``, and reading its answer.

        Raises:
            Deferred: as ``call``.
        """
        if self.guard is None:
            yield Passage(operation=operation)
            return
        async with self.guard.entered(
            operation=operation,
            key=call.idempotency_key,
            cost=cost,
            timeout=self.limits.total,
            is_deferred=call.is_deferred,
        ) as passage:
            yield passage

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        call: Call,
        passage: Passage,
    ) -> Answer:
        """Send a request and give whatever answer there is; for the block of ``passing``.

        Raises:
            TransientError: no answer, or a broken one.
            PermanentError: the request can't be sent.
        """
        body = content if json is None else dumps(json)
        sent = httpx.Headers({"Content-Type": "application/json"} if json is not None else {})
        sent.update(headers)
        started = time.monotonic()
        status: int | str = "error"
        span = CallSpan.begin()
        if span is not None and call.trace_parent:
            call = replace(call, trace_parent=span.context.trace_parent, trace_state=span.context.trace_state)
        try:
            async with asyncio.timeout(self.limits.total):
                answer = await self._follow(method, self.base_url + path, body, sent, call)
            status = answer.status
            passage.answered(status)
            return answer
        except TimeoutError:
            raise TransientError(f"{self.name} did not answer within {self.limits.total:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
            # Without the cause: h11 quotes an illegal header, value and all, in its message.
            raise self._transport_error(error) from None
        finally:
            seconds = round(time.monotonic() - started, 4)
            _log.debug("upstream call", upstream=self.name, method=method, status=status, seconds=seconds)
            if span is not None and self.guard is not None:
                span.end(self.guard.pool, self.guard.tenant_id, f"{self.name} {passage.operation}", status)

    def malformed(self, why: str, body: bytes, *, call: Call, status: int | None = None) -> StepError:
        """Give the error for an answer of this upstream that can't be read."""
        return malformed(self.name, why, body, attempt=call.attempt, status=status, secrets=self.secrets)

    def read_json(self, answer: Answer, *, call: Call) -> Any:
        """Read a JSON answer: numbers with a point as exact decimals, text that PostgreSQL can store.

        Raises:
            TransientError: it is no JSON (HTML, cut off, a wrong charset, absurd numbers); permanent from the fifth
                attempt on.
        """
        try:
            return loads(answer.body)
        except ValueError as error:
            raise self.malformed(str(error), answer.body, call=call, status=answer.status) from None

    async def _follow(self, method: str, url: str, body: bytes | None, headers: httpx.Headers, call: Call) -> Answer:
        target = httpx.URL(url)
        origin = _origin(target)
        for _ in range(_MAX_REDIRECTS):
            answer = await self._exchange(method, target, body, headers, call)
            location = answer.headers.get("location")
            if method not in {"GET", "HEAD"} or answer.status // 100 != 3 or not location:  # noqa: PLR2004
                return answer
            target = target.join(location)
            if _origin(target) != origin or target.userinfo:
                return answer
        return await self._exchange(method, target, body, headers, call)

    async def _exchange(
        self, method: str, url: httpx.URL, body: bytes | None, headers: httpx.Headers, call: Call
    ) -> Answer:
        limits = self.limits
        sent = httpx.Headers(
            {
                "User-Agent": f"aias/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
            }
        )
        sent.update(headers)
        sent.update(call.headers())
        sent.update({name: value.get_secret_value() for name, value in self.headers.items()})
        async with _client(_origin(url), self.egress) as client:
            request = client.build_request(
                method,
                url,
                headers=sent,
                content=body,
                timeout=httpx.Timeout(limits.read, connect=limits.connect, write=limits.write, pool=limits.pool),
            )
            response = await client.send(request, stream=True)
            try:
                data = await self._body(response, call)
            finally:
                await response.aclose()
        return Answer(status=response.status_code, headers=response.headers, body=data)

    async def _body(self, response: httpx.Response, call: Call) -> bytes:
        """Read the body up to the limit, unpacking by hand: a library's decoder would unpack a bomb before we count."""
        coding = response.headers.get("content-encoding", "")
        unpack = None
        if _PACKED.fullmatch(coding):
            unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        elif not _UNPACKED.fullmatch(coding):
            raise self.malformed(f"unknown content coding {coding[:40]!r}", b"", call=call)
        limit = self.limits.max_bytes
        data = bytearray()
        async for chunk in response.aiter_raw():
            try:
                data += chunk if unpack is None else unpack.decompress(chunk, limit + 1 - len(data))
            except zlib.error:
                raise self.malformed("broken compression", bytes(data), call=call) from None
            if len(data) > limit:
                raise self.malformed(f"larger than {limit} bytes", bytes(data[:4000]), call=call)
        if unpack is not None and data and not unpack.eof:
            raise self.malformed("its compressed body is cut off", bytes(data), call=call)
        return bytes(data)

    def _transport_error(self, error: Exception) -> StepError:
        match error:
            case httpx.ConnectTimeout():
                return TransientError(f"{self.name} can't be reached: no connection in {self.limits.connect:g} s")
            case httpx.PoolTimeout():
                return TransientError(f"{self.name}: no free connection in {self.limits.pool:g} s")
            case httpx.TimeoutException():
                return TransientError(f"{self.name} stopped answering")
            case httpx.LocalProtocolError() | httpx.UnsupportedProtocol() | httpx.InvalidURL() | UnicodeError():
                return PermanentError(f"{self.name}: the request is malformed: bad address or header")
            case httpx.ConnectError():
                return TransientError(f"{self.name} can't be reached: {_reason(error)}")
            case _:
                return TransientError(f"{self.name} broke the connection: {type(error).__name__}")


def _reason(error: Exception) -> str:
    """Say why a connection failed in words that hold no address: the kind, and TLS's complaint."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not valid ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "TLS could not be agreed"
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused"
        cause = cause.__cause__ or cause.__context__
    return "connection failed"


def _origin(url: httpx.URL) -> str:
    port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
    return f"{url.scheme}://{url.host}:{port}"


# --- pooled clients: one per origin, per event loop ---------------------------------------------


@dataclass(slots=True)
class _Pooled:
    client: httpx.AsyncClient
    users: int = 0


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, Egress], _Pooled]] = WeakKeyDictionary()


@cache
def _tls() -> ssl.SSLContext:
    """One context for all clients: loading the certificates takes longer than many a call."""
    return httpx.create_ssl_context(trust_env=False)


@asynccontextmanager
async def _client(origin: str, egress: Egress) -> AsyncGenerator[httpx.AsyncClient]:
    """Lend the origin's client; one that nobody uses makes room when there are too many."""
    pool = _pools.setdefault(asyncio.get_running_loop(), {})
    key = (origin, egress)
    pooled = pool.pop(key, None) or _Pooled(_new_client(egress))
    pool[key] = pooled  # at the end: the dictionary's order is that of the last use
    pooled.users += 1
    try:
        yield pooled.client
    finally:
        pooled.users -= 1
        await _trim(pool)


def _new_client(egress: Egress) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=15.0)
    inner = httpx.AsyncHTTPTransport(verify=_tls(), http2=True, limits=limits, trust_env=False)
    return httpx.AsyncClient(transport=GuardedTransport(inner, egress), trust_env=False, follow_redirects=False)


async def _trim(pool: dict[tuple[str, Egress], _Pooled]) -> None:
    if len(pool) <= _MAX_CLIENTS:
        return
    for key in [key for key, pooled in pool.items() if pooled.users == 0][: len(pool) - _MAX_CLIENTS]:
        await pool.pop(key).client.aclose()


async def close_clients() -> None:
    """Write down what is known of calls, and close the loop's pooled connections; later calls open new ones."""
    await flush_reports()
    pool = _pools.pop(asyncio.get_running_loop(), {})
    for pooled in pool.values():
        await pooled.client.aclose()
