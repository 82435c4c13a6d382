"""``aias tenant``: customer accounts."""

from __future__ import annotations

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import limit_option

__all__ = ["command"]


@click.group(cls=Group, name="tenant")
def command() -> None:
    """Make customer accounts, list them, move them to other plans."""


@command.command()
@click.argument("slug")
@click.option("--plan", default="free", show_default=True, help="free, starter, pro or enterprise.")
@click.option("--name", help="The name to show; default: the slug.")
@click.option("--industry", help="The tenant's industry.")
def create(slug: str, plan: str, name: str | None, industry: str | None) -> None:
    """Make a tenant. SLUG is 1 to 63 small letters, digits and dashes."""
    from aias.tenants import create_tenant

    made = on_connection(lambda conn: create_tenant(conn, slug=slug, plan=plan, name=name, industry=industry))
    emit({"id": made, "slug": slug, "plan": plan}, f"{slug}: made, on the plan {plan}")


@command.command(name="list")
@limit_option
def list_(limit: int) -> None:
    """List the tenants by slug."""
    from aias.tenants import list_tenants

    found = on_connection(lambda conn: list_tenants(conn, limit=limit))
    emit(
        {"tenants": found},
        table(
            ("slug", "name", "plan", "lane", "industry", "created"),
            [(row.slug, row.name, row.plan, row.lane, row.industry, row.created_at) for row in found],
        ),
    )


@command.command(name="set-plan")
@click.argument("slug")
@click.argument("plan")
def set_plan(slug: str, plan: str) -> None:
    """Move a tenant to another plan: its next executions run in that plan's lane and limits."""
    from aias.tenants import set_plan as run

    on_connection(lambda conn: run(conn, tenant=slug, plan=plan))
    emit({"slug": slug, "plan": plan}, f"{slug}: on the plan {plan}")
