"""``aias event``: say that something happened, and see what did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import ID, JSON, JSON_OBJECT, TIME, limit_option, required_tenant, tenant_option

__all__ = ["command"]


@click.group(cls=Group, name="event")
def command() -> None:
    """Emit events, see what happened, let events start workflows."""


@command.command(name="emit")
@click.argument("type_", metavar="TYPE")
@required_tenant
@click.option("--payload", type=JSON, default="{}", help="The particulars.")
@click.option("--id", "event_id", help="The event's id: the same id of the same source is the same event.")
@click.option("--source", default="cli", show_default=True, help="Who says so.")
@click.option("--subject", help="What it happened to.")
@click.option("--time", type=TIME, help="When it happened; without it now.")
def emit_(
    type_: str,
    tenant: str,
    payload: Any,
    event_id: str | None,
    source: str,
    subject: str | None,
    time: datetime | None,
) -> None:
    """Say that something of TYPE happened, and print the event's id."""
    from aias.triggers import emit_event

    async def work(conn: AsyncConnection[Any]) -> UUID:
        return await emit_event(
            conn, tenant, type_, payload, event_id=event_id, source=source, subject=subject, time=time
        )

    made = on_connection(work)
    emit({"event": made}, str(made))


@command.command(name="list")
@tenant_option
@click.option("--type", "type_", help="Of this type; * stands for anything.")
@click.option("--before", type=ID, help="Older than this event: the last of the page before.")
@limit_option
def list_(tenant: str | None, type_: str | None, before: UUID | None, limit: int) -> None:
    """List events, the newest first."""
    from aias.client import require_tenant
    from aias.triggers import Event, list_events

    async def work(conn: AsyncConnection[Any]) -> list[Event]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_events(conn, tenant=tenant, type=type_, before=before, limit=limit)

    found = on_connection(work)
    emit(
        {"events": found},
        table(
            ("event", "tenant", "type", "source", "id there", "subject", "at"),
            [(e.id, e.tenant, e.type, e.source, e.event_id, e.subject, e.at) for e in found],
        ),
    )


@command.command()
@click.argument("name")
@required_tenant
@click.option("--type", "type_", required=True, help="A pattern of types: * stands for anything.")
@click.option("--workflow", required=True, help="The workflow that it starts.")
@click.option("--filter", "filter_", type=JSON, default="{}", help="What the payload must hold.")
@click.option("--condition", help="A template that must hold: '{{ payload.total > 100 }}'.")
@click.option("--mapping", type=JSON_OBJECT, help="Templates that make the input; without it the payload is the input.")
@click.option("--disabled", is_flag=True, help="Keep it without starting anything.")
def subscribe(
    name: str,
    tenant: str,
    type_: str,
    workflow: str,
    filter_: Any,
    condition: str | None,
    mapping: dict[str, Any] | None,
    disabled: bool,
) -> None:
    """Let events start a workflow; NAME names the subscription."""
    from aias.triggers import set_subscription

    async def work(conn: AsyncConnection[Any]) -> UUID:
        return await set_subscription(
            conn,
            tenant,
            name,
            type=type_,
            workflow=workflow,
            filter=filter_,
            condition=condition,
            mapping=mapping,
            enabled=not disabled,
        )

    made = on_connection(work)
    emit({"subscription": made, "name": name}, f"{name}: {type_} starts {workflow}")


@command.command()
@tenant_option
@limit_option
def subscriptions(tenant: str | None, limit: int) -> None:
    """List which events start which workflows."""
    from aias.client import require_tenant
    from aias.triggers import EventSubscription, list_subscriptions

    async def work(conn: AsyncConnection[Any]) -> list[EventSubscription]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_subscriptions(conn, tenant=tenant, limit=limit)

    found = on_connection(work)
    emit(
        {"subscriptions": found},
        table(
            ("subscription", "tenant", "types", "workflow", "condition", "enabled"),
            [(s.name, s.tenant, s.type_pattern, s.workflow, s.condition, s.is_enabled) for s in found],
        ),
    )


@command.command()
@click.argument("name")
@required_tenant
def unsubscribe(name: str, tenant: str) -> None:
    """Let events start nothing by the subscription NAME any more."""
    from aias.triggers import remove_subscription

    on_connection(lambda conn: remove_subscription(conn, tenant, name))
    emit({"subscription": name, "removed": True}, f"{name}: removed")
