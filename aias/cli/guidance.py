"""``aias onboarding``: signing up, the samples, and what to do next. The group is in ``aias.cli.onboarding``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aias.cli.calls import on_connection
from aias.cli.output import Command, Group, emit, table
from aias.cli.parameters import required_tenant

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.onboarding import Help, NextAction, SampleShown, SignedUp

__all__ = ["COMMANDS"]

_language = click.option("--language", metavar="CODE", help="en or de; default: the person's own.")
_person = click.option("--user", "email", metavar="EMAIL", help="The person's address; default: the first owner.")


@click.command(cls=Command, name="sign-up")
@click.argument("tenant")
@click.option("--email", required=True, help="The owner's address.")
@click.option("--name", help="The owner's name; default: the address.")
@click.option("--company", help="The account's name to show; default: the slug.")
@click.option("--industry", help="What the samples are chosen by: retail, services, food, digital-goods.")
@click.option("--plan", default="free", show_default=True, help="free, starter, pro or enterprise.")
def _sign_up(tenant: str, email: str, name: str | None, company: str | None, industry: str | None, plan: str) -> None:
    """Make TENANT (a slug) with its owner, a key and samples that run at once. The token is shown this once."""
    from aias.onboarding import list_samples, sign_up

    async def work(conn: AsyncConnection[Any]) -> tuple[SignedUp, list[SampleShown]]:
        made = await sign_up(conn, tenant=tenant, email=email, name=name, company=company, industry=industry, plan=plan)
        return made, await list_samples(conn, tenant)

    made, samples = on_connection(work)
    names = [sample.workflow for sample in samples if sample.workflow is not None]
    emit(
        {
            "tenant": tenant,
            "tenant_id": made.tenant_id,
            "user_id": made.user_id,
            "key_id": made.key_id,
            "token": made.token,
            "samples": names,
        },
        [
            f"{tenant}: made, on the plan {plan}; {email} is its owner",
            f"token {made.token}",
            *(f"try it: aias run {sample} --tenant {tenant} --wait" for sample in names),
        ],
    )


@click.group(cls=Group, name="samples")
def _samples() -> None:
    """Workflows to try, with demo data, against the local servers."""


@_samples.command(name="list")
@required_tenant
def _list(tenant: str) -> None:
    """List the samples that a tenant has."""
    from aias.onboarding import list_samples

    found = on_connection(lambda conn: list_samples(conn, tenant))
    rows = [(one.workflow or "", one.status, one.description or "") for one in found]
    emit({"samples": found}, table(("workflow", "status", "does"), rows))


@_samples.command(name="add")
@required_tenant
def _add(tenant: str) -> None:
    """Have a worker install the samples, again or for the first time."""
    from aias.onboarding import add_samples

    asked = on_connection(lambda conn: add_samples(conn, tenant))
    emit({"asked": asked}, f"{tenant}: a worker {'installs' if asked else 'is about to install'} the samples")


@_samples.command(name="remove")
@required_tenant
def _remove(tenant: str) -> None:
    """Remove all that came with the samples: workflows, connections, executions."""
    from aias.onboarding import remove_samples

    gone = on_connection(lambda conn: remove_samples(conn, tenant))
    emit(
        gone,
        f"{tenant}: removed {gone.workflow_count} workflows, {gone.connection_count} connections and"
        f" {gone.execution_count} executions; cancelled {gone.cancelled_count}",
    )


@click.command(cls=Command, name="steps")
@required_tenant
def _steps(tenant: str) -> None:
    """Show how far a tenant is on the way to a working automation, and when it took each step."""
    from aias.onboarding import onboarding_steps

    found = on_connection(lambda conn: onboarding_steps(conn, tenant))
    rows = [(one.position, one.step, one.done_at, one.time_taken) for one in found]
    emit({"steps": found}, table(("step", "what", "done", "after"), rows))


@click.command(cls=Command, name="next")
@required_tenant
@_person
@_language
def _next(tenant: str, email: str | None, language: str | None) -> None:
    """Say what a person best does next, and why."""
    from aias.onboarding import next_action, owner_of

    async def work(conn: AsyncConnection[Any]) -> NextAction | None:
        return await next_action(conn, await owner_of(conn, tenant, email), language=language)

    found = on_connection(work)
    emit({"next": found}, f"{found.title}: {found.why}" if found is not None else "nothing to do")


@click.command(cls=Command, name="help")
@click.argument("page")
@required_tenant
@_person
@_language
@click.option("--state", default="", help="Such as empty, failing, sample.")
def _help(page: str, tenant: str, email: str | None, language: str | None, state: str) -> None:
    """Show what PAGE tells a person: integrations, workflows, executions, dead-letters, usage."""
    from aias.onboarding import help_for, owner_of

    async def work(conn: AsyncConnection[Any]) -> Help | None:
        return await help_for(conn, await owner_of(conn, tenant, email), page=page, state=state, language=language)

    found = on_connection(work)
    emit({"help": found}, [found.title, found.body] if found is not None else "no help")


@click.command(cls=Command, name="dismiss")
@click.argument("kind", type=click.Choice(["help", "action"]))
@click.argument("name")
@required_tenant
@_person
@click.option("--undo", is_flag=True, help="Show it again.")
def _dismiss(kind: Any, name: str, tenant: str, email: str | None, *, undo: bool) -> None:
    """Don't show a person the help or the action NAME again."""
    from aias.onboarding import dismiss_guidance, owner_of

    async def work(conn: AsyncConnection[Any]) -> bool:
        person = await owner_of(conn, tenant, email)
        return await dismiss_guidance(conn, person, kind=kind, name=name, is_dismissed=not undo)

    changed = on_connection(work)
    emit({"changed": changed}, f"{name}: {'shown' if undo else 'not shown'}{'' if changed else ', as before'}")


COMMANDS = (_sign_up, _samples, _steps, _next, _help, _dismiss)
"""The commands, for the group."""
