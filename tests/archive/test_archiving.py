"""A partition goes into a file, and comes back as it was."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from pathlib import Path
from typing import Any, LiteralString

import duckdb
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from aias.archive import archive_partition, archiving, find_archives, restore_archive, unload_archive, verify_archive
from aias.db import Pool, open_pool
from aias.errors import ConfigurationError, Conflict, InvalidArgument, NotFound
from tests.archive.conftest import PARTITION, TABLE, make_partition, rows, value

Connection = psycopg.AsyncConnection[Any]


async def test_what_was_dropped_comes_back_row_for_row(samples: Connection, pool: Pool, directory: Path) -> None:
    before = await rows(samples, "aias_private")
    assert len(before) == 2503
    checksum = await value(samples, "select checksum from aias_private.rows_checksum('aias_private.samples_2026_01')")
    archived = await archive_partition(pool, TABLE, PARTITION)
    assert archived.row_count == 2503
    assert await value(samples, "select aias_private.is_archived(%s, %s)", TABLE, PARTITION)
    await samples.execute("drop table aias_private.samples_2026_01")
    restored = await restore_archive(samples, archived.id)
    assert (restored.table_name, restored.row_count) == (f"aias_archive.{PARTITION}", 2503)
    assert await rows(samples, "aias_archive") == before
    assert checksum == await value(
        samples, "select checksum from aias_private.rows_checksum('aias_archive.samples_2026_01')"
    )
    # each column has the type that it had
    types = (
        "select array_agg(format_type(atttypid, atttypmod) order by attnum) from pg_attribute"
        " where attnum > 0 and attrelid = %s::regclass"
    )
    archived_types = await value(samples, types, "aias_archive.samples_2026_01")
    assert archived_types == await value(samples, types, "aias_private.samples")
    actions = await value(
        samples,
        "select array_agg(action order by id) from aias.audit_log where object_kind = 'archive' and object_id = %s",
        str(archived.id),
    )
    assert actions == ["archive.verified", "archive.restored"]
    # brought back once, until it is unloaded
    with pytest.raises(Conflict, match="brought back already"):
        await restore_archive(samples, archived.id)
    assert [one.restored_as for one in await find_archives(samples)] == [f"aias_archive.{PARTITION}"]
    assert await unload_archive(samples, archived.id)
    assert not await unload_archive(samples, archived.id)
    assert [one.restored_as for one in await find_archives(samples)] == [None]


async def test_duckdb_reads_the_file_as_it_is(
    samples: Connection, pool: Pool, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "_GROUP_ROWS", 1000)
    await archive_partition(pool, TABLE, PARTITION)
    file = directory / TABLE / f"{PARTITION}.parquet"
    db = duckdb.connect()
    described = {name: kind for name, kind, *_ in db.execute("describe from read_parquet(?)", [str(file)]).fetchall()}
    assert described["tenant_id"] == "UUID"
    assert described["at the Time"] == "TIMESTAMP WITH TIME ZONE"
    assert described["raw"] == "BLOB"
    query = """
        select count(*)::bigint, sum(number)::bigint, min(document ->> '$.n')::text,
            count(*) filter (isinf("at the Time"))::bigint
        from read_parquet(?)
    """
    assert db.execute(query, [str(file)]).fetchone() == (2503, 2500 * 2501 // 2, "1", 2)
    # written group by group: what is in memory is one of them
    groups = "select count(distinct row_group_id) from parquet_metadata(?)"
    assert db.execute(groups, [str(file)]).fetchone() == (3,)
    codecs = db.execute("select distinct compression from parquet_metadata(?)", [str(file)]).fetchall()
    assert codecs == [("ZSTD",)]


async def test_the_manifest_says_what_the_file_holds(samples: Connection, pool: Pool, directory: Path) -> None:
    archived = await archive_partition(pool, TABLE, PARTITION)
    file = directory / TABLE / f"{PARTITION}.parquet"
    manifest = json.loads((directory / TABLE / f"{PARTITION}.parquet.json").read_text())
    assert manifest["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest() == archived.sha256
    assert (manifest["table"], manifest["partition"], manifest["rows"]) == (TABLE, PARTITION, 2503)
    assert (manifest["from"], manifest["to"]) == ("2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00")
    assert manifest["bytes"] == file.stat().st_size
    assert manifest["checksum"] == str(
        await value(samples, "select checksum from aias_private.rows_checksum('aias_private.samples_2026_01')")
    )
    types = {column["name"]: column["type"] for column in manifest["schema"]}
    assert types["mood"] == "aias_private.mood"
    assert types["price"] == "numeric(12,2)"
    assert types["words"] == "text[]"


async def test_nothing_is_archived_twice_and_nothing_new_is_missed(
    samples: Connection, pool: Pool, directory: Path
) -> None:
    first = await archive_partition(pool, TABLE, PARTITION)
    assert await archive_partition(pool, TABLE, PARTITION) == first
    # a row that came later is not in the archive, and the next run sees to it
    await samples.execute("update aias_private.samples set label = 'changed' where number = 7")
    assert not await value(samples, "select aias_private.is_archived(%s, %s)", TABLE, PARTITION)
    second = await archive_partition(pool, TABLE, PARTITION)
    assert (second.id, second.part) == (first.id, 1)
    assert second.sha256 != first.sha256
    # strays that come when the partition is gone are a part of their own
    await samples.execute("drop table aias_private.samples_2026_01")
    await make_partition(samples)
    await samples.execute(
        "insert into aias_private.samples (id, tenant_id) values (aias_private.uuid7_floor('2026-01-05Z'), %s)",
        (first.id,),
    )
    third = await archive_partition(pool, TABLE, PARTITION)
    assert (third.part, third.row_count) == (2, 1)
    assert (await verify_archive(samples, first.id)).sha256 == second.sha256
    assert (await restore_archive(samples, third.id)).table_name == f"aias_archive.part_2_of_{PARTITION}"
    assert (await restore_archive(samples, first.id)).row_count == 2503


async def test_a_damaged_or_missing_file_is_found_and_written_anew_while_the_rows_are_there(
    samples: Connection, pool: Pool, directory: Path
) -> None:
    archived = await archive_partition(pool, TABLE, PARTITION)
    file = directory / TABLE / f"{PARTITION}.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    with pytest.raises((Conflict, OSError)):
        await verify_archive(samples, archived.id)
    with pytest.raises((Conflict, OSError)):
        await restore_archive(samples, archived.id)
    # nothing of it stays
    assert await value(samples, "select to_regclass('aias_archive.samples_2026_01')") is None
    assert (await archive_partition(pool, TABLE, PARTITION)).id == archived.id
    assert (await verify_archive(samples, archived.id)).row_count == 2503
    file.unlink()
    with pytest.raises(FileNotFoundError):
        await verify_archive(samples, archived.id)
    await archive_partition(pool, TABLE, PARTITION)
    assert (await restore_archive(samples, archived.id)).row_count == 2503


async def test_a_file_with_other_rows_is_not_taken_for_the_archive(
    samples: Connection, pool: Pool, directory: Path
) -> None:
    archived = await archive_partition(pool, TABLE, PARTITION)
    file = directory / TABLE / f"{PARTITION}.parquet"
    other = directory / "other.parquet"
    duckdb.execute(f"copy (from read_parquet('{file}') where number is distinct from 9) to '{other}' (format parquet)")
    other.replace(file)
    with pytest.raises(Conflict, match="does not hold what was archived: 2502 rows"):
        await verify_archive(samples, archived.id)


async def test_only_analysts_and_administrators_read_what_came_back_and_of_a_tenant_only_its_rows(
    samples: Connection, pool: Pool, directory: Path
) -> None:
    tenant = await value(samples, "select aias.create_tenant('acme', 'pro', 'Acme', null)")
    await samples.execute("update aias_private.samples set tenant_id = %s where number = 5", (tenant,))
    await restore_archive(samples, (await archive_partition(pool, TABLE, PARTITION)).id)
    await samples.execute("create role archive_reader in role aias_analyst")
    await samples.execute("insert into aias_private.tenant_roles values ('archive_reader', %s)", (tenant,))
    count, remove = (
        "select count(*) from aias_archive.samples_2026_01",
        "delete from aias_archive.samples_2026_01",
    )
    try:
        assert await as_role(samples, "aias_analyst", count) == 2503
        assert await as_role(samples, "aias_admin", count) == 2503
        assert await as_role(samples, "archive_reader", count) == 1
        for role in ("aias_app", "aias_worker"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await as_role(samples, role, count)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await as_role(samples, "aias_analyst", remove)
        for role in ("aias_app", "aias_analyst", "aias_worker"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await as_role(samples, role, "select aias.unload_archive(aias_private.uuid7())")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await as_role(samples, "aias_app", "select count(*) from aias.archives")
        assert await as_role(samples, "archive_reader", "select count(*) from aias.archives") == 0
    finally:
        await samples.execute("drop role archive_reader")


async def as_role(conn: Connection, role: str, query: LiteralString) -> Any:
    """What a role that has no more rights than its own finds."""
    async with conn.transaction():
        await conn.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        return await value(conn, query)


async def test_a_worker_archives_and_an_administrator_restores_without_owning_anything(
    conn: Connection, database_url: str, directory: Path
) -> None:
    await conn.execute("select aias.create_tenant('acme', 'pro', 'Acme', null)")
    partition = await value(
        conn, "select c.relname from aias_private.audit_log as a join pg_class as c on c.oid = a.tableoid limit 1"
    )
    before = await value(conn, "select count(*) from aias.audit_log")
    await conn.execute("create role archive_worker login in role aias_worker")
    await conn.execute("create role archive_admin login in role aias_admin")
    try:
        async with await open_pool(make_conninfo(database_url, user="archive_worker")) as workers:
            archived = await archive_partition(workers, "audit_log", partition)
        url = make_conninfo(database_url, user="archive_admin")
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as admin:
            assert (await restore_archive(admin, archived.id)).row_count == archived.row_count == before
            assert await unload_archive(admin, archived.id)
    finally:
        await conn.execute("drop role archive_worker")
        await conn.execute("drop role archive_admin")


async def test_two_sessions_do_not_archive_one_partition_at_a_time(
    samples: Connection, pool: Pool, directory: Path
) -> None:
    await samples.execute("select aias_private.lock_archive(%s)", (PARTITION,))
    with pytest.raises(Conflict, match="being archived by another session"):
        await archive_partition(pool, TABLE, PARTITION)
    await samples.execute("select aias_private.unlock_archive(%s)", (PARTITION,))
    results = await asyncio.gather(
        *(archive_partition(pool, TABLE, PARTITION) for _ in range(3)), return_exceptions=True
    )
    assert {type(result).__name__ for result in results} <= {"Archived", "Conflict"}
    assert [one.state for one in await find_archives(samples)] == ["verified"]


async def test_what_can_not_be_archived_is_refused(
    samples: Connection, pool: Pool, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound, match="no partition"):
        await archive_partition(pool, TABLE, "samples_2020_01")
    with pytest.raises(NotFound, match="no partition"):
        await archive_partition(pool, "executions", PARTITION)
    with pytest.raises(InvalidArgument, match="drained"):
        await archive_partition(pool, TABLE, "samples_default")
    monkeypatch.delenv("AIAS_ARCHIVE_URL")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with pytest.raises(ConfigurationError, match="AIAS_ARCHIVE_URL is not set"):
        await archive_partition(pool, TABLE, PARTITION)
    monkeypatch.setenv("AIAS_ARCHIVE_URL", directory.as_uri())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'aias\[archive\]'"):
        await archive_partition(pool, TABLE, PARTITION)
    assert await find_archives(samples) == []


async def test_a_detached_and_an_empty_partition_are_archived_as_well(
    samples: Connection, pool: Pool, directory: Path
) -> None:
    await samples.execute("alter table aias_private.samples detach partition aias_private.samples_2026_01")
    assert (await archive_partition(pool, TABLE, PARTITION)).row_count == 2503
    await samples.execute("truncate aias_private.samples_2026_01")
    empty = await archive_partition(pool, TABLE, PARTITION)
    assert empty.row_count == 0
    assert (await restore_archive(samples, empty.id)).row_count == 0
