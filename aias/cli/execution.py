"""``aias execution``: see what executions do, and intervene."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from aias.cli.calls import call, operator, told
from aias.cli.output import Group, emit, table
from aias.cli.parameters import ID, JSON, JSON_OBJECT, limit_option, tenant_option
from aias.cli.run import finished, tell_end, wait_options

if TYPE_CHECKING:
    from aias.client import Aias, Execution
    from aias.workflows import ExecutionEvent, ExecutionStep, Reason

__all__ = ["command"]

STATUSES = ("queued", "running", "waiting", "succeeded", "failed", "cancelled")


@click.group(cls=Group, name="execution")
def command() -> None:
    """See what executions do and why they wait; cancel, retry, replay, approve, signal."""


@command.command(name="list")
@tenant_option
@click.option("--workflow", help="Of this workflow only.")
@click.option("--status", type=click.Choice(STATUSES), help="In this state only.")
@click.option("--before", type=ID, help="Older than this execution: the last of the page before.")
@limit_option
def list_(tenant: str | None, workflow: str | None, status: str | None, before: UUID | None, limit: int) -> None:
    """List executions, the newest first."""
    found = call(
        lambda aias: aias.executions(tenant=tenant, workflow=workflow, status=status, before=before, limit=limit)
    )
    rows = [execution.row for execution in found]
    emit(
        {"executions": rows},
        table(
            ("execution", "tenant", "workflow", "version", "status", "waits for", "created", "finished"),
            [
                (r.id, r.tenant, r.workflow, r.version, r.status, r.wait_reason, r.created_at, r.finished_at)
                for r in rows
            ],
        ),
    )


@command.command()
@click.argument("execution", type=ID)
def show(execution: UUID) -> None:
    """Show an execution with its steps and what happened to it."""

    async def work(aias: Aias) -> tuple[Execution, list[ExecutionStep], list[ExecutionEvent]]:
        found = await aias.execution(execution)
        return found, await found.steps(), await found.events()

    found, steps, events = call(work)
    row = found.row
    lines = [
        f"{row.workflow} version {row.version} of {row.tenant}: {row.status}",
        f"input   {_compact(row.input)}",
        *([f"output  {_compact(row.output)}"] if row.status == "succeeded" else []),
        *([f"error   {row.error.get('message')}"] if row.error else []),
        "",
        table(
            ("step", "action", "status", "attempts", "waits for", "until", "finished", "error"),
            [
                (
                    s.step if s.item is None else f"{s.step}[{s.item}]",
                    s.action,
                    s.status,
                    s.attempt_count,
                    s.wait_kind,
                    s.wait_until,
                    s.finished_at,
                    (s.error or {}).get("message"),
                )
                for s in steps
            ],
        ),
    ]
    if events:
        shown = [(e.at, e.type, e.step, _compact(e.detail) if e.detail else "") for e in events]
        lines += ["", table(("at", "event", "step", "detail"), shown)]
    emit({"execution": row, "steps": steps, "events": events}, lines)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@command.command()
@click.argument("execution", type=ID)
def explain(execution: UUID) -> None:
    """Say why an execution does not run now, or that it does or has ended."""

    async def work(aias: Aias) -> list[Reason]:
        return await (await aias.execution(execution)).explain()

    reasons = call(work)
    emit({"execution": execution, "reasons": reasons}, [told(reason) for reason in reasons])


@command.command()
@click.argument("execution", type=ID)
@click.option("--reason", help="Why; it stays on record.")
def cancel(execution: UUID, reason: str | None) -> None:
    """End an execution before its time, with those that it started."""

    async def work(aias: Aias) -> tuple[Execution, bool]:
        found = await aias.execution(execution)
        return found, await found.cancel(reason)

    found, changed = call(work)
    emit(found.row, f"{execution}: {'cancelled' if changed else 'was cancelled before'}")


@command.command()
@click.argument("execution", type=ID)
@wait_options
def retry(execution: UUID, wait: bool, timeout: float) -> None:
    """Let a failed or cancelled execution go on from its checkpoints."""

    async def work(aias: Aias) -> Execution:
        found = await aias.execution(execution)
        await found.retry()
        return await finished(found, timeout) if wait else found

    found = call(work)
    emit(found.row, f"{execution}: {found.status}")
    tell_end(found, waited=wait)


@command.command()
@click.argument("execution", type=ID)
@click.option("--from", "from_step", metavar="STEP", help="Reuse the checkpoints before this step; default: none.")
@click.option("--patch", type=JSON_OBJECT, help="A JSON merge patch on the input.")
@click.option("--version", type=click.IntRange(min=1), help="Another version of the workflow.")
@wait_options
def replay(
    execution: UUID,
    from_step: str | None,
    patch: dict[str, Any] | None,
    version: int | None,
    wait: bool,
    timeout: float,
) -> None:
    """Run a final execution again as a new one, and print the new one's id."""

    async def work(aias: Aias) -> Execution:
        found = await aias.execution(execution)
        again = await found.replay(from_step, input_patch=patch, version=version)
        return await finished(again, timeout) if wait else again

    again = call(work)
    emit(again.row, str(again.id))
    tell_end(again, waited=wait)


@command.command()
@click.argument("execution", type=ID)
@click.argument("step")
@click.option("--by", help="Who answers; default: you.")
@click.option("--reject", is_flag=True, help="Refuse instead.")
@click.option("--comment", help="Goes into the step's output.")
def approve(execution: UUID, step: str, by: str | None, reject: bool, comment: str | None) -> None:
    """Answer a STEP that waits for a person ("step", or "step[3]" for an item of a fan-out)."""

    async def work(aias: Aias) -> Execution:
        found = await aias.execution(execution)
        await found.approve(step, by=by or operator(), approved=not reject, comment=comment)
        return found

    found = call(work)
    emit(found.row, f"{step}: {'refused' if reject else 'approved'}")


@command.command()
@click.argument("execution", type=ID)
@click.argument("name")
@click.option("--payload", type=JSON, default="{}", help="What the waiting step gets as its output.")
def signal(execution: UUID, name: str, payload: Any) -> None:
    """Send an execution the event NAME that a step waits for."""

    async def work(aias: Aias) -> tuple[Execution, bool]:
        found = await aias.execution(execution)
        return found, await found.signal(name, payload)

    found, was_waiting = call(work)
    kept = "a step was waiting" if was_waiting else "kept for the first step that waits for it"
    emit({"execution": found.row, "was_waiting": was_waiting}, f"{name}: {kept}")
