"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.archive.models import Archive, Column, Restored, State
from aias.errors import NotFound, translated

__all__ = [
    "Begun",
    "begin_archive",
    "begin_restore",
    "find_archive",
    "find_archives",
    "find_columns",
    "finish_restore",
    "locked",
    "open_archive",
    "record_archive_verified",
    "record_archive_written",
    "unload_archive",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An archive that is to be written, or is of what the partition holds and is to be read back."""

    id: UUID
    state: State
    part: int


@asynccontextmanager
async def locked(conn: Connection, partition: str) -> AsyncGenerator[None]:
    """Let nobody else archive the partition meanwhile; the connection's end gives it up as well.

    Raises:
        Conflict: somebody else archives it.
    """
    with translated():
        await conn.execute("select aias_private.lock_archive(%s)", (partition,))
    try:
        yield
    finally:
        if not conn.closed:
            await conn.execute("select aias_private.unlock_archive(%s)", (partition,))


async def begin_archive(conn: Connection, *, table: str, partition: str, root: str, is_anew: bool = False) -> Begun:
    """Note that a partition is to be archived under ``root``, or find that it is; ``is_anew``: whether it is or not.

    Raises:
        NotFound: the table has no such partition.
        InvalidArgument: it is the default partition.
    """
    async with conn.cursor(row_factory=class_row(Begun)) as cursor:
        with translated():
            await cursor.execute(
                "select b.id, b.state, b.part from aias_private.begin_archive(%s, %s, %s, %s) as b",
                (table, partition, root, is_anew),
            )
        (begun,) = await cursor.fetchall()
        return begun


async def open_archive(conn: Connection, archive: UUID) -> tuple[int, Decimal]:
    """Open the cursor ``archive_rows``; gives how many rows there are, and their checksum.

    Raises:
        NotFound: there is no such archive, or its partition is gone.
    """
    with translated():
        cursor = await conn.execute(
            "select o.row_count, o.checksum from aias_private.open_archive(%s) as o", (archive,)
        )
    ((row_count, checksum),) = await cursor.fetchall()
    return row_count, checksum


async def record_archive_written(
    conn: Connection, archive: UUID, *, row_count: int, byte_count: int, sha256: str, checksum: Decimal
) -> None:
    """Note that the file is complete.

    Raises:
        Conflict: it is not being written.
    """
    with translated():
        await conn.execute(
            "select aias_private.record_archive_written(%s, %s, %s, %s, %s)",
            (archive, row_count, byte_count, sha256, checksum),
        )


async def record_archive_verified(
    conn: Connection, archive: UUID, *, row_count: int, sha256: str, checksum: Decimal
) -> None:
    """Note that the file was read back.

    Raises:
        NotFound: there is no such archive.
        Conflict: what was read is not what was archived, or the file is not complete.
    """
    with translated():
        await conn.execute(
            "select aias_private.record_archive_verified(%s, %s, %s, %s)", (archive, row_count, sha256, checksum)
        )


async def find_archives(
    conn: Connection, *, table: str | None = None, before: UUID | None = None, limit: int = 50
) -> list[Archive]:
    """Give archives, the latest first, from before an id on."""
    async with conn.cursor(row_factory=class_row(Archive)) as cursor:
        await cursor.execute(
            "select a.id, a.table_name, a.partition_name, a.part, a.from_time, a.to_time, a.state, a.row_count,"
            " a.byte_count, a.sha256, a.checksum, a.location, a.created_at, a.written_at, a.verified_at, a.restored_as"
            " from aias.archives as a"
            " where (%(table)s::text is null or a.table_name = %(table)s)"
            " and (%(before)s::uuid is null or a.id < %(before)s)"
            " order by a.id desc limit %(limit)s",
            {"table": table, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def find_archive(conn: Connection, archive: UUID) -> Archive:
    """Give one archive.

    Raises:
        NotFound: there is none.
    """
    async with conn.cursor(row_factory=class_row(Archive)) as cursor:
        await cursor.execute(
            "select a.id, a.table_name, a.partition_name, a.part, a.from_time, a.to_time, a.state, a.row_count,"
            " a.byte_count, a.sha256, a.checksum, a.location, a.created_at, a.written_at, a.verified_at, a.restored_as"
            " from aias.archives as a where a.id = %s",
            (archive,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"no archive {archive}", argument="p_archive")
    return found


async def find_columns(conn: Connection, archive: UUID) -> list[Column]:
    """Give the columns of an archive, in their order; none for one that does not exist."""
    async with conn.cursor(row_factory=class_row(Column)) as cursor:
        await cursor.execute(
            "select c.name, c.type, c.form, c.is_nullable from aias.archives as a cross join rows from ("
            " jsonb_to_recordset(a.schema) as (name text, type text, form text, is_nullable boolean)"
            ") with ordinality as c (name, type, form, is_nullable, ordinal) where a.id = %s order by c.ordinal",
            (archive,),
        )
        return await cursor.fetchall()


async def begin_restore(conn: Connection, archive: UUID) -> str:
    """Make the tables that a file is copied into; gives where the file is.

    Raises:
        NotFound: there is no such archive.
        Conflict: it is not verified, or is brought back already.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select b.location from aias_private.begin_restore(%s) as b", (archive,))
        (location,) = await cursor.fetchall()
        return location


async def finish_restore(conn: Connection, archive: UUID) -> Restored:
    """Check what was copied, and let it be read.

    Raises:
        Conflict: the rows are not those that were archived.
    """
    async with conn.cursor(row_factory=class_row(Restored)) as cursor:
        with translated():
            await cursor.execute(
                "select %s::uuid as id, f.table_name, f.row_count, f.erased_count, f.anonymized_count"
                " from aias_private.finish_restore(%s) as f",
                (archive, archive),
            )
        (restored,) = await cursor.fetchall()
        return restored


async def unload_archive(conn: Connection, archive: UUID) -> bool:
    """Drop the table that an archive was brought back into; False: there was none.

    Raises:
        NotFound: there is no such archive.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.unload_archive(%s)", (archive,))
        (was_there,) = await cursor.fetchall()
        return was_there
