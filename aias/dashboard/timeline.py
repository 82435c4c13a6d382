"""When what of an execution happened, as rows of a table: each with its bar's place in the time of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aias.redaction import scrub, scrub_value
from aias.tracing import TraceSpan, duration_text, placed

__all__ = ["TimelineRow", "timeline"]

_MOST_ROWS = 200
_THINNEST = 0.6
"""Of a hundred: a bar that is thinner is not seen."""
_ENGINE = {"job", "attempt", "schedule", "event", "delivery", "message", "request"}
"""Kinds of spans that are about how an execution got to run, which its page does not show in the timeline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """A step or a call: where its bar begins and how long it is, of a hundred."""

    kind: str
    name: str
    depth: int
    status: str
    started_at: datetime
    offset: str
    duration: str
    """Empty while it goes on."""
    start: float
    width: float
    detail: dict[str, Any]


def timeline(spans: Sequence[TraceSpan], execution: UUID, *, now: datetime) -> list[TimelineRow]:
    """Give what an execution did, without secrets and personal data; the first 200 rows.

    Of the spans of its trace only those of the execution itself count; what goes on lasts until ``now``.
    """
    own = [span for span in spans if span.execution_id == execution and span.kind not in _ENGINE]
    rows: list[TimelineRow] = []
    for place in placed(own, now=now)[:_MOST_ROWS]:
        span = place.branch.span
        lasted = None if span.finished_at is None else span.finished_at - span.started_at
        start = place.start * 100
        rows.append(
            TimelineRow(
                kind=span.kind,
                name=scrub(span.name),
                depth=min(place.branch.depth, 6),
                status=span.status,
                started_at=span.started_at,
                offset=duration_text(place.offset),
                duration=duration_text(lasted),
                start=round(min(start, 100 - _THINNEST), 2),
                width=round(max(place.end * 100 - start, _THINNEST), 2),
                detail=scrub_value(span.detail),
            )
        )
    return rows
