"""The trace of a job: what its task's context says, and the span that tells how it ended."""

from __future__ import annotations

import asyncio
import time

from procrastinate import exceptions

from aias.jobs.store import AiasJob, describe_error
from aias.tracing import Span, TraceContext, bind_job, current, of_parent

__all__ = ["bind_context", "span_of"]

_MOST_TOLD = 500


def bind_context(job: AiasJob) -> TraceContext | None:
    """Say in this task's context which job it runs, and for whom; gives the trace that it was enqueued under."""
    given = None
    if job.trace_parent is not None:
        given = of_parent(job.trace_parent, job.correlation_id, job.trace_state)
    bind_job(job.id, job.tenant_id, given)
    return None if given is None else current()


def span_of(job: AiasJob, context: TraceContext, started: float | None, error: BaseException | None) -> Span:
    """Give the attempt of a job that ends now as a span; ``started`` is in seconds since 1970."""
    ended_at = time.monotonic()
    is_stopped = isinstance(error, asyncio.CancelledError | exceptions.JobAborted)
    return Span(
        kind="job",
        name=job.task_name,
        context=context,
        parent_span_id=None if job.trace_parent is None else job.trace_parent[36:52],
        began_at=ended_at - (0.0 if started is None else max(time.time() - started, 0.0)),
        ended_at=ended_at,
        status="succeeded" if error is None else "cancelled" if is_stopped else "failed",
        tenant_id=job.tenant_id,
        attempt=max(job.attempts, 1),
        detail={"job": job.id, **({} if error is None else {"error": describe_error(error)["message"][:_MOST_TOLD]})},
    )
