"""``aias alert``: what is wrong, the rules by which that is found, and what nobody wants to be told of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import ID, TIME, limit_option, tenant_option

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.alerts import Alert, AlertRule, AlertSource, Silence

__all__ = ["command"]

SEVERITIES = ("info", "warning", "critical")
whose = click.option("--tenant", metavar="SLUG", help="The tenant's; without it the operators'.")


@click.group(cls=Group, name="alert")
def command() -> None:
    """See what is wrong, take it on, silence it; see and change the rules."""


@command.command(name="list")
@tenant_option
@click.option("--all", "all_", is_flag=True, help="Those that are over, too.")
@click.option("--rule", help="Of this rule.")
@limit_option
def list_(tenant: str | None, *, all_: bool, rule: str | None, limit: int) -> None:
    """List alerts, the newest first."""
    from aias.alerts import list_alerts
    from aias.client import require_tenant

    async def work(conn: AsyncConnection[Any]) -> list[Alert]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        statuses = None if all_ else ("open", "acknowledged")
        return await list_alerts(conn, tenant=tenant, statuses=statuses, rule=rule, limit=limit)

    found = on_connection(work)
    emit(
        {"alerts": found},
        table(
            ("alert", "severity", "status", "rule", "tenant", "key", "opened", "times", "told", "silenced until"),
            [
                (
                    a.id,
                    a.severity,
                    a.status,
                    a.rule,
                    a.tenant,
                    a.key,
                    a.opened_at,
                    a.occurrence_count,
                    a.told_count,
                    a.silenced_until,
                )
                for a in found
            ],
        ),
    )


@command.command()
@click.argument("alert", type=ID)
def show(alert: UUID) -> None:
    """Show an alert: what is wrong, who was told, who is at it."""
    from aias.alerts import find_alert

    found = on_connection(lambda conn: find_alert(conn, alert))
    lines = [
        found.title,
        f"rule          {found.rule} ({found.severity}); docs/runbook.md says what to do",
        f"about         {found.tenant or 'nobody in particular'} {found.key}",
        f"status        {found.status}",
        f"opened        {found.opened_at:%Y-%m-%d %H:%M:%S} UTC",
        f"last seen     {found.last_seen_at:%Y-%m-%d %H:%M:%S} UTC, {found.occurrence_count} times in all",
        f"told          {found.told_count} times",
        f"details       {found.details}",
    ]
    if found.acknowledged_by:
        lines.append(f"acknowledged  by {found.acknowledged_by}: {found.acknowledged_note or '-'}")
    if found.silenced_until:
        lines.append(f"silenced      until {found.silenced_until:%Y-%m-%d %H:%M} UTC: {found.silenced_reason}")
    if found.resolved_by:
        lines.append(f"resolved      by {found.resolved_by}")
    emit(found, lines)


@command.command()
@click.argument("alert", type=ID)
@click.option("--note", help="What you have to say to it.")
def ack(alert: UUID, note: str | None) -> None:
    """Say that you are at ALERT: nobody is told of it again until it ends."""
    from aias.alerts import acknowledge_alert

    on_connection(lambda conn: acknowledge_alert(conn, alert, note))
    emit({"alert": alert, "status": "acknowledged"}, f"{alert}: acknowledged")


@command.command()
@click.argument("alert", type=ID)
@click.option("--note", help="Why.")
def close(alert: UUID, note: str | None) -> None:
    """End ALERT by hand; what a rule still finds opens again."""
    from aias.alerts import close_alert

    on_connection(lambda conn: close_alert(conn, alert, note))
    emit({"alert": alert, "status": "resolved"}, f"{alert}: closed")


@command.command()
@whose
@click.option("--rule", help="Of this rule; without it of any.")
@click.option("--key", help="Of this key; without it of any.")
@click.option("--until", type=TIME, required=True, help="Until when: +2h, or a time within a year.")
@click.option("--reason", required=True, help="Why; it stays on record.")
def silence(tenant: str | None, rule: str | None, key: str | None, until: datetime, reason: str) -> None:
    """Do not be told of some alerts for a while; they open and end all the same."""
    from aias.alerts import silence_alerts

    made = on_connection(lambda conn: silence_alerts(conn, tenant, rule=rule, key=key, until=until, reason=reason))
    emit({"silence": made, "until": until}, f"{made}: silent until {until:%Y-%m-%d %H:%M %Z}")


@command.command()
@click.argument("silence_id", metavar="SILENCE", type=ID)
def unsilence(silence_id: UUID) -> None:
    """End SILENCE before its time."""
    from aias.alerts import end_silence

    on_connection(lambda conn: end_silence(conn, silence_id))
    emit({"silence": silence_id, "ended": True}, f"{silence_id}: ended")


@command.command()
@tenant_option
@click.option("--all", "all_", is_flag=True, help="Those that are over, too.")
@limit_option
def silences(tenant: str | None, *, all_: bool, limit: int) -> None:
    """List silences, the newest first."""
    from aias.alerts import list_silences

    async def work(conn: AsyncConnection[Any]) -> list[Silence]:
        return await list_silences(conn, tenant=tenant, is_active=not all_, limit=limit)

    found = on_connection(work)
    emit(
        {"silences": found},
        table(
            ("silence", "tenant", "rule", "key", "until", "reason", "by"),
            [(s.id, s.tenant, s.rule or "any", s.key or "any", s.until, s.reason, s.created_by) for s in found],
        ),
    )


@command.command()
@click.option("--tenant", metavar="SLUG", help="This tenant's too; without it everybody's.")
@click.option("--sources", is_flag=True, help="What rules may look at, instead.")
def rules(tenant: str | None, *, sources: bool) -> None:
    """List the rules: the operators', which look at every tenant, and the tenants' own."""
    from aias.alerts import list_rules, list_sources
    from aias.client import require_tenant

    async def work(conn: AsyncConnection[Any]) -> list[AlertRule]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_rules(conn, tenant=tenant, limit=1000)

    async def look(conn: AsyncConnection[Any]) -> list[AlertSource]:
        return await list_sources(conn)

    if sources:
        known = on_connection(look)
        shown = [(s.name, s.unit, s.key_kind, s.description) for s in known]
        emit({"sources": known}, table(("source", "unit", "keys", "what"), shown))
        return
    found = on_connection(work)
    emit(
        {"rules": found},
        table(
            ("rule", "tenant", "opens when", "for", "severity", "tells", "again after", "enabled", "open"),
            [
                (
                    r.name,
                    r.tenant,
                    "raised by the system"
                    if r.source is None
                    else f"{r.source} {r.comparison} {r.threshold:g} {r.unit}",
                    r.for_duration,
                    r.severity,
                    ", ".join(r.tells),
                    r.renotify_every,
                    r.is_enabled,
                    r.open_count,
                )
                for r in found
            ],
        ),
    )


def _seconds(given: float | None) -> timedelta | None:
    return None if given is None else timedelta(seconds=given)


@command.command(name="set")
@click.argument("name")
@whose
@click.option("--source", help="What it looks at (aias alert rules --sources); a rule keeps it.")
@click.option("--comparison", type=click.Choice([">", ">=", "<", "<="]), help="How it compares.")
@click.option("--threshold", type=float, help="With what, in the source's unit.")
@click.option("--window", type=click.FloatRange(60), metavar="SECONDS", help="How far back it looks.")
@click.option("--for", "wait", type=click.FloatRange(0), metavar="SECONDS", help="How long it must hold.")
@click.option("--severity", type=click.Choice(SEVERITIES), help="How grave it is.")
@click.option("--scope", type=click.Choice(["global", "tenant", "integration", "lane"]), help="Of all, or of one.")
@click.option("--scope-name", help="Which one.")
@click.option("--tells", multiple=True, type=click.Choice(["operators", "tenant"]), help="Who is told.")
@click.option("--channel", "channels", multiple=True, help="By this channel; may be given several times.")
@click.option("--all-channels", is_flag=True, help="By every channel that takes the severity.")
@click.option(
    "--renotify", "renotify", type=click.FloatRange(0), metavar="SECONDS", help="Tell again after so long; 0: once."
)
@click.option("--enable/--disable", "is_enabled", default=None, help="Whether it is evaluated.")
@click.option("--description", help="What it means when it opens.")
def set_(name: str, tenant: str | None, **given: Any) -> None:
    """Make the rule NAME, or change it; what is not given stays as it is."""
    from aias.alerts import RuleChanges, set_rule

    if given["channels"] and given["all_channels"]:
        raise click.UsageError("--channel and --all-channels: give one of them")
    changes = RuleChanges(
        source=given["source"],
        comparison=given["comparison"],
        threshold=given["threshold"],
        window=_seconds(given["window"]),
        wait=_seconds(given["wait"]),
        severity=given["severity"],
        scope=given["scope"],
        scope_name=given["scope_name"],
        tells=given["tells"] or None,
        channels=[] if given["all_channels"] else given["channels"] or None,
        renotify_every=_seconds(given["renotify"]),
        is_enabled=given["is_enabled"],
        description=given["description"],
    )
    if changes == RuleChanges():
        raise click.UsageError("give something to change")
    on_connection(lambda conn: set_rule(conn, tenant, name, changes))
    emit({"rule": name, "tenant": tenant}, f"{name}: set")


@command.command()
@click.argument("name")
@whose
def remove(name: str, tenant: str | None) -> None:
    """Remove the rule NAME; what comes with AIAS is switched off instead (aias alert set NAME --disable)."""
    from aias.alerts import remove_rule

    on_connection(lambda conn: remove_rule(conn, tenant, name))
    emit({"rule": name, "removed": True}, f"{name}: removed")
