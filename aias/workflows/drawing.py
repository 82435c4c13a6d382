"""A workflow's graph as an SVG picture: layers from top to bottom, what a step waits for above it.

Layered drawing in the manner of Sugiyama, in its plainest form: a step's layer is the longest way to it, an edge that
passes a layer gets a place in it (so that edges go around steps), and the order within layers follows the medians of
the neighbours, swept down and up a few times. https://en.wikipedia.org/wiki/Layered_graph_drawing
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Final

from aias.workflows.graph import Graph
from aias.workflows.models import Step

__all__ = ["as_svg"]

_SWEEPS: Final = 8
_WIDTH: Final = 200
_HEIGHT: Final = 52
_ACROSS: Final = 32
_DOWN: Final = 56
_THIN: Final = 24
"""Width of the place of an edge that passes a layer."""
_MARGIN: Final = 24
_LONGEST: Final = 26
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328;text-anchor:middle}.action{fill:#6e7781;font-size:11px}"
    ".step{fill:#f6f8fa;stroke:#8c959f}.edge{fill:none;stroke:#6e7781;stroke-width:1.5}.fails{stroke:#c0362c;"
    "stroke-dasharray:5 4}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.action{fill:#8d96a0}"
    ".step{fill:#161b22;stroke:#6e7681}.ground{fill:#0d1117}}"
)

_ARROW: Final = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#6e7781"/></marker></defs>'
)

_Place = tuple[str, int]
"""A step in its layer, or an edge (named by its number) that passes one."""


@dataclass(slots=True)
class _Layout:
    layers: list[list[_Place]] = field(default_factory=list[list[_Place]])
    ways: list[tuple[str, list[_Place]]] = field(default_factory=list[tuple[str, list[_Place]]])
    """Each edge's kind, and the places that it goes through."""
    at: dict[_Place, tuple[float, float]] = field(default_factory=dict[_Place, tuple[float, float]])
    """The middle of each place."""
    width: float = 0.0
    height: float = 0.0


def as_svg(graph: Graph, *, title: str = "", states: Mapping[str, str] | None = None, is_styled: bool = True) -> str:
    """Draw a graph. Whatever names and actions hold stands in it as text.

    ``states`` says how steps are, by id: each stands as a word in its box, and as the class ``is-<state>``. A picture
    that is not ``is_styled`` has no style of its own: it stands in a page that has one for its classes.
    """
    layout = _laid_out(graph)
    size = f'width="{layout.width:.0f}" height="{layout.height:.0f}"'
    box = f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img">',
        f"<title>{escape(title or 'workflow')}</title>",
        *([f"<style>{_STYLE}</style>"] if is_styled else []),
        _ARROW,
        *([f'<rect class="ground" {size} fill="#ffffff"/>'] if is_styled else []),
        *(_edge(kind, way, layout) for kind, way in layout.ways),
        *(_step(step, layout.at[name, 0], (states or {}).get(name)) for name, step in graph.steps.items()),
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def _edges(graph: Graph) -> list[tuple[str, str, str]]:
    """Every edge as (from, to, kind)."""
    found = [(need, step.id, "needs") for step in graph.steps.values() for need in step.needs]
    return found + [(step, fallback, "fails") for step, fallback in graph.fallbacks.items()]


def _laid_out(graph: Graph) -> _Layout:
    edges = _edges(graph)
    before: dict[str, list[str]] = defaultdict(list)
    for start, end, _ in edges:
        before[end].append(start)
    depth: dict[str, int] = {}
    for step in graph.steps:  # in topological order
        depth[step] = max((depth[name] + 1 for name in before[step]), default=0)
    layout = _Layout(layers=[[] for _ in range(max(depth.values(), default=-1) + 1)])
    for step, layer in depth.items():
        layout.layers[layer].append((step, 0))
    for number, (start, end, kind) in enumerate(edges):
        passed: list[_Place] = [(f"\x00{number}", layer) for layer in range(depth[start] + 1, depth[end])]
        for place in passed:
            layout.layers[place[1]].append(place)
        layout.ways.append((kind, [(start, 0), *passed, (end, 0)]))
    _untangle(layout)
    _spread(layout)
    return layout


