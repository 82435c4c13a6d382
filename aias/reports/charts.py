"""Plots as SVG: stacked bars, self-contained, with every text escaped.

They may stand in a page as they are: no scripts, no styles of the page, nothing loaded from elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Series", "stacked_bars"]

_WIDTH, _HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 30, 24
_LINES = 4
_GAP = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What one colour of the bars means; a value per label, none below zero."""

    name: str
    colour: str
    values: Sequence[float]


def stacked_bars(title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Draw a bar per label, its series one on another; each bar tells its values to whoever points at it.

    Raises:
        ValueError: a series has not one value per label.
    """
    totals = [sum(values) for values in zip(*(one.values for one in series), strict=True)]
    if len(totals) != len(labels):
        raise ValueError(f"{len(labels)} labels for {len(totals)} values")
    top = _round_up(max(totals, default=0))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img"',
        f' height="{_HEIGHT}" aria-label="{escape(title)}" font-family="system-ui,sans-serif" font-size="11">',
        f"<title>{escape(title)}</title>",
        f'<text x="0" y="12" font-weight="600">{escape(title)}</text>',
        *_legend(series),
        *_grid(top),
    ]
    slot = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    for at, label in enumerate(labels):
        x = _LEFT + slot * (at + _GAP / 2)
        told = ", ".join(f"{one.name} {one.values[at]:,.10g}" for one in series)
        parts.append(f"<g><title>{escape(f'{label}: {told}')}</title>")
        base = 0.0
        for one in series:
            height = _plotted(one.values[at], top)
            if height > 0:
                y = _HEIGHT - _BOTTOM - base - height
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{slot * (1 - _GAP):.1f}" height="{height:.1f}"'
                    f' fill="{escape(one.colour)}"/>'
                )
            base += height
        parts.append("</g>")
        if at % max(1, math.ceil(len(labels) / 10)) == 0:
            parts.append(
                f'<text x="{x + slot * (1 - _GAP) / 2:.1f}" y="{_HEIGHT - 8}" text-anchor="middle" fill="#555">'
                f"{escape(label)}</text>"
            )
    return "".join([*parts, "</svg>"])


def _legend(series: Sequence[Series]) -> list[str]:
    parts: list[str] = []
    for at, one in enumerate(series):
        x = _WIDTH - _RIGHT - 110 * (len(series) - at)
        parts.append(f'<rect x="{x}" y="4" width="9" height="9" fill="{escape(one.colour)}"/>')
        parts.append(f'<text x="{x + 13}" y="12" fill="#333">{escape(one.name)}</text>')
    return parts


def _grid(top: float) -> list[str]:
    parts: list[str] = []
    for line in range(_LINES + 1):
        value = top * line / _LINES
        y = _HEIGHT - _BOTTOM - _plotted(value, top)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{value:,.10g}</text>')
    return parts


def _plotted(value: float, top: float) -> float:
    return value / top * (_HEIGHT - _TOP - _BOTTOM)


def _round_up(value: float) -> float:
    """Give the next number that four lines divide well."""
    if value <= _LINES:
        return float(_LINES)
    unit = 10 ** math.floor(math.log10(value))
    return next(step * unit for step in (1, 2, 4, 6, 8, 10) if step * unit >= value)
