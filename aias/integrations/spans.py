"""A call of an upstream as a span of the attempt that makes it."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from uuid import UUID

from aias.db import Pool
from aias.tracing import Span, TraceContext, Work, current, current_work, new_span_id, note

__all__ = ["CallSpan"]

_BAD = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSpan:
    """A call that is under way."""

    context: TraceContext
    """What the upstream is told: the trace, and this call as the span that calls it."""
    parent_span_id: str
    work: Work
    began_at: float = field(default_factory=time.monotonic)

    @classmethod
    def begin(cls) -> CallSpan | None:
        """Begin a span below the attempt that runs now; None outside of one."""
        here, work = current(), current_work()
        if here is None or work is None:
            return None
        return cls(context=here.under(new_span_id()), parent_span_id=here.span_id, work=work)

    def end(self, pool: Pool, tenant_id: UUID, name: str, status: int | str) -> None:
        """Note how it ended: by the answer's status, or by the exception that is being raised."""
        error = sys.exception()
        detail = {"http_status": status} if isinstance(status, int) else {"error_type": type(error).__name__}
        is_good = isinstance(status, int) and status < _BAD
        is_stopped = isinstance(error, asyncio.CancelledError)
        note(
            pool,
            Span(
                kind="call",
                name=name,
                context=self.context,
                parent_span_id=self.parent_span_id,
                began_at=self.began_at,
                ended_at=time.monotonic(),
                status="succeeded" if is_good else "cancelled" if is_stopped else "failed",
                tenant_id=tenant_id,
                execution_id=self.work.execution_id,
                step=self.work.step,
                item=self.work.item,
                attempt=self.work.attempt,
                detail=detail,
            ),
        )
