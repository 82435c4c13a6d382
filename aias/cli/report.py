"""``aias report``: what a month came to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, note

if TYPE_CHECKING:
    from aias.reports import UsageReport

__all__ = ["command"]

_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group(cls=Group, name="report")
def command() -> None:
    """See the reports that tenants and operators are sent."""


@command.command()
@click.option("--tenant", help="Of this tenant only; without it of all.")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Of this month (UTC), as 2026-03; default: the last one.")
@click.option("--html", type=_OUT, help="Write the page to this file.")
@click.option("--csv", type=_OUT, help="Write every figure to this file, as comma-separated values.")
def usage(tenant: str | None, month: datetime | None, html: Path | None, csv: Path | None) -> None:
    """Show the usage report of a month: the one that is sent on the first of the next."""
    from aias.reports import as_csv, as_page, as_text, usage_report

    async def work(conn: AsyncConnection[Any]) -> UsageReport:
        day = None if month is None else month.replace(tzinfo=UTC).date()
        return await usage_report(conn, tenant=tenant, month=day)

    report = on_connection(work)
    if html is not None:
        html.write_text(as_page(report), encoding="utf-8")
        note(f"the page is in {html}")
    if csv is not None:
        csv.write_text(as_csv(report), encoding="utf-8", newline="")
        note(f"the figures are in {csv}")
    emit(report, as_text(report).rstrip())
