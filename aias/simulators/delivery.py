"""How an answer travels back: whole, or in one of the ways in which real answers don't.

:func:`deliver` is given what is to go wrong (a :class:`~aias.simulators.outcomes.Do`), what does the work and words
the failures (:class:`Upstream`), and the wire. It returns the HTTP status that the client could see, None when it saw
none.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from aias.simulators.outcomes import Do, UserError
from aias.simulators.serving import cut, gone, write_raw

__all__ = ["JSON_TYPE", "Answer", "Upstream", "Wire", "deliver", "dumps", "json_answer"]

JSON_TYPE = "application/json; charset=utf-8"
_CHUNK = 64 * 1024
_WITHOUT_BODY = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer; ``error`` is what the journal notes about it (an error code, a sentence)."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    error: str | None = None


class Upstream(Protocol):
    """One call at the imitated service: how it is carried out, and how the service words a failure."""

    def perform(self) -> Answer:
        """Do what the request asks for, and give the real answer."""
        ...

    def refusal(self, status: int) -> Answer:
        """Its answer with this HTTP status."""
        ...

    def graphql_error(self, message: str, code: str) -> Answer:
        """Its GraphQL answer that holds nothing but this error."""
        ...

    def user_errors(self, errors: Sequence[UserError]) -> Answer:
        """Its answer to a mutation that it refuses."""
        ...

    def throttled(self) -> Answer:
        """Its answer to a caller who asks too often."""
        ...


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def dumps(value: Any) -> bytes:
    """The value as JSON in UTF-8: decimals as strings without exponent, times as ISO 8601 in UTC."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).encode(errors="replace")


