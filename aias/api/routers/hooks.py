"""``/hooks/{token}``: where others send webhooks. No key: the token is the address, and the signature the proof."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request

from aias.api.models.triggers import HookTaken
from aias.api.problems import HttpProblem
from aias.api.routing import Route
from aias.api.services import services_of

__all__ = ["router"]

router = APIRouter(prefix="/hooks", tags=["hooks"], route_class=Route)

_KINDS = {
    HTTPStatus.BAD_REQUEST: "bad-request",
    HTTPStatus.UNAUTHORIZED: "unauthenticated",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body-too-large",
    HTTPStatus.SERVICE_UNAVAILABLE: "database-unavailable",
}


@router.post("/{token}", status_code=HTTPStatus.ACCEPTED, summary="Send a webhook")
async def take_webhook(
    request: Request, token: Annotated[str, Path(min_length=1, max_length=200, description="The webhook's token.")]
) -> HookTaken:
    """Verified, stored with what it starts in one transaction, then answered; what comes again is answered the same."""
    answer = await services_of(request).intake.receive(token, dict(request.headers), await request.body())
    if answer.status is not HTTPStatus.ACCEPTED or answer.delivery is None or answer.outcome is None:
        raise HttpProblem(answer.status, _KINDS[answer.status], answer.detail)
    return HookTaken(delivery=answer.delivery, status=answer.outcome)
