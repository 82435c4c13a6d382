"""Connections for the client's calls, and every failure of PostgreSQL as an error of ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection, errors
from psycopg_pool import PoolTimeout

from aias.audit import set_actor
from aias.db import Pool, database_url, open_pool, without_password
from aias.errors import AiasError, ConfigurationError, DatabaseError, Forbidden, InvalidArgument, from_sqlstate
from aias.settings import Settings
from aias.tracing import current, sign

__all__ = ["Session", "as_ours", "check_json"]

_NO_SCHEMA = "the schema of AIAS is not there, or older than this version: `aias db migrate`"
# Values that PostgreSQL refuses before one of our functions sees them: \u0000, numbers out of range, nesting.
_BAD_VALUE = ("22", "23", "54")


def as_ours(error: Exception) -> AiasError | None:
    """Give our error for one of PostgreSQL or of the pool; None where it is neither's, or a defect."""
    if isinstance(error, PoolTimeout):
        return DatabaseError(f"no connection to PostgreSQL: {error}")
    if not isinstance(error, psycopg.Error):
        return None
    if (ours := from_sqlstate(error)) is not None:
        return ours
    state = error.sqlstate or ""
    message = error.diag.message_primary or str(error).strip().split("\n", 1)[0]
    if isinstance(error, errors.InsufficientPrivilege):
        return Forbidden(message)
    if isinstance(error, errors.InvalidSchemaName | errors.UndefinedFunction | errors.UndefinedTable):
        return DatabaseError(f"{_NO_SCHEMA} ({message})")
    if state.startswith(_BAD_VALUE):
        detail = error.diag.message_detail
        return InvalidArgument(f"{message}: {detail}" if detail else message, detail=detail)
    if isinstance(error, psycopg.OperationalError):
        return DatabaseError(f"PostgreSQL: {message}")
    return None


def check_json(value: Any, argument: str) -> None:
    """Refuse a value that has no form in JSON; psycopg's own complaint would not say what it is about.

    Raises:
        InvalidArgument: it holds something that JSON has no form for: NaN, a date, an object of a class, a circle.
    """
    try:
        json.dumps(value, allow_nan=False)
    except RecursionError:
        raise InvalidArgument("the value is nested too deeply", argument=argument) from None
    except (TypeError, ValueError) as error:
        raise InvalidArgument(f"the value is not JSON: {error}", argument=argument) from None


@asynccontextmanager
async def _signed(conn: AsyncConnection[Any]) -> AsyncGenerator[None]:
    """Let what is started on a connection be of the trace that runs here (a request's, a job's, a command's)."""
    context = current()
    if context is None:
        yield
        return
    await sign(conn, context, is_local=False)
    try:
        yield
    finally:
        if not conn.closed:
            await sign(conn, None, is_local=False)


class Session:
    """A pool, opened late: constructing it touches nothing."""

    def __init__(self, source: str | Settings, *, max_connections: int, actor: str | None = None) -> None:
        self._source = source
        self._max_connections = max_connections
        self._actor = actor
        self._pool: Pool | None = None

    async def open(self) -> None:
        """Connect; with settings that name no server the embedded one is started.

        Raises:
            ConfigurationError: the URL can't be parsed.
            DatabaseError: PostgreSQL is unreachable, or does not let us in; the message has no password.
        """
        source = self._source
        url = source if isinstance(source, str) else await asyncio.to_thread(database_url, source)
        # A pool tries again and again and says only that it timed out; one connection says why, and at once.
        try:
            probe = await AsyncConnection.connect(url, connect_timeout=5)
        except psycopg.OperationalError as error:
            reason = "\n".join(line.strip() for line in str(error).splitlines() if line.strip())
            place = without_password(url) or "the server of the PG* variables"
            raise DatabaseError(f"can't connect to PostgreSQL ({place}): {reason}") from None
        except psycopg.ProgrammingError:
            raise ConfigurationError("the database URL is not a connection string") from None
        await probe.close()
        try:
            self._pool = await open_pool(
                url, min_size=1, max_size=self._max_connections, application_name="aias client"
            )
        except PoolTimeout as error:
            raise DatabaseError(f"no connection to PostgreSQL: {error}") from None

    async def close(self) -> None:
        """Close every connection; what was not committed is rolled back."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    @property
    def pool(self) -> Pool:
        """The open pool.

        Raises:
            DatabaseError: it is not open.
        """
        if self._pool is None:
            raise DatabaseError("the client is not open: `async with Aias(...) as aias:`")
        return self._pool

    @asynccontextmanager
    async def connection(self, given: AsyncConnection[Any] | None = None) -> AsyncGenerator[AsyncConnection[Any]]:
        """Lend a connection of the pool, or pass on the caller's own; errors inside come out as ours."""
        try:
            if given is not None:
                if (context := current()) is not None:
                    await sign(given, context)
                yield given
            else:
                async with self.pool.connection() as conn:
                    if self._actor is not None:
                        await set_actor(conn, self._actor)
                    async with _signed(conn):
                        yield conn
        except (psycopg.Error, PoolTimeout) as error:
            ours = as_ours(error)
            if ours is None:
                raise
            raise ours from error
