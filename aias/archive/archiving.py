"""Archiving a partition: written under a temporary name, renamed, read back, and only then verified.

Interrupted anywhere, the next run goes on: what is not verified is written anew from the partition, which is still
there, into the same place; what is written or verified is read back, and written anew only where it is not what it was.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection, IsolationLevel

from aias.archive.models import Archive, Archived, Column
from aias.archive.queries import (
    begin_archive,
    find_archive,
    find_columns,
    locked,
    open_archive,
    record_archive_verified,
    record_archive_written,
)
from aias.archive.rows import Checksum, arrow, columns_to_rows, rows_to_batch, schema_of
from aias.archive.stores import Place, archive_root, place_of
from aias.db import Pool
from aias.errors import Conflict

__all__ = ["archive_partition", "read_rows", "verify_archive"]

_log = structlog.stdlib.get_logger(__name__)

_BATCH_ROWS = 1000
_GROUP_ROWS = 50_000
_GROUP_BYTES = 32_000_000
_LEVEL = 3


async def archive_partition(pool: Pool, table: str, partition: str) -> Archived:
    """Archive a partition of ``aias_private``: afterwards a verified archive holds the rows that it had.

    Takes one connection of the pool for as long as it takes; reads in one snapshot, and holds up no writer. Calling
    again does what is left to do, and nothing when nothing has changed. Memory is bounded by a row group (50,000 rows
    or 32 MB).

    Raises:
        NotFound: the table has no such partition.
        InvalidArgument: it is the default partition.
        Conflict: another session archives it just now, or what was read back is not what was written.
        ConfigurationError: there is no place to archive to, or pyarrow is missing.
        OSError: the place can't be written or read.
    """
    arrow()
    root = archive_root()
    async with pool.connection() as conn, locked(conn, partition):
        begun = await begin_archive(conn, table=table, partition=partition, root=root)
        if begun.state != "writing":
            try:
                return await verify_archive(conn, begun.id)
            except (Conflict, OSError) as error:
                _log.warning("archive is not what it was and is written anew", partition=partition, error=str(error))
            begun = await begin_archive(conn, table=table, partition=partition, root=root, is_anew=True)
        await _write(conn, await find_archive(conn, begun.id))
        return await verify_archive(conn, begun.id)


async def verify_archive(conn: AsyncConnection[Any], archive: UUID) -> Archived:
    """Read an archive back, all of it: afterwards it is verified.

    Raises:
        NotFound: there is no such archive.
        Conflict: its file is not complete or does not hold what was archived.
        OSError: it is not there, or can't be read.
    """
    found = await find_archive(conn, archive)
    columns = await find_columns(conn, archive)
    place = place_of(found.location)
    sha256, _ = await asyncio.to_thread(place.sha256)
    checksum = await asyncio.to_thread(_checksum, place, columns)
    await record_archive_verified(
        conn, archive, row_count=checksum.row_count, sha256=sha256, checksum=Decimal(checksum.total)
    )
    return _archived(await find_archive(conn, archive))


def read_rows(place: Place, columns: Sequence[Column]) -> Iterator[list[tuple[Any, ...]]]:
    """Read a file's rows, in lists of at most 1000; blocks.

    Raises:
        Conflict: it is no Parquet file any more.
        OSError: it is not there, or can't be read.
    """
    parquet = arrow("pyarrow.parquet")
    try:
        with place.open() as file, parquet.ParquetFile(file) as opened:
            for batch in opened.iter_batches(batch_size=_BATCH_ROWS):
                yield list(columns_to_rows(batch, columns))
    except arrow().ArrowException as error:
        raise Conflict(f"the archive can't be read as Parquet: {error}") from error


def _checksum(place: Place, columns: Sequence[Column]) -> Checksum:
    checksum = Checksum(columns)
    for rows in read_rows(place, columns):
        checksum.add(rows)
    return checksum


async def _write(conn: AsyncConnection[Any], archive: Archive) -> None:
    """Write the file and its manifest, and note what they hold."""
    columns = await find_columns(conn, archive.id)
    place = place_of(archive.location)
    row_count, checksum = await _write_rows(conn, archive.id, columns, place)
    sha256, byte_count = await asyncio.to_thread(place.sha256)
    manifest = {
        "archive": str(archive.id),
        "table": archive.table_name,
        "partition": archive.partition_name,
        "part": archive.part,
        "from": archive.from_time and archive.from_time.astimezone(UTC).isoformat(),
        "to": archive.to_time and archive.to_time.astimezone(UTC).isoformat(),
        "rows": row_count,
        "bytes": byte_count,
        "sha256": sha256,
        "checksum": str(checksum),
        "schema": [{"name": c.name, "type": c.type, "form": c.form, "is_nullable": c.is_nullable} for c in columns],
    }
    content = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
    await asyncio.to_thread(place.write, content, suffix=".json")
    await record_archive_written(
        conn, archive.id, row_count=row_count, byte_count=byte_count, sha256=sha256, checksum=checksum
    )
    _log.info("archive written", partition=archive.partition_name, rows=row_count, location=archive.location)


async def _write_rows(
    conn: AsyncConnection[Any], archive: UUID, columns: Sequence[Column], place: Place
) -> tuple[int, Decimal]:
    """Write the rows of one snapshot, row group by row group; gives what PostgreSQL says that they are."""
    parquet, pa, schema = arrow("pyarrow.parquet"), arrow(), schema_of(columns)
    stream = await asyncio.to_thread(place.begin)
    writer = parquet.ParquetWriter(stream, schema, compression="zstd", compression_level=_LEVEL)
    await conn.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    try:
        async with conn.transaction(), conn.cursor() as cursor:
            expected = await open_archive(conn, archive)
            group: list[Any] = []
            while rows := await (await cursor.execute("fetch 1000 from archive_rows")).fetchall():
                group.append(rows_to_batch(rows, columns, schema))
                if (
                    sum(batch.num_rows for batch in group) >= _GROUP_ROWS
                    or sum(batch.nbytes for batch in group) >= _GROUP_BYTES
                ):
                    await asyncio.to_thread(writer.write_table, pa.Table.from_batches(group, schema))
                    group.clear()
            if group:
                await asyncio.to_thread(writer.write_table, pa.Table.from_batches(group, schema))
        await asyncio.to_thread(writer.close)
    finally:
        stream.close()
        await conn.set_isolation_level(None)
    await asyncio.to_thread(place.finish, stream)
    return expected


def _archived(archive: Archive) -> Archived:
    if archive.row_count is None or archive.byte_count is None or archive.sha256 is None:
        raise Conflict(f"archive {archive.id} is {archive.state}")
    return Archived(
        id=archive.id,
        table_name=archive.table_name,
        partition_name=archive.partition_name,
        part=archive.part,
        location=archive.location,
        row_count=archive.row_count,
        byte_count=archive.byte_count,
        sha256=archive.sha256,
    )
