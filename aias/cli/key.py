"""``aias key``: keys of the HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from aias.cli.calls import on_connection, select
from aias.cli.output import Group, emit, table
from aias.cli.parameters import TIME, limit_option, tenant_option

__all__ = ["command"]


@click.group(cls=Group, name="key")
def command() -> None:
    """Keys of the HTTP API."""


@command.command()
@click.option("--tenant", metavar="SLUG", help="Whose key; without it one of the platform's operators.")
@click.option("--name", default="key", show_default=True, help="What it is called.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=("*",),
    show_default=True,
    help="What it may do: executions:read, executions:*, *:read, * (everything). Repeatable.",
)
@click.option("--expires", type=TIME, help="From when on it is refused; +90d is in 90 days. Default: never.")
@click.option("--rate", type=click.IntRange(1, 1_000_000), help="Requests a minute; default: those of the plan.")
def create(tenant: str | None, name: str, scopes: tuple[str, ...], expires: datetime | None, rate: int | None) -> None:
    """Make a key and print its token: it is shown this once."""
    from aias.api import create_api_key

    made = on_connection(
        lambda conn: create_api_key(
            conn, tenant=tenant, name=name, scopes=list(scopes), expires_at=expires, requests_per_minute=rate
        )
    )
    document: dict[str, Any] = {"id": made.id, "token": made.token, "tenant": tenant, "name": name, "scopes": scopes}
    emit(document, made.token)


@command.command(name="list")
@tenant_option
@limit_option
def list_(tenant: str | None, limit: int) -> None:
    """List the keys, without their secrets, the newest first."""
    found = select(
        """
        select k.id, k.tenant, k.name, k.scopes, k.status, k.requests_per_minute, k.expires_at, k.last_used_at,
            k.created_at, k.created_by
        from aias.api_keys as k
        where %(tenant)s::text is null or k.tenant = %(tenant)s
        order by k.created_at desc, k.id
        limit %(limit)s
        """,
        {"limit": limit},
        tenant=tenant,
    )
    columns = ("key", "tenant", "name", "scopes", "status", "expires", "last used")
    rows = [
        (k["id"], k["tenant"], k["name"], " ".join(k["scopes"]), k["status"], k["expires_at"], k["last_used_at"])
        for k in found
    ]
    emit({"keys": found}, table(columns, rows))


@command.command()
@click.argument("key")
def revoke(key: str) -> None:
    """Refuse a KEY (its id) from the next request on."""
    from aias.api import revoke_api_key

    was_good = on_connection(lambda conn: revoke_api_key(conn, key))
    emit(
        {"key": key, "revoked": True, "was_revoked": not was_good},
        f"{key}: {'revoked' if was_good else 'was revoked before'}",
    )
