"""``aias archive``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from aias.archive import Archived, archive_partition
from aias.db import open_pool
from tests.cli.conftest import Run


def archive_audit(url: str) -> Archived:
    """Archive the partition that the audit log has rows in."""

    async def main() -> Archived:
        async with await open_pool(url, max_size=2) as pool, pool.connection() as conn:
            await conn.execute("select aias.create_tenant('acme', 'pro', 'Acme', null)")
            cursor = await conn.execute(
                "select c.relname from aias_private.audit_log as a join pg_class as c on c.oid = a.tableoid limit 1"
            )
            ((partition,),) = await cursor.fetchall()
            return await archive_partition(pool, "audit_log", partition)

    return asyncio.run(main())


def test_archives_are_listed_verified_brought_back_and_unloaded(
    ok: Callable[..., Any], cli: Run, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_ARCHIVE_URL", (tmp_path / "archive").as_uri())
    archived = archive_audit(database_url)
    (row,) = ok("archive", "list")["archives"]
    assert (row["id"], row["state"], row["row_count"]) == (str(archived.id), "verified", archived.row_count)
    assert ok("archive", "list", "--table", "executions") == {"archives": []}
    assert archived.partition_name in cli("archive", "list").out
    assert ok("archive", "verify", row["id"])["verified"]
    restored = ok("archive", "restore", row["id"])
    assert restored["table"] == f"aias_archive.{archived.partition_name}"
    with psycopg.connect(database_url) as conn:
        query = f"select count(*) from {restored['table']}".encode()
        assert conn.execute(query).fetchone() == (archived.row_count,)
    assert cli("archive", "restore", row["id"]).code == 4
    assert ok("archive", "unload", row["id"])["unloaded"]
    assert not ok("archive", "unload", row["id"])["unloaded"]
    assert cli("archive", "verify", str(UUID(int=9))).code == 3
    # who did it is on record
    audited = ok("audit", "list", "--action", "archive.restored")["audit"]
    assert [one["object_id"] for one in audited] == [row["id"]]
    (tmp_path / "archive" / "audit_log" / f"{archived.partition_name}.parquet").unlink()
    missing = cli("archive", "verify", row["id"])
    assert missing.code == 1
    assert "can't be read" in missing.message
