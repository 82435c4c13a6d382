"""``/v1/logs``, ``/v1/errors`` and ``/v1/fuses``: what happened, what fails, and what is kept from failing on."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import psycopg
import structlog
from fastapi import Depends, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from aias import diagnostics
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.models.base import Time
from aias.api.models.diagnostics import (
    Decide,
    ErrorDetail,
    ErrorStatus,
    ErrorSummary,
    FuseRuleGiven,
    FuseRuleShown,
    FuseRulesShown,
    FuseScope,
    FuseShown,
    LogLevel,
    LogShown,
    Released,
    ReleaseFuse,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.services import Services, services_of
from aias.api.streaming import EventStream, event
from aias.api.tenancy import tenant_id
from aias.errors import DatabaseError

__all__ = ["errors", "fuses", "logs"]

logs = resource("logs")
errors = resource("errors")
fuses = resource("fuses")

_log = structlog.stdlib.get_logger(__name__)
_HEARTBEAT = 15.0

ReadsLogs = Annotated[Caller, needs("logs:read")]
ReadsErrors = Annotated[Caller, needs("errors:read")]
WritesErrors = Annotated[Caller, needs("errors:write")]
ReadsFuses = Annotated[Caller, needs("fuses:read")]
WritesFuses = Annotated[Caller, needs("fuses:write")]
RuleName = Annotated[str, Path(min_length=1, max_length=200, description="The task or the workflow; * for the others.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Narrowed:
    """What log records are narrowed to, beside the tenant and the time."""

    level: Annotated[LogLevel | None, Query(description="Of this level and more severe ones.")] = None
    execution: Annotated[UUID | None, Query(description="Of this execution.")] = None
    correlation_id: Annotated[str | None, Query(max_length=200, description="With this correlation id.")] = None
    request_id: Annotated[str | None, Query(max_length=200, description="Of this HTTP request.")] = None
    text: Annotated[
        str | None, Query(max_length=500, description='With these words: two words, "a phrase", or, -without.')
    ] = None

    def of(self, whose: UUID | None) -> diagnostics.LogFilter:
        """Give the filter, for a tenant or all."""
        return diagnostics.LogFilter(
            tenant_id=whose,
            level=self.level,
            execution_id=self.execution,
            correlation_id=self.correlation_id,
            request_id=self.request_id,
            text=self.text,
        )


Narrowed = Annotated[_Narrowed, Depends()]


@logs.get("", summary="List log records")
async def list_logs(
    caller: ReadsLogs,
    page: Page,
    tenant: TenantFilter,
    narrowed: Narrowed,
    _fields: Annotated[None, fields_of(LogShown)],
    since: Annotated[Time | None, Query(description="Written at this time or later.")] = None,
    until: Annotated[Time | None, Query(description="Written before this time.")] = None,
) -> Listed[LogShown]:
    """The newest first, without secrets and personal data."""
    (before,) = page.after(UUID)
    which = dataclasses.replace(narrowed.of(await tenant_id(caller, tenant)), since=since, until=until)
    rows = await diagnostics.find_logs(caller.conn, which, before=before, limit=page.fetch)
    return page.of([LogShown.model_validate(row) for row in rows], lambda row: (row.id,))


@logs.get(
    "/follow",
    summary="Follow the log",
    status_code=HTTPStatus.OK,
    response_class=EventStream,
    responses={200: {"description": "Server-sent events; the data of each is a log record in JSON."}},
)
async def follow_logs(
    request: Request,
    caller: Annotated[Caller, needs("logs:read", in_transaction=False)],
    tenant: TenantFilter,
    narrowed: Narrowed,
    seconds: Annotated[int, Query(ge=1, le=3600, description="Ends after so many seconds.")] = 900,
    last_event_id: Annotated[
        str | None, Header(max_length=4000, description="The id of the last event that was seen: what came after it.")
    ] = None,
) -> EventStream:
    """Each record once, as it is committed, from now on or from the last event that was seen.

    It ends when the time is over, when the server goes down or the key is revoked; a client that comes back with the
    last event's id misses nothing. A server has so many streams open (503) and a tenant five (429).
    """
    async with caller.transaction():
        which = narrowed.of(await tenant_id(caller, tenant))
    start = None if last_event_id is None else diagnostics.LogPlace.parse(last_event_id)
    services = services_of(request)
    return EventStream(
        _events(services, caller, diagnostics.follow_logs(caller.transaction, which, start=start), seconds),
        services.streams.place(caller.identity.tenant_id),
    )


async def _events(
    services: Services, caller: Caller, pages: AsyncGenerator[diagnostics.Followed], seconds: int
) -> AsyncGenerator[bytes]:
    """Write the records as events; every fifteen seconds without one, that the stream goes on and the key is good."""
    ends_at = time.monotonic() + seconds
    told_at = -math.inf
    async with contextlib.aclosing(pages):
        try:
            async for page in pages:
                for row in page.rows:
                    yield event(LogShown.model_validate(row).model_dump_json(), place=str(page.at(row)))
                now = time.monotonic()
                if page.rows:
                    told_at = now
                elif now - told_at >= _HEARTBEAT:
                    told_at = now
                    if not await services.keys.is_good(caller.identity):
                        return
                    yield event("", place=str(page.place))
                if now >= ends_at or services.is_draining:
                    return
        except (DatabaseError, psycopg.OperationalError) as error:
            if math.isinf(told_at):
                raise
            # the client comes back with where it was
            _log.warning("a stream ends: the database is away", error=str(error))


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


@fuses.get("/rules", summary="See when fuses blow")
async def get_fuse_rules(caller: ReadsFuses) -> FuseRulesShown:
    """After how many equal failures of one tenant, in which time."""
    rules = await diagnostics.list_fuse_rules(caller.conn)
    return FuseRulesShown(items=[FuseRuleShown.model_validate(rule) for rule in rules])


@fuses.put("/rules/{scope}/{name}", status_code=204, summary="Set when a fuse blows")
async def set_fuse_rule(caller: WritesFuses, scope: FuseScope, name: RuleName, body: FuseRuleGiven) -> Response:
    """Of a task or a workflow; * is for all that have no rule of their own. For operators."""
    await diagnostics.set_fuse_rule(
        caller.conn,
        scope,
        name,
        failure_count=body.failures,
        within=timedelta(seconds=body.within_seconds),
        is_enabled=body.is_enabled,
    )
    return Response(status_code=204)


@fuses.delete("/rules/{scope}/{name}", status_code=204, summary="Remove a rule of fuses")
async def remove_fuse_rule(caller: WritesFuses, scope: FuseScope, name: RuleName) -> Response:
    """Let the rule for all others hold again. For operators."""
    await diagnostics.remove_fuse_rule(caller.conn, scope, name)
    return Response(status_code=204)


@fuses.get("/{fuse}", summary="See a fuse")
async def get_fuse(caller: ReadsFuses, fuse: UUID, _fields: Annotated[None, fields_of(FuseShown)]) -> FuseShown:
    """A task or a workflow that gave up too often for the same reason."""
    return FuseShown.model_validate(await diagnostics.get_fuse(caller.conn, fuse))


@fuses.post("/{fuse}/release", summary="Release a fuse")
async def release_fuse(caller: WritesFuses, fuse: UUID, body: ReleaseFuse) -> Released:
    """Let it run again, and where that is wished start again what went to the dead letters meanwhile."""
    count = await diagnostics.release_fuse(caller.conn, fuse, requeue=body.requeue, reason=body.reason)
    found = await diagnostics.get_fuse(caller.conn, fuse)
    return Released.model_validate({**dataclasses.asdict(found), "requeued_at_once": count})
