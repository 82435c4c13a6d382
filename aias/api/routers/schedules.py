"""``/v1/schedules``: what runs by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query
from starlette.responses import Response

from aias import triggers
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.triggers import page_of_runs, page_of_schedules
from aias.api.models.triggers import BackfillGiven, BackfillMade, PauseGiven, RunShown, ScheduleGiven, ScheduleShown
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("schedules")

Reads = Annotated[Caller, needs("schedules:read")]
Writes = Annotated[Caller, needs("schedules:write")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$", description="The schedule's name.")]


@router.get("", summary="List schedules")
async def list_schedules(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(ScheduleShown)],
    kind: Annotated[
        Literal["workflow", "task"] | None, Query(description="Tenants' schedules, or the system's own tasks.")
    ] = None,
) -> Listed[ScheduleShown]:
    """By tenant and name, with the last run and the next of each."""
    after = page.after(str, str)
    rows = await page_of_schedules(
        caller.conn,
        tenant_id=await tenant_id(caller, tenant),
        kind=kind,
        after=(after[0], after[1]),
        limit=page.fetch,
    )
    return page.of(rows, lambda row: (row.tenant or "", row.name))


@router.put("/{name}", summary="Set a schedule")
async def set_schedule(caller: Writes, tenant: Tenant, name: Name, body: ScheduleGiven) -> ScheduleShown:
    """Make it or change it; a changed expression, zone, start or end begins anew from now."""
    await triggers.set_schedule(
        caller.conn,
        tenant,
        name,
        workflow=body.workflow,
        cron=body.cron,
        time_zone=body.time_zone,
        input=body.input,
        overlap=body.overlap,
        catch_up=body.catch_up,
        catch_up_limit=body.catch_up_limit,
        jitter=timedelta(seconds=body.jitter),
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        max_attempts=body.max_attempts,
        retry_delay=timedelta(seconds=body.retry_delay),
    )
    return await _shown(caller, tenant, name)


@router.get("/{name}", summary="See a schedule")
async def get_schedule(
    caller: Reads, tenant: Tenant, name: Name, _fields: Annotated[None, fields_of(ScheduleShown)]
) -> ScheduleShown:
    """The schedule with its last run and its next."""
    return await _shown(caller, tenant, name)


@router.get("/{name}/runs", summary="List the runs of a schedule")
async def list_schedule_runs(
    caller: Reads, page: Page, tenant: Tenant, name: Name, _fields: Annotated[None, fields_of(RunShown)]
) -> Listed[RunShown]:
    """The due times that were dealt with, the latest first."""
    (before,) = page.after(datetime)
    rows = await page_of_runs(caller.conn, await _id(caller, tenant, name), before=before, limit=page.fetch)
    return page.of(rows, lambda row: (row.due_at,))


@router.post("/{name}/pause", summary="Pause a schedule")
async def pause_schedule(caller: Writes, tenant: Tenant, name: Name, body: PauseGiven | None = None) -> ScheduleShown:
    """Nothing runs until it is resumed; what passes meanwhile is not made up for."""
    reason = body.reason if body is not None else None
    await triggers.pause_schedule(caller.conn, await _id(caller, tenant, name), reason=reason)
    return await _shown(caller, tenant, name)


@router.post("/{name}/resume", summary="Resume a schedule")
async def resume_schedule(caller: Writes, tenant: Tenant, name: Name) -> ScheduleShown:
    """It runs again from now on."""
    await triggers.resume_schedule(caller.conn, await _id(caller, tenant, name))
    return await _shown(caller, tenant, name)


@router.post("/{name}/backfills", status_code=HTTPStatus.ACCEPTED, summary="Run a span of the past")
async def backfill_schedule(caller: Writes, tenant: Tenant, name: Name, body: BackfillGiven) -> BackfillMade:
    """Each due time of the span that has not run is run; one that has is left alone."""
    schedule = await _id(caller, tenant, name)
    return BackfillMade(id=await triggers.backfill_schedule(caller.conn, schedule, body.begin, body.end))


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Remove a schedule")
async def remove_schedule(caller: Writes, tenant: Tenant, name: Name) -> Response:
    """Nothing runs by it any more; what it started goes on."""
    await triggers.remove_schedule(caller.conn, await _id(caller, tenant, name))
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _id(caller: Caller, tenant: str, name: str) -> UUID:
    return (await triggers.find_schedule(caller.conn, name, tenant=tenant)).id


async def _shown(caller: Caller, tenant: str, name: str) -> ScheduleShown:
    return ScheduleShown.model_validate(await triggers.find_schedule(caller.conn, name, tenant=tenant))
