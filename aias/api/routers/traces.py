"""``/v1/traces``: what happened under a trace."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from aias import tracing
from aias.api.caller import Caller, needs
from aias.api.models.traces import SpanShown, TraceShown
from aias.api.routing import resource

__all__ = ["router"]

router = resource("traces")

_SVG = "image/svg+xml"


@router.get(
    "/{id}",
    summary="See a trace",
    response_model=TraceShown,
    responses={200: {"content": {_SVG: {"schema": {"type": "string"}}}, "description": "Its spans, or a picture."}},
)
async def get_trace(
    caller: Annotated[Caller, needs("traces:read")],
    request: Request,
    id: Annotated[
        str,
        Path(min_length=1, max_length=200, description="Of a trace, an execution or a request, or a correlation id."),
    ],
    limit: Annotated[int, Query(ge=1, le=10_000, description="Spans at most.")] = 1000,
) -> TraceShown | Response:
    """The spans, the oldest first; with `Accept: image/svg+xml` a picture of them."""
    spans = await tracing.trace(caller.conn, id, limit=limit)
    if _wants_picture(request.headers.get("accept", "")):
        picture = tracing.as_svg(spans, now=datetime.now(UTC))
        return Response(picture, media_type=_SVG, headers={"Vary": "Accept"})
    return TraceShown(spans=[SpanShown.model_validate(span) for span in spans])


def _wants_picture(accept: str) -> bool:
    """Whether the caller names the picture's type, and JSON's neither."""
    named = {part.split(";", 1)[0].strip().lower() for part in accept.split(",")}
    return _SVG in named and "application/json" not in named
