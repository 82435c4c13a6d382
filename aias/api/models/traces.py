"""What ``/v1/traces`` answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Shown

__all__ = ["SpanShown", "TraceShown"]


class SpanShown(Shown):
    """A piece of work in a trace."""

    trace_id: str = Field(description="The trace (W3C: 32 hexadecimal digits).")
    span_id: str = Field(description="The span (W3C: 16 hexadecimal digits).")
    parent_span_id: str | None = Field(description="The span that caused it; one that is not here is the caller's.")
    correlation_id: str = Field(description="The id that whoever caused it all gave to it; else the trace's.")
    kind: str = Field(
        description="request, schedule, webhook_in, event, execution, step (an attempt), call, job or webhook_out."
    )
    name: str = Field(description="What it was: the route, the workflow, the step, the upstream and its operation.")
    started_at: datetime = Field(description="When it began.")
    finished_at: datetime | None = Field(description="When it ended.")
    status: str = Field(description="How it stands or ended, in the words of its kind.")
    request_id: str | None = Field(description="The HTTP request, where it is one or came with one.")
    execution_id: UUID | None = Field(description="The execution that it is or belongs to.")
    step: str | None = Field(description="The step that it is an attempt of, or was called by.")
    item: int | None = Field(description="The item of a fan-out.")
    attempt: int | None = Field(description="The number of the attempt.")
    detail: dict[str, Any] = Field(description="The particulars by kind: action, error, status of the answer.")


class TraceShown(Shown):
    """The spans of a trace, the oldest first."""

    spans: list[SpanShown] = Field(description="At most as many as were asked for.")
