"""``/executions/{id}``: one execution whole, and how it moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from aias import diagnostics, tracing, workflows
from aias.api.lists.executions import page_of_events
from aias.dashboard.reading import progress_of
from aias.dashboard.rendering import page
from aias.dashboard.routing import area
from aias.dashboard.timeline import TimelineRow, timeline
from aias.dashboard.viewer import Viewer, can
from aias.errors import DefinitionError, NotFound
from aias.workflows import Definition, Execution, ExecutionStep

__all__ = ["definition_of", "router"]

router = area("executions")

Reads = Annotated[Viewer, can("executions:read")]

_MOST_STEPS: Final = 200
_MOST_EVENTS: Final = 100
_MOST_LOGS: Final = 50
_MOST_SPANS: Final = 1000
_LOOK_EVERY: Final = 1.0
"""Seconds between two looks at a row, by its key, while somebody watches it."""
_WATCHED_FOR: Final = 300.0
"""Seconds; then the browser connects anew, and is looked at anew."""
_MOST_WATCHED: Final = 100
_watched = asyncio.Semaphore(_MOST_WATCHED)


@router.get("/{execution}")
async def show_execution(viewer: Reads, request: Request, execution: UUID) -> Response:
    """The execution with its graph, steps, calls, data, logs, errors, and why it waits."""
    found = await workflows.get_execution(viewer.conn, execution)
    await viewer.looks_at(found.tenant_id)
    logs: list[diagnostics.LogRow] = []
    if viewer.may("logs:read"):
        which = diagnostics.LogFilter(execution_id=execution)
        logs = await diagnostics.find_logs(viewer.conn, which, limit=_MOST_LOGS)
    events = await page_of_events(viewer.conn, execution, after=None, limit=_MOST_EVENTS)
    return page(
        request,
        viewer,
        "execution/show.html.j2",
        execution=found,
        events=events,
        logs=logs,
        may_write=viewer.may("executions:write"),
        **await _moving(viewer, found),
    )


@router.get("/{execution}/state")
async def show_state(viewer: Reads, request: Request, execution: UUID) -> Response:
    """The part of the page that moves, by itself: what replaces it while it is watched."""
    found = await workflows.get_execution(viewer.conn, execution)
    return page(
        request,
        viewer,
        "execution/state.html.j2",
        execution=found,
        may_write=viewer.may("executions:write"),
        **await _moving(viewer, found),
    )


@router.get("/{execution}/live")
async def watch(
    viewer: Annotated[Viewer, can("executions:read", in_transaction=False)], execution: UUID
) -> StreamingResponse:
    """Tell the browser each time that the execution has moved, as server-sent events, until it has ended."""
    async with viewer.caller.transaction() as conn:
        if await progress_of(conn, execution) is None:
            raise NotFound(f"there is no execution {execution}")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_moves(viewer, execution), headers=headers, media_type="text/event-stream")


async def _moves(viewer: Viewer, execution: UUID) -> AsyncGenerator[str]:
    if _watched.locked():
        yield "retry: 30000\n\n"
        return
    before: tuple[Any, ...] | None = None
    async with _watched:
        ends_at = asyncio.get_running_loop().time() + _WATCHED_FOR
        while asyncio.get_running_loop().time() < ends_at:
            async with viewer.caller.transaction() as conn:
                now = await progress_of(conn, execution)
            if now is None:
                break
            if now != before:
                yield f"event: moved\ndata: {now[0]}\n\n"
                before = now
            if now[0] in {"succeeded", "failed", "cancelled"}:
                yield "event: ended\ndata: \n\n"
                return
            await asyncio.sleep(_LOOK_EVERY)
    yield "retry: 1000\n\n"


async def definition_of(viewer: Viewer, execution: Execution) -> Definition | None:
    """Give the definition of the version that an execution runs; None where it is gone, or not readable any more."""
    try:
        return workflows.parse_definition(
            await workflows.get_definition(viewer.conn, execution.tenant, execution.workflow, execution.version)
        )
    except (NotFound, DefinitionError):
        return None


async def _moving(viewer: Viewer, execution: Execution) -> dict[str, Any]:
    """Give what of the page changes while an execution runs."""
    steps = await workflows.list_steps(viewer.conn, execution.id)
    definition = await definition_of(viewer, execution)
    states = states_of(steps)
    graph = workflows.graph_of(definition) if definition is not None else None
    return {
        "steps": steps[:_MOST_STEPS],
        "step_count": len(steps),
        "to_come": [step for step in graph.steps.values() if step.id not in states] if graph is not None else [],
        "reasons": await workflows.explain_execution(viewer.conn, execution.id),
        "approvals": [one for one in steps if one.status == "waiting" and one.wait_kind == "approval"],
        "timeline": await _timeline(viewer, execution),
        # every text in it is escaped where it is drawn
        "picture": None
        if graph is None
        else Markup(  # noqa: S704
            workflows.as_svg(graph, title=f"The steps of {execution.workflow}", states=states, is_styled=False)
        ),
    }


async def _timeline(viewer: Viewer, execution: Execution) -> list[TimelineRow]:
    try:
        spans = await tracing.trace(viewer.conn, execution.trace_id, limit=_MOST_SPANS)
    except NotFound:
        return []
    return timeline(spans, execution.id, now=datetime.now(UTC))


def states_of(steps: list[ExecutionStep]) -> dict[str, str]:
    """Give how each step is: by itself, or of the items of a fan-out the one that says most."""
    order = ("failed", "in_doubt", "waiting", "running", "cancelled", "succeeded", "skipped")
    found: dict[str, set[str]] = {}
    for step in steps:
        if step.item is None:
            found[step.step] = {step.status}
        else:
            found.setdefault(step.step, set()).add(step.status)
    return {
        name: min(states, key=lambda one: order.index(one) if one in order else 0) for name, states in found.items()
    }
