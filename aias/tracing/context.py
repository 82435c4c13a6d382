"""Whose work this process does at the moment: the trace, the span, the correlation id.

All of it stands in one context variable, and is spelled out only where somebody asks (``current``) or a log record is
written: ``tenant_id``, ``execution_id``, ``step``, ``job_id``, ``correlation_id``, ``trace_id``, ``span_id``,
``request_id``. Thousands of jobs a second bind theirs and log nothing. Work that runs in a task of its own (a job, a
call of a step) binds what it is and leaves nothing behind when it ends.

Nothing is stored for a span's id: an execution's is the second half of its id, an attempt's comes of the step's key and
the attempt's number. A trace that nobody brought along has the id of the execution that began it. SQL does the same
(``sql/tracing``).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Final, NamedTuple
from uuid import UUID

from aias.logs import bind_fields
from aias.tracing.w3c import read_trace_parent, read_trace_state

__all__ = [
    "TraceContext",
    "Work",
    "attempt_span",
    "bind",
    "bind_attempt",
    "bind_execution",
    "bind_job",
    "bind_tenant",
    "current",
    "current_request_id",
    "current_work",
    "new_context",
    "new_span_id",
    "of_execution",
    "of_headers",
    "of_parent",
    "unbind",
]

_SAMPLED: Final = "01"


class TraceContext(NamedTuple):
    """Where work stands: in which trace, under which span, for which correlation id."""

    trace_id: str
    """32 hexadecimal digits."""
    span_id: str
    """Of the span that does the work, 16 hexadecimal digits."""
    correlation_id: str
    """The caller's own id for all of it; the trace's where the caller named none."""
    flags: str = _SAMPLED
    trace_state: str | None = None
    """What other vendors sent along (W3C ``tracestate``), passed on as it is."""

    @property
    def trace_parent(self) -> str:
        """As the W3C ``traceparent`` that what is called gets."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    @property
    def is_sampled(self) -> bool:
        """Whether the caller wants spans of it recorded (OTLP)."""
        return self.flags == _SAMPLED

    @property
    def given_correlation_id(self) -> str | None:
        """The correlation id where somebody gave one: what is stored; the trace's id needs no storing."""
        return None if self.correlation_id == self.trace_id else self.correlation_id

    def under(self, span_id: str) -> TraceContext:
        """Give the context of a span below this one."""
        return TraceContext(self.trace_id, span_id, self.correlation_id, self.flags, self.trace_state)


class Work(NamedTuple):
    """An attempt of a step."""

    execution_id: UUID
    step: str
    item: int | None
    attempt: int


class _Bound:
    """What was bound, over what had been bound around it."""

    __slots__ = ("_also", "_context", "_outer", "work")

    def __init__(
        self, outer: _Bound | None, context: TraceContext | None, also: dict[str, Any], work: Work | None = None
    ) -> None:
        self._outer = outer
        self._context = context
        self._also = also
        self.work = work

    def context(self) -> TraceContext:
        """Give the trace's place; what came without one begins a trace when it is first asked."""
        if self._context is None:
            self._context = new_context()
        return self._context

    def also(self) -> dict[str, Any]:
        """Give what is known besides the trace."""
        outer = {} if self._outer is None else self._outer.also()
        return outer | {name: str(value) if isinstance(value, UUID) else value for name, value in self._also.items()}

    def fields(self) -> dict[str, Any]:
        """Give what a log record says."""
        context = self.context()
        return {
            **self.also(),
            "correlation_id": context.correlation_id,
            "trace_id": context.trace_id,
            "span_id": context.span_id,
        }


_bound: ContextVar[_Bound | None] = ContextVar("aias_bound", default=None)


def _bind(bound: _Bound) -> None:
    _bound.set(bound)
    bind_fields(bound.fields)


def current() -> TraceContext | None:
    """Give the context of what runs now; None outside of requests, jobs and commands."""
    bound = _bound.get()
    return None if bound is None else bound.context()


