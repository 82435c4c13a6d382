"""``aias audit``: who did what."""

from __future__ import annotations

from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import limit_option, tenant_option

__all__ = ["command"]


@click.group(cls=Group, name="audit")
def command() -> None:
    """Who did what, and when."""


@command.command(name="list")
@tenant_option
@click.option("--action", help="Only this action: execution.started, workflow.applied, ...")
@limit_option
def list_(tenant: str | None, action: str | None, limit: int) -> None:
    """List the latest entries of the audit log, the newest first."""
    from aias.audit import AuditEntry, list_audit
    from aias.client import require_tenant

    async def work(conn: AsyncConnection[Any]) -> list[AuditEntry]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_audit(conn, tenant=tenant, action=action, limit=limit)

    found = on_connection(work)
    emit(
        {"audit": found},
        table(
            ("at", "actor", "kind", "action", "object", "id"),
            [(row.at, row.actor, row.actor_kind, row.action, row.object_kind, row.object_id) for row in found],
        ),
    )
