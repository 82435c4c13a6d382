"""``aias usage``: what tenants have used of their plans."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Command, emit, table
from aias.cli.parameters import limit_option

__all__ = ["command"]


@click.command(cls=Command, name="usage")
@click.option("--tenant", help="Of this tenant only.")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Of this month (UTC), as 2026-03; default: this one.")
@limit_option
def command(tenant: str | None, month: datetime | None, limit: int) -> None:
    """Show what is used of the plans in a month, as of the last minute's count."""
    from aias.analytics import UsageRow, list_usage
    from aias.client import require_tenant

    async def work(conn: AsyncConnection[Any]) -> list[UsageRow]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        day = None if month is None else month.replace(tzinfo=UTC).date()
        return await list_usage(conn, tenant=tenant, month=day, limit=limit)

    found = on_connection(work)
    emit(
        {"usage": found},
        table(
            ("tenant", "plan", "month", "measure", "used", "included", "percent", "state", "beyond it"),
            [
                (
                    row.tenant,
                    row.plan,
                    f"{row.month:%Y-%m}",
                    row.measure,
                    row.used_count,
                    "unlimited" if row.quota is None else row.quota,
                    None if row.used_ratio is None else f"{100 * row.used_ratio:.1f}",
                    row.state,
                    "refused" if row.is_hard else "told",
                )
                for row in found
            ],
        ),
    )
