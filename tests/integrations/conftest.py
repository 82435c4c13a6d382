"""A server that says exactly the bytes that a test scripts, and calls that end where they began."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
import socket
import struct
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import sql
from pydantic import JsonValue, ValidationError
from pytest_postgresql.executors import PostgreSQLExecutor

from aias.db import Pool, open_pool
from aias.integrations import close_clients, connect, forget_cached
from aias.integrations.client import Limits, Upstream
from aias.integrations.egress import Egress
from aias.integrations.wave import client as wave_client
from aias.integrations.wave.catalog import forget_catalog
from aias.plugins import ActionContext, get_action, load_plugins
from aias.simulators import Simulators, running_simulators
from aias.simulators.oauth import CLIENT_ID, CLIENT_SECRET
from aias.workflows import apply_workflow, run_workflow
from tests.conftest import _database

_numbers = itertools.count(1)


@dataclass
class Exchange:
    """One connection of a scripted server, after the request was read."""

    request: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        """A whole HTTP answer; header names with underscores for dashes."""
        head = {"content-type": "application/json", "content-length": str(len(body))}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        await self.send(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body)

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]


@dataclass
class ScriptedServer:
    """Answers one request after another by its script; the last behaviour goes on for ever."""

    port: int = 0
    script: list[Behaviour] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, *script: Behaviour) -> None:
        self.script = list(script)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self.exchange(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        lengths = [line[15:] for line in request.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        request += await reader.readexactly(int(lengths[0]) if lengths else 0)
        self.requests.append(request)
        behaviour = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        await behaviour(Exchange(request, reader, writer))


@pytest.fixture
async def server() -> AsyncGenerator[ScriptedServer]:
    scripted = ScriptedServer()
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(scripted.handle(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    scripted.port = listening.sockets[0].getsockname()[1]
    yield scripted
    await close_clients()
    listening.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def upstream(server: ScriptedServer) -> Callable[..., Upstream]:
    """Makes an upstream that reaches the scripted server, with the limits that a test needs."""

    def make(**given: object) -> Upstream:
        limits = {key: given.pop(key) for key in list(given) if key in Limits.__dataclass_fields__}
        return Upstream(
            name="test:main",
            base_url=server.url,
            limits=Limits(**limits),  # pyright: ignore[reportArgumentType]
            egress=Egress.parse("127.0.0.1"),
            **given,  # pyright: ignore[reportArgumentType]
        )

    return make


@pytest.fixture(autouse=True)
def nothing_cached() -> Generator[None]:
    """No credential crosses from one test into the next."""
    yield
    forget_cached()
    forget_catalog()


@dataclass
class Workspace:
    """A tenant with connections, from which actions are called as the engine would."""

    pool: Pool
    tenant: str
    tenant_id: UUID
    execution_id: UUID = field(default_factory=uuid4)

    async def execution(self) -> UUID:
        """Start an execution and hold it, as a worker would, under the attempt 1."""
        async with self.pool.connection() as conn:
            definition = {"name": "test", "steps": [{"id": "step", "action": "transform"}]}
            await apply_workflow(conn, self.tenant, definition)
            execution = await run_workflow(conn, self.tenant, "test")
            await conn.execute(
                """
                select from aias.executions as e
                cross join lateral aias_private.claim_execution(e.tenant_id, e.id, e.job_id, null) as c
                where e.id = %s
                """,
                (execution,),
            )
        return execution

    async def connect(
        self, kind: str, config: Mapping[str, Any], secret: Mapping[str, Any], *, name: str = "default"
    ) -> UUID:
        async with self.pool.connection() as conn:
            return await connect(conn, tenant=self.tenant, kind=kind, name=name, config=config, secret=secret)

    def context(self, step: str = "step", **given: Any) -> ActionContext:
        execution_id = given.pop("execution_id", self.execution_id)
        values: dict[str, Any] = {
            "tenant_id": self.tenant_id,
            "tenant": self.tenant,
            "execution_id": execution_id,
            "workflow": "test",
            "step_id": step,
            "item": None,
            "attempt": 1,
            "idempotency_key": f"{execution_id}:{step}",
            "connection": None,
            "pool": self.pool,
            "trace_parent": None,
            "execution_attempt": 1,
        }
        return ActionContext(**{**values, **given})

    async def everything(self) -> dict[str, list[str]]:
        """Every row of every table of ours and the engine's, as text."""
        found: dict[str, list[str]] = {}
        async with self.pool.connection() as conn:
            tables = await conn.execute(
                """
                select t.schemaname, t.tablename from pg_catalog.pg_tables as t
                where t.schemaname like 'aias%' or t.tablename like 'procrastinate%'
                """
            )
            for schema, table in await tables.fetchall():
                query = sql.SQL("select t::text from {} as t").format(sql.Identifier(schema, table))
                found[f"{schema}.{table}"] = [row[0] for row in await (await conn.execute(query)).fetchall()]
        return found

    async def call(self, name: str, data: JsonValue, **given: Any) -> Any:
        """Call the action; ``step``, ``attempt``, ``connection`` and the like go into its context."""
        action = get_action(name)
        assert action is not None, name
        return await action.call(self.context(**{"effect": action.effect, **given}), data)

    async def do(self, name: str, data: JsonValue, **given: Any) -> Any:
        """Call the action as a step of its own: the same again for the same input, another one for any other."""
        asked = hashlib.sha256(json.dumps([name, data], sort_keys=True).encode()).hexdigest()[:16]
        return await self.call(name, data, **{"step": f"s{asked}", **given})


