"""Bringing an archive back, for queries."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from aias.archive.archiving import read_rows
from aias.archive.models import Restored
from aias.archive.queries import begin_restore, find_columns, finish_restore
from aias.archive.stores import place_of

__all__ = ["restore_archive"]


async def restore_archive(conn: AsyncConnection[Any], archive: UUID) -> Restored:
    """Bring an archive back into a table of ``aias_archive``: row for row what was archived, or nothing at all.

    Whoever was erased since (``erase_user``) is taken out again before anybody may read it.

    One transaction. Analysts and administrators may read the table; ``unload_archive`` drops it.

    Raises:
        NotFound: there is no such archive.
        Conflict: it is not verified, is brought back already, or its file does not hold what was archived.
        ConfigurationError: pyarrow is missing.
        OSError: the file is not there, or can't be read.
    """
    columns = await find_columns(conn, archive)
    async with conn.transaction():
        batches = read_rows(place_of(await begin_restore(conn, archive)), columns)
        async with conn.cursor() as cursor, cursor.copy("copy pg_temp.archive_rows from stdin") as copy:
            while (rows := await asyncio.to_thread(next, batches, None)) is not None:
                for row in rows:
                    await copy.write_row(row)
        return await finish_restore(conn, archive)