def _untangle(layout: _Layout) -> None:
    """Order each layer by the medians of its neighbours; the order with the fewest crossings stays."""
    up: dict[_Place, list[_Place]] = defaultdict(list)
    down: dict[_Place, list[_Place]] = defaultdict(list)
    for _, way in layout.ways:
        for upper, lower in pairwise(way):
            down[upper].append(lower)
            up[lower].append(upper)
    best, fewest = [list(layer) for layer in layout.layers], _crossings(layout.layers, down)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        neighbours, order = (
            (up, range(1, len(layout.layers))) if sweep % 2 == 0 else (down, range(len(layout.layers) - 2, -1, -1))
        )
        for number in order:
            beside = layout.layers[number - 1 if sweep % 2 == 0 else number + 1]
            position = {place: index for index, place in enumerate(beside)}
            layer = layout.layers[number]
            own = {place: index for index, place in enumerate(layer)}
            layer.sort(key=lambda place: _median([position[n] for n in neighbours[place]], own[place]))
        if (count := _crossings(layout.layers, down)) < fewest:
            best, fewest = [list(layer) for layer in layout.layers], count
    layout.layers = best


def _median(positions: list[int], own: int) -> float:
    if not positions:
        return own
    positions.sort()
    middle = len(positions) // 2
    return positions[middle] if len(positions) % 2 else (positions[middle - 1] + positions[middle]) / 2


def _crossings(layers: list[list[_Place]], down: dict[_Place, list[_Place]]) -> int:
    count = 0
    for upper, lower in pairwise(layers):
        position = {place: index for index, place in enumerate(lower)}
        ends = [sorted(position[n] for n in down.get(place, ())) for place in upper]
        flat = [end for group in ends for end in group]
        count += sum(1 for i, one in enumerate(flat) for other in flat[i + 1 :] if other < one)
    return count


def _spread(layout: _Layout) -> None:
    """Give every place its middle: each layer centred."""
    widths = [sum(_width(place) for place in layer) + _ACROSS * (len(layer) - 1) for layer in layout.layers]
    layout.width = max(widths, default=0) + 2 * _MARGIN
    layout.height = len(layout.layers) * (_HEIGHT + _DOWN) - _DOWN + 2 * _MARGIN if layout.layers else 2 * _MARGIN
    for number, layer in enumerate(layout.layers):
        left = (layout.width - widths[number]) / 2
        for place in layer:
            layout.at[place] = (left + _width(place) / 2, _MARGIN + number * (_HEIGHT + _DOWN) + _HEIGHT / 2)
            left += _width(place) + _ACROSS


def _width(place: _Place) -> int:
    return _THIN if place[0].startswith("\x00") else _WIDTH


def _edge(kind: str, way: list[_Place], layout: _Layout) -> str:
    x, y = layout.at[way[0]]
    path = f"M{x:.1f} {y + _HEIGHT / 2:.1f}"
    y += _HEIGHT / 2
    for place in way[1:]:
        to_x, to_y = layout.at[place]
        top = to_y - _HEIGHT / 2
        bend = (top - y) / 2
        path += f"C{x:.1f} {y + bend:.1f} {to_x:.1f} {top - bend:.1f} {to_x:.1f} {top:.1f}"
        x, y = to_x, top
        if place is not way[-1]:  # straight through the layer
            y = to_y + _HEIGHT / 2
            path += f"L{x:.1f} {y:.1f}"
    told = "<title>if it fails</title>" if kind == "fails" else ""
    return f'<path class="edge {kind}" d="{path}" marker-end="url(#arrow)">{told}</path>'


def _step(step: Step, middle: tuple[float, float], state: str | None) -> str:
    x, y = middle
    notes = [
        *(["conditional"] if isinstance(step.when, str) else []),
        *(["once per item"] if step.for_each is not None else []),
    ]
    told = "\n".join([f"{step.id}: {step.action}", *notes, *([state] if state else [])])
    action = f"{step.action} ({', '.join(notes)})" if notes else step.action
    below = f"{state}: {step.action}" if state else action
    box = f'x="{x - _WIDTH / 2:.1f}" y="{y - _HEIGHT / 2:.1f}" width="{_WIDTH}" height="{_HEIGHT}"'
    marked = f" is-{escape(state.replace(' ', '-'))}" if state else ""
    return (
        f"<g><title>{escape(told)}</title>"
        f'<rect class="step{marked}" {box} rx="6"/>'
        f'<text x="{x:.1f}" y="{y - 3:.1f}">{escape(_short(step.id))}</text>'
        f'<text class="action" x="{x:.1f}" y="{y + 14:.1f}">{escape(_short(below))}</text></g>'
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
