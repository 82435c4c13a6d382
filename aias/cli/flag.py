"""``aias flag``: changes of behaviour that reach the tenants one after the other."""

from __future__ import annotations

from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import tenant_option

__all__ = ["command"]


@click.group(cls=Group, name="flag")
def command() -> None:
    """Roll changes of behaviour out, to a percentage of the tenants or to single ones."""


@command.command(name="set")
@click.argument("flag")
@click.option("--percentage", type=click.FloatRange(0, 100), help="For how many of the tenants it is on.")
@click.option("--description", help="What it changes.")
@click.option("--tenant", metavar="SLUG", help="Instead: say something else of this tenant.")
@click.option("--on", "word", flag_value="on", help="With --tenant: on, whatever the percentage.")
@click.option("--off", "word", flag_value="off", help="With --tenant: off, whatever the percentage.")
@click.option("--default", "word", flag_value="default", help="With --tenant: by the percentage again.")
def set_(flag: str, percentage: float | None, description: str | None, tenant: str | None, word: str | None) -> None:
    """Set FLAG: for a percentage of the tenants, or for one of them.

    A percentage that grows keeps those who have it. Processes know of it within five seconds.
    """
    from aias.plugins import set_flag

    if (tenant is None) != (word is None):
        raise click.UsageError("--tenant goes with --on, --off or --default, and they with it")
    if tenant is not None and (percentage is not None or description is not None):
        raise click.UsageError("either --tenant, or --percentage and --description")
    is_on = {"on": True, "off": False}.get(word or "")
    on_connection(
        lambda conn: set_flag(conn, flag, percentage=percentage, description=description, tenant=tenant, is_on=is_on)
    )
    if tenant is not None:
        emit({"flag": flag, "tenant": tenant, "is_on": is_on}, f"{flag}: {word} for {tenant}")
    else:
        told = "set" if percentage is None else f"{percentage:g} %"
        emit({"flag": flag, "percentage": percentage, "description": description}, f"{flag}: {told}")


@command.command(name="list")
@tenant_option
def list_(tenant: str | None) -> None:
    """List the flags; with --tenant also whether each is on for it."""
    from aias.plugins import enabled_flags, list_flag_tenants, list_flags

    async def work(conn: AsyncConnection[Any]) -> list[dict[str, Any]]:
        on = set(await enabled_flags(conn, tenant)) if tenant is not None else set[str]()
        said: dict[str, dict[str, bool]] = {}
        for one in await list_flag_tenants(conn):
            said.setdefault(one.flag, {})[one.tenant] = one.is_on
        return [
            {
                "name": flag.name,
                "percentage": float(flag.percentage),
                "description": flag.description,
                "tenants": said.get(flag.name, {}),
                **({"is_on": flag.name in on} if tenant is not None else {}),
            }
            for flag in await list_flags(conn)
        ]

    found = on_connection(work)
    columns = ["flag", "percentage", *(["on"] if tenant is not None else []), "tenants", "changes"]
    rows = [
        (
            *(one["name"], f"{one['percentage']:g}"),
            *([one["is_on"]] if tenant is not None else []),
            ", ".join(f"{slug} {'on' if is_on else 'off'}" for slug, is_on in one["tenants"].items()),
            one["description"],
        )
        for one in found
    ]
    emit({"flags": found}, table(columns, rows))


@command.command()
@click.argument("flag")
def remove(flag: str) -> None:
    """Forget FLAG: it is off for every tenant."""
    from aias.plugins import remove_flag

    on_connection(lambda conn: remove_flag(conn, flag))
    emit({"flag": flag, "removed": True}, f"{flag}: removed")
