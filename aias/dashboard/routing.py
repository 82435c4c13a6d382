"""Routes of pages: how each one knows its viewer, works in one transaction, and answers errors with a page.

In this order: the session is found (without one: to the sign-in, and back afterwards), the scope is demanded, a form's
token is checked, the transaction begins, an operator's look is noted, the page runs, the transaction commits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aias.api import Caller, services_of
from aias.api.context import context_of
from aias.api.problems import problem_of
from aias.dashboard import queries
from aias.dashboard.rendering import problem_page
from aias.dashboard.sessions import check_token, cookie_of, form_token, session_of
from aias.dashboard.viewer import Can, Form, Viewer, identity_of
from aias.tracing import bind_tenant

__all__ = ["PageRoute", "area"]

Handler = Callable[[Request], Awaitable[Response]]

_FORM = "application/x-www-form-urlencoded"


class PageRoute(APIRoute):
    """A page, for those who are signed in where it asks for a viewer."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        needed = [one.call for one in self.dependant.dependencies if isinstance(one.call, Can)]
        self.needed = needed[0] if needed else None

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Wrap what FastAPI makes of the function."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                async with asyncio.timeout(services_of(request).settings.api_request_timeout):
                    if self.needed is None:
                        return await inner(request)
                    return await _answer(request, self.needed, inner)
            except Exception as error:  # noqa: BLE001 (told by problem_of, which logs what is a defect)
                return problem_page(request, problem_of(error))

        return handle


async def _answer(request: Request, needed: Can, inner: Handler) -> Response:
    session = await session_of(request)
    cookie = cookie_of(request)
    if session is None or cookie is None:
        return _to_sign_in(request)
    services, context = services_of(request), context_of(request.scope)
    identity = identity_of(session)
    context.key_id, context.tenant_id = identity.key_id, identity.tenant_id
    bind_tenant(identity.tenant_id)
    viewer = Viewer(
        session=session,
        caller=Caller(identity=identity, context=context, database=services.database, settings=services.settings),
        csrf=form_token(cookie),
    )
    request.scope["aias.viewer"] = viewer
    # what the API's own parameters (Page) ask for
    request.scope["aias.caller"] = viewer.caller
    if request.method == "POST":
        is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
        viewer.form = Form(await request.body() if is_form else b"")
        check_token(request, cookie, viewer.form.text("csrf") or request.headers.get("x-csrf-token", ""))
    if needed.scope is not None:
        identity.require(needed.scope)
    if viewer.is_platform_operator:
        async with services.database.connection() as conn, conn.transaction():
            await viewer.caller.sign(conn)
            await queries.note_look(conn, session.id, identity.tenant_id)
    if not needed.in_transaction:
        return await inner(request)
    async with viewer.caller.transaction():
        return await inner(request)


def _to_sign_in(request: Request) -> Response:
    """Send whoever is not signed in to the sign-in, and from there back to the page."""
    there = "/sign-in"
    if request.method == "GET" and "hx-request" not in request.headers and request.url.path != "/":
        query = f"?{request.url.query}" if request.url.query else ""
        there = f"/sign-in?next={quote(request.url.path + query, safe='')}"
    if "hx-request" in request.headers:
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": there})
    return RedirectResponse(there, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})


def area(name: str) -> APIRouter:
    """Make the router of the pages under ``/<name>``; an empty name is the root."""
    return APIRouter(prefix=f"/{name}" if name else "", route_class=PageRoute, include_in_schema=False)
