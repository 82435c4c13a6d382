"""``/executions/{id}/...``: cancelling, retrying, replaying and approving one execution."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from aias import workflows
from aias.api.lists.workflows import page_of_versions
from aias.dashboard.editing import as_text, change_of, object_of
from aias.dashboard.pages.execution import definition_of
from aias.dashboard.rendering import page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import Conflict, InvalidArgument, NotFound
from aias.redaction import scrub_value

__all__ = ["router"]

router = area("executions")

Writes = Annotated[Viewer, can("executions:write")]
_LONGEST = 1000


@router.get("/{execution}/cancel")
async def confirm_cancel(viewer: Writes, request: Request, execution: UUID) -> Response:
    """Name what would be cancelled, and ask."""
    found = await workflows.get_execution(viewer.conn, execution)
    children = [one for one in await workflows.list_steps(viewer.conn, execution) if one.child_execution_id is not None]
    return page(request, viewer, "execution/cancel.html.j2", execution=found, children=children)


@router.post("/{execution}/cancel")
async def cancel(viewer: Writes, execution: UUID) -> Response:
    """End it before its time, with those that it started."""
    reason = viewer.form.text("reason")[:_LONGEST]
    await workflows.cancel_execution(viewer.conn, execution, reason=reason or None)
    return _to(execution, "It is cancelled.")


@router.post("/{execution}/retry")
async def retry(viewer: Writes, execution: UUID) -> Response:
    """Let it go on from its checkpoints."""
    await workflows.retry_execution(viewer.conn, execution)
    return _to(execution, "It goes on from its checkpoints.")


@router.post("/{execution}/approve")
async def approve(viewer: Writes, execution: UUID) -> Response:
    """Answer a step that waits for a person."""
    form = viewer.form
    answer = form.text("answer")
    if answer not in {"approve", "refuse"}:
        raise InvalidArgument("approve or refuse", argument="answer")
    await workflows.approve_step(
        viewer.conn,
        execution,
        form.text("step"),
        is_approved=answer == "approve",
        by=viewer.name,
        comment=form.text("comment")[:_LONGEST] or None,
    )
    return _to(execution, "The step has its answer.")


@router.get("/{execution}/replay")
async def ask_for_replay(viewer: Writes, request: Request, execution: UUID) -> Response:
    """Offer the steps to begin at, the versions, and the input to edit."""
    return await _replay_page(viewer, request, execution)


@router.post("/{execution}/replay")
async def replay(viewer: Writes, request: Request, execution: UUID) -> Response:
    """Run it again as a new one. What of the input was hidden stays as it is where it is left alone."""
    form = viewer.form
    found = await workflows.get_execution(viewer.conn, execution)
    try:
        patch = change_of(found.input, object_of(form.text("input")))
        version = form.text("version")
        if version and not (version.isascii() and version.isdigit() and len(version) < 10):  # noqa: PLR2004 (an integer)
            raise InvalidArgument("a version is a number", argument="version")  # noqa: TRY301 (told with the others)
        async with viewer.conn.transaction():
            made = await workflows.replay_execution(
                viewer.conn,
                execution,
                from_step=form.text("from_step") or None,
                input_patch=patch or None,
                version=int(version) if version else None,
            )
    except (Conflict, InvalidArgument, NotFound) as error:
        return await _replay_page(viewer, request, execution, problem=error.message)
    return _to(made, "It runs again, as this new execution.")


async def _replay_page(viewer: Viewer, request: Request, execution: UUID, *, problem: str | None = None) -> Response:
    found = await workflows.get_execution(viewer.conn, execution)
    definition = await definition_of(viewer, found)
    versions = await page_of_versions(viewer.conn, found.tenant, found.workflow, before=None, limit=20)
    given: Any = viewer.form.text("input") or None
    return page(
        request,
        viewer,
        "execution/replay.html.j2",
        status=HTTPStatus.OK if problem is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        execution=found,
        steps=list(workflows.graph_of(definition).steps) if definition is not None else [],
        versions=[one.version for one in versions],
        input=as_text(scrub_value(found.input)) if given is None else given,
        from_step=viewer.form.text("from_step", request.query_params.get("from_step", "")),
        version=viewer.form.text("version"),
        problem=problem,
    )


def _to(execution: UUID, said: str) -> Response:
    return redirect(f"/executions/{execution}", said=said)
