"""``/v1/lanes``, ``/v1/pauses``, ``/v1/limits``, ``/v1/gates``: what starts when, and what is held back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from aias import integrations, jobs
from aias.api.caller import Caller, needs
from aias.api.lists.jobs import page_of_gates, page_of_limits, page_of_pauses
from aias.api.models.jobs import (
    GateShown,
    GateToClose,
    GateToOpen,
    LaneShown,
    LanesShown,
    LimitGiven,
    LimitScope,
    LimitShown,
    Opened,
    PauseShown,
    Pausing,
    Resuming,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.services import services_of
from aias.tenants import list_lanes

__all__ = ["gates", "lanes", "limits", "pauses"]

lanes = resource("lanes", tags=["queue"])
pauses = resource("pauses", tags=["queue"])
limits = resource("limits", tags=["queue"])
gates = resource("gates", tags=["queue"])

_COUNTS_ARE_GOOD_FOR = 2


@lanes.get("", summary="See the lanes")
async def get_lanes(request: Request, caller: Annotated[Caller, needs("lanes:read")]) -> LanesShown:
    """The classes of service; with an operator's key what waits in each, two seconds late at most."""
    found = [LaneShown.model_validate(lane) for lane in await list_lanes(caller.conn)]
    if caller.identity.tenant_id is None:
        counts = await services_of(request).cache.through(
            "lanes", "counts", lambda: _counts(caller), ttl=_COUNTS_ARE_GOOD_FOR, tags=["lanes"]
        )
        found = [lane.model_copy(update=counts.get(lane.queue_name, {})) for lane in found]
    return LanesShown(items=found)


async def _counts(caller: Caller) -> dict[str, dict[str, Any]]:
    return {
        row.queue_name: {
            "waiting_count": row.waiting_count,
            "scheduled_count": row.scheduled_count,
            "running_count": row.running_count,
            "failed_count": row.failed_count,
            "oldest_wait_seconds": None if row.oldest_wait is None else row.oldest_wait.total_seconds(),
            "worker_count": row.worker_count,
        }
        for row in await jobs.queue_health(caller.conn)
    }


@pauses.get("", summary="List what is paused")
async def list_pauses(
    caller: Annotated[Caller, needs("pauses:read")], page: Page, _fields: Annotated[None, fields_of(PauseShown)]
) -> Listed[PauseShown]:
    """By scope and name."""
    after = page.after(str, str)
    rows = await page_of_pauses(caller.conn, after=(after[0], after[1]), limit=page.fetch)
    return page.of(rows, lambda row: (row.scope, row.name))


@pauses.post("", status_code=204, summary="Pause a lane, a workflow, a tenant or a task")
async def pause(caller: Annotated[Caller, needs("pauses:write")], body: Pausing) -> Response:
    """Start no more of its jobs; what runs goes on. Pausing again changes the reason."""
    await jobs.pause(caller.conn, body.scope, body.name, reason=body.reason)
    return Response(status_code=204)


@pauses.post("/resume", status_code=204, summary="Resume what is paused")
async def resume(caller: Annotated[Caller, needs("pauses:write")], body: Resuming) -> Response:
    """Let its jobs start again."""
    await jobs.resume(caller.conn, body.scope, body.name)
    return Response(status_code=204)


@limits.get("", summary="List the limits")
async def list_limits(
    caller: Annotated[Caller, needs("limits:read")], page: Page, _fields: Annotated[None, fields_of(LimitShown)]
) -> Listed[LimitShown]:
    """By scope, tenant and name, with what runs under each. Plans limit executions beside them."""
    after = page.after(str, str, str)
    rows = await page_of_limits(caller.conn, after=(after[0], after[1], after[2]), limit=page.fetch)
    return page.of(rows, lambda row: (row.scope, row.tenant or "", row.name))


@limits.put("", status_code=204, summary="Set a limit")
async def set_limit(caller: Annotated[Caller, needs("limits:write")], body: LimitGiven) -> Response:
    """Limit how many jobs, or calls of a connection, run at once and start in a time."""
    per = None if body.per_seconds is None else timedelta(seconds=body.per_seconds)
    await jobs.set_limit(
        caller.conn, body.scope, body.name, max_running=body.max_running, rate=body.rate, per=per, burst=body.burst
    )
    return Response(status_code=204)


@limits.delete("", status_code=204, summary="Remove a limit")
async def remove_limit(
    caller: Annotated[Caller, needs("limits:write")],
    scope: Annotated[LimitScope, Query(description="What is limited.")],
    name: Annotated[str, Query(min_length=1, max_length=300, description="Which one.")],
) -> Response:
    """Limit it no more; a tenant's plan counts again."""
    await jobs.remove_limit(caller.conn, scope, name)
    return Response(status_code=204)


@gates.get("", summary="List the gates")
async def list_gates(
    caller: Annotated[Caller, needs("gates:read")],
    page: Page,
    _fields: Annotated[None, fields_of(GateShown)],
    state: Annotated[Literal["open", "half_open", "closed"] | None, Query(description="In this state.")] = None,
) -> Listed[GateShown]:
    """By name: gates that are closed, or once were."""
    (after,) = page.after(str)
    rows = await page_of_gates(caller.conn, state=state, after=after, limit=page.fetch)
    return page.of(rows, lambda row: (row.gate,))


@gates.post("/close", status_code=204, summary="Close a gate")
async def close_gate(caller: Annotated[Caller, needs("gates:write")], body: GateToClose) -> Response:
    """Let no call of an upstream through: its steps wait, and lose no attempt."""
    await integrations.close_gate(caller.conn, body.gate, until=body.until, reason=body.reason)
    return Response(status_code=204)


@gates.post("/open", summary="Open a gate")
async def open_gate(caller: Annotated[Caller, needs("gates:write")], body: GateToOpen) -> Opened:
    """Let the steps go on that wait for it."""
    return Opened(was_closed=await integrations.open_gate(caller.conn, body.gate))
