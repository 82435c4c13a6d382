"""``aias logs``: what workers and the HTTP server logged."""

from __future__ import annotations

import contextlib
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
from psycopg import AsyncConnection

from aias.cli.calls import call, on_connection
from aias.cli.output import Command, emit, is_json, line_of, note
from aias.cli.parameters import ID, TIME, limit_option, tenant_option

if TYPE_CHECKING:
    from aias.client import Aias
    from aias.diagnostics import Level, LogFilter, LogRow

__all__ = ["command"]

_LEVELS = ("debug", "info", "warning", "error", "critical")
_TRACEBACK = "exception"


@click.command(cls=Command, name="logs")
@tenant_option
@click.option("--level", type=click.Choice(_LEVELS), help="Of this level and more severe ones.")
@click.option("--execution", type=ID, help="Of this execution.")
@click.option("--correlation", metavar="ID", help="With this correlation id.")
@click.option("--request", metavar="ID", help="Of this HTTP request (X-Request-ID).")
@click.option("--since", type=TIME, help="From this time on; -1h is an hour ago.")
@click.option("--until", type=TIME, help="Before this time.")
@click.option("--text", metavar="WORDS", help='With these words: two words, "a phrase", one or another, -without.')
@click.option("--follow", is_flag=True, help="Go on with what comes, until Ctrl-C; with --json one document per line.")
@limit_option
def command(
    *,
    tenant: str | None,
    level: Level | None,
    execution: UUID | None,
    correlation: str | None,
    request: str | None,
    since: datetime | None,
    until: datetime | None,
    text: str | None,
    follow: bool,
    limit: int,
) -> None:
    """Show the latest records of the log, the oldest first, without secrets and personal data."""
    from aias.client import require_tenant
    from aias.diagnostics import LogFilter, find_logs

    async def read(conn: AsyncConnection[Any]) -> LogFilter:
        return LogFilter(
            tenant_id=None if tenant is None else await require_tenant(conn, tenant),
            level=level,
            execution_id=execution,
            correlation_id=correlation,
            request_id=request,
            text=text,
            since=since,
            until=until,
        )

    if not follow:

        async def work(conn: AsyncConnection[Any]) -> list[LogRow]:
            return await find_logs(conn, await read(conn), limit=limit)

        found = on_connection(work)[::-1]
        emit({"logs": found}, [line for row in found for line in _lines(row)])
        return
    if until is not None:
        raise click.UsageError("--follow has no end: leave --until out")

    async def go_on(aias: Aias) -> None:
        async with aias.session.connection() as conn:
            await _follow(conn, await read(conn), limit)

    with contextlib.suppress(KeyboardInterrupt):
        call(go_on)


async def _follow(conn: AsyncConnection[Any], which: LogFilter, limit: int) -> None:
    """Print the latest records, and then each that is committed, once."""
    from aias.diagnostics import find_logs, follow_logs

    async with contextlib.aclosing(follow_logs(lambda: contextlib.nullcontext(conn), which)) as pages:
        # nothing is missed from here on: what is there already may be shown now, and is not shown twice
        await anext(pages)
        latest = await find_logs(conn, which, limit=limit)
        shown = {one.id for one in latest}
        for one in latest[::-1]:
            _print(one)
        if not is_json():
            note("(following; Ctrl-C ends it)")
        async for page in pages:
            for row in page.rows:
                if row.id not in shown:
                    _print(row)


def _print(row: LogRow) -> None:
    click.echo(line_of(row) if is_json() else "\n".join(_lines(row)))
    sys.stdout.flush()


def _lines(row: LogRow) -> list[str]:
    """Lay a record out for a person: one line, and a traceback below it, indented."""
    context = {name: value for name, value in row.context.items() if name != _TRACEBACK}
    known = {
        "tenant": row.tenant,
        "execution": row.execution_id,
        "step": row.step,
        "job": row.job_id,
        "request": row.request_id,
        **context,
    }
    fields = " ".join(f"{name}={value}" for name, value in known.items() if value is not None)
    at = row.at.astimezone().isoformat(sep=" ", timespec="milliseconds")
    first = f"{at} {row.level:<8} {row.logger}: {row.message}{'  ' if fields else ''}{fields}"
    return [first, *(f"    {line}" for line in str(row.context.get(_TRACEBACK, "")).splitlines())]
