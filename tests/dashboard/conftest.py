"""The dashboard under test: the real application, asked as a browser asks, with cookies and without a socket."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from aias.api import create_api_key
from aias.dashboard import create_app
from aias.settings import Settings
from tests.api.conftest import _api_database, database_url, home, settings, tenants

__all__ = ["_api_database", "database_url", "home", "settings", "tenants"]

Connection = psycopg.AsyncConnection[Any]
HOST = "http://aias.test"
OF_OURS = {"Sec-Fetch-Site": "same-origin"}


class Browser(httpx.AsyncClient):
    """A client that keeps cookies, and sends forms as a browser does."""

    async def send_form(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form with the token of the session's pages."""
        token = re.search(r'name="csrf" value="(\w+)"', (await self.get("/settings")).text)
        assert token is not None
        return await self.post(path, data={"csrf": token[1], **fields}, headers=OF_OURS)


@pytest.fixture
async def app(settings: Settings, tenants: dict[str, str]) -> AsyncIterator[FastAPI]:
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def token(conn: Connection, tenants: dict[str, str]) -> Callable[..., Awaitable[str]]:
    """``await token("acme", "executions:read")``: a new key's token; without a tenant an operator's."""

    async def make(tenant: str | None = None, *scopes: str) -> str:
        slug = tenants[tenant] if tenant is not None else None
        return (await create_api_key(conn, tenant=slug, name="test", scopes=list(scopes or ("*",)))).token

    return make


@pytest.fixture
async def browse(
    app: FastAPI, token: Callable[..., Awaitable[str]]
) -> AsyncIterator[Callable[..., Awaitable[Browser]]]:
    """``await browse("acme", "*:read")``: signed in with a new key; ``await browse(key=None)``: not signed in."""
    async with AsyncExitStack() as stack:

        async def make(tenant: str | None = None, *scopes: str, key: str | None = "new", host: str = HOST) -> Browser:
            # each from an address of its own, so that no test uses up another's attempts
            address = f"192.0.2.{len(addresses) + 1}-{id(app)}"
            addresses.append(address)
            transport = httpx.ASGITransport(app, client=(address, 4000))
            browser = await stack.enter_async_context(Browser(transport=transport, base_url=host))
            if key is not None:
                given = await token(tenant, *scopes) if key == "new" else key
                answer = await browser.post("/sign-in", data={"key": given}, headers=OF_OURS)
                assert answer.status_code == 303, answer.text
            return browser

        addresses: list[str] = []
        yield make
