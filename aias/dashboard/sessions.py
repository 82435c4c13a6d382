"""Cookies and tokens: who is signed in, and that a form was sent from a page of ours.

The cookie is 256 random bits; the database has its SHA-256 only. The token of forms is derived from the cookie, so it
ends with it, and nothing more is stored (OWASP, Cross-Site Request Forgery Prevention: HMAC based token pattern).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from aias.api import HttpProblem, services_of
from aias.dashboard import queries
from aias.dashboard.models import Session
from aias.settings import Settings

__all__ = [
    "LIVE",
    "check_origin",
    "check_token",
    "cookie_of",
    "forget_cookie",
    "form_token",
    "hash_of",
    "new_token",
    "session_of",
    "set_cookie",
]

LIVE = "/live/"
"""Where pages ask by themselves: that keeps nobody signed in."""
_NAME = "aias_session"
_LONGEST = 100


def new_token() -> str:
    """Make 256 random bits, as text."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def form_token(cookie: str) -> str:
    """Give the token that every form of this session carries."""
    return hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()


def is_secure(request: Request, settings: Settings) -> bool:
    """Whether the browser speaks https: by the request, or by the address that the settings tell."""
    return request.url.scheme == "https" or (settings.dashboard_url or "").startswith("https://")


def _name(request: Request) -> str:
    # the prefix makes browsers refuse the cookie from any other host or path (RFC 6265bis, 4.1.3.2)
    return f"__Host-{_NAME}" if is_secure(request, services_of(request).settings) else _NAME


def cookie_of(request: Request) -> str | None:
    """Give the session's cookie; None where there is none, or none that could be one."""
    found = request.cookies.get(_name(request), "")
    return found if 0 < len(found) <= _LONGEST and found.isascii() else None


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Have the browser keep the session until it is closed, for this host only and out of reach of scripts."""
    name = _name(request)
    response.set_cookie(name, token, path="/", httponly=True, samesite="lax", secure=name.startswith("__Host-"))


def forget_cookie(request: Request, response: Response) -> None:
    """Have the browser forget the session."""
    name = _name(request)
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=name.startswith("__Host-"))


async def session_of(request: Request) -> Session | None:
    """Give who is signed in; None for nobody."""
    cookie = cookie_of(request)
    if cookie is None:
        return None
    services = services_of(request)
    idle = timedelta(seconds=services.settings.dashboard_idle)
    async with services.database.connection() as conn:
        is_used = not request.url.path.startswith(LIVE)
        return await queries.find_session(conn, hash_of(cookie), idle=idle, is_used=is_used)


def check_origin(request: Request) -> None:
    """Go on only where the browser says that the form is from a page of this host.

    Raises:
        HttpProblem: 403, it is from elsewhere, or the browser does not say.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        is_ours = site == "same-origin"
    else:
        # scheme and port may be a proxy's: the host is what a page elsewhere can't have
        is_ours = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    if not is_ours:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "the form was not sent from a page of this dashboard")


def check_token(request: Request, cookie: str, given: str) -> None:
    """Go on only with the token of this session's forms, from a page of this host.

    Raises:
        HttpProblem: 403.
    """
    check_origin(request)
    if not hmac.compare_digest(given.encode(), form_token(cookie).encode()):
        raise HttpProblem(
            HTTPStatus.FORBIDDEN, "forbidden", "the form is out of date: go back, load it anew, and try again"
        )
