"""``/mail/...``: where links of mails lead. No key: the link itself says whom or which mail it is about.

Source: RFC 8058: a POST unsubscribes at once; a GET changes nothing, because scanners of mails follow links.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aias import onboarding
from aias.api.problems import HttpProblem
from aias.api.routing import Route
from aias.api.services import services_of

__all__ = ["router"]

router = APIRouter(prefix="/mail", include_in_schema=False, route_class=Route)

_PICTURE: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}


@router.get("/unsubscribe/{token}")
async def ask_to_unsubscribe(request: Request, token: str) -> Response:
    """Show the page that asks, or says that it is done."""
    async with services_of(request).database.connection() as conn:
        person = await onboarding.link_person(conn, token)
    if person is None:
        raise HttpProblem(HTTPStatus.NOT_FOUND, "not-found", "this link is not one of ours")
    return _page(person.language, is_subscribed=person.is_subscribed)


@router.post("/unsubscribe/{token}")
async def unsubscribe(request: Request, token: str) -> Response:
    """Unsubscribe: by the button of the page, or by one click in a mail program."""
    async with services_of(request).database.connection() as conn:
        language = await onboarding.unsubscribe(conn, token)
    return _page(language, is_subscribed=False)


@router.get("/open/{mail}.gif")
async def note_opened(request: Request, mail: UUID) -> Response:
    """Give an empty picture, and count it where the person consents."""
    async with services_of(request).database.connection() as conn:
        await onboarding.note_mail_seen(conn, mail, is_click=False)
    return Response(_PICTURE, headers=_HEADERS, media_type="image/gif")


@router.get("/click/{mail}/{link}")
async def follow_link(request: Request, mail: UUID, link: str) -> Response:
    """Lead to one of our own pages, and count it where the person consents."""
    if link not in onboarding.LINKS:
        raise HttpProblem(HTTPStatus.NOT_FOUND, "not-found", f"there is no link {link!r}")
    async with services_of(request).database.connection() as conn:
        await onboarding.note_mail_seen(conn, mail, is_click=True)
    return RedirectResponse(onboarding.LINKS[link], status_code=HTTPStatus.SEE_OTHER, headers=_HEADERS)


def _page(language: str, *, is_subscribed: bool) -> Response:
    page = onboarding.unsubscribe_page(language, is_subscribed=is_subscribed)
    return Response(page, headers=_HEADERS, media_type="text/html; charset=utf-8")
