"""Fixtures of all tests: a real PostgreSQL, and fresh databases on it."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pytest_postgresql import factories
from pytest_postgresql.executors import PostgreSQLExecutor

from aias.db import Pool, migrate, open_pool
from tests import databases
from tests.clock import set_clock as _set_clock
from tests.pg_ctl import make_pg_ctl

TEMPLATE = "migrated"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-schema-snapshot", action="store_true", help="write tests/snapshots anew")


def pytest_configure(config: pytest.Config) -> None:
    """Let a terminated run end its fixtures, so that worker processes of tests end with it."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    # what a shell starts in the background ignores interrupts, and so would every process that tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # No test may read the developer's own settings or reach a server of theirs.
    for name in list(os.environ):
        if name == "DATABASE_URL" or (
            name.startswith(("PG", "AIAS_")) and not name.startswith(("AIAS_TEST_", "AIAS_REQUIRE_"))
        ):
            del os.environ[name]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def _url(server: PostgreSQLExecutor, name: str) -> str:
    return f"postgresql://{server.user}@{server.host}:{server.port}/{name}"


postgresql_proc = factories.postgresql_proc(
    executable=make_pg_ctl(),
    port=None,
    dbname="tests",
    postgres_options=(
        "-c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB -c max_connections=100"
        " -c max_wal_size=128MB -c autovacuum=off -c timezone=UTC -c log_min_messages=fatal"
    ),
)


@contextmanager
def _database(server: PostgreSQLExecutor, template: str) -> Iterator[str]:
    """Make a database, and drop it afterwards together with whoever is still connected."""
    with psycopg.connect(_url(server, "postgres"), autocommit=True) as admin:
        name = databases.create(admin, template)
        try:
            yield _url(server, name)
        finally:
            databases.drop(admin, name)


@pytest.fixture(scope="session")
def _template(postgresql_proc: PostgreSQLExecutor) -> str:
    """A database that is migrated once; every other is a copy of it."""
    with psycopg.connect(_url(postgresql_proc, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(TEMPLATE)))
    migrate(_url(postgresql_proc, TEMPLATE))
    databases.shrink(_url(postgresql_proc, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def _copies(postgresql_proc: PostgreSQLExecutor, _template: str) -> Iterator[databases.Copies]:
    copies = databases.Copies(_url(postgresql_proc, "postgres"), _template)
    yield copies
    copies.close()


@pytest.fixture
def server_url(postgresql_proc: PostgreSQLExecutor) -> str:
    """The server's maintenance database."""
    return _url(postgresql_proc, "postgres")


@pytest.fixture
def database_url(postgresql_proc: PostgreSQLExecutor, _copies: databases.Copies) -> Iterator[str]:
    """A migrated database of the test's own: it may commit, and workers may run on it."""
    name = _copies.take()
    yield _url(postgresql_proc, name)
    _copies.give_back(name)


@pytest.fixture
def alone(database_url: str, _copies: databases.Copies) -> None:
    """No transaction runs in another database meanwhile: it would be in every snapshot (``pg_snapshot_xmin``)."""
    _copies.settle()


@pytest.fixture
def empty_database_url(postgresql_proc: PostgreSQLExecutor) -> Iterator[str]:
    """A database with nothing in it."""
    with _database(postgresql_proc, "template0") as url:
        yield url


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """An autocommitting connection to a migrated database of the test's own."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool as the system opens it, on the same database as ``conn``."""
    opened = await open_pool(database_url, min_size=1, max_size=10)
    async with opened:
        yield opened


@pytest.fixture(scope="session")
def _shared_database(postgresql_proc: PostgreSQLExecutor, _template: str) -> Iterator[str]:
    with _database(postgresql_proc, _template) as url:
        yield url


@pytest.fixture
def tx(_shared_database: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction on a shared migrated database; all that the test does is rolled back."""
    with psycopg.connect(_shared_database) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def set_clock() -> Callable[..., Any]:
    """``set_clock(conn, time)``: stops the one clock of that database; awaited where the connection is async."""
    return _set_clock


@pytest.fixture
def unused_tcp_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
