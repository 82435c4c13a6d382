"""``aias channel``: where tenants and operators are told, and what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from aias.cli.calls import call, on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import ID, JSON_OBJECT, limit_option, read_secret, tenant_option
from aias.errors import AiasError

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.alerts import Delivered, MadeChannel
    from aias.client import Aias
    from aias.notify import Channel, Notification

__all__ = ["command"]

KINDS = ("email", "slack", "webhook", "dashboard")
SEVERITIES = ("info", "warning", "critical")
whose = click.option("--tenant", metavar="SLUG", help="The tenant's; without it the operators'.")


@click.group(cls=Group, name="channel")
def command() -> None:
    """Say where alerts are told: by mail, in Slack, by a webhook, on the page; see what was told."""


@command.command()
@click.argument("name")
@whose
@click.option("--kind", type=click.Choice(KINDS), required=True, help="By what.")
@click.option("--config", type=JSON_OBJECT, help="email: host, port, security, username, sender, to; webhook: url.")
@click.option("--url", help="The webhook's address, instead of --config.")
@click.option("--secret", metavar="@FILE|-", help="The mail account's password, Slack's webhook URL, a signing secret.")
@click.option("--min-severity", type=click.Choice(SEVERITIES), default="info", show_default=True, help="From here on.")
@click.option("--takes", "kinds", multiple=True, help="Only this kind of notice: alert, alert_resolved, ...")
@click.option("--enable/--disable", "is_enabled", default=True, help="Whether it takes anything.")
def add(
    name: str,
    *,
    tenant: str | None,
    kind: str,
    config: dict[str, Any] | None,
    url: str | None,
    secret: str | None,
    min_severity: str,
    kinds: tuple[str, ...],
    is_enabled: bool,
) -> None:
    """Add the channel NAME, or change it; without a secret the stored one stays."""
    from aias.alerts import set_channel

    if url is not None:
        config = {**(config or {}), "url": url}
    given = None if secret is None else read_secret(secret, "--secret")

    async def work(conn: AsyncConnection[Any]) -> MadeChannel:
        return await set_channel(
            conn,
            tenant,
            name,
            kind=kind,
            config=config,
            secret=given,
            min_severity=min_severity,
            kinds=kinds or None,
            is_enabled=is_enabled,
        )

    made = on_connection(work)
    told = [f"secret  {made.secret}"] if made.secret else []
    emit({"channel": made.id, "secret": made.secret}, [f"{name}: set (aias channel test {name})", *told])


@command.command(name="list")
@tenant_option
@limit_option
def list_(tenant: str | None, limit: int) -> None:
    """List channels, without their secrets."""
    from aias.client import require_tenant
    from aias.notify import list_channels

    async def work(conn: AsyncConnection[Any]) -> list[Channel]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_channels(conn, tenant=tenant, limit=limit)

    found = on_connection(work)
    emit(
        {"channels": found},
        table(
            ("channel", "tenant", "kind", "from", "enabled", "waiting", "failing since", "why"),
            [
                (c.name, c.tenant, c.kind, c.min_severity, c.is_enabled, c.waiting_count, c.failing_since, c.last_error)
                for c in found
            ],
        ),
    )


@command.command()
@click.argument("name")
@whose
def test(name: str, tenant: str | None) -> None:
    """Send a test message by the channel NAME, now, and tell how that went."""
    from aias.alerts import deliver
    from aias.notify import find_notification, start_test

    async def work(aias: Aias) -> tuple[Notification, list[Delivered]]:
        async with aias.session.connection() as conn:
            delivery = await start_test(conn, tenant, name)
        # a worker may be as quick: then it was sent there
        done = await deliver(aias.session.pool, only=delivery)
        async with aias.session.connection() as conn:
            return await find_notification(conn, delivery), done

    found, _ = call(work)
    if found.status == "pending":
        raise AiasError(f"the test message did not arrive: {found.last_error} (it is tried again)")
    emit(found, f"{name}: {found.status}")


@command.command()
@click.argument("name")
@whose
def remove(name: str, tenant: str | None) -> None:
    """Remove the channel NAME, with its secret and what waits for it."""
    from aias.notify import remove_channel

    on_connection(lambda conn: remove_channel(conn, tenant, name))
    emit({"channel": name, "removed": True}, f"{name}: removed")


@command.command()
@tenant_option
@click.option("--channel", help="By this channel.")
@click.option("--status", help="In this state: pending, sending, delivered, failed, discarded.")
@click.option("--unread", is_flag=True, help="Only those of the page that nobody has read.")
@limit_option
def notifications(tenant: str | None, *, channel: str | None, status: str | None, unread: bool, limit: int) -> None:
    """List what was told, the newest first, and how that went."""
    from aias.notify import list_notifications

    async def work(conn: AsyncConnection[Any]) -> list[Notification]:
        return await list_notifications(
            conn, tenant=tenant, channel=channel, status=status, is_unread=unread, limit=limit
        )

    found = on_connection(work)
    emit(
        {"notifications": found},
        table(
            ("notification", "tenant", "channel", "severity", "title", "status", "attempts", "again", "why"),
            [
                (n.id, n.tenant, n.channel, n.severity, n.title, n.status, n.attempt_count, n.next_at, n.last_error)
                for n in found
            ],
        ),
    )


@command.command()
@click.argument("notification", type=ID)
def retry(notification: UUID) -> None:
    """Send NOTIFICATION again, which was given up."""
    from aias.notify import retry_notification

    on_connection(lambda conn: retry_notification(conn, notification))
    emit({"notification": notification, "status": "pending"}, f"{notification}: is sent again")


@command.command()
@whose
@click.option("--notification", type=ID, help="This one; without it everything on the page.")
def read(tenant: str | None, notification: UUID | None) -> None:
    """Mark what is shown on the page as read."""
    from aias.notify import read_notifications

    count = on_connection(lambda conn: read_notifications(conn, tenant, notification))
    emit({"count": count}, f"{count} became read")
