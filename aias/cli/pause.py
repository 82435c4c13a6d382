"""``aias pause``: start no more jobs of something; without arguments, what is paused."""

from __future__ import annotations

import click

from aias.cli.calls import on_connection
from aias.cli.output import Command, emit, table

__all__ = ["SCOPES", "command"]

SCOPES = ("lane", "workflow", "tenant", "task")


@click.command(cls=Command, name="pause")
@click.argument("scope", type=click.Choice(SCOPES), required=False)
@click.argument("name", required=False)
@click.option("--reason", help="Why; shown to whoever asks why a job waits.")
def command(scope: str | None, name: str | None, reason: str | None) -> None:
    """Start no more jobs of a lane, a workflow (TENANT/WORKFLOW), a tenant or a task; what runs goes on.

    Without arguments: list what is paused.
    """
    from aias.jobs import list_pauses, pause

    if scope is None:
        found = on_connection(list_pauses)
        emit(
            {"pauses": found},
            table(
                ("scope", "tenant", "name", "reason", "by", "since", "parked jobs"),
                [(p.scope, p.tenant, p.name, p.reason, p.paused_by, p.paused_at, p.parked_count) for p in found],
            ),
        )
        return
    if name is None:
        raise click.UsageError("Missing argument 'NAME'.")
    on_connection(lambda conn: pause(conn, scope, name, reason=reason))
    emit({"scope": scope, "name": name, "paused": True}, f"{scope} {name}: paused")