@pytest.fixture
def refuses() -> Callable[..., None]:
    """Holds that an action takes no such input, and names the field; nothing is called."""
    load_plugins()

    def check(name: str, data: Mapping[str, Any], field: str) -> None:
        action = get_action(name)
        assert action is not None, name
        with pytest.raises(ValidationError) as caught:
            action.input_model.model_validate(data)
        assert {error["loc"][0] if error["loc"] else "" for error in caught.value.errors()} == {field}

    return check


@pytest.fixture(scope="session")
def workspaces_database_url(postgresql_proc: PostgreSQLExecutor, _template: str) -> Generator[str]:
    """One database for all workspaces: what one tenant does is nothing to another."""
    with _database(postgresql_proc, _template) as url:
        yield url


@pytest.fixture
async def workspace(
    workspaces_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Workspace]:
    load_plugins()
    monkeypatch.setenv("AIAS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    tenant = f"shop-{next(_numbers)}"
    async with await open_pool(workspaces_database_url, min_size=1, max_size=10) as pool:
        async with pool.connection() as conn:
            row = await (await conn.execute("select aias.create_tenant(%s, 'pro')", (tenant,))).fetchone()
        assert row is not None
        made = Workspace(pool=pool, tenant=tenant, tenant_id=row[0])
        made.execution_id = await made.execution()
        yield made
    await close_clients()


@pytest.fixture
async def sims(workspace: Workspace) -> AsyncGenerator[Simulators]:
    """The local shop and the local books, connected."""
    shop = {"bucket": 1e6, "restore_rate": 1e6}
    async with running_simulators(which=("shopify", "wave"), orders=60, shopify=shop) as running:
        await workspace.connect("shopify", {"url": running.shopify.url}, {"access_token": running.shopify.token})
        wave = {"url": running.wave.url, "business_id": running.wave.business_id}
        await workspace.connect("wave", wave, {"access_token": running.wave.token})
        yield running


@pytest.fixture
def shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the local Wave has made is in its lists at once: it needs no time to show it."""
    monkeypatch.setattr(wave_client, "SETTLES_WITHIN", 0.0)


class Clock:
    """A clock of the local servers that stands until it is set forward."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def apps(workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Simulators]:
    """The local shop and the local books with our app registered there; nothing is connected yet."""
    async with running_simulators(which=("shopify", "wave"), orders=5, clock=clock) as running:
        for kind, url in (("SHOPIFY", running.shopify.url), ("WAVE", running.wave.base_url)):
            monkeypatch.setenv(f"AIAS_{kind}_CLIENT_ID", CLIENT_ID)
            monkeypatch.setenv(f"AIAS_{kind}_CLIENT_SECRET", CLIENT_SECRET)
            monkeypatch.setenv(f"AIAS_{kind}_OAUTH_URL", url)
        yield running
