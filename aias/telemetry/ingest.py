"""Ingestion: calls of a moment share one COPY, one merge and one commit; each is answered after that.

What waits is bounded by its bytes. Beyond that, and where the plan's rate is used up, a call is refused whole: counted
here, written to the database every few seconds, logged then, and told to the caller at once.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection, errors
from psycopg.rows import tuple_row

from aias.db import Gathered
from aias.errors import DatabaseError, NotFound, TooManyRequests
from aias.jobs import answered_within
from aias.telemetry.queries import note_telemetry, take_telemetry
from aias.telemetry.reading import GoodEvent

__all__ = ["Ingest", "Lend", "Taken"]

_log = structlog.stdlib.get_logger(__name__)

Lend = Callable[[], AbstractAsyncContextManager[AsyncConnection[Any]]]
"""What lends an autocommitting connection: ``pool.connection``."""

_MOST_CALLS: Final = 2_000
_MOST_BYTES: Final = 2_000_000
_WRITERS: Final = 2
"""Groups that are stored at a time: one is read by the server while the other is merged."""
_ANSWER_WITHIN: Final = 25.0
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_ESCAPED: Final = re.compile(r"[\\\n\r\t]")
_CHUNK: Final = 1 << 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of the good events of a call."""

    accepted: int
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    tenant_id: UUID
    lines: Sequence[bytes]


class _AloneError(Exception):
    """Nothing of a group was stored: its calls are stored each by itself, so that none suffers for another."""


class Ingest:
    """Stores events over connections that it is lent; ``most_waiting`` bytes of them wait at most."""

    def __init__(self, lend: Lend, *, most_waiting: int) -> None:
        self._lend = lend
        self._most_waiting = most_waiting
        self._waiting = 0
        self._rates = Gathered[tuple[UUID, int], tuple[int | None, float | None]](self._rate, most=_MOST_CALLS)
        self._merges = Gathered[_Call, int](self._merge, most=_MOST_CALLS, most_size=_MOST_BYTES, writers=_WRITERS)
        self._rejected: Counter[UUID] = Counter()
        self._limited: Counter[UUID] = Counter()
        self._shed: Counter[UUID] = Counter()

    async def take(self, tenant_id: UUID, events: Iterable[GoodEvent], *, rejected: int = 0) -> Taken:
        """Store the good events of a call; they are committed when this returns. ``rejected`` others are counted only.

        Raises:
            TooManyRequests: the plan's rate is used up; nothing of the call is stored.
            DatabaseError: too much waits to be stored, or the database is away.
            NotFound: the tenant is gone.
            psycopg.Error: the database is out of reach; whether the events are stored is not known. Sent again they are
                stored once, if they have ids.
        """
        self._rejected[tenant_id] += rejected
        lines = [_line(event) for event in events]
        if not lines:
            return Taken(accepted=0, duplicates=0)
        size = sum(map(len, lines))
        if self._waiting and self._waiting + size > self._most_waiting:
            self._shed[tenant_id] += len(lines)
            raise DatabaseError("too many events wait to be stored; nothing of this call is")
        self._waiting += size
        try:
            await self._admit(tenant_id, len(lines))
            duplicates = await self._stored(_Call(tenant_id=tenant_id, lines=lines), size)
        except (DatabaseError, psycopg.Error, TimeoutError):
            self._shed[tenant_id] += len(lines)
            raise
        finally:
            self._waiting -= size
        return Taken(accepted=len(lines) - duplicates, duplicates=duplicates)

    async def write_counts(self) -> None:
        """Write down and log what was not taken since the last time; if it can't be written it is kept for the next."""
        rejected, limited, shed = self._rejected, self._limited, self._shed
        tenants = [
            tenant for tenant in {*rejected, *limited, *shed} if rejected[tenant] or limited[tenant] or shed[tenant]
        ]
        if not tenants:
            return
        self._rejected, self._limited, self._shed = Counter(), Counter(), Counter()
        for tenant in tenants:
            _log.warning(
                "telemetry was not taken",
                tenant_id=str(tenant),
                rejected=rejected[tenant],
                over_the_rate=limited[tenant],
                sent_away=shed[tenant],
            )
        try:
            async with self._lend() as conn:
                await note_telemetry(conn, [(one, rejected[one], limited[one], shed[one]) for one in tenants])
        except BaseException:
            self._rejected += rejected
            self._limited += limited
            self._shed += shed
            raise

    async def _admit(self, tenant_id: UUID, count: int) -> None:
        quota, wait = await self._rates.call((tenant_id, count))
        if quota is None or wait is None:
            raise NotFound("the tenant is gone", argument="p_tenant")
        if wait > 0:
            self._limited[tenant_id] += count
            told = f"the plan allows {quota} events a minute"
            raise TooManyRequests(told, detail=json.dumps({"retry_after": wait}))

    async def _rate(self, calls: Sequence[tuple[UUID, int]]) -> list[tuple[int | None, float | None]]:
        async with answered_within(_ANSWER_WITHIN), self._lend() as conn:
            return await take_telemetry(conn, calls)

    async def _stored(self, call: _Call, size: int) -> int:
        try:
            return await self._merges.call(call, size=size)
        except _AloneError:
            async with answered_within(_ANSWER_WITHIN), self._lend() as conn:
                return (await _merged(conn, [call]))[0]

    async def _merge(self, calls: Sequence[_Call]) -> Sequence[int | _AloneError]:
        """Store the events of calls; gives how many of each were duplicates."""
        async with answered_within(_ANSWER_WITHIN), self._lend() as conn:
            try:
                return await _merged(conn, calls)
            except (
                errors.DeadlockDetected,
                errors.SerializationFailure,
                errors.DataError,
                errors.IntegrityError,
            ) as error:
                _log.warning(
                    "a group of telemetry calls failed, each is stored alone", error=str(error), calls=len(calls)
                )
                return [_AloneError() for _ in calls]


