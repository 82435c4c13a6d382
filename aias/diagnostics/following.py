"""Following the log: every record once, as it is committed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row, scalar_row

from aias.diagnostics.models import LogFilter, LogRow
from aias.errors import InvalidArgument, translated

__all__ = ["Followed", "LogPlace", "follow_logs"]

_AT_A_TIME = 500
_SNAPSHOT = r"\d{1,19}:\d{1,19}:(?:\d{1,19}(?:,\d{1,19})*)?"
_PLACE = re.compile(rf"({_SNAPSHOT})(?:/({_SNAPSHOT})/([0-9a-f-]{{36}}))?", re.ASCII)

Lend = Callable[[], AbstractAsyncContextManager[AsyncConnection[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlace:
    """How far somebody has followed the log: all that ``since`` shows, and beyond it of ``until`` all up to ``after``.

    Commits are out of order, so a place in the order of ids would miss what is committed late.
    """

    since: str
    until: str | None = None
    after: UUID | None = None

    def __str__(self) -> str:
        return self.since if self.until is None else f"{self.since}/{self.until}/{self.after}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str()`` wrote.

        Raises:
            InvalidArgument: it is none.
        """
        match = _PLACE.fullmatch(text)
        if match is None:
            raise InvalidArgument("that is no place in the log", argument="p_since")
        since, until, after = match.groups()
        try:
            return cls(since=since, until=until, after=None if after is None else UUID(after))
        except ValueError:
            raise InvalidArgument("that is no place in the log", argument="p_since") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A page of records, the oldest first, often an empty one, and the place behind it."""

    rows: list[LogRow]
    place: LogPlace
    looked_from: LogPlace
    """The place before it: with the id of one of the rows (``at``) the place behind that row."""

    def at(self, row: LogRow) -> LogPlace:
        """Give the place behind one of the rows."""
        return replace(self.looked_from, after=row.id)


async def follow_logs(
    lend: Lend, which: LogFilter, *, start: LogPlace | None = None, every: float = 0.5
) -> AsyncGenerator[Followed]:
    """Give the records that are committed from ``start`` on, or from now on, each once, in pages of at most 500.

    The first page comes at once: nothing that is committed after it is missed. ``every``: seconds between two looks.
    A connection in autocommit mode, or in a transaction of its own, is borrowed for each look and held for no longer.
    Runs until it is closed. Of the filter the times don't count.

    Raises:
        InvalidArgument: ``start`` is of another database.
    """
    place = start
    while True:
        async with lend() as conn:
            if place is None or place.until is None:
                async with conn.cursor(row_factory=scalar_row) as asked:
                    await asked.execute("select pg_current_snapshot()::text")
                    (now,) = await asked.fetchall()
                place = LogPlace(since=now) if place is None else replace(place, until=now)
            rows = [] if place.until is None else await _page(conn, place, which)
        before, is_whole = place, len(rows) < _AT_A_TIME
        if place.until is not None:
            place = LogPlace(since=place.until) if is_whole else replace(place, after=rows[-1].id)
        yield Followed(rows=rows, place=place, looked_from=before)
        if is_whole:
            await asyncio.sleep(every)


async def _page(conn: AsyncConnection[Any], place: LogPlace, which: LogFilter) -> list[LogRow]:
    async with conn.cursor(row_factory=class_row(LogRow)) as cursor:
        try:
            with translated():
                await cursor.execute(
                    "select f.id, f.at, f.level, f.logger, f.message, f.tenant, f.execution_id, f.step, f.job_id,"
                    " f.correlation_id, f.trace_id, f.request_id, f.context, f.process"
                    " from aias.follow_logs(%s::pg_snapshot, %s::pg_snapshot, %s, %s, %s, %s, %s, %s, %s, %s) as f",
                    (
                        place.since,
                        place.until,
                        which.tenant_id,
                        which.level,
                        which.execution_id,
                        which.correlation_id,
                        which.request_id,
                        which.text,
                        place.after,
                        _AT_A_TIME,
                    ),
                )
        except errors.InvalidTextRepresentation as error:
            raise InvalidArgument("that is no place in the log", argument="p_since") from error
        return await cursor.fetchall()
