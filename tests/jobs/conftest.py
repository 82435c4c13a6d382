"""Both engines on databases of their own: procrastinate as it comes, and ours."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from tests.jobs import guarded as guarded_app
from tests.jobs import plain as plain_app
from tests.jobs.engine import SETTINGS, Engine, opened
from tests.jobs.task_set import JOURNAL


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def plain(empty_database_url: str) -> Iterator[Engine]:
    """procrastinate on its own schema, without anything of ours."""
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute(SchemaManager.get_schema().encode())
        conn.execute(JOURNAL)
    with opened(Engine(empty_database_url, "tests.jobs.plain", plain_app.make_app)) as engine:
        yield engine


@pytest.fixture
def guarded(database_url: str) -> Iterator[Engine]:
    """Ours."""
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(JOURNAL)
    with opened(Engine(database_url, "tests.jobs.guarded", guarded_app.make_app)) as engine:
        yield engine
