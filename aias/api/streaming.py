"""Streams of server-sent events: how many there may be, and how one goes on and ends.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from http import HTTPStatus
from uuid import UUID

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from aias.api.context import context_of
from aias.api.problems import HttpProblem

__all__ = ["EventStream", "Streams", "event"]

_MOST_OF_A_TENANT = 5
_RETRY_AFTER = 15
_HEADERS = {
    "Cache-Control": "no-store",
    # a proxy that gathers answers before it passes them on (nginx) would hold the events back
    "X-Accel-Buffering": "no",
}


class Streams:
    """The streams that the server has open: at most so many, and at most five of one tenant."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[UUID | None] = Counter()

    @contextlib.contextmanager
    def place(self, tenant_id: UUID | None) -> Generator[None]:
        """Take one of the places for the time of the block; operators (None) share those of all.

        Raises:
            HttpProblem: 429 the tenant has as many streams as it may have; 503 the server has.
        """
        if tenant_id is not None and self._open[tenant_id] >= _MOST_OF_A_TENANT:
            raise _full(HTTPStatus.TOO_MANY_REQUESTS, f"a tenant has at most {_MOST_OF_A_TENANT} streams open")
        if self._open.total() >= self._most:
            raise _full(HTTPStatus.SERVICE_UNAVAILABLE, f"the server has at most {self._most} streams open")
        self._open[tenant_id] += 1
        try:
            yield
        finally:
            self._open[tenant_id] -= 1
            if not self._open[tenant_id]:
                del self._open[tenant_id]


def _full(status: HTTPStatus, detail: str) -> HttpProblem:
    return HttpProblem(status, "too-many-streams", detail, headers={"Retry-After": str(_RETRY_AFTER)})


def event(data: str, *, place: str) -> bytes:
    """Write an event of one line and the place behind it, which a client that comes back sends as Last-Event-ID.

    Without data it only says that the stream goes on, and where it is: clients see no event.
    """
    return f"id: {place}\n{f'data: {data}' if data else ':'}\n\n".encode()


class EventStream(StreamingResponse):
    """An answer that goes on until its events end or the client is gone.

    What is raised before the first event is answered as a problem. The place is held as long as the stream is open.
    """

    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncGenerator[bytes], place: contextlib.AbstractContextManager[None] | None = None
    ) -> None:
        super().__init__(events, headers=_HEADERS)
        self._events = events
        self._place = place or contextlib.nullcontext()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._place:
            async with contextlib.aclosing(self._events) as events:
                first = await anext(events, b"")
                if context_of(scope).is_head:
                    await Response(headers=dict(self.headers))(scope, receive, send)
                    return
                self.body_iterator = _after(first, events)
                await super().__call__(scope, receive, send)


async def _after(first: bytes, events: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for one in events:
        yield one
