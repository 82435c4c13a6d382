"""Traces: whose work something is, from the request or trigger to the last call of an upstream."""

from aias.tracing.context import (
    TraceContext,
    Work,
    attempt_span,
    bind,
    bind_attempt,
    bind_execution,
    bind_job,
    bind_tenant,
    current,
    current_request_id,
    current_work,
    new_context,
    new_span_id,
    of_execution,
    of_headers,
    of_parent,
    unbind,
)
from aias.tracing.otlp import exporter, start_export
from aias.tracing.picture import as_svg
from aias.tracing.queries import TraceSpan, sign, trace
from aias.tracing.spans import Span, flush_spans, note, tell
from aias.tracing.tree import Branch, Placed, bar, branches, duration_text, placed
from aias.tracing.w3c import read_trace_parent, read_trace_state

__all__ = [
    "Branch",
    "Placed",
    "Span",
    "TraceContext",
    "TraceSpan",
    "Work",
    "as_svg",
    "attempt_span",
    "bar",
    "bind",
    "bind_attempt",
    "bind_execution",
    "bind_job",
    "bind_tenant",
    "branches",
    "current",
    "current_request_id",
    "current_work",
    "duration_text",
    "exporter",
    "flush_spans",
    "new_context",
    "new_span_id",
    "note",
    "of_execution",
    "of_headers",
    "of_parent",
    "placed",
    "read_trace_parent",
    "read_trace_state",
    "sign",
    "start_export",
    "tell",
    "trace",
    "unbind",
]
