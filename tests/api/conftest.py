"""The application under test: the real one, on a real database, asked without a socket where none is the point."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pytest_postgresql.executors import PostgreSQLExecutor

from aias.api import create_api_key, create_app
from aias.settings import Settings
from aias.tenants import create_tenant
from aias.workflows import apply_workflow
from tests.api.served import Served, start
from tests.conftest import _database

GREET = {
    "name": "greet",
    "input": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    "steps": [{"id": "greeting", "action": "transform", "input": {"text": "Hello {{ input.name }}"}}],
}

Connection = psycopg.AsyncConnection[Any]
Client = httpx.AsyncClient
NewClient = Callable[..., Awaitable[Client]]


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def _api_database(postgresql_proc: PostgreSQLExecutor, _template: str) -> Iterator[str]:
    with _database(postgresql_proc, _template) as url:
        yield url


@pytest.fixture
def database_url(_api_database: str) -> str:
    """A database that the tests of the API share: each has tenants of its own, and sees nothing of the others'."""
    return _api_database


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A master key of the test's own: one is made where there is none."""
    monkeypatch.setenv("AIAS_HOME", str(tmp_path))


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, _env_file=None)  # pyright: ignore[reportCallIssue, reportArgumentType]


@pytest.fixture
async def tenants(conn: Connection) -> dict[str, str]:
    """The slugs of two tenants of the test's own, acme and other, each with the workflow greet."""
    number = next(_numbers)
    slugs = {name: f"{name}-{number}" for name in ("acme", "other")}
    for slug in slugs.values():
        await create_tenant(conn, slug=slug, plan="enterprise")
        await apply_workflow(conn, slug, GREET)
    return slugs


@pytest.fixture
async def client(settings: Settings, conn: Connection, tenants: dict[str, str]) -> AsyncIterator[NewClient]:
    """``await client("acme", "executions:read")``: a client with a new key; without a tenant an operator's.

    ``await client(token=None)`` has no key.
    """
    app = create_app(settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))

        async def make(
            tenant: str | None = None,
            *scopes: str,
            token: str | None = "new",
            expires_at: Any = None,
            rate: int | None = None,
        ) -> Client:
            if token == "new":
                made = await create_api_key(
                    conn,
                    tenant=tenants[tenant] if tenant is not None else None,
                    name="test",
                    scopes=list(scopes or ("*",)),
                    expires_at=expires_at,
                    requests_per_minute=rate,
                )
                token = made.token
            transport = httpx.ASGITransport(app, client=("192.0.2.7", 4000))
            headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
            new = httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers)
            return await stack.enter_async_context(new)

        yield make


@pytest.fixture
async def serve(conn: Connection, database_url: str, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Served]]]:
    """``await serve(drain=...)``: ``aias serve`` in a process of its own, with a client that has an operator's key."""
    started: list[Served] = []

    async def begin(*, drain: float = 0.0, url: str = database_url) -> Served:
        started.append(await start(conn, url, tmp_path, drain=drain))
        return started[-1]

    yield begin
    for one in started:
        await one.stop()
