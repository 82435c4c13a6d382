"""``aias run``: start an execution."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from aias.cli.calls import call
from aias.cli.output import Command, emit, note
from aias.cli.parameters import JSON_OBJECT, TIME, required_tenant

if TYPE_CHECKING:
    from aias.client import Aias, Execution

__all__ = ["command", "finished", "wait_options"]


def wait_options(function: Any) -> Any:
    """``--wait`` and ``--timeout``."""
    function = click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=300.0,
        show_default=True,
        help="Seconds to --wait.",
    )(function)
    return click.option("--wait", is_flag=True, help="Wait for the end; exit 1 if that is a failure.")(function)


async def finished(execution: Execution, timeout: float) -> Execution:
    """Wait for the end, with a sign of life on a terminal."""
    from aias.cli.progress import spinner

    with spinner(f"waiting for {execution.workflow} {execution.id}"):
        return await execution.wait(timeout)


@click.command(cls=Command, name="run")
@click.argument("workflow")
@required_tenant
@click.option("--input", "input_", type=JSON_OBJECT, default="{}", help="The workflow's input, a JSON object.")
@click.option("--key", help="Idempotency key: the same key with the same input gives the same execution.")
@click.option("--at", type=TIME, help="Not before this time.")
@wait_options
def command(
    workflow: str, tenant: str, input_: dict[str, Any], key: str | None, at: datetime | None, wait: bool, timeout: float
) -> None:
    """Start WORKFLOW for a tenant and print the execution's id."""

    async def work(aias: Aias) -> Execution:
        execution = await aias.run_workflow(workflow, tenant=tenant, input=input_, idempotency_key=key, run_at=at)
        return await finished(execution, timeout) if wait else execution

    execution = call(work)
    emit(execution.row, str(execution.id))
    tell_end(execution, waited=wait)


def tell_end(execution: Execution, *, waited: bool) -> None:
    """Say how it ended, where that was waited for; a failure is exit 1."""
    if waited:
        why = (execution.error or {}).get("message") or execution.row.cancel_reason
        note(f"{execution.status}: {why}" if why else execution.status)
        if execution.status != "succeeded":
            raise click.exceptions.Exit(1)
