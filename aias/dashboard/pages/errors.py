"""``/errors``: what fails, grouped, how it goes on, and what is decided about it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from aias import diagnostics
from aias.api.tenancy import tenant_id
from aias.dashboard.charts import Bar, columns
from aias.dashboard.filters import link, time_of, uuid_of
from aias.dashboard.reading import Occurrence, latest_occurrences, trend
from aias.dashboard.rendering import page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import InvalidArgument

__all__ = ["router"]

router = area("errors")

Reads = Annotated[Viewer, can("errors:read")]

STATUSES: Final = ("open", "resolved", "ignored")
_PAGE: Final = 50
_DAYS: Final = 30
_HOURS: Final = 24
_MOST_COUNTED: Final = 2000
_MOST_SHOWN: Final = 20
_DECISIONS: Final = {
    "resolve": (diagnostics.resolve_error, "It is resolved: if it comes again, it is open again."),
    "ignore": (diagnostics.ignore_error, "It is ignored, and counted on."),
    "reopen": (diagnostics.reopen_error, "It is open again."),
}


@router.get("")
async def show_errors(
    viewer: Reads, request: Request, status: str = "open", tenant: str = "", before: str = "", before_at: str = ""
) -> Response:
    """What came last first, fifty groups to a page, and how many executions failed day by day."""
    last, at = uuid_of(before, "before"), time_of(before_at, "before_at")
    rows = await diagnostics.find_errors(
        viewer.conn,
        tenant_id=await tenant_id(viewer.caller, viewer.tenant or tenant or None),
        status=status if status in STATUSES else None,
        before=(at, last) if at is not None and last is not None else None,
        limit=_PAGE + 1,
    )
    shown, kept = rows[:_PAGE], {"status": status, "tenant": tenant}
    further = {"before": shown[-1].id, "before_at": shown[-1].last_seen_at.isoformat()} if shown else {}
    return page(
        request,
        viewer,
        "errors/list.html.j2",
        rows=shown,
        wanted=status,
        statuses=STATUSES,
        tenant=tenant,
        chart=None if last is not None else await _by_day(viewer),
        days=_DAYS,
        next=link("/errors", {**kept, **further}) if len(rows) > _PAGE else None,
        first=link("/errors", kept) if last is not None else None,
    )


@router.get("/{error}")
async def show_error(viewer: Reads, request: Request, error: UUID) -> Response:
    """The group: where it is raised, how often it comes, its latest failures, and what was decided."""
    found = await diagnostics.get_error(viewer.conn, error)
    now = datetime.now(UTC)
    since = now - timedelta(hours=_HOURS)
    floor = UUID(int=int(since.timestamp() * 1000) << 80)
    latest = await latest_occurrences(viewer.conn, error, since=floor, limit=_MOST_COUNTED)
    return page(
        request,
        viewer,
        "errors/show.html.j2",
        error=found,
        hours=_HOURS,
        chart=_by_hour(latest, now),
        recorded=len(latest),
        is_more=len(latest) == _MOST_COUNTED,
        latest=latest[:_MOST_SHOWN],
        # decisions are for the platform's operators: a group is of all tenants
        may_decide=viewer.may("errors:write") and viewer.is_platform_operator,
    )


@router.post("/{error}/{decision}")
async def decide(viewer: Annotated[Viewer, can("errors:write")], error: UUID, decision: str) -> Response:
    """Say that it is fixed, of no interest, or neither."""
    if decision not in _DECISIONS:
        raise InvalidArgument("resolve, ignore or reopen", argument="decision")
    decided, said = _DECISIONS[decision]
    await decided(viewer.conn, error, reason=viewer.form.text("reason")[:1000] or None)
    return redirect(f"/errors/{error}", said=said)


async def _by_day(viewer: Viewer) -> Markup | None:
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=ago) for ago in range(_DAYS - 1, -1, -1)]
    found = {row.day: row for row in await trend(viewer.conn, since=days[0])}
    if not found:
        return None
    bars = [
        Bar(label=f"{day:%d %b}", value=found[day].count, part=found[day].failure_count)
        if day in found
        else Bar(label=f"{day:%d %b}", value=0)
        for day in days
    ]
    failed = sum(row.failure_count for row in found.values())
    ended = sum(row.count for row in found.values())
    return columns(bars, title=f"Executions of {_DAYS} days: {ended} ended, {failed} of them failed")


def _by_hour(found: list[Occurrence], now: datetime) -> Markup:
    counts = Counter(int((now - one.at).total_seconds() // 3600) for one in found)
    bars = [
        Bar(label=f"{now - timedelta(hours=ago):%H}:00", value=counts[ago], part=counts[ago])
        for ago in range(_HOURS - 1, -1, -1)
    ]
    return columns(bars, title=f"Failures that were recorded, by the hour: {len(found)} in {_HOURS} hours")
