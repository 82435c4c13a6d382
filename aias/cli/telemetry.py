"""``aias telemetry``: say what users did, and see what they did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, note, table
from aias.cli.parameters import ID, JSON, limit_option, required_tenant

__all__ = ["command"]


@click.group(cls=Group, name="telemetry")
def command() -> None:
    """Track what users did, and see what was tracked."""


@command.command()
@click.argument("events", type=JSON)
@required_tenant
def track(events: Any, tenant: str) -> None:
    """Track EVENTS: one as JSON, or an array of at most 10,000; an event_id that came within 7 days is taken once.

    For example '{"name": "order_viewed", "user_id": "u-17", "properties": {"order": 1001}}'.
    """
    from aias.telemetry import Tracked
    from aias.telemetry import track as track_events

    async def work(conn: AsyncConnection[Any]) -> Tracked:
        return await track_events(conn, tenant, events)

    done = on_connection(work)
    for problem in done.problems:
        note(f"event {problem.index}: {problem.reason}")
    emit(done, f"{done.accepted} accepted, {done.duplicates} duplicates, {done.rejected} rejected")


@command.command(name="list")
@required_tenant
@click.option("--name", help="Of this name.")
@click.option("--user", help="Of this user.")
@click.option("--before", type=ID, help="Older than this event: the last of the page before.")
@limit_option
def list_(tenant: str, name: str | None, user: str | None, before: UUID | None, limit: int) -> None:
    """List events of a tenant, the newest first."""
    from aias.telemetry import TelemetryEvent, find_tenant, list_telemetry

    async def work(conn: AsyncConnection[Any]) -> list[TelemetryEvent]:
        return await list_telemetry(
            conn, await find_tenant(conn, tenant), name=name, user=user, before=before, limit=limit
        )

    found = on_connection(work)
    emit(
        {"events": found},
        table(
            ("event", "name", "user", "session", "occurred at", "properties"),
            [(e.id, e.name, e.user_id, e.session_id, e.occurred_at, e.properties) for e in found],
        ),
    )


@command.command()
@required_tenant
@limit_option
def daily(tenant: str, limit: int) -> None:
    """Count a tenant's events by day and name, the newest first."""
    from aias.cli.calls import select

    found = select(
        "select d.day, d.name, d.event_count, d.first_at, d.last_at from aias.telemetry_daily as d"
        " where d.tenant = %(tenant)s order by d.day desc, d.name limit %(limit)s",
        {"limit": limit},
        tenant=tenant,
    )
    emit(
        {"days": found},
        table(("day", "name", "events", "first", "last"), [tuple(row.values()) for row in found]),
    )
