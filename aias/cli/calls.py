"""How a command reaches the database: one client, one ``asyncio.run``, rows as they come."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, LiteralString, TypeVar

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from aias.client import Aias, require_tenant
from aias.jobs import JobReason
from aias.tracing import bind, of_headers
from aias.workflows import Reason

__all__ = ["call", "on_connection", "operator", "select", "told"]

Result = TypeVar("Result")


def operator() -> str:
    """Who runs the command, for the audit log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return "unknown"


def call(work: Callable[[Aias], Awaitable[Result]]) -> Result:
    """Open the client on the database that the settings mean, do the work, close it."""

    async def main() -> Result:
        # a command is a trace of its own, or part of the one that its caller names, as OpenTelemetry's tools do
        given = [os.environ["TRACEPARENT"]] if os.environ.get("TRACEPARENT") else []
        bind(of_headers(given, [os.environ.get("TRACESTATE", "")], os.environ.get("AIAS_CORRELATION_ID"))[0])
        async with Aias.from_env(max_connections=2, actor=operator()) as aias:
            return await work(aias)

    return asyncio.run(main())


def on_connection(work: Callable[[AsyncConnection[Any]], Awaitable[Result]]) -> Result:
    """Do the work on one autocommitting connection."""

    async def main(aias: Aias) -> Result:
        async with aias.session.connection() as conn:
            return await work(conn)

    return call(main)


def select(query: LiteralString, parameters: Mapping[str, Any], *, tenant: str | None = None) -> list[dict[str, Any]]:
    """Give what a query on the public views finds, by column name; ``%(tenant)s`` is the tenant, which must exist.

    Raises:
        NotFound: there is no such tenant.
    """

    async def work(conn: AsyncConnection[Any]) -> list[dict[str, Any]]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, {"tenant": tenant, **parameters})
            return await cursor.fetchall()

    return on_connection(work)


def told(why: Reason | JobReason) -> str:
    """Put a reason into a line for a person."""
    until = f" (until {why.until.astimezone():%Y-%m-%d %H:%M:%S})" if why.until is not None else ""
    return f"{why.reason}: {why.detail}{until}" if why.detail else f"{why.reason}{until}"
