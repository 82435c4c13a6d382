"""What every local server has: its port, its journal, its faults, and the control endpoint beside its API."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from aias.simulators.control import control_app
from aias.simulators.delivery import Answer, Wire, deliver, json_answer
from aias.simulators.faults import FaultBook
from aias.simulators.journal import Call, Entry, Journal, summary
from aias.simulators.outcomes import Do, UserError
from aias.simulators.serving import HttpServer, cut
from aias.simulators.signing import Dialect
from aias.simulators.user_errors import refused_request
from aias.simulators.webhooks import WebhookSender

__all__ = ["REQUEST_LIMIT", "Simulator"]

REQUEST_LIMIT = 2_000_000
"""The largest request body in bytes; a larger one is answered with 413."""

_NO_FAULT = Do()
_log = structlog.get_logger("aias.simulators")


class Simulator(ABC):
    """A local server that imitates one service over HTTP.

    ``clock`` gives seconds since the epoch; it dates the journal and refills the throttle buckets, so that a test can
    set it. ``dialect`` says how the service words its webhooks, where it sends any. What a subclass changes must be
    announced by :meth:`changed`: that is how the journal knows that a call had an effect.
    """

    name = ""

    def __init__(self, *, clock: Callable[[], float] = time.time, dialect: Dialect | None = None) -> None:
        self.clock = clock
        self.webhooks = None if dialect is None else WebhookSender(dialect, payload_of=self.payload_of, clock=clock)
        self.journal = Journal(clock)
        self.faults = FaultBook()
        self.base_url = ""
        self._version = 0
        self._closing = asyncio.Event()
        self._late: set[asyncio.Task[None]] = set()
        self._control = control_app(self)
        self._server = HttpServer(self)

    @property
    def control_url(self) -> str:
        """Where the control endpoint is."""
        return f"{self.base_url}/_control"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on this address; :attr:`base_url` is set afterwards."""
        self._closing.clear()
        bound = await self._server.start(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.base_url = f"http://{shown}:{bound}"

    async def stop(self) -> None:
        """Close the port; a call that hangs on purpose ends at once, and what was to be done later is not done."""
        self._closing.set()
        await self._forget_late()
        if self.webhooks is not None:
            await self.webhooks.close()
        await self._server.stop()

    def changed(self) -> None:
        """Note that the state was changed by the call at hand."""
        self._version += 1

    @property
    def version(self) -> int:
        """How many changes there were."""
        return self._version

    def reset(self) -> None:
        """Forget everything that happened: journal, faults, webhooks and state are as at the start."""
        self.journal.clear()
        self.faults.clear()
        for task in self._late:
            task.cancel()
        if self.webhooks is not None:
            self.webhooks.reset()
        self.reset_state()

    def settings(self) -> dict[str, Any]:
        """What can be changed about the server while it runs, as it is now; for ``/_control/settings``."""
        return {}

    def configure(self, given: dict[str, Any]) -> None:
        """Change some of :meth:`settings`; nothing is changed when one of them makes no sense.

        Raises:
            ValueError: an unknown name or an unfit value.
        """
        if given:
            raise ValueError(f"{self.name} has no settings")

    @abstractmethod
    def reset_state(self) -> None:
        """Bring the state back to what it was at the start."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Counts of what there is now, for ``/_control/state``."""

    @abstractmethod
    def records(self) -> list[dict[str, Any]]:
        """The main things that there are now, one by one, for ``/_control/records``."""

    @abstractmethod
    def ready(self) -> dict[str, Any]:
        """What a client needs to know: URLs, tokens, ids."""

    @abstractmethod
    def read(self, request: Request, body: bytes) -> Call:
        """What the request asks for, as far as it can be read; never fails."""

    @abstractmethod
    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Do what the request asks for."""

    def payload_of(self, topic: str, record: str | None) -> dict[str, Any]:
        """What a webhook of this topic tells of a record, or of the first one; empty where it is about nothing kept."""
        del topic, record
        return {}

    def refusal(self, status: int) -> Answer:
        """The service's answer with this HTTP status."""
        return json_answer({"errors": f"Simulated answer with status {status}"}, status, error=f"status {status}")

    def graphql_error(self, message: str, code: str) -> Answer:
        """The service's GraphQL answer that holds nothing but this error."""
        return json_answer({"errors": [{"message": message, "extensions": {"code": code}}]}, error=code)

    def user_errors(self, request: Request, body: bytes, errors: Sequence[UserError]) -> Answer:
        """The service's answer to a request that it refuses for these reasons."""
        del request, body
        return refused_request(errors)

    def throttled(self) -> Answer:
        """The service's answer to a caller who asks too often."""
        return self.refusal(429)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            return
        if scope["path"] == "/_control" or scope["path"].startswith("/_control/"):
            await self._control(scope, receive, send)
            return
        request = Request(scope, receive)
        early = self.faults.take_early(request.headers.items())
        if early is not None:
            entry = self.journal.open(method=request.method, path=request.url.path, call=Call())
            entry.fault, entry.caller = early, summary(request.headers.get("idempotency-key"))
            cut(scope)
            self.journal.close(entry, status=None)
            return
        body = await _read(request)
        wire = Wire(scope, receive, send, self._closing)
        try:
            await self._serve(request, body, wire)
        finally:
            await wire.close()

    async def _serve(self, request: Request, body: bytes | None, wire: Wire) -> None:
        if body is None:
            entry = self.journal.open(method=request.method, path=request.url.path, call=Call())
            entry.error = f"more than {REQUEST_LIMIT} bytes"
            answer = json_answer({"errors": "Request entity too large"}, 413, headers={"Connection": "close"})
            await wire.send(answer)
            self.journal.close(entry, status=answer.status)
            return
        call = self.read(request, body)
        entry = self.journal.open(method=request.method, path=request.url.path, call=call, body=body)
        entry.caller = summary(request.headers.get("idempotency-key"))
        entry.trace = summary(request.headers.get("traceparent"))
        taken = self.faults.take(call, body=body.decode(errors="replace"), headers=request.headers.items())
        do = _NO_FAULT
        if taken is not None:
            entry.fault, do = taken
        asked = _Asked(self, request, body, call, entry)
        if do.commit_after is not None:
            self._commit_later(do.commit_after, asked)
        status: int | None = None
        try:
            status = await deliver(do, asked, wire, self.clock())
        finally:
            self.journal.close(entry, status=status)

    def _commit_later(self, seconds: float, asked: _Asked) -> None:
        """Carry a call out after a while, even if its caller has long left."""

        async def commit() -> None:
            await asyncio.sleep(seconds)
            asked.perform()

        task = asyncio.create_task(commit(), name="late commit")
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _forget_late(self) -> None:
        late = list(self._late)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def carry_out(self, request: Request, body: bytes, call: Call, entry: Entry) -> Answer:
        """Do what the request asks for, and note in the journal whether that changed anything."""
        before = self._version
        try:
            answer = self.answer(request, body, call)
        except Exception as error:  # noqa: BLE001 - a bug of ours must look like one: 500, logged, in the journal
            _log.exception("simulator_failed", simulator=self.name, operation=entry.operation)
            answer = json_answer({"errors": f"{type(error).__name__} in the local server: {error}"}, 500, error="bug")
        entry.effect = self._version != before
        entry.error = answer.error
        return answer


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request at a simulator, as :func:`deliver` sees it."""

    simulator: Simulator
    request: Request
    body: bytes
    call: Call
    entry: Entry

    def perform(self) -> Answer:
        return self.simulator.carry_out(self.request, self.body, self.call, self.entry)

    def refusal(self, status: int) -> Answer:
        return self.simulator.refusal(status)

    def graphql_error(self, message: str, code: str) -> Answer:
        return self.simulator.graphql_error(message, code)

    def user_errors(self, errors: Sequence[UserError]) -> Answer:
        return self.simulator.user_errors(self.request, self.body, errors)

    def throttled(self) -> Answer:
        return self.simulator.throttled()


async def _read(request: Request) -> bytes | None:
    """The whole body; None when it is larger than REQUEST_LIMIT (what is beyond is read and thrown away)."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= REQUEST_LIMIT:
            parts.append(part)
        elif parts:
            parts.clear()
    return b"".join(parts) if size <= REQUEST_LIMIT else None
