"""``aias orphans``: what is left over where no key holds it."""

from __future__ import annotations

from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Command, emit, table

__all__ = ["command"]


@click.command(cls=Command, name="orphans")
@click.option("--repair", is_flag=True, help="Repair the kinds whose policy is repair.")
def command(repair: bool) -> None:
    """Find rows whose parents are gone, executions without jobs and the reverse."""
    from aias.health import OrphanKind, find_orphans

    async def work(conn: AsyncConnection[Any]) -> list[OrphanKind]:
        return await find_orphans(conn, repair=repair)

    found = on_connection(work)
    rows = [(one.kind, one.policy, one.row_count, one.repaired_count, one.samples[:1] or "") for one in found]
    emit({"orphans": found}, table(("kind", "policy", "found", "repaired", "for example"), rows))
