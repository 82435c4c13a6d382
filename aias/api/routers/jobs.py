"""``/v1/jobs``: the queue's jobs, beneath the executions and beside them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from aias import jobs
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.lists.jobs import get_job, page_of_jobs
from aias.api.models.executions import Explanation, ReasonShown
from aias.api.models.jobs import JobDetail, JobStatus, JobSummary, NewJobGiven
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("jobs")

Reads = Annotated[Caller, needs("jobs:read")]
Writes = Annotated[Caller, needs("jobs:write")]
Job = Annotated[int, Path(ge=1, le=9_223_372_036_854_775_807, description="The job's id.")]


@router.get("", summary="List jobs")
async def list_jobs(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(JobSummary)],
    status: Annotated[JobStatus | None, Query(description="In this state.")] = None,
    lane: Annotated[str | None, Query(max_length=63, description="Of this lane.")] = None,
    task: Annotated[str | None, Query(max_length=128, description="Of this task.")] = None,
) -> Listed[JobSummary]:
    """The newest first, without arguments, which a single job has. Succeeded jobs are not kept."""
    (before,) = page.after(int)
    rows = await page_of_jobs(
        caller.conn,
        tenant_id=await tenant_id(caller, tenant),
        status=status,
        lane=lane,
        task=task,
        before=before,
        limit=page.fetch,
    )
    return page.of(rows, lambda row: (row.id,))


@router.post("", status_code=HTTPStatus.CREATED, summary="Enqueue a job")
async def enqueue_job(caller: Writes, tenant: TenantFilter, body: NewJobGiven, response: Response) -> JobDetail:
    """Hand a task to the workers; with an operator's key and no tenant it is the system's own."""
    made = await jobs.enqueue_job(
        caller.conn,
        body.task,
        body.args,
        tenant=tenant,
        lane=body.lane,
        run_at=body.run_at,
        idempotency_key=body.idempotency_key,
    )
    response.headers["Location"] = f"/v1/jobs/{made}"
    return await get_job(caller.conn, made)


@router.get("/{job}", summary="See a job", name="get_job")
async def see_job(caller: Reads, job: Job, _fields: Annotated[None, fields_of(JobDetail)]) -> JobDetail:
    """The job whole. One that has succeeded is gone."""
    return await get_job(caller.conn, job)


@router.get("/{job}/explanation", summary="Say why a job does not run now")
async def explain_job(caller: Reads, job: Job) -> Explanation:
    """Why, and until when; or that it runs or has ended."""
    return Explanation(reasons=[ReasonShown.model_validate(await jobs.explain_job(caller.conn, job))])


@router.post("/{job}/cancel", summary="Cancel a job")
async def cancel_job(caller: Writes, job: Job) -> JobDetail:
    """Cancel a waiting job, or ask a running one to stop."""
    await jobs.cancel_job(caller.conn, job)
    return await get_job(caller.conn, job)


@router.post("/{job}/retry", summary="Retry a job")
async def retry_job(caller: Writes, job: Job) -> JobDetail:
    """Enqueue an ended job afresh, or bring a waiting one forward; the job that runs comes back."""
    return await get_job(caller.conn, await jobs.retry_job(caller.conn, job))
