"""The engine's schema, applied twice and by two at once (F9)."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from procrastinate import exceptions
from procrastinate.schema import SchemaManager

from aias.db import migrate
from tests.jobs.engine import Engine


async def test_the_plain_engine_cannot_apply_its_schema_twice(plain: Engine) -> None:
    app = plain.make_app(plain.url)
    async with app.open_async():
        with pytest.raises(exceptions.ConnectorException) as raised:
            await app.schema_manager.apply_schema_async()
    assert isinstance(raised.value.__cause__, psycopg.errors.DuplicateObject)


async def test_our_migration_applies_it_once_however_often_and_from_how_many_processes_it_is_run(
    empty_database_url: str,
) -> None:
    first = await asyncio.gather(*(asyncio.to_thread(migrate, empty_database_url) for _ in range(2)))
    applied = [name for each in first for name in each.migrations]
    assert applied, "they share the steps as they come"
    assert len(applied) == len(set(applied))
    again = migrate(empty_database_url)
    assert not again.migrations
    assert not again.objects
    assert "procrastinate_jobs" in SchemaManager.get_schema()
