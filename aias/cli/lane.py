"""``aias lane``: the classes of service and what waits in them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table

__all__ = ["command"]


@click.group(cls=Group, name="lane")
def command() -> None:
    """The lanes: named classes of service."""


@command.command(name="list")
def list_() -> None:
    """List the lanes, the most urgent first, with what waits in each and who works on it."""
    from aias.jobs import QueueHealth, queue_health
    from aias.tenants import Lane, list_lanes

    async def work(conn: AsyncConnection[Any]) -> list[tuple[Lane, QueueHealth]]:
        health = {row.queue_name: row for row in await queue_health(conn)}
        return [(lane, health[lane.queue_name]) for lane in await list_lanes(conn)]

    found = on_connection(work)
    emit(
        {"lanes": [asdict(lane) | asdict(health) for lane, health in found]},
        table(
            ("lane", "priority", "weight", "waiting", "scheduled", "running", "failed", "oldest", "workers"),
            [
                (
                    lane.name,
                    lane.base_priority,
                    lane.weight,
                    health.waiting_count,
                    health.scheduled_count,
                    health.running_count,
                    health.failed_count,
                    health.oldest_wait,
                    health.worker_count,
                )
                for lane, health in found
            ],
        ),
    )
