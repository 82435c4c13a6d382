"""``/v1/telemetry``: what users did."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from aias import telemetry
from aias.api.caller import Caller, Tenant, needs
from aias.api.models.telemetry import TelemetryGiven, TelemetryProblemShown, TelemetryShown, TelemetryTaken
from aias.api.paging import Listed, Page
from aias.api.problems import HttpProblem, ProblemError
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.services import services_of
from aias.api.tenancy import tenant_id
from aias.errors import InvalidArgument, NotFound

__all__ = ["router"]

router = resource("telemetry")

_LINES: Final = {"application/x-ndjson", "application/ndjson", "application/jsonl"}
_SCHEMA: dict[str, Any] = TelemetryGiven.model_json_schema()
_EXAMPLE = {"name": "order_viewed", "event_id": "0195f3a0-7c11-7abc-8def-0123456789ab"}
_BODIES: dict[str, Any] = {
    "application/json": {
        # a bad event of an array is told and refuses no other, so the array may hold anything
        "schema": {"anyOf": [_SCHEMA, {"type": "array", "items": {}, "example": [_EXAMPLE]}]}
    },
    "application/x-ndjson": {"schema": {"type": "string"}},
}


@router.get("", summary="List telemetry events")
async def list_telemetry(
    caller: Annotated[Caller, needs("telemetry:read")],
    page: Page,
    tenant: Tenant,
    _fields: Annotated[None, fields_of(TelemetryShown)],
    name: Annotated[str | None, Query(max_length=200, description="Of this name.")] = None,
    user: Annotated[str | None, Query(max_length=255, description="Of this user.")] = None,
) -> Listed[TelemetryShown]:
    """Of one tenant, the newest first."""
    (before,) = page.after(UUID)
    whose = await _tenant_id(caller, tenant)
    rows = await telemetry.list_telemetry(caller.conn, whose, name=name, user=user, before=before, limit=page.fetch)
    return page.of([TelemetryShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.post(
    "",
    summary="Track events",
    openapi_extra={"requestBody": {"required": True, "content": _BODIES}},
)
async def track_events(
    caller: Annotated[Caller, needs("telemetry:write", in_transaction=False)], tenant: Tenant, request: Request
) -> TelemetryTaken:
    """One event, an array of at most 10,000, or one on each line (NDJSON), plain or with Content-Encoding: gzip.

    What is told as accepted is committed; sent again, it is a duplicate. Good events are taken whatever is wrong with
    others of the request; 422 where all are bad.
    """
    payload = await _payload(request, limit=caller.settings.api_telemetry_limit)
    if tenant == caller.identity.tenant and caller.identity.tenant_id is not None:
        whose = caller.identity.tenant_id
    else:
        async with caller.transaction():
            whose = await _tenant_id(caller, tenant)
    taken = await services_of(request).telemetry.take(
        whose, [event for _, event in payload.events], rejected=len(payload.problems)
    )
    if payload.problems and not payload.events:
        raise HttpProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid",
            "none of the events can be taken",
            [ProblemError(path=f"$[{one.index}]", message=one.reason) for one in payload.problems],
        )
    return TelemetryTaken(
        accepted=taken.accepted,
        duplicates=taken.duplicates,
        rejected=len(payload.problems),
        problems=[TelemetryProblemShown.model_validate(one) for one in payload.problems],
    )


async def _payload(request: Request, *, limit: int) -> telemetry.Payload:
    """Read the body within bounds.

    Raises:
        HttpProblem: 400 it can't be read; 413 it is too large; 415 it is of another type or encoding.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_lines = media_type in _LINES
    if not is_lines and media_type != "application/json":
        raise HttpProblem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            f"events are application/json or application/x-ndjson, not {media_type or 'unnamed'}",
        )
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise HttpProblem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            f"a body is plain or compressed by gzip, not {encoding}",
            headers={"Accept-Encoding": "gzip"},
        )
    body = await request.body()
    try:
        if encoding != "identity":
            body = telemetry.decompressed(body, limit=limit)
        return telemetry.read_payload(body, is_lines=is_lines)
    except telemetry.TooLargeError as error:
        raise HttpProblem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", error.message) from None
    except InvalidArgument as error:
        problem = ProblemError(path="$", message=error.message)
        raise HttpProblem(HTTPStatus.BAD_REQUEST, "bad-request", error.message, [problem]) from None


async def _tenant_id(caller: Caller, slug: str) -> UUID:
    found = await tenant_id(caller, slug)
    if found is None:
        raise NotFound(f"there is no tenant {slug!r}", argument="p_tenant")
    return found
