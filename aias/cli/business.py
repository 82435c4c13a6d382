"""``aias business``: the figures of the business."""

from __future__ import annotations

import click

from aias.cli.calls import on_connection
from aias.cli.output import Command, emit, table

__all__ = ["command"]


@click.command(cls=Command, name="business")
@click.option("--tenant", help="Of this tenant only; without it of all, with the funnel.")
@click.option("--days", type=click.IntRange(1, 400), default=30, show_default=True, help="So many days up to today.")
def command(tenant: str | None, days: int) -> None:
    """Show active people, executions and calls per day (UTC), and how far tenants have come."""
    from aias.analytics import read_business

    found = on_connection(lambda conn: read_business(conn, tenant=tenant, days=days))
    shown = table(
        ("day", "people", "started", "succeeded", "failed", "cancelled", "steps", "calls", "calls failed"),
        [
            (
                day.day,
                day.active_user_count,
                day.started_count,
                day.succeeded_count,
                day.failed_count,
                day.cancelled_count,
                day.step_count,
                day.call_count,
                day.call_failure_count,
            )
            for day in found.days
        ],
    )
    if found.funnel:
        shown += "\n\n" + table(("stage", "tenants"), [(one.stage, one.tenant_count) for one in found.funnel])
    as_of = [f"{one.name}: as of {one.as_of or 'never'}{' (late)' if one.is_late else ''}" for one in found.freshness]
    emit(found, [shown, "", *as_of])
