"""A tenant whose workflow calls a local Shopify and another workflow, with the HTTP API in front and workers behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

import aias.app  # noqa: F401 (registers what a worker imports, and sends structlog through logging)
from aias.api import create_api_key, create_app
from aias.integrations import close_clients
from aias.jobs import AiasConnector, app
from aias.settings import Settings
from aias.simulators import Simulators, running_simulators
from aias.tracing import TraceSpan, flush_spans, start_export, trace
from tests.tracing.collector import Collector
from tests.tracing.collector import settings as exporting

_READY = "select exists (select from aias.jobs where status = 'waiting' or run_at < now() + interval '1 s')"
CHILD = {"name": "child", "steps": [{"id": "one", "action": "transform", "input": {"value": 1}}]}
PARENT = {
    "name": "parent",
    "steps": [
        {"id": "orders", "action": "shopify.order_list", "input": {}},
        {"id": "sub", "action": "workflow.run", "input": {"workflow": "child"}, "needs": ["orders"]},
    ],
}


@dataclass(kw_only=True)
class World:
    """The tenant acme and what its tests use."""

    conn: psycopg.AsyncConnection[Any]
    url: str
    settings: Settings
    sims: Simulators
    client: httpx.AsyncClient
    tenant_id: UUID
    seen: dict[str, Any] = field(default_factory=dict[str, Any])

    async def apply(self, definition: dict[str, Any]) -> None:
        await self.conn.execute("select aias.apply_workflow('acme', %s)", (Jsonb(definition),))

    async def rows(self, query: Any, *values: Any) -> list[dict[str, Any]]:
        async with self.conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, values)
            return await cursor.fetchall()

    async def value(self, query: Any, *values: Any) -> Any:
        rows = await self.rows(query, *values)
        return next(iter(rows[0].values())) if rows else None

    async def work(self) -> None:
        """Let a worker run until no job is ready or comes within a second; what was noted is written then."""
        with app.replace_connector(AiasConnector(url=self.url)) as replaced:
            async with replaced.open_async():
                for _ in range(20):
                    await replaced.run_worker_async(wait=False, install_signal_handlers=False)
                    if not await self.value(_READY):
                        break
                await flush_spans()

    async def trace(self, id: object) -> list[TraceSpan]:
        await flush_spans()
        return await trace(self.conn, str(id))


@pytest.fixture
async def world(
    conn: psycopg.AsyncConnection[Any],
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:
    monkeypatch.setenv("AIAS_HOME", str(tmp_path))
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    monkeypatch.setenv("DATABASE_URL", database_url)
    cursor = await conn.execute("select aias.create_tenant('acme', 'pro')")
    (tenant_id,) = await cursor.fetchone() or (None,)
    async with AsyncExitStack() as stack:
        sims = await stack.enter_async_context(running_simulators(which=("shopify",), orders=2))
        settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
        served = create_app(settings)
        await stack.enter_async_context(served.router.lifespan_context(served))
        key = await create_api_key(conn, tenant="acme", name="test", scopes=["*"])
        client = await stack.enter_async_context(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(served),
                base_url="http://api.test",
                headers={"Authorization": f"Bearer {key.token}"},
            )
        )
        connected = await client.put(
            "/v1/integrations/shopify/main",
            json={"config": {"url": sims.shopify.url}, "secret": {"access_token": sims.shopify.token}},
        )
        assert connected.status_code == 200, connected.text
        sims.shopify.journal.clear()
        made = World(
            conn=conn, url=database_url, settings=settings, sims=sims, client=client, tenant_id=tenant_id or UUID(int=0)
        )
        for definition in (CHILD, PARENT):
            await made.apply(definition)
        yield made
        await close_clients()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.may_answer.set()
    start_export(exporting(None))
    made.server.shutdown()
    made.server.server_close()
    made.thread.join(5)
