"""Killed anywhere, archiving goes on in the next run: nothing is lost, and nothing is archived twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias.archive import archive_partition, find_archives, restore_archive, unload_archive
from aias.db import Pool
from tests.archive.conftest import PARTITION, TABLE, rows, value

Connection = psycopg.AsyncConnection[Any]

POINTS = (
    "after:begin_archive",
    "after:open_archive",
    "after:write_table",
    "before:finish",
    "after:finish",
    "after:write",
    "after:record_archive_written",
    "before:record_archive_verified",
    "after:record_archive_verified",
)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def killed_at(point: str, database_url: str) -> int:
    environment = {**os.environ, "DATABASE_URL": database_url, "AIAS_FAULT": point}
    command = [sys.executable, "-m", "tests.archive.fault_points", TABLE, PARTITION]
    return subprocess.run(command, env=environment, timeout=120, check=False).returncode


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_run_that_was_killed_anywhere_is_taken_up_by_the_next(
    samples: Connection, pool: Pool, directory: Path, database_url: str
) -> None:
    before = await rows(samples, "aias_private")
    for point in POINTS:
        assert killed_at(point, database_url) == -9, point
        (archive,) = await find_archives(samples)
        # what is verified is in the archive as a whole, and nothing that is not is taken for it
        assert (archive.state == "verified") == (point == "after:record_archive_verified"), point
        assert await rows(samples, "aias_private") == before
        archived = await archive_partition(pool, TABLE, PARTITION)
        (archive,) = await find_archives(samples)
        assert (archive.id, archive.state, archive.row_count) == (archived.id, "verified", 2503), point
        assert files(directory) == [f"{PARTITION}.parquet", f"{PARTITION}.parquet.json"], point
        await restore_archive(samples, archived.id)
        assert await rows(samples, "aias_archive") == before, point
        await unload_archive(samples, archived.id)
        # audited once each, however often it was tried
        assert (
            await value(
                samples,
                "select count(*) from aias.audit_log where action = 'archive.verified' and object_id = %s",
                str(archived.id),
            )
            == 1
        ), point
        await samples.execute("delete from aias_private.archives")
        for path in directory.rglob("*.parquet*"):
            path.unlink()
