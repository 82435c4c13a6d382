"""``aias webhook``: addresses for others to send to, and what came in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import ID, JSON, JSON_OBJECT, limit_option, read_secret, required_tenant, tenant_option

__all__ = ["command"]

STYLES = ("shopify", "standard", "github", "stripe", "wave", "shared")


@click.group(cls=Group, name="webhook")
def command() -> None:
    """Take webhooks, see what came in, replay it; see what was asked of customers' data."""


@command.command()
@click.argument("name")
@required_tenant
@click.option("--style", type=click.Choice(STYLES), required=True, help="How deliveries are signed.")
@click.option("--secret", metavar="@FILE|-", help="The sender's secret, where it gives one; else one is made.")
@click.option("--workflow", help="What it starts; without it what comes in is emitted as an event.")
@click.option("--condition", help="A template that must hold: \"{{ topic == 'orders/paid' }}\".")
@click.option("--mapping", type=JSON_OBJECT, help="Templates that make the input; without it the payload is the input.")
@click.option("--header", help="Where the secret stands (style shared); default: X-Webhook-Secret.")
@click.option("--id-header", help="Where the delivery's id stands (style shared).")
@click.option("--topic-header", help="Where the topic stands (style shared).")
@click.option("--max-bytes", type=click.IntRange(1, 1_000_000), default=1_000_000, help="How large a body may be.")
def create(
    name: str,
    *,
    tenant: str,
    style: str,
    secret: str | None,
    workflow: str | None,
    condition: str | None,
    mapping: dict[str, Any] | None,
    header: str | None,
    id_header: str | None,
    topic_header: str | None,
    max_bytes: int,
) -> None:
    """Make the webhook NAME. Its path and its secret are printed now and never again."""
    from aias.triggers import MadeWebhook, create_webhook

    given = None if secret is None else read_secret(secret, "--secret")
    headers = {"header": header, "id_header": id_header, "topic_header": topic_header}

    async def work(conn: AsyncConnection[Any]) -> MadeWebhook:
        return await create_webhook(
            conn,
            tenant,
            name,
            style=cast("Any", style),
            secret=given,
            workflow=workflow,
            condition=condition,
            mapping=mapping,
            config={key: value for key, value in headers.items() if value is not None},
            max_bytes=max_bytes,
        )

    _tell(on_connection(work))


def _tell(made: Any) -> None:
    path = None if made.token is None else f"/hooks/{made.token}"
    shown = {"webhook": made.id, "path": path, "secret": made.secret}
    emit(shown, [*([f"path    {path}"] if path else []), f"secret  {made.secret}"])


@command.command(name="list")
@tenant_option
@limit_option
def list_(tenant: str | None, limit: int) -> None:
    """List webhooks, without their tokens and secrets."""
    from aias.client import require_tenant
    from aias.triggers import Webhook, list_webhooks

    async def work(conn: AsyncConnection[Any]) -> list[Webhook]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_webhooks(conn, tenant=tenant, limit=limit)

    found = on_connection(work)
    emit(
        {"webhooks": found},
        table(
            ("webhook", "tenant", "style", "starts", "enabled", "created", "rotated"),
            [
                (w.name, w.tenant, w.style, w.workflow or "events", w.is_enabled, w.created_at, w.rotated_at)
                for w in found
            ],
        ),
    )


@command.command(name="set")
@click.argument("name")
@required_tenant
@click.option("--workflow", help="What it starts.")
@click.option("--events", is_flag=True, help="Emit what comes in as an event, and start no workflow.")
@click.option("--condition", help="A template that must hold; empty: none.")
@click.option("--mapping", type=JSON_OBJECT, help="Templates that make the input; {}: the payload is the input.")
@click.option("--max-bytes", type=click.IntRange(1, 1_000_000), help="How large a body may be.")
@click.option(
    "--replay-window",
    type=click.FloatRange(0, 604_800),
    metavar="SECONDS",
    help="A body that comes again within this time starts nothing, whatever id it has; 0: not looked at.",
)
@click.option("--enable/--disable", "is_enabled", default=None, help="Whether it takes anything.")
def set_(
    name: str,
    *,
    tenant: str,
    workflow: str | None,
    events: bool,
    condition: str | None,
    mapping: dict[str, Any] | None,
    max_bytes: int | None,
    replay_window: float | None,
    is_enabled: bool | None,
) -> None:
    """Change what NAME takes and starts; what is not given stays as it is."""
    from aias.triggers import change_webhook

    if events and workflow is not None:
        raise click.UsageError("--events and --workflow: give one of them")
    given = {"workflow": workflow, "max_bytes": max_bytes, "replay_window": replay_window, "is_enabled": is_enabled}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if events:
        changes["workflow"] = None
    if condition is not None:
        changes["condition"] = condition or None
    if mapping is not None:
        changes["mapping"] = mapping or None
    if not changes:
        raise click.UsageError("give something to change")
    on_connection(lambda conn: change_webhook(conn, tenant, name, changes))
    emit({"webhook": name, "changed": sorted(changes)}, f"{name}: changed")


@command.command()
@click.argument("name")
@required_tenant
@click.option("--secret", metavar="@FILE|-", help="The new secret; else one is made.")
@click.option(
    "--overlap", type=click.FloatRange(0, 720), default=24, show_default=True, help="Hours with both secrets."
)
@click.option("--new-token", is_flag=True, help="Change its path too, at once.")
def rotate(name: str, tenant: str, secret: str | None, overlap: float, new_token: bool) -> None:
    """Change the secret of NAME; the old one is good for a while yet."""
    from aias.triggers import MadeWebhook, rotate_webhook

    given = None if secret is None else read_secret(secret, "--secret")

    async def work(conn: AsyncConnection[Any]) -> MadeWebhook:
        hours = timedelta(hours=overlap)
        return await rotate_webhook(conn, tenant, name, secret=given, overlap=hours, new_token=new_token)

    _tell(on_connection(work))


