"""What a process asks and tells the database about calls of upstreams: in groups, ahead of need, and within a second.

One gatekeeper per pool. Calls that want to go at the same time ask in one statement. Far from its limits a connection
gets a few calls ahead, good for a second, so that most calls ask nobody. What came of the calls is gathered and written
each second; what others wait for (a probe's answer, a place that is free, a pause that the upstream wants) at once.

The bound: in any time T no more calls begin than ``burst + rate * (T + 1 s)``. The second is that in which calls taken
ahead are made, or one that was held up after it had been let go.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary, ref

import psycopg
import structlog
from psycopg.rows import class_row
from psycopg_pool import PoolClosed, PoolTimeout

from aias.db import Gathered, Pool
from aias.jobs import answered_within
from aias.observations import Sketch

__all__ = ["Gatekeeper", "Leave", "flush_reports", "gatekeeper_of"]

GOOD_FOR: Final = 1.0
"""Seconds that a call which was let go may still be made."""
_FLUSH_EVERY: Final = 1.0
_ANSWER_WITHIN: Final = 5.0
_MOST: Final = 100
"""Calls that ask in one statement."""
_MOST_AHEAD: Final = 200
_MOST_LEASES: Final = 1000
_MOST_COUNTS: Final = 5000
_MOST_EVENTS: Final = 5000
_MOST_FAILURES: Final = 3

_log = structlog.stdlib.get_logger(__name__)

_BROKEN = (psycopg.Error, PoolTimeout, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What the database says to a call that wants to go."""

    verdict: str
    wait_seconds: float
    until: datetime | None
    gate: str | None
    told: str | None
    is_probe: bool
    ahead_count: int
    ahead_points: int
    has_place: bool


@dataclass(slots=True)
class _Ahead:
    """Calls that may be made without asking."""

    ends_at: float
    calls: int
    points: int
    used_calls: int = 0
    used_points: int = 0


@dataclass(slots=True)
class _Count:
    count: int = 0
    failures: int = 0
    total_ms: float = 0.0
    max_ms: float = 0.0
    sketch: Sketch = field(default_factory=Sketch)


Connection = tuple[UUID, UUID]
"""Tenant and connection."""


@dataclass(slots=True)
class _Reports:
    """What is to be written next; bounded, and what does not fit is counted."""

    counts: dict[tuple[UUID, UUID, str, str], _Count] = field(default_factory=dict[tuple[UUID, UUID, str, str], _Count])
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    throttles: dict[Connection, dict[str, Any]] = field(default_factory=dict[Connection, dict[str, Any]])
    dropped: int = 0

    def __bool__(self) -> bool:
        return bool(self.counts or self.events or self.throttles or self.dropped)

    def count(self, key: tuple[UUID, UUID, str, str], more: _Count) -> None:
        """Add calls to a count."""
        known = self.counts.get(key)
        if known is None:
            if len(self.counts) >= _MOST_COUNTS:
                self.dropped += more.count
                return
            known = self.counts[key] = _Count()
        known.count += more.count
        known.failures += more.failures
        known.total_ms += more.total_ms
        known.max_ms = max(known.max_ms, more.max_ms)
        known.sketch.join(more.sketch)

    def event(self, event: dict[str, Any]) -> None:
        """Add an event; the lease of what it is about ends by itself where it does not fit."""
        if len(self.events) >= _MOST_EVENTS:
            self.dropped += 1
            return
        self.events.append(event)

    def throttle(self, connection: Connection, told: dict[str, Any]) -> None:
        """Take what the upstream said last of its limit, and what all calls since took."""
        known = self.throttles.get(connection)
        if known is not None:
            told = {
                **told,
                "charged": known["charged"] + told["charged"],
                "actual": known["actual"] + told["actual"],
            }
        self.throttles[connection] = told

    def join(self, later: _Reports) -> None:
        """Add what came after this."""
        for key, count in later.counts.items():
            self.count(key, count)
        for event in later.events:
            self.event(event)
        for connection, told in later.throttles.items():
            self.throttle(connection, told)
        self.dropped += later.dropped

    def calls_json(self) -> str:
        """Give the counts as count_upstream_calls takes them."""
        return json.dumps(
            [
                {
                    "tenant": str(tenant),
                    "integration": str(integration),
                    "operation": operation,
                    "status_class": status_class,
                    "count": count.count,
                    "failures": count.failures,
                    "total_ms": count.total_ms,
                    "max_ms": count.max_ms,
                    **count.sketch.histogram(),
                }
                for (tenant, integration, operation, status_class), count in self.counts.items()
            ]
        )

    def events_json(self) -> str:
        """Give the events as note_upstream_calls takes them."""
        now = time.monotonic()
        throttles = [
            {
                **told,
                "what": "throttle",
                "tenant": str(tenant),
                "integration": str(integration),
                "age": now - told["told_at"],
            }
            for (tenant, integration), told in self.throttles.items()
        ]
        return json.dumps(self.events + throttles)


