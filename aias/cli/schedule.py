"""``aias schedule``: what runs by the clock."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import JSON_OBJECT, TIME, limit_option, required_tenant, tenant_option

__all__ = ["command"]

_SHOWN_TIMES = 5


@click.group(cls=Group, name="schedule")
def command() -> None:
    """Run workflows by the clock; see the system's own tasks with them."""


@command.command(name="set")
@click.argument("name")
@click.option("--tenant", metavar="SLUG", help="The tenant's slug; with --system none.")
@click.option("--system", is_flag=True, help="NAME is one of the system's own tasks: only its times are changed.")
@click.option("--workflow", help="The workflow that it starts.")
@click.option("--cron", required=True, help="Minute, hour, day of the month, month, day of the week; or @daily, ...")
@click.option("--time-zone", default="UTC", show_default=True, help="An IANA time zone, such as Europe/Berlin.")
@click.option("--input", "input_", type=JSON_OBJECT, default="{}", help="The input of what it starts.")
@click.option(
    "--overlap",
    type=click.Choice(["skip", "queue", "allow"]),
    default="skip",
    show_default=True,
    help="What a due time does while the former run goes on.",
)
@click.option(
    "--catch-up",
    type=click.Choice(["none", "last", "all"]),
    default="last",
    show_default=True,
    help="Which due times of an outage are run afterwards.",
)
@click.option(
    "--catch-up-limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many at most."
)
@click.option("--jitter", type=click.FloatRange(0, 86400), default=0, help="Seconds that a run is late at most.")
@click.option("--starts", type=TIME, help="Nothing runs before.")
@click.option("--ends", type=TIME, help="Nothing runs after.")
@click.option("--max-attempts", type=click.IntRange(1, 20), default=1, show_default=True, help="Tries per due time.")
@click.option(
    "--retry-delay",
    type=click.FloatRange(0, 86400),
    default=60,
    show_default=True,
    help="Seconds before the second try; doubled for each further one.",
)
def set_(
    name: str,
    *,
    tenant: str | None,
    system: bool,
    workflow: str | None,
    cron: str,
    time_zone: str,
    input_: dict[str, Any],
    overlap: Any,
    catch_up: Any,
    catch_up_limit: int,
    jitter: float,
    starts: datetime | None,
    ends: datetime | None,
    max_attempts: int,
    retry_delay: float,
) -> None:
    """Make or change the schedule NAME, and show when it is due next."""
    from aias.triggers import Cron, Schedule, find_schedule, set_schedule, set_system_schedule

    if system == (tenant is not None):
        raise click.UsageError("either --tenant or --system says whose it is")

    async def work(conn: AsyncConnection[Any]) -> Schedule:
        if tenant is None:
            await set_system_schedule(conn, name, cron=cron, time_zone=time_zone)
        else:
            if workflow is None:
                raise click.UsageError("Missing option '--workflow'.")
            await set_schedule(
                conn,
                tenant,
                name,
                workflow=workflow,
                cron=cron,
                time_zone=time_zone,
                input=input_,
                overlap=overlap,
                catch_up=catch_up,
                catch_up_limit=catch_up_limit,
                jitter=timedelta(seconds=jitter),
                starts_at=starts,
                ends_at=ends,
                max_attempts=max_attempts,
                retry_delay=timedelta(seconds=retry_delay),
            )
        return await find_schedule(conn, name, tenant=tenant)

    schedule = on_connection(work)
    begin = max(datetime.now(UTC), starts or datetime.now(UTC))
    upcoming = itertools.islice(Cron(schedule.cron, schedule.time_zone).after(begin), _SHOWN_TIMES)
    times = [at for at in upcoming if ends is None or at <= ends]
    emit({"schedule": schedule, "next": times}, [f"{name}: {schedule.cron} ({time_zone})", *map(_line, times)])


def _line(at: datetime) -> str:
    return f"  {at.astimezone():%Y-%m-%d %H:%M %Z}"


