"""A folder of migrations and objects of the test's own."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias.db import Sources, read_sources


class Project:
    """What a repository has: ``migrations/`` and ``sql/``, without the engine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "migrations").mkdir()
        (root / "sql").mkdir()

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip())
        return file

    def migration(self, name: str, text: str) -> Path:
        return self.write(f"migrations/{name}.sql", text)

    def view(self, name: str, query: str, requires: str = "", folder: str = "core") -> Path:
        """An object: ``aias_private.<name>``, a view."""
        header = f"-- aias_private.{name}: a view.\n" + (f"-- requires: {requires}\n" if requires else "")
        return self.write(
            f"sql/{folder}/{name}.sql", f"{header}create or replace view aias_private.{name} as {query};\n"
        )

    def sources(self) -> Sources:
        return read_sources(self.root, engine=False)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def ask(empty_database_url: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Run a query on the test's database."""

    def run(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(empty_database_url, autocommit=True) as conn:
            cursor = conn.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    return run
