"""A local SMTP server that keeps the mails it takes.

SMTP on ``host``:``port`` (no TLS, any credentials are good), the control endpoint beside it over HTTP. Faults match the
operations ``connect``, ``mail``, ``rcpt`` and ``data``; of what a fault can do, these have a meaning here: ``latency``,
``linger``, ``status`` (a reply code, 421 to 559, with ``body`` as its text), ``hang``, ``reset``,
``drop_after_commit`` and ``commit``. ``id`` matches a recipient or the sender.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from starlette.requests import Request

from aias.errors import ConfigurationError
from aias.simulators.delivery import Answer, json_answer
from aias.simulators.journal import Call, Entry, summary
from aias.simulators.outcomes import Do
from aias.simulators.simulator import Simulator

__all__ = ["MAIL_LIMIT", "MAIL_SIZE_LIMIT", "SmtpSimulator"]

MAIL_LIMIT = 1000
"""How many mails are kept; older ones are dropped, their number is not."""
MAIL_SIZE_LIMIT = 5_000_000
"""The largest mail in bytes; a larger one is refused with 552."""

_OK = "250 OK"

# aiosmtpd warns about an attribute that it sets itself, once for each login.
logging.getLogger("mail.log").setLevel(logging.ERROR)
_BODY_KEPT = 20_000


class SmtpSimulator(Simulator):
    """The local mail server."""

    name = "smtp"

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock=clock)
        self.host = ""
        self.port = 0
        self.mails: deque[dict[str, Any]] = deque(maxlen=MAIL_LIMIT)
        self.mail_count = 0
        self._smtp: asyncio.Server | None = None
        self._sessions: set[_Session] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen for mail on this address and, on a port of its own, for the control endpoint."""
        await super().start(host, 0)
        try:
            self._smtp = await asyncio.get_running_loop().create_server(self._session, host, port)
        except OSError as error:
            await super().stop()
            raise ConfigurationError(f"can't listen on {host}:{port}: {error}") from error
        self.host = host
        self.port = cast("int", self._smtp.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close both ports and all connections."""
        self._closing.set()
        if self._smtp is not None:
            self._smtp.close()
            for session in list(self._sessions):
                session.cut()
            await self._smtp.wait_closed()
            self._smtp = None
        await super().stop()

    def _session(self) -> _Session:
        return _Session(self)

    def joined(self, session: _Session) -> None:
        """A client connected."""
        self._sessions.add(session)

    def left(self, session: _Session) -> None:
        """A client's connection ended."""
        self._sessions.discard(session)

    def reset_state(self) -> None:
        """No mails."""
        self.mails.clear()
        self.mail_count = 0

    def state(self) -> dict[str, Any]:
        """How many mails came, for whom, and how many of them are kept."""
        recipients: dict[str, int] = {}
        for mail in self.mails:
            for recipient in mail["to"]:
                recipients[recipient] = recipients.get(recipient, 0) + 1
        return {"mails": {"count": self.mail_count, "kept": len(self.mails), "by_recipient": recipients}}

    def records(self) -> list[dict[str, Any]]:
        """The mails, the oldest first: envelope, subject and text."""
        return list(self.mails)

    def ready(self) -> dict[str, Any]:
        """Where mail is taken."""
        return {"host": self.host, "port": self.port, "control_url": self.control_url}

    def read(self, request: Request, body: bytes) -> Call:
        """Nothing: HTTP is for the control endpoint alone."""
        del request, body
        return Call()

    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Nothing is served over HTTP but the control endpoint."""
        del request, body, call
        return json_answer({"errors": "Not Found"}, 404, error="no such path")

    def keep(self, envelope: Envelope) -> None:
        """Take a mail."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        message = message_from_bytes(raw, policy=policy.default)
        self.mail_count += 1
        self.mails.append(
            {
                "at": datetime.fromtimestamp(self.clock(), UTC).isoformat(),
                "from": envelope.mail_from,
                "to": list(envelope.rcpt_tos),
                "subject": str(message.get("subject", "")),
                "message_id": str(message.get("message-id", "")),
                "text": _text_of(message)[:_BODY_KEPT],
                "size": len(raw),
            }
        )
        self.changed()

    async def wait(self, seconds: float) -> None:
        """Wait, unless the server stops."""
        if seconds <= 0:
            return
        closing = asyncio.create_task(self._closing.wait())
        await asyncio.wait({closing}, timeout=seconds)
        closing.cancel()


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    try:
        return "" if body is None else str(body.get_content())
    except (LookupError, UnicodeError, KeyError):
        return ""


class _Session(SMTP):
    """One client's conversation: aiosmtpd's, with faults and a journal."""

    def __init__(self, simulator: SmtpSimulator) -> None:
        super().__init__(
            _Handler(simulator, self),
            hostname="simulator.localhost",
            ident="aias simulator",
            data_size_limit=MAIL_SIZE_LIMIT,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=_anyone,
        )
        self._simulator = simulator

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._simulator.joined(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._simulator.left(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Reset the connection."""
        transport = self.transport
        if transport is None:
            return
        sock = cast("socket.socket | None", transport.get_extra_info("socket"))
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        cast("asyncio.Transport", transport).abort()


def _anyone(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    del server, session, envelope, mechanism, data
    return AuthResult(success=True)


class _Handler:
    """aiosmtpd's hooks."""

    def __init__(self, simulator: SmtpSimulator, session: _Session) -> None:
        self._simulator = simulator
        self._session = session

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = hostname
        reply = await self._step("connect", {"hostname": hostname}, lambda: _OK)
        return responses if reply == _OK else [reply]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session

        def take() -> str:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
            return _OK

        return await self._step("mail", {"from": address}, take)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session

        def take() -> str:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
            return _OK

        return await self._step("rcpt", {"to": address}, take)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del server, session

        def take() -> str:
            self._simulator.keep(envelope)
            return "250 OK: queued"

        return await self._step("data", {"from": envelope.mail_from, "to": list(envelope.rcpt_tos)}, take)

    async def _step(self, operation: str, variables: dict[str, Any], take: Callable[[], str]) -> str:
        simulator = self._simulator
        call = Call(operations=(operation,), kind="smtp", variables=variables)
        entry = simulator.journal.open(method=operation.upper(), path="", call=call)
        taken = simulator.faults.take(call, body=str(summary(variables)), headers=[])
        do = Do()
        if taken is not None:
            entry.fault, do = taken
        try:
            reply = await self._faulty(do, entry, take)
        except asyncio.CancelledError:
            simulator.journal.close(entry, status=None)
            raise
        simulator.journal.close(entry, status=int(reply[:3]) if reply else None)
        return reply or "421 gone"

    async def _faulty(self, do: Do, entry: Entry, take: Callable[[], str]) -> str | None:
        """The reply; None when the connection was cut."""
        simulator = self._simulator
        await simulator.wait(do.latency)
        reply = _OK
        if do.passes:
            before = simulator.version
            reply = take()
            entry.effect = simulator.version != before
        await simulator.wait(do.linger if do.hang is None else do.linger + do.hang)
        if do.hang is not None or do.reset or do.drop_after_commit:
            self._session.cut()
            return None
        if do.status is not None:
            entry.error = f"status {do.status}"
            return f"{do.status} {(do.body or 'Simulated reply').splitlines()[0]}"
        return reply
