"""A mail server on loopback, the operators' channel to it, and a clock that is set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, LiteralString, cast
from uuid import UUID

import psycopg
from aiosmtpd.smtp import SMTP, Envelope, Session
from psycopg.rows import dict_row

from aias.alerts import Delivered, deliver, set_channel
from aias.db import Pool
from aias.onboarding.tasks import plan_and_send
from tests.clock import set_clock

ADDRESS = "https://aias.test"


@dataclass
class MailServer:
    """Takes mails, and keeps them in the order in which they came."""

    port: int = 0
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Message-ID, recipient, the mail: all that came over the wire."""
    answer: Callable[[str], str] = lambda _recipient: "250 OK"
    """What the server says to a mail for this recipient."""
    after: Callable[[int], None] = lambda _count: None
    """Called with the number of mails once one was taken."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        del server, session
        (recipient,) = envelope.rcpt_tos
        said = self.answer(recipient)
        if said.startswith("250"):
            content = cast("bytes", envelope.content)
            head = content.split(b"\r\n\r\n", 1)[0].decode()
            (id,) = [line[12:].strip() for line in head.split("\r\n") if line.lower().startswith("message-id: ")]
            self.taken.append((id, recipient, content))
            self.after(len(self.taken))
        return said

    def mails(self, recipient: str | None = None) -> list[EmailMessage]:
        """The mails as a mailbox shows them: the same one twice is one."""
        found = {id: content for id, to, content in self.taken if recipient in {None, to}}
        return [message_from_bytes(content, policy=policy.default) for content in found.values()]


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    made = MailServer()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(made, hostname="post.test", enable_SMTPUTF8=True), "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


@dataclass(kw_only=True)
class Post:
    """What sends, and where it arrives."""

    conn: psycopg.AsyncConnection[Any]
    pool: Pool
    server: MailServer

    async def open(self) -> Post:
        config = {"host": "127.0.0.1", "port": self.server.port, "security": "none", "sender": "hello@aias.test"}
        await set_channel(
            self.conn, None, "people", kind="email", config={**config, "to": ["ops@aias.test"]}, kinds=["onboarding"]
        )
        return self

    async def at(self, now: datetime) -> None:
        await set_clock(self.conn, now)

    async def rows(self, query: LiteralString, *values: Any) -> list[dict[str, Any]]:
        async with self.conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, values)
            return await cursor.fetchall() if cursor.description else []

    async def person(self, email: str = "ada@acme.test", tenant: str = "acme", role: str = "owner") -> UUID:
        """Sign somebody up, with the tenant where it is new."""
        if not await self.rows("select from aias.tenants where slug = %s", tenant):
            await self.rows("select aias.create_tenant(%s)", tenant)
        (made,) = await self.rows("select aias.create_user(%s, %s, 'Ada', %s) as id", tenant, email, role)
        return made["id"]

    async def progress(self, user: UUID) -> dict[str, str]:
        """Each mail's state, with why it was skipped."""
        return {
            row["step"]: row["state"] if row["skip_reason"] is None else row["skip_reason"]
            for row in await self.rows(
                "select step, state, skip_reason from aias.onboarding_progress where user_id = %s order by due_at", user
            )
        }

    async def minute(self) -> list[Delivered]:
        """What the system does every minute."""
        await plan_and_send(self.pool)
        return await deliver(self.pool)
