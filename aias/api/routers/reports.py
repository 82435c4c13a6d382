"""``/v1/reports``: what a month came to, as JSON, comma-separated values or a page."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from aias import reports
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.models.base import Date
from aias.api.routing import resource
from aias.reports import UsageReport

__all__ = ["router"]

router = resource("reports", tags=["analytics"])

_JSON: Final = "application/json"
_WRITERS: Final = {"text/csv": reports.as_csv, "text/html": reports.as_page}
_SHAPES: Final = {"schema": {"type": "string"}}


@router.get(
    "/usage",
    summary="See the usage report of a month",
    response_model=UsageReport,
    responses={200: {"content": {"text/csv": _SHAPES, "text/html": _SHAPES}, "description": "The month's figures."}},
)
async def get_usage_report(
    request: Request,
    caller: Annotated[Caller, needs("reports:read")],
    tenant: TenantFilter,
    month: Annotated[
        Date | None, Query(description="Of the month (UTC) with this day; default: the last one that is whole.")
    ] = None,
) -> UsageReport | Response:
    """Of the key's own tenant; with an operator's key of all, or of one. `Accept` chooses JSON, a file or a page."""
    report = await reports.usage_report(caller.conn, tenant=tenant, month=month)
    wanted = _wanted(request.headers.get("accept", ""))
    if wanted == _JSON:
        return report
    return Response(_WRITERS[wanted](report), media_type=wanted, headers={"Vary": "Accept"})


def _wanted(accept: str) -> str:
    """Give the first of our types that the caller names; JSON where none is named."""
    named = [part.split(";", 1)[0].strip().lower() for part in accept.split(",")]
    return next((one for one in named if one == _JSON or one in _WRITERS), _JSON)
