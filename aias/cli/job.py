"""``aias job``: the queue's jobs, beneath the executions and beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import call, on_connection, told
from aias.cli.output import Group, emit, table
from aias.cli.parameters import JSON_OBJECT, TIME, limit_option, tenant_option

__all__ = ["command"]

STATUSES = ("waiting", "scheduled", "running", "stopping", "failed", "aborted", "cancelled", "succeeded")


@click.group(cls=Group, name="job")
def command() -> None:
    """Enqueue jobs of tasks, see why they don't run, cancel and retry them."""


@command.command()
@click.argument("task")
@click.option("--args", "arguments", type=JSON_OBJECT, default="{}", help="The task's arguments, a JSON object.")
@click.option("--tenant", metavar="SLUG", help="For this tenant; without it the job is the system's own.")
@click.option("--lane", help="Default: the lane of the tenant's plan, or maintenance.")
@click.option("--at", type=TIME, help="Not before this time.")
@click.option("--key", help="Idempotency key: the same key gives the same job.")
def enqueue(
    task: str, arguments: dict[str, Any], tenant: str | None, lane: str | None, at: datetime | None, key: str | None
) -> None:
    """Enqueue a job of TASK and print its id."""
    job = call(lambda aias: aias.enqueue(task, arguments, tenant=tenant, lane=lane, run_at=at, idempotency_key=key))
    emit({"job": job}, str(job))


@command.command(name="list")
@tenant_option
@click.option("--status", type=click.Choice(STATUSES), help="In this state only.")
@click.option("--lane", help="Of this lane only.")
@limit_option
def list_(tenant: str | None, status: str | None, lane: str | None, limit: int) -> None:
    """List the jobs in the queue, the most urgent first. Succeeded ones are not kept."""
    from aias.client import require_tenant
    from aias.jobs import JobRow, list_jobs

    async def work(conn: AsyncConnection[Any]) -> list[JobRow]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_jobs(conn, tenant=tenant, lane=lane, status=status, limit=limit)

    found = on_connection(work)
    emit(
        {"jobs": found},
        table(
            ("job", "tenant", "task", "lane", "status", "run at", "attempts", "created"),
            [(j.id, j.tenant, j.task, j.lane, j.status, j.run_at, j.attempt_count, j.created_at) for j in found],
        ),
    )


@command.command()
@click.argument("job", type=int)
def explain(job: int) -> None:
    """Say why a job does not run now, or that it does."""
    from aias.jobs import explain_job

    reason = on_connection(lambda conn: explain_job(conn, job))
    emit({"job": job, "reasons": [reason]}, told(reason))


@command.command()
@click.argument("job", type=int)
def cancel(job: int) -> None:
    """Cancel a waiting job, or ask a running one to stop."""
    from aias.jobs import cancel_job

    outcome = on_connection(lambda conn: cancel_job(conn, job))
    emit({"job": job, "outcome": outcome}, f"job {job}: {outcome}")


@command.command()
@click.argument("job", type=int)
def retry(job: int) -> None:
    """Enqueue an ended job afresh, or bring a waiting one forward."""
    from aias.jobs import retry_job

    again = on_connection(lambda conn: retry_job(conn, job))
    emit({"job": again, "retried": job}, f"job {again} runs")
