"""A trace as an SVG picture: one line per span, its bar, its status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from aias.tracing.queries import TraceSpan
from aias.tracing.tree import Placed, duration_text, placed

__all__ = ["as_svg"]

_LINE: Final = 24
_LABELS: Final = 420
_BARS: Final = 640
_REST: Final = 200
_MARGIN: Final = 16
_INDENT: Final = 16
_LONGEST_LABEL: Final = 60
_COLOURS: Final = {
    "failed": "#c0362c",
    "in_doubt": "#c0362c",
    "cancelled": "#7a7a7a",
    "discarded": "#7a7a7a",
    "waiting": "#b7791f",
    "deferred": "#b7791f",
    "queued": "#b7791f",
}
_COLOUR: Final = "#2f6f4f"
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}.quiet{fill:#6e7781}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#8d96a0}.ground{fill:#0d1117}}"
)


def as_svg(spans: Sequence[TraceSpan], *, now: datetime) -> str:
    """Draw a trace; whatever names and messages hold stands in it as text. Hovering shows the particulars."""
    places = placed(spans, now=now)
    width = _MARGIN * 2 + _LABELS + _BARS + _REST
    height = _MARGIN * 2 + _LINE * (len(places) + 1)
    title = f"Trace {spans[0].trace_id}" if spans else "An empty trace"
    size = f'width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" {size} fill="#ffffff"/>',
        f'<text x="{_MARGIN}" y="{_MARGIN + 14}" class="quiet">{escape(title)}</text>',
    ]
    lines += [_row(place, _MARGIN + _LINE * (number + 1)) for number, place in enumerate(places)]
    return "\n".join([*lines, "</svg>", ""])


def _row(place: Placed, top: int) -> str:
    span = place.branch.span
    left = _MARGIN + _INDENT * place.branch.depth
    label = f"{span.kind} {span.name}"
    label = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
    start = _MARGIN + _LABELS + place.start * _BARS
    length = max((place.end - place.start) * _BARS, 2.0)
    duration = None if span.finished_at is None else span.finished_at - span.started_at
    told = f"{duration_text(duration)} {span.status}".strip()
    particulars = [f"{span.kind} {span.name}", told, *(f"{name}: {value}" for name, value in span.detail.items())]
    faint = ' opacity="0.5"' if place.is_open else ""
    colour = _COLOURS.get(span.status, _COLOUR)
    return (
        f"<g><title>{escape(_printable(chr(10).join(particulars)))}</title>"
        f'<text x="{left}" y="{top + 16}">{escape(_printable(label))}</text>'
        f'<rect x="{start:.1f}" y="{top + 5}" width="{length:.1f}" height="14" rx="2" fill="{colour}"'
        f"{faint}/>"
        f'<text x="{_MARGIN + _LABELS + _BARS + 12}" y="{top + 16}" class="quiet">{escape(told)}</text></g>'
    )


def _printable(text: str) -> str:
    """Leave out what XML has no form for: control characters, and halves of surrogate pairs."""
    kept = (one for one in text if one in "\t\n" or (one >= " " and not "\ud800" <= one <= "\udfff"))
    return "".join(one for one in kept if one not in "\ufffe\uffff")