@command.command()
@click.argument("name")
@required_tenant
def remove(name: str, tenant: str) -> None:
    """Take nothing by NAME any more, and forget its secret."""
    from aias.triggers import find_webhook, remove_webhook

    async def work(conn: AsyncConnection[Any]) -> None:
        await remove_webhook(conn, (await find_webhook(conn, name, tenant=tenant)).id)

    on_connection(work)
    emit({"webhook": name, "removed": True}, f"{name}: removed")


@command.command()
@tenant_option
@click.option("--webhook", help="By this webhook.")
@click.option("--status", help="In this state: started, emitted, filtered, failed, conflict, duplicate, recorded.")
@click.option("--topic", help="Of this topic.")
@click.option("--holds", type=JSON, help="JSON that the payload must hold.")
@limit_option
def deliveries(
    tenant: str | None, webhook: str | None, status: str | None, topic: str | None, holds: Any, limit: int
) -> None:
    """List what came in, the newest first."""
    from aias.client import require_tenant
    from aias.triggers import Delivery, list_deliveries

    async def work(conn: AsyncConnection[Any]) -> list[Delivery]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_deliveries(
            conn, tenant=tenant, webhook=webhook, status=status, topic=topic, holds=holds, limit=limit
        )

    found = on_connection(work)
    emit(
        {"deliveries": found},
        table(
            ("delivery", "webhook", "topic", "id there", "status", "execution", "again", "received", "why"),
            [
                (
                    d.id,
                    d.webhook,
                    d.topic,
                    d.delivery_id,
                    d.status,
                    d.execution_id,
                    d.duplicate_count,
                    d.received_at,
                    (d.error or {}).get("message"),
                )
                for d in found
            ],
        ),
    )


@command.command()
@click.argument("delivery", type=ID)
def replay(delivery: UUID) -> None:
    """Decide on a delivery again, with its webhook as it is now."""
    from aias.triggers import replay_delivery

    job = on_connection(lambda conn: replay_delivery(conn, delivery))
    emit({"delivery": delivery, "job": job}, f"{delivery}: job {job} replays it")


@command.command()
@tenant_option
@click.option("--all", "all_", is_flag=True, help="Settled ones too.")
@limit_option
def privacy(tenant: str | None, all_: bool, limit: int) -> None:
    """List what customers and shops have asked of their data, the next due first."""
    from aias.triggers import PrivacyRequest, list_privacy_requests

    async def work(conn: AsyncConnection[Any]) -> list[PrivacyRequest]:
        return await list_privacy_requests(conn, tenant=tenant, status=None if all_ else "open", limit=limit)

    found = on_connection(work)
    emit(
        {"privacy_requests": found},
        table(
            ("request", "tenant", "kind", "shop", "customer", "status", "due", "found"),
            [(r.id, r.tenant, r.kind, r.account, r.customer_id, r.status, r.due_at, r.found) for r in found],
        ),
    )


@command.command()
@click.argument("request", type=ID)
@click.option("--note", required=True, help="What was done; it stays on record.")
def settle(request: UUID, note: str) -> None:
    """Note that a privacy request was seen to."""
    from aias.triggers import settle_privacy_request

    on_connection(lambda conn: settle_privacy_request(conn, request, note))
    emit({"request": request, "status": "settled"}, f"{request}: settled")


@command.group(cls=Group)
def endpoint() -> None:
    """Tell a tenant's own servers what its executions do."""


@endpoint.command(name="set")
@click.argument("name")
@required_tenant
@click.option("--url", required=True, help="The address that is told.")
@click.option(
    "--type", "types", multiple=True, required=True, help="execution.failed, ...; may be given several times."
)
def set_endpoint_(name: str, tenant: str, url: str, types: tuple[str, ...]) -> None:
    """Tell URL of executions; the secret of a new endpoint is printed now and never again."""
    from aias.triggers import MadeEndpoint, set_endpoint

    async def work(conn: AsyncConnection[Any]) -> MadeEndpoint:
        return await set_endpoint(conn, tenant, name, url=url, types=types)

    made = on_connection(work)
    told = [f"secret  {made.secret}"] if made.secret else []
    emit({"endpoint": made.id, "secret": made.secret}, [f"{name}: is told of {', '.join(types)}", *told])


@endpoint.command(name="list")
@tenant_option
@limit_option
def list_endpoints_(tenant: str | None, limit: int) -> None:
    """List endpoints, and why one is disabled."""
    from aias.triggers import Endpoint, list_endpoints

    async def work(conn: AsyncConnection[Any]) -> list[Endpoint]:
        return await list_endpoints(conn, tenant=tenant, limit=limit)

    found = on_connection(work)
    emit(
        {"endpoints": found},
        table(
            ("endpoint", "tenant", "url", "types", "enabled", "why not", "failing since"),
            [
                (e.name, e.tenant, e.url, ", ".join(e.types), e.is_enabled, e.disabled_reason, e.failing_since)
                for e in found
            ],
        ),
    )


@endpoint.command(name="remove")
@click.argument("name")
@required_tenant
def remove_endpoint_(name: str, tenant: str) -> None:
    """Tell the endpoint NAME nothing any more."""
    from aias.triggers import remove_endpoint

    on_connection(lambda conn: remove_endpoint(conn, tenant, name))
    emit({"endpoint": name, "removed": True}, f"{name}: removed")
