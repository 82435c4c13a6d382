"""Channels to real servers on loopback, and a clock that is set: for what commits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from aias.alerts import Delivered, deliver, evaluate_alerts, set_channel
from aias.db import Pool
from aias.simulators import Simulators
from tests.clock import set_clock

NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)


@dataclass
class Listener:
    """A server on loopback that is told, and answers as it is told."""

    status: int = 204
    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        pairs = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        self.heard.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    server = await asyncio.start_server(listener.answer, "127.0.0.1", 0)
    async with server:
        listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/told"
        yield listener


@dataclass(kw_only=True)
class Desk:
    """The tenant ``acme``, and servers for mail, Slack and webhooks."""

    conn: psycopg.AsyncConnection[Any]
    pool: Pool
    sims: Simulators
    listener: Listener
    now: datetime = NOON
    tenant_id: UUID = field(init=False)

    async def open(self) -> Desk:
        await self.at(self.now)
        self.tenant_id = await self.value("select aias.create_tenant('acme', 'pro')")
        return self

    async def at(self, now: datetime) -> None:
        self.now = now
        await set_clock(self.conn, now)

    async def later(self, **delta: float) -> None:
        await self.at(self.now + timedelta(**delta))

    async def rows(self, query: LiteralString, *values: Any) -> list[dict[str, Any]]:
        async with self.conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, [Jsonb(v) if isinstance(v, dict) else v for v in values])
            return await cursor.fetchall() if cursor.description else []

    async def value(self, query: LiteralString, *values: Any) -> Any:
        found = await self.rows(query, *values)
        return next(iter(found[0].values())) if found else None

    @property
    def mail(self) -> dict[str, Any]:
        server = {"host": self.sims.smtp.host, "port": self.sims.smtp.port, "security": "none"}
        return {**server, "sender": "aias@example.com", "to": ["ops@example.com"]}

    async def channel(self, tenant: str | None, kind: str, **options: Any) -> Any:
        given: dict[str, Any] = {
            "email": {"config": self.mail},
            "slack": {"secret": self.sims.slack.url},
            "webhook": {"config": {"url": self.listener.url}},
        }[kind]
        return await set_channel(self.conn, tenant, kind, kind=kind, **{**given, **options})

    async def post(self, key: str, tenant: Any = None, severity: str = "warning") -> Any:
        return await self.value(
            "select aias_private.post_notice(%s, 'news', %s, 'The title', 'The body', '{}', %s)", tenant, severity, key
        )

    async def deliver(self) -> list[str | None]:
        return [one.status for one in await self.delivered()]

    async def delivered(self) -> list[Delivered]:
        return await deliver(self.pool)

    async def minute(self) -> None:
        """What the system does every minute."""
        await self.later(minutes=1)
        assert await evaluate_alerts(self.conn) == []
        await self.deliver()

    async def mails(self) -> list[dict[str, Any]]:
        return self.sims.smtp.records()

    async def notifications(self, channel: str) -> list[dict[str, Any]]:
        return await self.rows("select * from aias.notifications where channel = %s order by id", channel)
