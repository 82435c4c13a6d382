"""Traces: whose work something is, from the request or trigger to the last call of an upstream."""

from aias.tracing.context import (
    TraceContext,
    attempt_span,
    bind,
    bind_attempt,
    bind_execution,
    bind_job,
    bind_tenant,
    current,
    new_context,
    new_span_id,
    of_execution,
    of_headers,
    of_parent,
    unbind,
)
from aias.tracing.w3c import read_trace_parent, read_trace_state

__all__ = [
    "TraceContext",
    "attempt_span",
    "bind",
    "bind_attempt",
    "bind_execution",
    "bind_job",
    "bind_tenant",
    "current",
    "new_context",
    "new_span_id",
    "of_execution",
    "of_headers",
    "of_parent",
    "read_trace_parent",
    "read_trace_state",
    "unbind",
]
