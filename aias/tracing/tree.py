"""A trace as a tree: which span caused which, and where each lies in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aias.tracing.queries import TraceSpan

__all__ = ["Branch", "Placed", "bar", "branches", "duration_text", "placed"]

_MOST_DEEP = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A span in the tree."""

    span: TraceSpan
    depth: int
    prefix: str
    """The lines that lead to it from its parent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A span in the tree, and its place in the time of the whole: ``start`` and ``end`` between 0 and 1."""

    branch: Branch
    offset: timedelta
    start: float
    end: float
    is_open: bool
    """Whether it goes on."""


def branches(spans: Sequence[TraceSpan]) -> list[Branch]:
    """Give the spans as a tree, depth first, each level by time; every span once, whatever their parents say.

    One whose parent is not among them (the caller's own, another tenant's) is a root.
    """
    by_id: dict[str, TraceSpan] = {}
    for span in spans:
        by_id.setdefault(span.span_id, span)
    children: dict[str, list[TraceSpan]] = defaultdict(list)
    roots: list[TraceSpan] = []
    for span in by_id.values():
        parent = span.parent_span_id
        (children[parent] if parent is not None and parent in by_id and parent != span.span_id else roots).append(span)
    seen: set[str] = set()
    found: list[Branch] = []
    # what is on a circle of parents is reached from no root
    for root in [*_by_time(roots), *by_id.values()]:
        if root.span_id not in seen:
            found += _below(root, children, seen, "", "", 0)
    return found


def _by_time(spans: Sequence[TraceSpan]) -> list[TraceSpan]:
    return sorted(spans, key=lambda span: (span.started_at, span.kind, span.name, span.span_id))


def _below(
    span: TraceSpan, children: dict[str, list[TraceSpan]], seen: set[str], own: str, under: str, depth: int
) -> Iterator[Branch]:
    seen.add(span.span_id)
    yield Branch(span=span, depth=depth, prefix=own)
    rest = [child for child in _by_time(children[span.span_id]) if child.span_id not in seen]
    if depth >= _MOST_DEEP:
        return
    for child in rest:
        is_last = child is rest[-1]
        lines = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        yield from _below(child, children, seen, under + lines[0], under + lines[1], depth + 1)


def placed(spans: Sequence[TraceSpan], *, now: datetime) -> list[Placed]:
    """Give the tree with each span's place in time; what goes on lasts until ``now``."""
    if not spans:
        return []
    first = min(span.started_at for span in spans)
    last = max(max(span.finished_at or now, span.started_at) for span in spans)
    whole = max((last - first).total_seconds(), 1e-6)
    found: list[Placed] = []
    for branch in branches(spans):
        span = branch.span
        offset = span.started_at - first
        start = offset.total_seconds() / whole
        end = max((span.finished_at or now) - first, offset).total_seconds() / whole
        found.append(Placed(branch=branch, offset=offset, start=start, end=end, is_open=span.finished_at is None))
    return found


def bar(place: Placed, width: int) -> str:
    """Draw a span's bar ``width`` characters wide; one without duration is a dot, an open one ends in an arrow."""
    start = min(int(place.start * width), width - 1)
    length = max(round(place.end * width) - start, 1)
    body = "━" * length
    if place.branch.span.finished_at == place.branch.span.started_at:
        body = "•"
    elif place.is_open:
        body = body[:-1] + "▶"
    return (" " * start + body)[:width].ljust(width)


def duration_text(duration: timedelta | None) -> str:
    """Write a duration with three digits or so; empty where there is none yet."""
    if duration is None:
        return ""
    seconds = duration.total_seconds()
    for limit, factor, unit in ((0.001, 1e6, "µs"), (1.0, 1e3, "ms"), (120.0, 1.0, "s")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return str(timedelta(seconds=round(seconds)))
