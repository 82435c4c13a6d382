"""``aias retention``: how long what is kept, and removing what is too old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import required_tenant

__all__ = ["command"]

_DAYS = click.IntRange(min=1)


@click.group(cls=Group, name="retention")
def command() -> None:
    """Retention: how long rows are kept, and what happens to them then."""


@command.command()
def status() -> None:
    """List the policies, how their last runs went, and the tenants whose rows are held."""
    from aias.lifecycle import retention_holds, retention_status

    async def work(conn: AsyncConnection[Any]) -> tuple[list[Any], list[Any]]:
        return list(await retention_status(conn)), list(await retention_holds(conn))

    policies, holds = on_connection(work)
    text = table(
        (
            "policy",
            "action",
            "age",
            "cadence",
            "enabled",
            "last run",
            "status",
            "removed",
            "oldest",
            "bytes",
            "problem",
        ),
        [
            (
                p.policy,
                p.action,
                f"with {p.follows}" if p.follows else p.age or "",
                p.cadence,
                p.is_enabled,
                p.last_run_at or "",
                p.status or "",
                "" if p.removed_count is None else p.removed_count,
                p.oldest_at or "",
                p.byte_count,
                p.problem or "",
            )
            for p in policies
        ],
    )
    if holds:
        text += "\n\n" + table(
            ("tenant", "policy", "age", "reason", "since"),
            [(h.tenant, h.policy, h.age or "kept", h.reason, h.set_at) for h in holds],
        )
    emit({"policies": policies, "holds": holds}, text)


@command.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def run(dry_run: bool) -> None:
    """Remove what is too old, by a job of the workers; or say what that is. Rows are estimates."""
    from aias.lifecycle import run_retention

    found = on_connection(lambda conn: run_retention(conn, dry_run=dry_run))
    text = table(
        ("policy", "object", "rows", "bytes", "action"),
        [(r.policy, r.object, r.rows, r.bytes, r.action) for r in found],
    )
    emit({"dry_run": dry_run, "removals": found}, text if found else "nothing is due")


@command.command(name="set")
@click.argument("policy")
@click.option("--days", type=_DAYS, help="How old rows get.")
@click.option(
    "--cadence", type=click.Choice(("daily", "weekly", "monthly", "quarterly")), help="How often it is looked after."
)
@click.option("--enabled/--disabled", default=None, help="Whether it is looked after at all.")
def set_(policy: str, days: int | None, cadence: str | None, enabled: bool | None) -> None:
    """Change how long the rows of POLICY, a table, are kept, from the next run on; the rest stays as it is."""
    from aias.lifecycle import set_retention

    if days is None and cadence is None and enabled is None:
        raise click.UsageError("say what: --days, --cadence, --enabled or --disabled")
    age = None if days is None else timedelta(days=days)
    on_connection(lambda conn: set_retention(conn, policy, age=age, cadence=cadence, is_enabled=enabled))
    emit({"policy": policy, "set": True}, f"{policy}: set")


@command.command()
@required_tenant
@click.option("--reason", required=True, help="Why: the case, or the contract.")
@click.option("--days", type=_DAYS, help="For how many days, instead of for good.")
@click.option("--policy", default="*", show_default=True, help="Of this table only.")
def hold(tenant: str, reason: str, days: int | None, policy: str) -> None:
    """Keep a tenant's rows: for good (a legal hold), or for longer or shorter than the policies say."""
    from aias.lifecycle import hold_retention

    age = None if days is None else timedelta(days=days)
    on_connection(lambda conn: hold_retention(conn, tenant, reason=reason, age=age, policy=policy))
    emit({"tenant": tenant, "policy": policy, "days": days, "held": True}, f"{tenant}: held")


@command.command()
@required_tenant
@click.option("--policy", default="*", show_default=True, help="What was held under this.")
def release(tenant: str, policy: str) -> None:
    """Let the policies hold for a tenant's rows again."""
    from aias.lifecycle import release_retention

    on_connection(lambda conn: release_retention(conn, tenant, policy=policy))
    emit({"tenant": tenant, "policy": policy, "released": True}, f"{tenant}: released")
