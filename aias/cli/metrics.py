"""``aias metrics``: how often, how fast, how much of it failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import TIME, limit_option

__all__ = ["command"]

_METRICS = ("requests", "upstream_calls", "statements", "steps", "executions", "queue_wait")
_DIMENSIONS = ("endpoint", "integration", "operation", "statement", "action", "workflow", "lane", "tenant", "plan")

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@click.group(cls=Group, name="metrics")
def command() -> None:
    """What happened how often and how fast, and how much of it failed."""


def _window(function: Decorated) -> Decorated:
    for option in (
        click.option("--by", type=click.Choice(_DIMENSIONS), help="Tell it apart by this."),
        click.option("--until", type=TIME, help="Before this time.  [default: now]"),
        click.option("--since", type=TIME, help="From this minute on.  [default: an hour before the end]"),
        click.argument("metric", type=click.Choice(_METRICS)),
    ):
        function = option(function)
    return function


@command.command()
@_window
def percentiles(metric: str, since: datetime | None, until: datetime | None, by: str | None) -> None:
    """Show how often METRIC happened and how long it took, from rollups; the most observed first."""
    from aias.metrics import percentiles

    found = on_connection(lambda conn: percentiles(conn, metric, since=since, until=until, by=by))
    emit(
        {"metric": metric, "by": by, "percentiles": found},
        table(
            (by or "metric", "count", "p50", "p95", "p99"),
            [(row.key or ("" if by else metric), row.count, *map(_told, (row.p50, row.p95, row.p99))) for row in found],
        ),
    )


@command.command()
@_window
def rates(metric: str, since: datetime | None, until: datetime | None, by: str | None) -> None:
    """Show how much of METRIC failed or was refused; the most failures first."""
    from aias.metrics import error_rates

    found = on_connection(lambda conn: error_rates(conn, metric, since=since, until=until, by=by))
    emit(
        {"metric": metric, "by": by, "rates": found},
        table(
            (by or "metric", "count", "failed", "refused", "error rate", "mean"),
            [
                (
                    row.key or ("" if by else metric),
                    row.count,
                    row.failure_count,
                    row.refusal_count,
                    "" if row.error_rate is None else f"{row.error_rate:.2%}",
                    _told(row.mean_seconds),
                )
                for row in found
            ],
        ),
    )


@command.command()
def slo() -> None:
    """Show what is promised and what is kept."""
    from aias.metrics import objectives

    found = on_connection(objectives)
    emit(
        {"slo": found},
        table(
            ("objective", "period", "target", "actual", "unit", "of", "kept"),
            [
                (
                    row.objective,
                    row.period,
                    f"{row.comparison} {row.target:f}",
                    None if row.actual is None else f"{row.actual:.6g}",
                    row.unit,
                    row.observation_count,
                    row.is_met,
                )
                for row in found
            ],
        ),
    )


@command.command()
@limit_option
def slow(limit: int) -> None:
    """Show the statements that took most of the database's time in the last 24 hours."""
    from aias.metrics import slow_queries

    found = on_connection(lambda conn: slow_queries(conn, limit=limit))
    emit(
        {"slow_queries": found},
        table(
            ("statement", "calls", "errors", "total s", "mean ms", "p95 ms", "p99 ms", "mean ms in the database"),
            [
                (
                    row.statement,
                    row.call_count,
                    row.error_count,
                    *(
                        None if value is None else f"{value:.2f}"
                        for value in (row.total_seconds, row.mean_ms, row.p95_ms, row.p99_ms, row.database_mean_ms)
                    ),
                )
                for row in found
            ],
        ),
    )


@command.command()
def prometheus() -> None:
    """Print what Prometheus is told by GET /metrics."""
    from aias.metrics import expose, exposed

    text = expose(*on_connection(exposed))
    emit({"metrics": text}, text.rstrip("\n"))


def _told(seconds: float | None) -> str:
    """Give a duration in the unit in which it has a readable size."""
    if seconds is None:
        return ""
    for unit, size in (("h", 3600.0), ("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} us"
