"""``aias trace ID``: what happened under a trace, as a tree with a bar for each span."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aias.cli.calls import on_connection
from aias.cli.output import Command, emit, note, table

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.tracing import Placed, TraceSpan

__all__ = ["command"]

_NARROWEST = 16
_WIDEST = 60
_PLAIN = 40
_STYLES = {"failed": "red", "in_doubt": "red", "cancelled": "dim", "waiting": "yellow", "deferred": "yellow"}


@click.command(cls=Command, name="trace")
@click.argument("id")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write a picture of it to this file.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=1000, show_default=True, help="Spans at most.")
def command(id: str, svg: Path | None, limit: int) -> None:
    """Show the flow of a trace: what began it, its executions, attempts, calls of upstreams, events and webhooks.

    ID is a trace id, an execution's id, a correlation id or the X-Request-ID of a request.
    """
    from aias.tracing import as_svg, placed, trace

    async def work(conn: AsyncConnection[Any]) -> tuple[list[TraceSpan], datetime]:
        cursor = await conn.execute("select aias_private.now()")
        (now,) = await cursor.fetchone() or (datetime.now(UTC),)
        return await trace(conn, id, limit=limit), now

    spans, now = on_connection(work)
    if svg is not None:
        try:
            svg.write_text(as_svg(spans, now=now), encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"{svg}: {error.strerror or error}") from None
    if len(spans) == limit:
        note(f"only the first {limit} spans are shown: --limit")
    emit({"id": id, "spans": spans}, _drawn(placed(spans, now=now)))


def _drawn(places: Sequence[Placed]) -> str:
    """Lay the tree out: in colours on a terminal, in plain aligned columns anywhere else."""
    from aias.tracing import bar, duration_text

    is_terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns
    labels = [f"{place.branch.prefix}{place.branch.span.kind} {place.branch.span.name}" for place in places]
    longest = max((len(label) for label in labels), default=0)
    width = min(max(columns - longest - 40, _NARROWEST), _WIDEST) if is_terminal else _PLAIN
    spans = [place.branch.span for place in places]
    rows = [
        (
            label,
            bar(place, width),
            duration_text(place.offset),
            duration_text(None if span.finished_at is None else span.finished_at - span.started_at),
            span.status if not span.detail.get("error") else f"{span.status}: {span.detail['error']}",
        )
        for label, place, span in zip(labels, places, spans, strict=True)
    ]
    heads = ("span", "time", "at", "took", "status")
    if not is_terminal:
        return table(heads, rows)
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row, span in zip(rows, spans, strict=True):
        style = _STYLES.get(span.status, "green")
        drawn.add_row(
            Text(row[0], no_wrap=True), Text(row[1], style), Text(row[2], "dim"), Text(row[3]), Text(row[4], style)
        )
    console = Console()
    with console.capture() as captured:
        console.print(drawn)
    return captured.get().rstrip("\n")
