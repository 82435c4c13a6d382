"""``aias resume``: let what was paused go on."""

from __future__ import annotations

import click

from aias.cli.calls import on_connection
from aias.cli.output import Command, emit
from aias.cli.pause import SCOPES

__all__ = ["command"]


@click.command(cls=Command, name="resume")
@click.argument("scope", type=click.Choice(SCOPES))
@click.argument("name")
def command(scope: str, name: str) -> None:
    """Let the jobs of a paused lane, workflow (TENANT/WORKFLOW), tenant or task start again."""
    from aias.jobs import resume

    on_connection(lambda conn: resume(conn, scope, name))
    emit({"scope": scope, "name": name, "paused": False}, f"{scope} {name}: resumed")
