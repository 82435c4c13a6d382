"""``aias errors``: what fails, grouped by what is the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, dumps, emit, table
from aias.cli.parameters import ID, TIME, limit_option, tenant_option

__all__ = ["command"]


@click.group(cls=Group, name="errors")
def command() -> None:
    """What fails, grouped by type, message and place."""


@command.command(name="list")
@tenant_option
@click.option("--status", type=click.Choice(("open", "resolved", "ignored")), help="Of this status only.")
@click.option("--since", type=TIME, help="That came at this time or later; -1h is an hour ago.")
@limit_option
def list_(tenant: str | None, status: str | None, since: datetime | None, limit: int) -> None:
    """List the groups, what came last first."""
    from aias.client import require_tenant
    from aias.diagnostics import ErrorRow, find_errors

    async def work(conn: AsyncConnection[Any]) -> list[ErrorRow]:
        which = None if tenant is None else await require_tenant(conn, tenant)
        return await find_errors(conn, tenant_id=which, status=status, since=since, limit=limit)

    found = on_connection(work)
    emit(
        {"errors": found},
        table(
            ("error", "status", "type", "message", "count", "tenants", "first", "last"),
            [
                (
                    row.id,
                    row.status,
                    row.type,
                    row.message[:80],
                    row.failure_count,
                    row.tenant_count,
                    row.first_seen_at,
                    row.last_seen_at,
                )
                for row in found
            ],
        ),
    )


@command.command()
@click.argument("error", type=ID)
def show(error: UUID) -> None:
    """Show a group whole: how often and for whom it came, and one of the latest failures with its traceback."""
    from aias.diagnostics import get_error

    found = on_connection(lambda conn: get_error(conn, error))
    traceback = str(found.sample.get("traceback", ""))
    emit(found, [dumps(found), *([""] if traceback else []), *(f"    {line}" for line in traceback.splitlines())])


@command.command()
@click.argument("error", type=ID)
@click.option("--reason", help="How it was fixed; it stays on record.")
def resolve(error: UUID, reason: str | None) -> None:
    """Say that an error is fixed; when it comes again, it is open again."""
    from aias.diagnostics import resolve_error

    on_connection(lambda conn: resolve_error(conn, error, reason=reason))
    emit({"error": error, "status": "resolved"}, f"{error}: resolved")


@command.command()
@click.argument("error", type=ID)
@click.option("--reason", help="Why it is of no interest; it stays on record.")
def ignore(error: UUID, reason: str | None) -> None:
    """Say that an error is of no interest: it is counted on and stays ignored."""
    from aias.diagnostics import ignore_error

    on_connection(lambda conn: ignore_error(conn, error, reason=reason))
    emit({"error": error, "status": "ignored"}, f"{error}: ignored")


@command.command()
@click.argument("error", type=ID)
@click.option("--reason", help="Why; it stays on record.")
def reopen(error: UUID, reason: str | None) -> None:
    """Take back that an error is fixed or of no interest."""
    from aias.diagnostics import reopen_error

    on_connection(lambda conn: reopen_error(conn, error, reason=reason))
    emit({"error": error, "status": "open"}, f"{error}: open")