class Gatekeeper:
    """Asks and tells, over one pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = ref(pool)
        self._asked = Gathered[dict[str, Any], Leave](self._ask, most=_MOST)
        self._ahead: dict[Connection, _Ahead] = {}
        self._reports = _Reports()
        self._flusher: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._hurry = asyncio.Event()
        self._failures = 0

    def take_ahead(self, connection: Connection, cost: int) -> bool:
        """Take a call from those that the connection has ahead; False when it must ask."""
        ahead = self._ahead.get(connection)
        if ahead is None:
            return False
        ahead.used_calls += 1
        ahead.used_points += cost
        if ahead.calls < 1 or ahead.points < cost or time.monotonic() >= ahead.ends_at:
            return False
        ahead.calls -= 1
        ahead.points -= cost
        return True

    def forget_ahead(self, connection: Connection) -> None:
        """Let no more calls go without asking: something is wrong with the upstream."""
        self._ahead.pop(connection, None)

    async def ask(self, connection: Connection, call: dict[str, Any]) -> Leave:
        """Ask for one call.

        Raises:
            psycopg.Error: the database is out of reach.
        """
        sent_at = time.monotonic()
        leave = await self._asked.call({**call, "tenant": str(connection[0]), "integration": str(connection[1])})
        if leave.verdict == "go" and leave.ahead_count > 0:
            if len(self._ahead) >= _MOST_LEASES:
                self._ahead = {key: kept for key, kept in self._ahead.items() if kept.ends_at > sent_at}
            # counted from the question, so that they end no later than a second after they were taken
            self._ahead[connection] = _Ahead(sent_at + GOOD_FOR, leave.ahead_count, leave.ahead_points)
        return leave

    async def _ask(self, calls: Sequence[dict[str, Any]]) -> Sequence[Leave]:
        asked: list[dict[str, Any]] = []
        seen: set[str] = set()
        for call in calls:
            integration = call["integration"]
            used = self._ahead.get((UUID(call["tenant"]), UUID(integration)))
            is_first = integration not in seen
            seen.add(integration)
            # about as many as it made in its last second; one call of a group asks for all
            wanted = min(used.used_calls if used else 0, _MOST_AHEAD) + 1
            points = min(used.used_points if used else 0, _MOST_AHEAD * call["cost"]) + call["cost"]
            asked.append({**call, "ahead_count": wanted if is_first else 0, "ahead_points": points if is_first else 0})
        pool = self._pool()
        if pool is None:
            raise AssertionError("the pool is gone while its callers wait")
        async with (
            answered_within(_ANSWER_WITHIN),
            pool.connection() as conn,
            conn.cursor(row_factory=class_row(Leave)) as cursor,
        ):
            await cursor.execute(
                """
                select
                    e.verdict, e.wait_seconds, e.until, e.gate, e.told, e.is_probe, e.ahead_count, e.ahead_points,
                    e.has_place
                from aias_private.enter_upstream(%s::jsonb) as e
                order by e.place
                """,
                (json.dumps(asked),),
            )
            return await cursor.fetchall()

    # --- reports ----------------------------------------------------------------------------------

    def count(self, connection: Connection, operation: str, status_class: str, *, ms: float, is_failure: bool) -> None:
        """Count a call; it is written within a second."""
        more = _Count(count=1, failures=int(is_failure), total_ms=ms, max_ms=ms)
        more.sketch.add(ms / 1000)
        self._reports.count((*connection, operation, status_class), more)
        self._flush_soon()

    def event(self, connection: Connection, what: str, **values: Any) -> None:
        """Note an event; it is written within a second, or by the next ``flush``."""
        self._reports.event({"tenant": str(connection[0]), "integration": str(connection[1]), "what": what, **values})
        self._flush_soon()

    def throttle(self, connection: Connection, told: dict[str, Any]) -> None:
        """Note what the upstream says of its limit."""
        self._reports.throttle(connection, {**told, "told_at": time.monotonic()})
        self._flush_soon()

    async def flush(self) -> None:
        """Write what there is; returns when it is committed, or could not be and is kept for the next time."""
        async with self._writing:
            reports, self._reports = self._reports, _Reports()
            if not reports:
                return
            try:
                await self._write(reports)
                self._failures = 0
            except PoolClosed:
                _log.debug("reports of upstream calls are dropped: the pool is closed")
            except _BROKEN as error:
                self._failures += 1
                if self._failures >= _MOST_FAILURES:
                    self._failures = 0
                    _log.error("reports of upstream calls are dropped", error=str(error).strip())
                    return
                _log.warning("upstream calls can't be noted just now", error=str(error).strip())
                reports.join(self._reports)
                self._reports = reports

    async def _write(self, reports: _Reports) -> None:
        pool = self._pool()
        if pool is None or pool.closed:
            return
        async with answered_within(_ANSWER_WITHIN), pool.connection() as conn:
            await conn.execute(
                "select aias_private.note_upstream_calls(%s::jsonb, %s::jsonb)",
                (reports.calls_json(), reports.events_json()),
            )
        if reports.dropped:
            _log.warning("upstream calls were not counted: too many at once", calls=reports.dropped)

    def _flush_soon(self) -> None:
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_later(), name="note upstream calls", context=Context())

    async def _flush_later(self) -> None:
        while self._reports:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FLUSH_EVERY):
                    await self._hurry.wait()
            await self.flush()

    async def stop(self) -> None:
        """Write what there is and end the background task."""
        self._hurry.set()
        if self._flusher is not None:
            await asyncio.wait([self._flusher])
        await self.flush()
        self._hurry.clear()


_keepers: WeakKeyDictionary[Pool, Gatekeeper] = WeakKeyDictionary()


def gatekeeper_of(pool: Pool) -> Gatekeeper:
    """Give the one gatekeeper of a pool."""
    keeper = _keepers.get(pool)
    if keeper is None:
        keeper = _keepers[pool] = Gatekeeper(pool)
    return keeper


async def flush_reports() -> None:
    """Write what is known of the calls of upstreams; whoever closes a pool calls it before."""
    for pool, keeper in list(_keepers.items()):
        if pool.closed:
            continue
        await keeper.stop()
