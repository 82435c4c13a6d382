"""How an answer travels back: whole, or in one of the ways in which real answers don't.

:func:`deliver` is given what is to go wrong (a :class:`~aias.simulators.faults.Do`), a function that does the work
and gives the real answer, and the wire. It returns the HTTP status that the client could see, None when it saw none.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from aias.simulators.faults import Do
from aias.simulators.serving import cut, gone

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
    """The voice of the imitated service: how it words a failure."""

    def refusal(self, status: int) -> Answer:
        """Its answer with this HTTP status."""
        ...

    def graphql_error(self, message: str, code: str) -> Answer:
        """Its GraphQL answer that holds nothing but this error."""
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
        if seconds > 0 and self.alive:
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
                "headers": [
                    (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()
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

    async def close(self) -> None:
        """Let go of what was waited for; once, at the end of the request."""
        for task in (self._closing, self._gone):
            task.cancel()
        await asyncio.gather(self._closing, self._gone, return_exceptions=True)


async def deliver(do: Do, perform: Callable[[], Answer], upstream: Upstream, wire: Wire, now: float) -> int | None:
    """Do the work where the fault lets it happen, and answer as the fault wants it."""
    if not await wire.pause(do.latency):
        return None
    answer = perform() if do.passes else Answer()
    if do.hang is not None:
        await wire.pause(do.hang)
    if do.hang is not None or do.reset or do.drop_after_commit:
        await wire.cut()
        return None
    if do.replaces:
        answer = _replacement(do, upstream)
    headers = do.answer_headers(now)
    answer = replace(answer, headers={**_lower(answer.headers), **_lower(headers)})
    if do.huge is not None:
        await _send_huge(do.huge, answer, wire)
    elif do.drip is not None:
        await _drip(do.drip, answer, wire)
    elif do.truncate is not None:
        await wire.start(answer, max(len(answer.body), do.truncate + 1))
        await wire.write(answer.body[: do.truncate])
    else:
        await wire.send(answer)
    return answer.status


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _replacement(do: Do, upstream: Upstream) -> Answer:
    answer = Answer()
    if do.garbage:
        answer = Answer(body=b'{"data": \xff\xfe\x00 <<<< \xc3\x28', content_type="application/json")
    elif do.html:
        answer = Answer(
            body=b"<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body></body></html>\n",
            content_type="text/html; charset=utf-8",
        )
    elif do.empty:
        answer = Answer(body=b"{}")
    elif do.graphql_error is not None:
        answer = upstream.graphql_error(do.graphql_error.message, do.graphql_error.code)
    elif do.internal_error:
        answer = upstream.graphql_error(
            "Internal error. Looks like something went wrong on our end.", "INTERNAL_SERVER_ERROR"
        )
    elif do.throttled:
        answer = upstream.throttled()
    elif do.status is not None:
        answer = upstream.refusal(do.status)
    if do.body is not None:
        answer = replace(answer, body=do.body.encode())
    return answer


async def _send_huge(size: int, answer: Answer, wire: Wire) -> None:
    await wire.start(answer, None)
    left = max(0, size - 2)
    await wire.write(b'"')
    while left and wire.alive:
        piece = min(left, _CHUNK)
        await wire.write(b"x" * piece)
        left -= piece
    if not left:
        await wire.write(b'"', last=True)


async def _drip(seconds: float, answer: Answer, wire: Wire) -> None:
    await wire.start(answer, len(answer.body))
    for at in range(len(answer.body)):
        if not await wire.pause(seconds):
            return
        await wire.write(answer.body[at : at + 1])
    await wire.write(b"", last=True)