def _line(event: GoodEvent) -> bytes:
    """Give an event's columns from event_id on as COPY reads them."""
    if _ESCAPED.search("".join(filter(None, event))) is None:
        return "\t".join(["\\N" if text is None else text for text in event]).encode()
    return "\t".join(["\\N" if text is None else text.translate(_ESCAPES) for text in event]).encode()


async def _merged(conn: AsyncConnection[Any], calls: Sequence[_Call]) -> list[int]:
    async with conn.transaction(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "create temp table if not exists telemetry_calls (like aias_private.telemetry_event) on commit delete rows"
        )
        async with cursor.copy(
            "copy pg_temp.telemetry_calls (call, place, tenant_id, event_id, name, user_id, session_id, occurred_at,"
            " properties, correlation_id, trace_id) from stdin"
        ) as copy:
            for chunk in _chunks(calls):
                await copy.write(chunk)
        await cursor.execute(
            "select m.call, count(*) from aias_private.merge_telemetry(("
            " select array_agg(row(c.call, c.place, c.tenant_id, coalesce(c.event_id, aias_private.uuid7()::text),"
            " c.name, c.user_id, c.session_id, c.occurred_at, c.properties, c.correlation_id, c.trace_id"
            ")::aias_private.telemetry_event) from pg_temp.telemetry_calls as c)) as m group by m.call"
        )
        duplicates = dict(await cursor.fetchall())
    return [duplicates.get(number, 0) for number in range(len(calls))]


def _chunks(calls: Sequence[_Call]) -> Iterable[bytes]:
    chunk = bytearray()
    for number, call in enumerate(calls):
        head = b"%d\t" % number
        tail = b"\t%s\t" % str(call.tenant_id).encode()
        for place, line in enumerate(call.lines):
            chunk += b"%b%d%b%b\n" % (head, place, tail, line)
            if len(chunk) > _CHUNK:
                yield bytes(chunk)
                chunk.clear()
    yield bytes(chunk)
