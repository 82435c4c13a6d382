"""Signing in, by a key or by a mailed link, and out; and which tenant an operator looks into."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from psycopg.rows import scalar_row
from starlette.requests import Request

from aias.api import HttpProblem, services_of
from aias.api.context import context_of
from aias.api.queries import take_request
from aias.dashboard import queries
from aias.dashboard.links import NO_TENANT, send_links
from aias.dashboard.rendering import Answer, page, redirect, safe_path
from aias.dashboard.routing import area
from aias.dashboard.sessions import check_origin, cookie_of, forget_cookie, hash_of, new_token, set_cookie
from aias.dashboard.viewer import Form, Viewer, can

__all__ = ["router"]

router = area("")

_TRIES_PER_MINUTE = 20
"""By address: for keys, which nobody guesses, and for links."""
_MOST_TENANTS = 200


@router.get("/sign-in")
async def sign_in(request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Answer:  # noqa: A002
    """Ask for a key or an address."""
    return _form(request, next)


@router.post("/sign-in")
async def sign_in_by_key(request: Request) -> Answer:
    """Sign in by a key: under a new cookie, whatever the browser had."""
    check_origin(request)
    form = Form(await request.body())
    await _count(request, "key")
    services = services_of(request)
    identity = await services.keys.identify(form.text("key"))
    if identity is None:
        return _form(request, form.text("next", "/"), problem="That key is not known, or has been revoked or expired.")
    return await _signed_in(request, key=identity.key_id, there=form.text("next", "/"))


@router.post("/sign-in/link")
async def ask_for_link(request: Request) -> Answer:
    """Mail a link to an address that is somebody's; the answer is the same for every address."""
    check_origin(request)
    form = Form(await request.body())
    settings = services_of(request).settings
    if settings.dashboard_url is None:
        raise HttpProblem(HTTPStatus.NOT_FOUND, "not-found", "links by mail are not set up here (AIAS_DASHBOARD_URL)")
    await _count(request, "link")
    send_links(services_of(request).database, form.text("email")[:320], settings.dashboard_url)
    return page(request, None, "sign_in/sent.html.j2")


@router.get("/sign-in/link")
async def link(request: Request, token: Annotated[str, Query(max_length=100)] = "") -> Answer:
    """Ask whether to sign in: whatever opens a mail's links by itself uses none up."""
    return page(request, None, "sign_in/link.html.j2", token=token)


@router.post("/sign-in/by-link")
async def sign_in_by_link(request: Request) -> Answer:
    """Sign in by a mailed link, which is used up."""
    check_origin(request)
    await _count(request, "key")
    form = Form(await request.body())
    return await _signed_in(request, token=form.text("token"))


@router.post("/sign-out")
async def sign_out(request: Request, viewer: Annotated[Viewer, can(None, in_transaction=False)]) -> Answer:
    """Sign out, here or everywhere."""
    cookie = cookie_of(request)
    everywhere = viewer.form.text("everywhere") == "yes"
    count = 0
    if cookie is not None:
        async with viewer.caller.database.connection() as conn, conn.transaction():
            await viewer.caller.sign(conn)
            count = await queries.end_session(conn, hash_of(cookie), everywhere=everywhere)
    response = redirect(
        "/sign-in", said=f"You are signed out of {count} sessions." if everywhere else "You are signed out."
    )
    forget_cookie(request, response)
    return response


@router.get("/tenants/pick")
async def pick_tenant(request: Request, viewer: Annotated[Viewer, can(None)]) -> Answer:
    """Let an operator of the platform choose whom to look at."""
    if not viewer.is_platform_operator:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "only the platform's operators see other tenants")
    async with viewer.caller.as_server() as conn, conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select t.slug from aias.tenants as t order by t.slug limit %s", (_MOST_TENANTS,))
        slugs = await cursor.fetchall()
    return page(request, viewer, "sign_in/tenants.html.j2", slugs=slugs)


@router.post("/tenants/pick")
async def look_into_tenant(viewer: Annotated[Viewer, can(None, in_transaction=False)]) -> Answer:
    """Look into a tenant, or at all of them."""
    if not viewer.is_platform_operator:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "only the platform's operators see other tenants")
    slug = viewer.form.text("tenant") or None
    async with viewer.caller.database.connection() as conn:
        await queries.look_into(conn, viewer.session.id, slug)
    return redirect("/")


def _form(request: Request, there: str, *, problem: str = "") -> Answer:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    has_mail = services_of(request).settings.dashboard_url is not None
    return page(
        request, None, "sign_in/form.html.j2", status=status, next=safe_path(there), problem=problem, has_mail=has_mail
    )


async def _signed_in(request: Request, *, key: str | None = None, token: str = "", there: str = "/") -> Answer:
    services = services_of(request)
    cookie, former = new_token(), cookie_of(request)
    lifetime = timedelta(seconds=services.settings.dashboard_lifetime)
    async with services.database.connection() as conn, conn.transaction():
        if former is not None:
            await queries.end_session(conn, hash_of(former))
        is_in = await queries.begin_session(
            conn, hash_of(cookie), key=key, link_hash=hash_of(token) if key is None else None, lifetime=lifetime
        )
    if not is_in:
        return _form(request, "/", problem="That link has been used already, or is too old: ask for a new one.")
    response = redirect(safe_path(there))
    set_cookie(request, response, cookie)
    return response


async def _count(request: Request, what: str) -> None:
    """Count an attempt by where it comes from.

    Raises:
        HttpProblem: 429, there were too many.
    """
    address = context_of(request.scope).address
    name = f"sign-in:{what}:{hashlib.sha256(address.encode()).hexdigest()[:16]}"
    async with services_of(request).database.connection() as conn:
        taken = await take_request(conn, NO_TENANT, name, plan_rate=None, key_rate=_TRIES_PER_MINUTE)
    if not taken[0].is_allowed:
        raise HttpProblem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too-many-requests",
            "too many attempts: try again in a minute",
            headers={"Retry-After": "60"},
        )
