"""``aias fuse``: what gave up so often that the rest is kept from it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import ID, limit_option, tenant_option

if TYPE_CHECKING:
    from aias.diagnostics import Scope

__all__ = ["command"]

_SCOPES = ("task", "workflow")


@click.group(cls=Group, name="fuse")
def command() -> None:
    """Fuses: a task or a workflow that gives up again and again is not started any more."""


@command.command(name="list")
@tenant_option
@click.option("--all", "everything", is_flag=True, help="The released ones too.")
@limit_option
def list_(tenant: str | None, everything: bool, limit: int) -> None:
    """List the fuses that are blown, the latest first."""
    from aias.diagnostics import list_fuses

    found = on_connection(
        lambda conn: list_fuses(conn, tenant=tenant, is_blown=None if everything else True, limit=limit)
    )
    emit(
        {"fuses": found},
        table(
            ("fuse", "tenant", "scope", "name", "status", "failures", "diverted", "since", "reason"),
            [
                (f.id, f.tenant, f.scope, f.name, f.status, f.failure_count, f.diverted_count, f.blown_at, f.reason)
                for f in found
            ],
        ),
    )


@command.command()
@click.argument("fuse", type=ID)
@click.option("--requeue", is_flag=True, help="Start again what was diverted to the dead letters.")
@click.option("--reason", help="What was done about it; it stays on record.")
def release(fuse: UUID, requeue: bool, reason: str | None) -> None:
    """Let what the fuse holds run again; what was diverted stays among the dead letters unless told otherwise."""
    from aias.diagnostics import release_fuse

    count = on_connection(lambda conn: release_fuse(conn, fuse, requeue=requeue, reason=reason))
    told = f"{fuse}: released" + (f", {count} started again, the rest follows by itself" if requeue else "")
    emit({"fuse": fuse, "status": "released", "requeued": count}, told)


@command.command()
def rules() -> None:
    """List after how many equal failures in which time fuses blow."""
    from aias.diagnostics import list_fuse_rules

    found = on_connection(list_fuse_rules)
    emit(
        {"rules": found},
        table(
            ("scope", "name", "failures", "within", "enabled"),
            [(r.scope, r.name, r.failure_count, r.within, r.is_enabled) for r in found],
        ),
    )


@command.command(name="set")
@click.argument("scope", type=click.Choice(_SCOPES))
@click.argument("name")
@click.option("--failures", type=click.IntRange(min=1), required=True, help="How many, all for the same reason.")
@click.option("--within", type=click.IntRange(10, 86400), required=True, metavar="SECONDS", help="In which time.")
@click.option("--enabled/--disabled", default=True, show_default=True, help="Whether there is a fuse at all.")
def set_(scope: Scope, name: str, failures: int, within: int, enabled: bool) -> None:
    """Say when the fuse of a task or a workflow blows; NAME * is for all that have no rule of their own."""
    from aias.diagnostics import set_fuse_rule

    on_connection(
        lambda conn: set_fuse_rule(
            conn, scope, name, failure_count=failures, within=timedelta(seconds=within), is_enabled=enabled
        )
    )
    emit({"scope": scope, "name": name, "set": True}, f"{scope} {name}: set")


@command.command()
@click.argument("scope", type=click.Choice(_SCOPES))
@click.argument("name")
def unset(scope: Scope, name: str) -> None:
    """Let the rule for all others hold for a task or a workflow again."""
    from aias.diagnostics import remove_fuse_rule

    on_connection(lambda conn: remove_fuse_rule(conn, scope, name))
    emit({"scope": scope, "name": name, "removed": True}, f"{scope} {name}: removed")
