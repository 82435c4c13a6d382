"""``aias user``: the people of a tenant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit
from aias.cli.parameters import required_tenant

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.privacy import Erasure

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


@command.command()
@click.argument("user", type=click.UUID)
@click.option(
    "--file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the document to this file; default: print it.",
)
def export(user: UUID, file: Path | None) -> None:
    """Give everything that the system holds of a person, as one JSON document."""
    from aias.privacy import export_user

    document = on_connection(lambda conn: export_user(conn, user))
    told = json.dumps(document, indent=2, ensure_ascii=False, default=str)
    if file is None:
        emit(document, told)
        return
    file.write_text(told + "\n", encoding="utf-8")
    counts = {table: len(rows) for table, rows in document["tables"].items()}
    emit({"user": user, "file": str(file), "tables": counts}, f"{user}: {document['row_count']} rows in {file}")


@command.command()
@click.argument("user", type=click.UUID)
@click.option("--reason", required=True, help="Why; stays on record, without the person's address.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def erase(user: UUID, reason: str, *, yes: bool) -> None:
    """Erase a person everywhere and print the certificate; called again it goes on where it was."""
    from aias.privacy import erase_user, finish_erasure

    if not yes:
        click.confirm(f"Erase {user} everywhere? It can't be undone", abort=True, err=True)

    async def work(conn: AsyncConnection[Any]) -> Erasure:
        return await finish_erasure(conn, await erase_user(conn, user, reason))

    done = on_connection(work)
    certificate = done.certificate or {}
    touched = [one for one in certificate["tables"] if one["deleted"] or one["anonymized"]]
    emit(
        certificate,
        [
            f"erased {done.finished_at:%Y-%m-%d %H:%M:%S %Z}, asked for by {done.requested_by}: {done.reason}",
            *(f"  {one['table']}: {one['deleted']} deleted, {one['anonymized']} anonymized" for one in touched),
            *(f"  kept: {one['table']}.{one['column']} ({one['reason']})" for one in certificate["kept"]),
            f"erasure {done.id}",
            f"sha256  {certificate['sha256']}",
        ],
    )
