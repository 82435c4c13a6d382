"""Fixtures of the engine's tests."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest
from pytest_postgresql.executors import PostgreSQLExecutor

from aias.db import open_pool
from tests.conftest import _database
from tests.workflows.lab import Lab

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def labs_database_url(postgresql_proc: PostgreSQLExecutor, _template: str) -> Iterator[str]:
    """One database for all labs: what one tenant does is nothing to another."""
    with _database(postgresql_proc, _template) as url:
        yield url


@pytest.fixture
async def lab(labs_database_url: str) -> AsyncIterator[Lab]:
    """A tenant of its own, with actions that do as they are told."""
    async with await open_pool(labs_database_url, min_size=1, max_size=10) as pool:
        lab = await Lab(pool=pool, tenant=f"lab-{next(_numbers)}").open()
        with lab.actions():
            yield lab