def current_request_id() -> str | None:
    """Give the id of the request that is served now; None outside of one."""
    bound = _bound.get()
    return None if bound is None else bound.also().get("request_id")


def current_work() -> Work | None:
    """Say which attempt of which step runs now; None outside of one."""
    bound = _bound.get()
    return None if bound is None else bound.work


def new_span_id() -> str:
    """Make an id for a span."""
    return secrets.token_hex(8)


def new_context() -> TraceContext:
    """Begin a trace."""
    ids = secrets.token_hex(24)
    return TraceContext(ids[:32], ids[32:], ids[:32])


def of_headers(
    trace_parents: Iterable[str], trace_states: Iterable[str] = (), correlation_id: str | None = None
) -> tuple[TraceContext, str | None]:
    """Give the context of a span of its own for a request, and the span that called.

    Without a valid ``traceparent`` a new trace begins, and ``tracestate`` is left out, as the specification says.
    """
    given = read_trace_parent(trace_parents)
    if given is None:
        begun = new_context()
        return begun._replace(correlation_id=correlation_id or begun.trace_id), None
    context = TraceContext(
        given.trace_id, new_span_id(), correlation_id or given.trace_id, given.flags, read_trace_state(trace_states)
    )
    return context, given.span_id


def of_parent(
    trace_parent: str | None, correlation_id: str | None, trace_state: str | None = None
) -> TraceContext | None:
    """Give the context that was stored with something; its span is the one that called. None where none was stored."""
    given = None if trace_parent is None else read_trace_parent((trace_parent,))
    if given is None:
        return None
    return TraceContext(given.trace_id, given.span_id, correlation_id or given.trace_id, given.flags, trace_state)


def of_execution(
    execution_id: UUID, trace_parent: str | None, correlation_id: str | None, trace_state: str | None = None
) -> TraceContext:
    """Give the context of an execution; one that was started without any is a trace of its own."""
    digits = execution_id.hex
    span_id = digits[16:]
    if trace_parent is None:
        return TraceContext(digits, span_id, correlation_id or digits)
    trace_id = trace_parent[3:35]
    return TraceContext(trace_id, span_id, correlation_id or trace_id, trace_parent[53:55], trace_state)


def attempt_span(key: str, attempt: int) -> str:
    """Give the id of an attempt's span; ``key`` is the step's idempotency key."""
    return hashlib.md5(f"{key}#{attempt}".encode(), usedforsecurity=False).hexdigest()[:16]


def bind(context: TraceContext, **also: Any) -> None:
    """Make a context that of what runs from here on in this task, with what else every log record is to say."""
    _bind(_Bound(_bound.get(), context, also))


def unbind() -> None:
    """Say that what was bound is over, in a task that goes on."""
    _bound.set(None)
    bind_fields(None)


def bind_job(job_id: int | None, tenant_id: UUID | None, context: TraceContext | None) -> None:
    """Say that this task runs a job; one that brings no context begins a trace of its own."""
    known = None if context is None else context.under(new_span_id())
    _bind(_Bound(None, known, {"job_id": job_id} if tenant_id is None else {"job_id": job_id, "tenant_id": tenant_id}))


def bind_tenant(tenant_id: UUID | None) -> None:
    """Say for which tenant this task works, once that is known; None is the system itself."""
    outer = _bound.get()
    if tenant_id is not None and outer is not None:
        _bind(_Bound(outer, outer.context(), {"tenant_id": tenant_id}, outer.work))


def bind_execution(tenant_id: UUID, execution_id: UUID, context: TraceContext) -> None:
    """Say that this task advances an execution."""
    _bind(_Bound(_bound.get(), context, {"tenant_id": tenant_id, "execution_id": execution_id}))


def bind_attempt(work: Work, context: TraceContext) -> None:
    """Say that this task makes the call of a step."""
    _bind(_Bound(_bound.get(), context, {"step": work.step}, work))
