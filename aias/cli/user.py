"""``aias user``: the people of a tenant."""

from __future__ import annotations

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit
from aias.cli.parameters import required_tenant

__all__ = ["command"]


@click.group(cls=Group, name="user")
def command() -> None:
    """The people of the tenants."""


@command.command()
@click.argument("email")
@required_tenant
@click.option("--name", help="The name to show; default: the address.")
@click.option(
    "--role",
    type=click.Choice(["owner", "member", "viewer"]),
    default="member",
    show_default=True,
    help="What the person may do.",
)
def create(email: str, tenant: str, name: str | None, role: str) -> None:
    """Add a person to a tenant."""
    from aias.tenants import create_user

    made = on_connection(lambda conn: create_user(conn, tenant=tenant, email=email, name=name or email, role=role))
    emit({"id": made, "tenant": tenant, "email": email, "role": role}, f"{email}: added to {tenant} as {role}")