def json_answer(
    value: Any, status: int = 200, *, error: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """An answer with this value as its JSON body."""
    return Answer(status=status, body=dumps(value), error=error, headers=headers or {})


class Wire:
    """One request's way back to its client."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, closing: asyncio.Event) -> None:
        self._scope = scope
        self._send = send
        self._closing = asyncio.create_task(closing.wait())
        self._gone = asyncio.create_task(gone(receive))

    @property
    def alive(self) -> bool:
        """Whether the client is still there, and the server not about to stop."""
        return not self._gone.done() and not self._closing.done()

    async def pause(self, seconds: float) -> bool:
        """Wait; at once over when the client leaves or the server stops. Returns whether it is worth going on."""
        if seconds <= 0:
            await asyncio.sleep(0)  # long enough to notice that the client has left
        elif self.alive:
            await asyncio.wait({self._gone, self._closing}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return self.alive

    async def start(self, answer: Answer, length: int | None) -> None:
        """Send the status and the headers; without a length the body is chunked."""
        headers = {"content-type": answer.content_type}
        headers |= {name.lower(): value for name, value in answer.headers.items()}
        if length is not None:
            headers["content-length"] = str(length)
        await self._send(
            {
                "type": "http.response.start",
                "status": answer.status,
                # Capitalised as HTTP/1.1 servers do: Shopify's own library looks a header up in this spelling.
                "headers": [
                    (name.title().encode("latin-1"), value.encode("latin-1", "replace"))
                    for name, value in headers.items()
                ],
            }
        )

    async def write(self, data: bytes, *, last: bool = False) -> None:
        """Send a piece of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": not last})

    async def send(self, answer: Answer) -> None:
        """Send the whole answer."""
        body = b"" if answer.status in _WITHOUT_BODY else answer.body
        await self.start(answer, None if answer.status in _WITHOUT_BODY else len(body))
        await self.write(body, last=True)

    async def cut(self) -> None:
        """Reset the connection."""
        if not self._gone.done():
            cut(self._scope)
            await asyncio.wait({self._gone})

    async def raw(self, data: bytes) -> None:
        """Send bytes that need not be HTTP, and end the connection."""
        if not self._gone.done():
            write_raw(self._scope, data)
            await asyncio.wait({self._gone, self._closing}, return_when=asyncio.FIRST_COMPLETED)

    async def close(self) -> None:
        """Let go of what was waited for; once, at the end of the request."""
        for task in (self._closing, self._gone):
            task.cancel()
        await asyncio.gather(self._closing, self._gone, return_exceptions=True)


async def deliver(do: Do, upstream: Upstream, wire: Wire, now: float) -> int | None:
    """Do the work where the fault lets it happen, and answer as the fault wants it."""
    if not await wire.pause(do.latency):
        return None
    answer = upstream.perform() if do.passes else Answer()
    if not await wire.pause(do.linger):
        return None
    if do.hang is not None:
        await wire.pause(do.hang)
    if do.hang is not None or do.reset is True or do.drop_after_commit:
        await wire.cut()
        return None
    if do.replaces:
        answer = _replacement(do, upstream)
    answer = replace(answer, headers={**_lower(answer.headers), **_lower(do.answer_headers(now))})
    return await _answer(do, answer, wire)


async def _answer(do: Do, answer: Answer, wire: Wire) -> int | None:
    if do.raw is not None:
        await wire.raw(do.raw.encode("latin-1", "replace"))
        return None
    if do.content_length is not None:
        await wire.raw(_wrongly_long(answer, do.content_length))
    elif do.huge is not None:
        await _send_huge(do.huge, answer, wire)
    elif do.bomb is not None:
        await _send_huge(do.bomb, replace(answer, headers={**answer.headers, "content-encoding": "gzip"}), wire)
    elif do.drip is not None:
        await _drip(do.drip, answer, wire)
    elif do.truncate is not None or do.reset == "mid_body":
        shown = len(answer.body) // 2 if do.truncate is None else do.truncate
        await wire.start(answer, max(len(answer.body), shown + 1))
        await wire.write(answer.body[:shown])
        if do.reset:
            await wire.cut()
    elif do.truncated_json is not None:
        await wire.send(replace(answer, body=answer.body[: do.truncated_json]))
    else:
        await wire.send(answer)
    return answer.status


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _replacement(do: Do, upstream: Upstream) -> Answer:
    if do.garbage:
        return Answer(body=b'{"data": \xff\xfe\x00 <<<< \xc3\x28', content_type="application/json")
    if do.html:
        return Answer(
            body=b"<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body></body></html>\n",
            content_type="text/html; charset=utf-8",
        )
    if do.empty:
        return Answer(body=b"{}")
    if do.graphql_error is not None:
        return upstream.graphql_error(do.graphql_error.message, do.graphql_error.code)
    if do.user_errors:
        return upstream.user_errors(do.user_errors)
    if do.internal_error:
        message = "Internal error. Looks like something went wrong on our end."
        return upstream.graphql_error(message, "INTERNAL_SERVER_ERROR")
    if do.throttled:
        return upstream.throttled()
    answer = Answer() if do.status is None else upstream.refusal(do.status)
    return answer if do.body is None else replace(answer, body=do.body.encode())


def _wrongly_long(answer: Answer, length: int) -> bytes:
    """The whole answer as bytes, with a length of the fault's choice: no HTTP library would send it."""
    headers = {"content-type": answer.content_type, **answer.headers, "content-length": str(length)}
    lines = [f"HTTP/1.1 {answer.status} Simulated", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + answer.body


async def _send_huge(size: int, answer: Answer, wire: Wire) -> None:
    """Send a JSON text of so many bytes, packed where the answer says so, for as long as somebody listens."""
    pack = zlib.compressobj(level=9, wbits=zlib.MAX_WBITS | 16) if "content-encoding" in answer.headers else None

    def packed(data: bytes) -> bytes:
        return data if pack is None else pack.compress(data)

    await wire.start(answer, None)
    left = max(0, size - 2)
    await wire.write(packed(b'"'))
    while left and await wire.pause(0):
        piece = min(left, _CHUNK)
        await wire.write(packed(b"x" * piece))
        left -= piece
    if not left:
        await wire.write(packed(b'"') + (b"" if pack is None else pack.flush()), last=True)


async def _drip(seconds: float, answer: Answer, wire: Wire) -> None:
    await wire.start(answer, len(answer.body))
    for at in range(len(answer.body)):
        if not await wire.pause(seconds):
            return
        await wire.write(answer.body[at : at + 1])
    await wire.write(b"", last=True)
