"""``aias dead``: what gave up."""

from __future__ import annotations

from uuid import UUID

import click

from aias.cli.calls import on_connection, select
from aias.cli.output import Group, dumps, emit, table
from aias.cli.parameters import ID, limit_option, tenant_option
from aias.errors import NotFound

__all__ = ["command"]


@click.group(cls=Group, name="dead")
def command() -> None:
    """The dead letters: executions and jobs that gave up, kept whole."""


@command.command(name="list")
@tenant_option
@click.option("--all", "everything", is_flag=True, help="The resolved ones too.")
@click.option("--fuse", type=ID, help="Diverted by this fuse only.")
@limit_option
def list_(tenant: str | None, everything: bool, fuse: UUID | None, limit: int) -> None:
    """List the open dead letters, the newest first."""
    found = select(
        """
        select d.id, t.slug as tenant, d.kind, d.execution_id, d.job_id, d.reason, d.created_at, d.resolution,
            d.fuse_id
        from aias.dead_letters as d
        left join aias.tenants as t on t.id = d.tenant_id
        where (%(tenant)s::text is null or t.slug = %(tenant)s)
            and (%(everything)s or d.resolution is null)
            and (%(fuse)s::uuid is null or d.fuse_id = %(fuse)s)
        order by d.id desc
        limit %(limit)s
        """,
        {"everything": everything, "fuse": fuse, "limit": limit},
        tenant=tenant,
    )
    columns = ("dead letter", "tenant", "kind", "execution", "job", "reason", "created", "resolution", "fuse")
    emit({"dead_letters": found}, table(columns, [tuple(row.values()) for row in found]))


@command.command()
@click.argument("dead_letter", type=ID)
def show(dead_letter: UUID) -> None:
    """Show a dead letter whole: the execution with its steps, or the job, as it was."""
    found = select(
        """
        select d.id, t.slug as tenant, d.kind, d.execution_id, d.job_id, d.reason, d.error, d.created_at, d.resolution,
            d.resolved_at, d.resolved_by, d.resolved_reason, d.fuse_id, d.snapshot
        from aias.dead_letters as d
        left join aias.tenants as t on t.id = d.tenant_id
        where d.id = %(id)s
        """,
        {"id": dead_letter},
    )
    if not found:
        raise NotFound(f"there is no dead letter {dead_letter}", argument="p_dead_letter")
    emit(found[0], dumps(found[0]))


@command.command()
@click.argument("dead_letter", type=ID)
def retry(dead_letter: UUID) -> None:
    """Try again: an execution goes on from its checkpoints, a job is enqueued afresh."""
    from aias.workflows import requeue_dead_letter

    on_connection(lambda conn: requeue_dead_letter(conn, dead_letter))
    emit({"dead_letter": dead_letter, "resolution": "requeued"}, f"{dead_letter}: requeued")


@command.command()
@click.argument("dead_letter", type=ID)
@click.option("--reason", required=True, help="Why; it stays on record.")
def discard(dead_letter: UUID, reason: str) -> None:
    """Settle a dead letter without trying again."""
    from aias.workflows import discard_dead_letter

    on_connection(lambda conn: discard_dead_letter(conn, dead_letter, reason=reason))
    emit({"dead_letter": dead_letter, "resolution": "discarded"}, f"{dead_letter}: discarded")
