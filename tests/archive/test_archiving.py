"""A partition goes into a file, and comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from aias.archive import archive_partition, restore_archive
from aias.db import Pool
from tests.archive.conftest import PARTITION, TABLE, rows, value

Connection = psycopg.AsyncConnection[Any]


async def test_what_was_dropped_comes_back_row_for_row(samples: Connection, pool: Pool, directory: Path) -> None:
    before = await rows(samples, "aias_private")
    assert len(before) == 2503
    archived = await archive_partition(pool, TABLE, PARTITION)
    assert archived.row_count == 2503
    assert await value(samples, "select aias_private.is_archived(%s, %s)", TABLE, PARTITION)
    await samples.execute("drop table aias_private.samples_2026_01")
    restored = await restore_archive(samples, archived.id)
    assert (restored.table_name, restored.row_count) == (f"aias_archive.{PARTITION}", 2503)
    assert await rows(samples, "aias_archive") == before
