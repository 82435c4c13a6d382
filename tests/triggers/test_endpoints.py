"""Webhooks out: told at least once, signed, again after a failure, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook as Standard

from aias.integrations import close_clients
from aias.triggers import list_endpoints, list_messages, remove_endpoint, rotate_endpoint, set_endpoint
from aias.triggers.sending import send_message
from tests.clock import set_clock
from tests.triggers.conftest import Shop

TYPES = ["execution.started", "execution.succeeded", "execution.failed", "execution.cancelled"]


@dataclass
class Listener:
    """A server of a tenant's on loopback, which answers as it is told."""

    status: int = 204
    headers: str = ""
    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        pairs = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        self.heard.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(
            f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\nConnection: close\r\n{self.headers}\r\n".encode()
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    server = await asyncio.start_server(listener.answer, "127.0.0.1", 0)
    async with server:
        listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/told"
        yield listener
    await close_clients()


@pytest.fixture
async def listener(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listener]:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    async with listening() as made:
        yield made


async def send_all(shop: Shop) -> list[str | None]:
    """Do what the jobs of the outbox that are due do."""
    jobs = await shop.rows(
        "select * from aias.jobs where task = 'aias.deliver_webhook' and status = 'waiting' order by id"
    )
    found = [await send_message(shop.pool, shop.tenant_id, UUID(job["args"]["message_id"])) for job in jobs]
    await shop.conn.execute(
        "delete from procrastinate_jobs where task_name = 'aias.deliver_webhook' and scheduled_at is null"
    )
    return found


async def ran(shop: Shop, status: str = "succeeded") -> Any:
    execution = await shop.value("select aias.run_workflow('acme', 'flow')")
    await shop.finish(execution, status)
    return execution


async def test_what_executions_do_is_told_signed(shop: Shop, listener: Listener) -> None:
    await set_clock(shop.conn, None)  # the library of the standard goes by the machine's clock
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=[*TYPES, "execution.dead_lettered"])
    assert made.secret is not None
    succeeded, failed = await ran(shop), await ran(shop, "failed")
    assert await send_all(shop) == ["delivered"] * 5
    told = [Standard(made.secret).verify(body, headers) for headers, body in listener.heard]
    assert [(message["type"], message["data"]["execution_id"]) for message in told] == [
        ("execution.started", str(succeeded)),
        ("execution.succeeded", str(succeeded)),
        ("execution.started", str(failed)),
        ("execution.failed", str(failed)),
        ("execution.dead_lettered", str(failed)),
    ]
    assert told[3]["data"]["error"]["message"] == "it broke"
    assert {message.status for message in await list_messages(shop.conn, made.id)} == {"delivered"}


async def test_what_is_rolled_back_or_not_asked_for_is_not_told(shop: Shop, listener: Listener) -> None:
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.failed"])
    async with shop.conn.transaction(force_rollback=True):
        await ran(shop, "failed")
        assert len(await list_messages(shop.conn, made.id)) == 1
    await ran(shop)
    assert await list_messages(shop.conn, made.id) == []


async def test_a_failure_is_told_again_later_under_the_same_id(shop: Shop, listener: Listener) -> None:
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    await ran(shop)
    listener.status, listener.headers = 503, "Retry-After: 3600\r\n"
    assert await send_all(shop) == ["pending"]
    (message,) = await list_messages(shop.conn, made.id)
    assert (message.attempt_count, message.last_status, message.last_error) == (1, 503, "it answered 503")
    assert message.next_at == shop.now + timedelta(hours=1)
    assert await send_all(shop) == []
    listener.status = 200
    assert await send_message(shop.pool, shop.tenant_id, message.id) == "delivered"
    ids = [headers["webhook-id"] for headers, _ in listener.heard]
    assert ids == [f"msg_{message.id.hex}"] * 2
    assert await send_message(shop.pool, shop.tenant_id, message.id) is None


async def test_a_message_is_given_up_after_its_attempts(shop: Shop, listener: Listener) -> None:
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    await ran(shop)
    listener.status = 302
    (message,) = await list_messages(shop.conn, made.id)
    found = [await send_message(shop.pool, shop.tenant_id, message.id) for _ in range(8)]
    assert found == ["pending"] * 6 + ["failed", None]


async def test_an_endpoint_that_is_gone_is_disabled_at_once_with_a_notice(shop: Shop, listener: Listener) -> None:
    await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    await ran(shop)
    await ran(shop)
    listener.status = 410
    assert await send_all(shop) == ["discarded", None]
    (endpoint,) = await list_endpoints(shop.conn)
    assert (endpoint.is_enabled, endpoint.disabled_reason) == (False, "it answered that it is gone (410)")
    assert "webhook_endpoint.disabled" in await shop.actions("webhook_endpoint")
    assert await shop.value("select type from aias.events") == "aias.webhook_endpoint.disabled"
    await ran(shop)
    assert [m.status for m in await list_messages(shop.conn, endpoint.id)] == ["discarded"] * 2


async def test_an_endpoint_where_nothing_arrives_for_days_is_disabled_and_can_be_enabled(
    shop: Shop, listener: Listener
) -> None:
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    listener.status = 500
    await ran(shop)
    await send_all(shop)
    await shop.later(days=5)
    await ran(shop)
    await send_all(shop)
    (endpoint,) = await list_endpoints(shop.conn)
    assert not endpoint.is_enabled
    again = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    assert (again.id, again.secret) == (made.id, None)
    listener.status = 200
    await ran(shop)
    assert "delivered" in await send_all(shop)


async def test_while_a_secret_rotates_messages_are_signed_with_both(shop: Shop, listener: Listener) -> None:
    await set_clock(shop.conn, None)
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    new = await rotate_endpoint(shop.conn, "acme", "crm")
    await ran(shop)
    await send_all(shop)
    ((headers, body),) = listener.heard
    for secret in (made.secret, new):
        assert secret is not None
        assert Standard(secret).verify(body, headers)["type"] == "execution.succeeded"


async def test_addresses_of_our_own_network_are_refused(
    shop: Shop, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "")
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    await ran(shop)
    assert await send_all(shop) == ["pending"]
    assert listener.heard == []
    (message,) = await list_messages(shop.conn, made.id)
    assert message.last_status is None
    assert message.last_error


async def test_a_removed_endpoint_is_told_nothing_more(shop: Shop, listener: Listener) -> None:
    made = await set_endpoint(shop.conn, "acme", "crm", url=listener.url, types=["execution.succeeded"])
    await ran(shop)
    await remove_endpoint(shop.conn, "acme", "crm")
    assert await send_all(shop) == [None]
    assert [m.status for m in await list_messages(shop.conn, made.id)] == ["discarded"]
    assert listener.heard == []
