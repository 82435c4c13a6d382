"""``aias template``: the gallery of workflows that are ready to be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import JSON, JSON_OBJECT, required_tenant, tenant_option

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.templates import Used

__all__ = ["command"]


@click.group(cls=Group, name="template")
def command() -> None:
    """Workflows that are ready to be used: see which there are, which suit a tenant, and make one."""


@command.command(name="list")
@click.option("--industry", metavar="NAME", help="Only those for this industry, and those for everybody.")
@click.option("--integration", metavar="KIND", help="Only those that call this kind of connection.")
@click.option("--used", "used", is_flag=True, help="Not the gallery but the workflows that were made from it.")
@tenant_option
def list_(industry: str | None, integration: str | None, used: bool, tenant: str | None) -> None:
    """List the gallery, or with --used what was made from it."""
    from aias.templates import list_templates, list_uses

    if used:
        uses = on_connection(lambda conn: list_uses(conn, tenant=tenant))
        columns = ("tenant", "workflow", "template", "version", "newest", "used by", "used")
        rows = [
            (u.tenant, u.workflow, u.template, u.template_version, u.newest_template_version, u.used_by, u.used_at)
            for u in uses
        ]
        emit({"uses": uses}, table(columns, rows))
        return
    if tenant is not None:
        raise click.UsageError("--tenant goes with --used: the gallery is the same for everybody")
    found = on_connection(lambda conn: list_templates(conn, industry=industry, integration=integration))
    emit(
        {"templates": found},
        table(
            ("template", "version", "does", "industries", "integrations"),
            [(t.name, t.version, t.title, ", ".join(t.industries) or "all", ", ".join(t.integrations)) for t in found],
        ),
    )


@command.command()
@click.argument("template")
def show(template: str) -> None:
    """Show a template: what it does, its parameters, what starts it, and the workflow that it makes."""
    import yaml

    from aias.templates import get_template

    found = on_connection(lambda conn: get_template(conn, template))
    parameters = [
        (name, one.get("default", "(required)"), one.get("description", ""))
        for name, one in found.parameters.get("properties", {}).items()
    ]
    lines = [f"{found.name}, version {found.version}: {found.title}", "", found.description, ""]
    if parameters:
        lines += [table(("parameter", "default", "is"), parameters), ""]
    shown = {"triggers": found.triggers, "workflow": found.workflow}
    emit({"template": found}, [*lines, yaml.safe_dump(shown, sort_keys=False, allow_unicode=True).rstrip()])


@command.command()
@required_tenant
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many at most.")
def recommend(tenant: str, limit: int) -> None:
    """Tell which templates suit a tenant, the best first, and why."""
    from aias.templates import recommend_templates

    found = on_connection(lambda conn: recommend_templates(conn, tenant, limit=limit))
    emit(
        {"tenant": tenant, "recommendations": found},
        table(
            ("template", "score", "ready", "because"),
            [(r.template, r.score, r.is_ready, "; ".join(map(_worded, r.reasons))) for r in found],
        ),
    )


def _worded(reason: dict[str, Any]) -> str:
    """Put a reason into words."""
    what, share = reason.get("what", ""), f"{float(reason.get('share', 0)):.0%}"
    return {
        "already_used": f"already used by {what}",
        "done_by_hand": f"{what} does alike",
        "events_come_in": f"{what} comes in",
        "for_everybody": "for every industry",
        "industry": f"for {what}",
        "integration_connected": f"{what} is connected",
        "integration_missing": f"{what} is not connected",
        "no_integration_needed": "needs no connection",
        "runs_with": f"{share} of those who run {what} run it",
        "similar_tenants": f"{share} of similar shops run it",
    }[reason["reason"]]


@command.command()
@click.argument("template")
@required_tenant
@click.option("--workflow", metavar="NAME", help="The workflow's name; the template's where none is given.")
@click.option("--parameters", type=JSON_OBJECT, default="{}", help="The parameters, a JSON object.")
@click.option("--set", "given", type=(str, JSON), multiple=True, help="One parameter: NAME JSON. Repeatable.")
def use(
    template: str, tenant: str, workflow: str | None, parameters: dict[str, Any], given: tuple[tuple[str, Any], ...]
) -> None:
    """Make a workflow of a template, with what starts it; the same again changes nothing.

    The path and the secret of a webhook that is made are printed now and never again.
    """
    from aias.templates import use_template

    values = {**parameters, **dict(given)}

    async def work(conn: AsyncConnection[Any]) -> Used:
        return await use_template(conn, tenant, template, values, workflow=workflow)

    used = on_connection(work)
    lines = [f"{used.workflow}: version {used.version}" + ("" if used.is_changed else ", as before")]
    for trigger in used.triggers:
        lines.append(f"{trigger.kind} {trigger.name}: {trigger.what}")
        if trigger.token is not None:
            lines += [f"  path    /hooks/{trigger.token}", f"  secret  {trigger.secret}"]
    emit({"tenant": tenant, "used": used}, lines)
