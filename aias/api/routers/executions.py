"""``/v1/executions``: start, see, and intervene."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from aias import workflows
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.executions import ExecutionFilter, page_of_events, page_of_executions
from aias.api.models.base import Time
from aias.api.models.executions import (
    Approval,
    Cancellation,
    Event,
    ExecutionDetail,
    ExecutionStatus,
    ExecutionSummary,
    Explanation,
    ReasonShown,
    Replay,
    Run,
    Signal,
    Signalled,
    StepShown,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("executions")

Reads = Annotated[Caller, needs("executions:read")]
Writes = Annotated[Caller, needs("executions:write")]


@router.get("", summary="List executions")
async def list_executions(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(ExecutionSummary)],
    workflow: Annotated[str | None, Query(max_length=63, description="Of this workflow.")] = None,
    status: Annotated[ExecutionStatus | None, Query(description="In this state.")] = None,
    since: Annotated[Time | None, Query(description="Started at this time or later.")] = None,
    until: Annotated[Time | None, Query(description="Started before this time.")] = None,
    idempotency_key: Annotated[str | None, Query(max_length=255, description="Started with this key.")] = None,
    trace_id: Annotated[
        str | None, Query(pattern="^[0-9a-f]{32}$", description="Of this trace (the second part of a traceparent).")
    ] = None,
    parent: Annotated[UUID | None, Query(description="Started by this execution.")] = None,
) -> Listed[ExecutionSummary]:
    """The newest first; without input and output, which a single execution has."""
    (before,) = page.after(UUID)
    which = ExecutionFilter(
        tenant_id=await tenant_id(caller, tenant),
        workflow=workflow,
        status=status,
        since=since,
        until=until,
        idempotency_key=idempotency_key,
        trace_id=trace_id,
        parent=parent,
    )
    rows = await page_of_executions(caller.conn, which, before=before, limit=page.fetch)
    return page.of(rows, lambda row: (row.id,))


@router.post("", status_code=HTTPStatus.CREATED, summary="Start an execution")
async def run_workflow(caller: Writes, tenant: Tenant, body: Run, response: Response) -> ExecutionDetail:
    """Start an execution of the workflow's newest version; its job is enqueued in the same transaction."""
    started = await workflows.run_workflow(
        caller.conn, tenant, body.workflow, body.input, idempotency_key=body.idempotency_key, run_at=body.run_at
    )
    return await _made(caller, started, response)


@router.get("/{execution}", summary="See an execution")
async def get_execution(
    caller: Reads, execution: UUID, _fields: Annotated[None, fields_of(ExecutionDetail)]
) -> ExecutionDetail:
    """The execution whole, with its checkpoints."""
    return await _detail(caller, execution)


@router.get("/{execution}/events", summary="List what happened to an execution")
async def list_execution_events(
    caller: Reads, execution: UUID, page: Page, _fields: Annotated[None, fields_of(Event)]
) -> Listed[Event]:
    """What happened beside the plain course, the oldest first: failures, rescues, interventions."""
    (after,) = page.after(UUID)
    await workflows.get_execution(caller.conn, execution)
    rows = await page_of_events(caller.conn, execution, after=after, limit=page.fetch)
    return page.of(rows, lambda row: (row.id,))


@router.get("/{execution}/explanation", summary="Say why an execution does not run now")
async def explain_execution(caller: Reads, execution: UUID) -> Explanation:
    """Every reason, and until when it holds; or that it runs or has ended."""
    reasons = await workflows.explain_execution(caller.conn, execution)
    return Explanation(reasons=[ReasonShown.model_validate(reason) for reason in reasons])


@router.post("/{execution}/cancel", summary="Cancel an execution")
async def cancel_execution(caller: Writes, execution: UUID, body: Cancellation | None = None) -> ExecutionDetail:
    """End it before its time, with those that it started. Cancelling again changes nothing."""
    await workflows.cancel_execution(caller.conn, execution, reason=body.reason if body is not None else None)
    return await _detail(caller, execution)


@router.post("/{execution}/retry", summary="Retry an execution")
async def retry_execution(caller: Writes, execution: UUID) -> ExecutionDetail:
    """Let a failed or cancelled one go on from its checkpoints; what succeeded is not run again."""
    await workflows.retry_execution(caller.conn, execution)
    return await _detail(caller, execution)


@router.post("/{execution}/replay", status_code=HTTPStatus.CREATED, summary="Replay an execution")
async def replay_execution(
    caller: Writes, execution: UUID, response: Response, body: Replay | None = None
) -> ExecutionDetail:
    """Run a final one again as a new one, from a step on or from the start."""
    how = body or Replay()
    replayed = await workflows.replay_execution(
        caller.conn, execution, from_step=how.from_step, input_patch=how.input_patch, version=how.version
    )
    return await _made(caller, replayed, response)


@router.post("/{execution}/steps/{step}/approval", summary="Answer a step that waits for a person")
async def approve_step(caller: Writes, execution: UUID, step: str, body: Approval) -> ExecutionDetail:
    """Let it go on, or refuse; an item of a fan-out is `step[3]`."""
    by = body.by or f"key:{caller.identity.key_id}"
    await workflows.approve_step(caller.conn, execution, step, is_approved=body.approved, by=by, comment=body.comment)
    return await _detail(caller, execution)


@router.post("/{execution}/signals", summary="Send an execution an event")
async def send_signal(caller: Writes, execution: UUID, body: Signal) -> Signalled:
    """Hand it to the step that waits for it, or keep it for the first that will."""
    return Signalled(was_waiting=await workflows.send_signal(caller.conn, execution, body.name, body.payload))


async def _made(caller: Caller, execution: UUID, response: Response) -> ExecutionDetail:
    response.headers["Location"] = f"/v1/executions/{execution}"
    return await _detail(caller, execution)


async def _detail(caller: Caller, execution: UUID) -> ExecutionDetail:
    row = await workflows.get_execution(caller.conn, execution)
    steps = await workflows.list_steps(caller.conn, execution)
    return ExecutionDetail.model_validate({**asdict(row), "steps": [StepShown.model_validate(step) for step in steps]})
