"""``/v1/logs``, ``/v1/errors`` and ``/v1/fuses``: what happened, what fails, and what is kept from failing on."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from aias import diagnostics
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.models.base import Time
from aias.api.models.diagnostics import (
    Decide,
    ErrorDetail,
    ErrorStatus,
    ErrorSummary,
    FuseShown,
    LogLevel,
    LogShown,
    Released,
    ReleaseFuse,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["errors", "fuses", "logs"]

logs = resource("logs")
errors = resource("errors")
fuses = resource("fuses")

ReadsErrors = Annotated[Caller, needs("errors:read")]
WritesErrors = Annotated[Caller, needs("errors:write")]
ReadsFuses = Annotated[Caller, needs("fuses:read")]


@logs.get("", summary="List log records")
async def list_logs(
    caller: Annotated[Caller, needs("logs:read")],
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(LogShown)],
    level: Annotated[LogLevel | None, Query(description="Of this level and more severe ones.")] = None,
    execution: Annotated[UUID | None, Query(description="Of this execution.")] = None,
    correlation_id: Annotated[str | None, Query(max_length=200, description="With this correlation id.")] = None,
    request_id: Annotated[str | None, Query(max_length=200, description="Of this HTTP request.")] = None,
    since: Annotated[Time | None, Query(description="Written at this time or later.")] = None,
    until: Annotated[Time | None, Query(description="Written before this time.")] = None,
    text: Annotated[
        str | None, Query(max_length=500, description='With these words: two words, "a phrase", or, -without.')
    ] = None,
) -> Listed[LogShown]:
    """The newest first, without secrets and personal data."""
    (before,) = page.after(UUID)
    which = diagnostics.LogFilter(
        tenant_id=await tenant_id(caller, tenant),
        level=level,
        execution_id=execution,
        correlation_id=correlation_id,
        request_id=request_id,
        since=since,
        until=until,
        text=text,
    )
    rows = await diagnostics.find_logs(caller.conn, which, before=before, limit=page.fetch)
    return page.of([LogShown.model_validate(row) for row in rows], lambda row: (row.id,))


@errors.get("", summary="List errors")
async def list_errors(
    caller: ReadsErrors,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(ErrorSummary)],
    status: Annotated[ErrorStatus | None, Query(description="Of this status only.")] = None,
    since: Annotated[Time | None, Query(description="That came at this time or later.")] = None,
) -> Listed[ErrorSummary]:
    """What came last first; a tenant's key sees what its tenant met."""
    before_at, before = page.after(datetime, UUID)
    rows = await diagnostics.find_errors(
        caller.conn,
        tenant_id=await tenant_id(caller, tenant),
        status=status,
        since=since,
        before=None if before is None else (before_at, before),
        limit=page.fetch,
    )
    return page.of([ErrorSummary.model_validate(row) for row in rows], lambda row: (row.last_seen_at, row.id))


@errors.get("/{error}", summary="See an error")
async def get_error(caller: ReadsErrors, error: UUID, _fields: Annotated[None, fields_of(ErrorDetail)]) -> ErrorDetail:
    """The group, with one of the latest failures."""
    return ErrorDetail.model_validate(await diagnostics.get_error(caller.conn, error))


@errors.post("/{error}/resolve", summary="Resolve an error")
async def resolve_error(caller: WritesErrors, error: UUID, body: Decide) -> ErrorDetail:
    """Say that it is fixed; when it comes again, it is open again. For operators."""
    await diagnostics.resolve_error(caller.conn, error, reason=body.reason)
    return ErrorDetail.model_validate(await diagnostics.get_error(caller.conn, error))


@errors.post("/{error}/ignore", summary="Ignore an error")
async def ignore_error(caller: WritesErrors, error: UUID, body: Decide) -> ErrorDetail:
    """Say that it is of no interest: it is counted on and stays ignored. For operators."""
    await diagnostics.ignore_error(caller.conn, error, reason=body.reason)
    return ErrorDetail.model_validate(await diagnostics.get_error(caller.conn, error))


@errors.post("/{error}/reopen", summary="Reopen an error")
async def reopen_error(caller: WritesErrors, error: UUID, body: Decide) -> ErrorDetail:
    """Take back that it is fixed or of no interest. For operators."""
    await diagnostics.reopen_error(caller.conn, error, reason=body.reason)
    return ErrorDetail.model_validate(await diagnostics.get_error(caller.conn, error))


@fuses.get("", summary="List fuses")
async def list_fuses(
    caller: ReadsFuses,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(FuseShown)],
    blown: Annotated[bool | None, Query(description="Only those that are blown, or only released ones.")] = None,
) -> Listed[FuseShown]:
    """What blew last first."""
    (before,) = page.after(UUID)
    await tenant_id(caller, tenant)
    rows = await diagnostics.list_fuses(caller.conn, tenant=tenant, is_blown=blown, before=before, limit=page.fetch)
    return page.of([FuseShown.model_validate(row) for row in rows], lambda row: (row.id,))


@fuses.get("/{fuse}", summary="See a fuse")
async def get_fuse(caller: ReadsFuses, fuse: UUID, _fields: Annotated[None, fields_of(FuseShown)]) -> FuseShown:
    """A task or a workflow that gave up too often for the same reason."""
    return FuseShown.model_validate(await diagnostics.get_fuse(caller.conn, fuse))


@fuses.post("/{fuse}/release", summary="Release a fuse")
async def release_fuse(caller: Annotated[Caller, needs("fuses:write")], fuse: UUID, body: ReleaseFuse) -> Released:
    """Let it run again, and where that is wished start again what went to the dead letters meanwhile."""
    count = await diagnostics.release_fuse(caller.conn, fuse, requeue=body.requeue, reason=body.reason)
    found = await diagnostics.get_fuse(caller.conn, fuse)
    return Released.model_validate({**dataclasses.asdict(found), "requeued_at_once": count})
