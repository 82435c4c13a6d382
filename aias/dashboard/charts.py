"""Charts as SVG, drawn by the server: no style of their own (the page's has their classes), and no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

__all__ = ["Bar", "columns"]

_WIDTH: Final = 720
_HEIGHT: Final = 180
_LEFT: Final = 56
_BELOW: Final = 22
_ABOVE: Final = 10
_PLOT: Final = _HEIGHT - _BELOW - _ABOVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A column: what stands below it, and how high it is; of that, ``part`` is drawn as failed."""

    label: str
    value: float
    part: float = 0.0


def columns(bars: Sequence[Bar], *, title: str, unit: str = "") -> Markup:
    """Draw columns. The title says what is seen; hovering over one tells its figure."""
    top = max((bar.value for bar in bars), default=0.0)
    step = (_WIDTH - _LEFT) / max(len(bars), 1)
    drawn = [_column(bar, _LEFT + number * step, step, top, unit) for number, bar in enumerate(bars)]
    return _chart([*drawn, *_labels([bar.label for bar in bars], step)], top, title, unit)


def _chart(drawn: Sequence[str], top: float, title: str, unit: str) -> Markup:
    return Markup(  # noqa: S704 (every text in it is escaped where it is put in)
        "\n".join(
            [
                f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">',
                f'<text class="scale" x="{_LEFT - 6}" y="{_ABOVE + 9}">{escape(_figure(top) + unit)}</text>',
                f'<text class="scale" x="{_LEFT - 6}" y="{_ABOVE + _PLOT}">0</text>',
                f'<path class="axis" d="M{_LEFT} {_ABOVE + _PLOT}H{_WIDTH}M{_LEFT} {_ABOVE}H{_WIDTH}"/>',
                *drawn,
                "</svg>",
            ]
        )
    )


def _column(bar: Bar, x: float, step: float, top: float, unit: str) -> str:
    width = max(step - 2, 1.0)
    told = f"{bar.label}: {_figure(bar.value)}{unit}" + (f", {_figure(bar.part)} failed" if bar.part else "")
    height, failed = _high(bar.value, top), _high(min(bar.part, bar.value), top)
    floor = _ABOVE + _PLOT
    return (
        f"<g><title>{escape(told)}</title>"
        f'<rect class="column" x="{x:.1f}" y="{floor - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        + (
            f'<rect class="column failed" x="{x:.1f}" y="{floor - failed:.1f}" width="{width:.1f}"'
            f' height="{failed:.1f}"/>'
            if failed
            else ""
        )
        + "</g>"
    )


def _high(value: float, top: float) -> float:
    return value / top * _PLOT if top > 0 else 0.0


def _labels(labels: Sequence[str], step: float) -> list[str]:
    """Write the first, the middle and the last label."""
    places = sorted({0, len(labels) // 2, len(labels) - 1}) if labels else []
    anchors = {0: "start", len(labels) - 1: "end"}
    return [
        f'<text class="label" text-anchor="{anchors.get(place, "middle")}"'
        f' x="{_LEFT + (place + (0 if anchors.get(place) == "start" else 1)) * step:.1f}" y="{_HEIGHT - 5}">'
        f"{escape(labels[place])}</text>"
        for place in places
    ]


def _figure(value: float) -> str:
    """Write a number as short as it is still read right."""
    for limit, divisor, unit in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if value >= limit:
            return f"{value / divisor:.3g}{unit}"
    return f"{value:.0f}" if value == int(value) else f"{value:.3g}"
