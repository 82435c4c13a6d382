"""``aias integration``: connections to other services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aias.cli.calls import call, on_connection, operator
from aias.cli.connect import command as connect
from aias.cli.output import Group, emit, table
from aias.cli.parameters import required_tenant, tenant_option

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.client import Aias

__all__ = ["command"]


@click.group(cls=Group, name="integration")
def command() -> None:
    """Connect tenants to Shopify, Wave, Slack, a mail server or an HTTP service."""


command.add_command(connect)


@command.command(name="list")
@tenant_option
def list_(tenant: str | None) -> None:
    """List the connections; credentials are never shown."""
    from aias.client import require_tenant
    from aias.integrations import Integration, list_integrations

    async def work(conn: AsyncConnection[Any]) -> list[Integration]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_integrations(conn, tenant=tenant)

    found = on_connection(work)
    emit(
        {"integrations": found},
        table(
            ("tenant", "kind", "name", "status", "reason", "connected"),
            [(row.tenant, row.kind, row.name, row.status, row.status_reason, row.connected_at) for row in found],
        ),
    )


@command.command()
@click.argument("kind", required=False)
@click.option("--tenant", metavar="SLUG", help="The tenant's slug.")
@click.option("--all", "is_all", is_flag=True, help="The connections of every tenant.")
@click.option("--name", help="Only the connection of this name.")
def check(kind: str | None, tenant: str | None, name: str | None, *, is_all: bool) -> None:
    """Try connections (of KIND) with a call that changes nothing, and note their health; exit 1 if one fails."""
    from aias.cli.checking import check_connections

    if is_all == (tenant is not None):
        raise click.UsageError("either --tenant or --all")
    checked = call(lambda aias: check_connections(aias, tenant, kind, name))
    words = {True: "works", False: "does not work", None: "not tried"}
    emit(
        {"checked": checked},
        table(
            ("tenant", "kind", "name", "result", "ms", "why"),
            [(c.tenant, c.kind, c.name, words[c.is_working], c.latency_ms, c.detail) for c in checked],
        ),
    )
    if any(c.is_working is False for c in checked):
        raise click.exceptions.Exit(1)


@command.command()
@tenant_option
def health(tenant: str | None) -> None:
    """Show how each connection does, by its last check; each is checked once an hour."""
    from aias.client import require_tenant
    from aias.integrations import Health, list_health

    async def work(conn: AsyncConnection[Any]) -> list[Health]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_health(conn, tenant=tenant)

    found = on_connection(work)
    columns = ("tenant", "kind", "name", "status", "ms", "checked", "worked", "failures", "token ends", "why")
    rows = [
        (
            *(h.tenant, h.kind, h.name, h.status, h.latency_ms, h.last_checked_at, h.last_ok_at),
            *(h.consecutive_failures, h.token_expires_at, h.status_reason or h.last_error),
        )
        for h in found
    ]
    emit({"health": found}, table(columns, rows))


@command.command(name="rotate-keys")
@click.option("--master", "is_master", is_flag=True, help="Put the tenants' keys under the current master key.")
@click.option("--tenant", metavar="SLUG", help="Give this tenant a new key.")
def rotate_keys(tenant: str | None, *, is_master: bool) -> None:
    """Replace the master key (--master) or a tenant's key (--tenant); broken off, it goes on when run again.

    For --master the new key is in AIAS_MASTER_KEY (or master.key) and the old one in AIAS_MASTER_KEY_PREVIOUS, for
    every process, until this has run.
    """
    from aias.integrations import Rotation, rotate_master_key, rotate_tenant_key

    if is_master == (tenant is not None):
        raise click.UsageError("either --master or --tenant")

    async def work(aias: Aias) -> Rotation:
        pool = aias.session.pool
        if tenant is None:
            return await rotate_master_key(pool, user=operator())
        return await rotate_tenant_key(pool, tenant, user=operator())

    done = call(work)
    emit(
        done,
        [
            f"{done.rewrapped} keys wrapped anew, {done.resealed} secrets sealed anew, {done.dropped} keys dropped",
            *(f"can't be read: {told}" for told in done.unreadable),
        ],
    )
    if done.unreadable:
        raise click.exceptions.Exit(1)


@command.command(name="erase-keys")
@required_tenant
@click.option("--yes", is_flag=True, help="Don't ask.")
def erase_keys(tenant: str, *, yes: bool) -> None:
    """Erase a tenant's keys: its credentials can't be read again, here or in any copy of the table."""
    from aias.integrations import erase_keys as run

    if not yes:
        click.confirm(f"Erase the keys of {tenant}? Every connection must be made anew", abort=True, err=True)
    erased = on_connection(lambda conn: run(conn, tenant))
    emit({"tenant": tenant, "erased": erased}, f"{tenant}: {erased} keys erased")


@command.command()
@click.argument("kind")
@required_tenant
@click.option("--name", default="default", show_default=True, help="Its name.")
def disconnect(kind: str, tenant: str, name: str) -> None:
    """Forget a connection and its credentials."""
    from aias.integrations import disconnect as run

    on_connection(lambda conn: run(conn, tenant=tenant, kind=kind, name=name))
    emit({"tenant": tenant, "kind": kind, "name": name}, f"{tenant}: {kind}:{name} forgotten")
