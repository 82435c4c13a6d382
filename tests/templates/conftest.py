"""One database, one set of local servers, and a tenant for every template."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest
from pytest_postgresql.executors import PostgreSQLExecutor

import aias.app
from aias.db import Pool, open_pool
from aias.integrations import close_clients, forget_cached
from aias.integrations.wave import client as wave_client
from aias.integrations.wave.catalog import forget_catalog
from aias.jobs import app
from aias.plugins import load_plugins
from aias.simulators import Simulators, running_simulators
from aias.templates import load_templates
from tests.conftest import _database
from tests.templates.bench import Bench
from tests.templates.shelf import Shelf

assert aias.app.app is app
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def gallery_url(postgresql_proc: PostgreSQLExecutor, _template: str) -> Iterator[str]:
    """The database of all templates' tests; each has a tenant of its own there."""
    with _database(postgresql_proc, _template) as url:
        yield url


@pytest.fixture(scope="module")
async def gallery(gallery_url: str) -> AsyncIterator[Pool]:
    """A pool on that database, with the gallery loaded."""
    load_plugins()
    app.perform_import_paths()
    async with await open_pool(gallery_url, min_size=1, max_size=10) as pool:
        async with pool.connection() as conn:
            await load_templates(conn)
        yield pool


@pytest.fixture(scope="module")
async def servers() -> AsyncIterator[Simulators]:
    shop = {"bucket": 1e6, "restore_rate": 1e6}
    async with running_simulators(orders=25, shopify=shop) as running:
        yield running
        await close_clients()


@pytest.fixture
def sims(servers: Simulators, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulators]:
    """The local servers as at their start."""
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    # what the local Wave has made is in its lists at once: it needs no time to show it
    monkeypatch.setattr(wave_client, "SETTLES_WITHIN", 0.0)
    servers.reset()
    yield servers
    forget_cached()
    forget_catalog()


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    """A service of the tenant's own, over HTTP."""
    made = Shelf()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def bench(gallery: Pool, gallery_url: str, sims: Simulators, shelf: Shelf) -> Bench:
    """A new tenant that is connected to nothing yet (``bench.open``)."""
    return Bench(url=gallery_url, pool=gallery, sims=sims, shelf=shelf, tenant=f"gallery-{next(_numbers)}")
