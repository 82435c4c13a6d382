"""``/executions/bulk``: cancelling, retrying and replaying many, after asking, and seeing how it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from aias.api.lists.executions import page_of_executions
from aias.api.tenancy import tenant_id
from aias.dashboard.bulk import ACTIONS, MOST_AT_ONCE, Action, action_of, carry_out
from aias.dashboard.filters import ExecutionFilters, link, uuid_of
from aias.dashboard.reading import Chosen, chosen_executions
from aias.dashboard.rendering import page
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import InvalidArgument

__all__ = ["router"]

router = area("executions")

_MOST_COUNTED = 1000
Writes = Annotated[Viewer, can("executions:write")]


@router.get("/bulk")
async def confirm_bulk(viewer: Writes, request: Request, action: str = "", scope: str = "chosen") -> Response:
    """Name what would be touched, and ask."""
    filters, wanted = ExecutionFilters.of(request.query_params), action_of(action)
    if scope == "all":
        rows = await _matching(viewer, wanted, filters, limit=_MOST_COUNTED + 1)
    else:
        rows = await chosen_executions(viewer.conn, _ids(request.query_params.getlist("id")))
    fit = [row for row in rows if row.status in wanted.states]
    return page(
        request,
        viewer,
        "executions/confirm.html.j2",
        action=wanted,
        scope=scope,
        filters=filters,
        rows=fit[:MOST_AT_ONCE],
        count=min(len(fit), _MOST_COUNTED),
        is_more=len(fit) > _MOST_COUNTED,
        left_out=[row for row in rows if row.status not in wanted.states][:MOST_AT_ONCE],
        by_workflow=Counter(f"{row.workflow} ({row.tenant})" for row in fit).most_common(20),
    )


@router.post("/bulk")
async def carry_out_bulk(viewer: Writes, request: Request) -> Response:
    """Do it with the chosen ones, or with the next fifty of those that match, and show how it goes."""
    form = viewer.form
    wanted, scope, filters = (
        action_of(form.text("action")),
        form.text("scope", "chosen"),
        ExecutionFilters.of(form.values()),
    )
    after = form.text("before")
    is_more = False
    if scope == "all":
        rows = await _matching(viewer, wanted, filters, before=uuid_of(after, "before"), limit=MOST_AT_ONCE + 1)
        chosen, is_more = [row.id for row in rows[:MOST_AT_ONCE]], len(rows) > MOST_AT_ONCE
    else:
        chosen = [row.id for row in await chosen_executions(viewer.conn, _ids(form.all("id")))]
    outcomes = await carry_out(viewer.conn, wanted, chosen)
    refused = [one for one in outcomes if one.refusal is not None]
    now = [one.made or one.execution for one in outcomes if one.refusal is None]
    done = _count(form.text("done")) + len(now)
    refused_before = _count(form.text("refused"))
    total = max(_count(form.text("total")), done + refused_before + len(refused))
    return page(
        request,
        viewer,
        "executions/progress.html.j2",
        action=wanted,
        filters=filters,
        scope=scope,
        before=chosen[-1] if is_more else None,
        done=done,
        refused_count=refused_before + len(refused),
        refused=refused[:20],
        total=total,
        seen=link("/executions/chosen", {"ids": ",".join(map(str, now))}) if now else None,
    )


@router.get("/chosen")
async def show_chosen(viewer: Annotated[Viewer, can("executions:read")], request: Request, ids: str = "") -> Response:
    """Show how some executions are now: how many have ended, and each."""
    wanted = [found for one in ids.split(",")[:MOST_AT_ONCE] if (found := uuid_of(one, "ids")) is not None]
    rows = await chosen_executions(viewer.conn, wanted)
    counts = Counter(row.status for row in rows)
    return page(
        request,
        viewer,
        "executions/chosen.html.j2",
        rows=rows,
        counts=sorted(counts.items()),
        ended=sum(counts[state] for state in ACTIONS["replay"].states),
    )


async def _matching(
    viewer: Viewer, action: Action, filters: ExecutionFilters, *, limit: int, before: UUID | None = None
) -> list[Chosen]:
    """Give those of the filters that the action is for, the newest first.

    Raises:
        InvalidArgument: the filters don't say one state that it is for.
    """
    if filters.status not in action.states:
        raise InvalidArgument(
            f"filter by one state to {action.name} all that match: {' or '.join(action.states)}", argument="status"
        )
    whose = await tenant_id(viewer.caller, filters.tenant or viewer.tenant)
    which = filters.which(whose)
    found = await page_of_executions(viewer.conn, which, before=before, limit=limit)
    return [
        Chosen(id=row.id, tenant=row.tenant, workflow=row.workflow, status=row.status, created_at=row.created_at)
        for row in found
    ]


def _ids(values: Sequence[str]) -> list[UUID]:
    """Read the chosen ones.

    Raises:
        InvalidArgument: none was chosen, too many were, or one is no id.
    """
    found = [one for text in values if (one := uuid_of(text, "id")) is not None]
    if not found:
        raise InvalidArgument("choose at least one execution", argument="id")
    if len(found) > MOST_AT_ONCE:
        raise InvalidArgument(f"choose at most {MOST_AT_ONCE} executions, or all that match", argument="id")
    return found


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 (within bounds)
