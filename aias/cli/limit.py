"""``aias limit``: how many jobs, or calls of a connection, run at once and start in a time."""

from __future__ import annotations

from datetime import timedelta

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table

__all__ = ["command"]

SCOPES = ("tenant", "workflow", "key", "connection")


@click.group(cls=Group, name="limit")
def command() -> None:
    """Limit tenants, workflows, keys and connections: jobs (or calls) at once, and starts in a time."""


@command.command(name="set")
@click.argument("scope", type=click.Choice(SCOPES))
@click.argument("name")
@click.option("--max-running", type=click.IntRange(min=0), help="How many jobs, or calls of a connection, run at once.")
@click.option("--rate", type=click.IntRange(min=1), help="How many jobs, or calls, start in the time --per.")
@click.option("--per", type=click.FloatRange(min=0.001), help="The time of the rate, in seconds.")
@click.option("--burst", type=click.IntRange(min=1), help="How many start at once when none has for long; default: 1.")
def set_(
    scope: str, name: str, max_running: int | None, rate: int | None, per: float | None, burst: int | None
) -> None:
    """Limit a tenant, a workflow (TENANT/WORKFLOW), a key or a connection (KIND:TENANT/CONNECTION).

    Replaces its former limit as a whole; a connection's also the one that its kind has.
    """
    from aias.jobs import set_limit

    time = None if per is None else timedelta(seconds=per)
    on_connection(lambda conn: set_limit(conn, scope, name, max_running=max_running, rate=rate, per=time, burst=burst))
    emit(
        {"scope": scope, "name": name, "max_running": max_running, "rate": rate, "per": time, "burst": burst},
        f"{scope} {name}: limited",
    )


@command.command(name="list")
def list_() -> None:
    """List the limits that were set, with what runs under each. Plans limit executions beside them."""
    from aias.jobs import list_limits

    found = on_connection(list_limits)
    emit(
        {"limits": found},
        table(
            ("scope", "tenant", "name", "max running", "running", "rate", "per", "burst", "parked jobs"),
            [
                (
                    limit.scope,
                    limit.tenant,
                    limit.name,
                    limit.max_running,
                    limit.running_count,
                    limit.rate,
                    limit.per,
                    limit.burst,
                    limit.parked_count,
                )
                for limit in found
            ],
        ),
    )


@command.command()
@click.argument("scope", type=click.Choice(SCOPES))
@click.argument("name")
def remove(scope: str, name: str) -> None:
    """Limit it no more; a tenant's plan counts again, or the limit of a connection's kind."""
    from aias.jobs import remove_limit

    on_connection(lambda conn: remove_limit(conn, scope, name))
    emit({"scope": scope, "name": name, "limited": False}, f"{scope} {name}: no limit")
