"""Spans that no table records otherwise: noted in memory, written in batches, and exported where that is configured.

Noting costs an append. About once a second what was noted is written in one statement per thousand (``note_spans``);
while the database is slow or away at most ``_MOST`` spans are kept, and what does not fit is counted and told in the
log. Nothing waits for it, but ``flush_spans`` when a process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID
from weakref import WeakKeyDictionary, ref

import psycopg
import structlog
from psycopg_pool import PoolClosed, PoolTimeout

from aias.db import Pool
from aias.ids import uuid7
from aias.tracing.context import TraceContext
from aias.tracing.otlp import exporter

__all__ = ["Span", "flush_spans", "note", "tell"]

Kind = Literal["request", "job", "step", "call", "execution", "webhook_in", "webhook_out"]

_MOST: Final = 5000
_BATCH: Final = 1000
_EVERY: Final = 1.0
_ANSWER_WITHIN: Final = 5.0
_MOST_FAILURES: Final = 3

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of work that is over. ``began_at`` and ``ended_at`` are readings of ``time.monotonic``."""

    kind: Kind
    name: str
    context: TraceContext
    """Its own: the span is ``context.span_id``."""
    parent_span_id: str | None
    began_at: float
    ended_at: float
    status: Literal["succeeded", "failed", "deferred", "cancelled"]
    tenant_id: UUID | None = None
    request_id: str | None = None
    execution_id: UUID | None = None
    step: str | None = None
    item: int | None = None
    attempt: int | None = None
    detail: dict[str, Any] = field(default_factory=dict[str, Any])
    """The particulars: nothing secret, and short."""
    id: UUID = field(default_factory=uuid7)

    def to_json(self, now: float) -> dict[str, Any]:
        """Give it as ``aias_private.note_spans`` takes it."""
        return {
            "id": str(self.id),
            "tenant": None if self.tenant_id is None else str(self.tenant_id),
            "trace_id": self.context.trace_id,
            "span_id": self.context.span_id,
            "parent": self.parent_span_id,
            "correlation_id": self.context.given_correlation_id,
            "kind": self.kind,
            "name": self.name.replace("\x00", "") or self.kind,
            "age": max(now - self.began_at, 0.0),
            "seconds": max(self.ended_at - self.began_at, 0.0),
            "status": self.status,
            "request_id": self.request_id,
            "execution": None if self.execution_id is None else str(self.execution_id),
            "step": self.step,
            "item": self.item,
            "attempt": self.attempt,
            "detail": self.detail,
        }


class _Recorder:
    """Keeps what was noted for one pool, and writes it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = ref(pool)
        self._noted: list[Span] = []
        self._dropped = 0
        self._failures = 0
        self._writer: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def add(self, span: Span) -> None:
        if len(self._noted) >= _MOST:
            self._dropped += 1
            return
        self._noted.append(span)
        if self._writer is None or self._writer.done():
            # in a context of its own: it goes on for others when what noted first has ended
            self._writer = asyncio.create_task(self._write_later(), name="note spans", context=Context())

    async def stop(self) -> None:
        """Write what there is, in bounded time."""
        self._hurry.set()
        if self._writer is not None:
            await asyncio.wait([self._writer], timeout=_ANSWER_WITHIN)
        self._hurry.clear()

    async def _write_later(self) -> None:
        while self._noted:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY):
                    await self._hurry.wait()
            pool = self._pool()
            if pool is None or pool.closed:
                self._noted.clear()
                return
            try:
                await self._write(pool)
                self._failures = 0
            except PoolClosed:
                self._noted.clear()
            except (psycopg.Error, PoolTimeout, OSError, TimeoutError) as error:
                self._bear(error)
            if self._dropped:
                _log.warning("spans were not noted: too many at once", spans=self._dropped)
                self._dropped = 0

    async def _write(self, pool: Pool) -> None:
        batch = self._noted[:_BATCH]
        now = time.monotonic()
        text = json.dumps([span.to_json(now) for span in batch], default=str)
        async with asyncio.timeout(_ANSWER_WITHIN), pool.connection() as conn:
            await conn.execute("select aias_private.note_spans(%s::jsonb)", (text,))
        # what was noted meanwhile stands behind them
        del self._noted[: len(batch)]

    def _bear(self, error: Exception) -> None:
        self._failures += 1
        if self._failures < _MOST_FAILURES and not self._hurry.is_set():
            _log.warning("spans can't be noted just now", error=str(error).strip())
            return
        self._failures = 0
        lost = self._noted[:_BATCH]
        del self._noted[: len(lost)]
        _log.error("spans are dropped", error=str(error).strip(), spans=len(lost))


_recorders: WeakKeyDictionary[Pool, _Recorder] = WeakKeyDictionary()


def note(pool: Pool, span: Span) -> None:
    """Keep a span: it is in ``aias.traces`` about a second later, and exported where that is configured."""
    recorder = _recorders.get(pool)
    if recorder is None:
        recorder = _recorders[pool] = _Recorder(pool)
    recorder.add(span)
    tell(span)


def tell(span: Span) -> None:
    """Export a span that ``aias.traces`` has from elsewhere; nothing where no export is configured."""
    if (export := exporter()) is not None and span.context.is_sampled:
        export.add(span)


async def flush_spans() -> None:
    """Write and send what was noted, in bounded time; whoever closes a pool calls it before."""
    for pool, recorder in list(_recorders.items()):
        if not pool.closed:
            await recorder.stop()
    if (export := exporter()) is not None:
        await asyncio.to_thread(export.flush)