@command.command(name="list")
@tenant_option
@click.option("--system", is_flag=True, help="The system's own tasks only.")
@limit_option
def list_(tenant: str | None, system: bool, limit: int) -> None:
    """List schedules with their last run and their next, the next due first."""
    from aias.client import require_tenant
    from aias.triggers import Schedule, list_schedules

    async def work(conn: AsyncConnection[Any]) -> list[Schedule]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_schedules(conn, tenant=tenant, kind="task" if system else None, limit=limit)

    found = on_connection(work)
    emit(
        {"schedules": found},
        table(
            ("schedule", "tenant", "starts", "cron", "zone", "status", "last", "outcome", "took", "failures", "next"),
            [
                (
                    s.name,
                    s.tenant,
                    s.workflow or s.task,
                    s.cron,
                    s.time_zone,
                    s.status,
                    s.last_due_at,
                    s.last_outcome,
                    s.last_duration,
                    s.failure_count,
                    s.next_at,
                )
                for s in found
            ],
        ),
    )


def _whose(function: Any) -> Any:
    """``NAME --tenant SLUG``; without a tenant one of the system's own."""
    tenant = click.option("--tenant", metavar="SLUG", help="The tenant's slug; without it one of the system's own.")
    return click.argument("name")(tenant(function))


@command.command()
@_whose
@limit_option
def runs(name: str, tenant: str | None, limit: int) -> None:
    """List the due times of NAME that were dealt with, the latest first."""
    from aias.triggers import ScheduleRun, find_schedule, list_schedule_runs

    async def work(conn: AsyncConnection[Any]) -> list[ScheduleRun]:
        schedule = await find_schedule(conn, name, tenant=tenant)
        return await list_schedule_runs(conn, schedule.id, limit=limit)

    found = on_connection(work)
    emit(
        {"runs": found},
        table(
            ("due", "status", "attempts", "execution", "why"),
            [
                (r.due_at, r.status, r.attempt_count, r.execution_id, (r.error or {}).get("message") or r.reason)
                for r in found
            ],
        ),
    )


@command.command()
@click.argument("name")
@required_tenant
def remove(name: str, tenant: str) -> None:
    """Remove the schedule NAME; what it started goes on."""
    from aias.triggers import find_schedule, remove_schedule

    async def work(conn: AsyncConnection[Any]) -> None:
        await remove_schedule(conn, (await find_schedule(conn, name, tenant=tenant)).id)

    on_connection(work)
    emit({"schedule": name, "removed": True}, f"{name}: removed")


@command.command()
@click.argument("name")
@required_tenant
@click.option("--from", "begin", type=TIME, required=True, help="The first due time that may run.")
@click.option("--to", "end", type=TIME, required=True, help="The last one; not in the future.")
def backfill(name: str, tenant: str, begin: datetime, end: datetime) -> None:
    """Run the due times of NAME in a span of the past that have not run."""
    from aias.triggers import backfill_schedule, find_schedule

    async def work(conn: AsyncConnection[Any]) -> Any:
        return await backfill_schedule(conn, (await find_schedule(conn, name, tenant=tenant)).id, begin, end)

    asked = on_connection(work)
    emit({"backfill": asked, "schedule": name}, f"{name}: the workers run it ({asked})")


@command.command()
@_whose
@click.option("--reason", help="Why; it stays on record.")
def pause(name: str, tenant: str | None, reason: str | None) -> None:
    """Let nothing run by NAME until it is resumed; what passes meanwhile is not made up for."""
    from aias.triggers import find_schedule, pause_schedule

    async def work(conn: AsyncConnection[Any]) -> None:
        await pause_schedule(conn, (await find_schedule(conn, name, tenant=tenant)).id, reason=reason)

    on_connection(work)
    emit({"schedule": name, "status": "paused"}, f"{name}: paused")


@command.command()
@_whose
def resume(name: str, tenant: str | None) -> None:
    """Let NAME run again, from now on."""
    from aias.triggers import find_schedule, resume_schedule

    async def work(conn: AsyncConnection[Any]) -> None:
        await resume_schedule(conn, (await find_schedule(conn, name, tenant=tenant)).id)

    on_connection(work)
    emit({"schedule": name, "status": "active"}, f"{name}: resumed")
