"""Pages as HTML: templates that escape by themselves, and the headers that keep everything else out.

Nothing stands inline in a page: no script, no style, no handler; nothing is loaded from elsewhere. The policy in the
headers says so to the browser.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from aias.api import HttpProblem
from aias.dashboard.navigation import entries
from aias.dashboard.showing import FILTERS
from aias.dashboard.viewer import Viewer

__all__ = ["HEADERS", "STATIC", "Answer", "confirm", "page", "part", "problem_page", "redirect", "safe_path"]

Answer = Response
"""What a page's function returns."""

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"
_SAID = "aias_said"
_LONGEST_SAID = 300

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # a form of ours must say where it is from
    "Referrer-Policy": "same-origin",
}


@functools.cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _asset(name: str) -> str:
    """Give the address of a file; another content has another address."""
    return f"/static/{name}?v={_version(name)}"


def _time(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _ago(value: datetime | None) -> str:
    if value is None:
        return "never"
    passed = (datetime.now(UTC) - value).total_seconds()
    return f"{_duration(passed)} ago" if passed >= 0 else f"in {_duration(-passed)}"


_NOTHING = "\N{EN DASH}"
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


def _duration(value: timedelta | float | None) -> str:
    """Give a time span as people say it, two digits at least: 340 ms, 2.5 s, 14 min."""
    if value is None:
        return _NOTHING
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}" if seconds < 10 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _number(value: float | None) -> str:
    if value is None:
        return _NOTHING
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _percent(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.1%}"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment: Any = made
    environment.filters |= {
        "time": _time,
        "ago": _ago,
        "duration": _duration,
        "number": _number,
        "percent": _percent,
        **FILTERS,
    }
    environment.globals["asset"] = _asset
    return made


_templates = _environment()


def page(request: Request, viewer: Viewer | None, template: str, /, *, status: int = 200, **values: Any) -> Answer:
    """Give a page: the template of that name, with the values, and what every page knows.

    That is ``viewer`` (None on the pages before the sign-in), ``navigation``, ``path``, ``said`` (what the page before
    wants told, once), ``is_fragment`` (htmx asks for a part). A template of pages extends ``base.html.j2``.
    """
    said = unquote(request.cookies.get(_SAID, ""))[:_LONGEST_SAID]
    text = _templates.get_template(template).render(
        values,
        viewer=viewer,
        navigation=entries(viewer.may) if viewer is not None else [],
        path=request.url.path,
        said=said,
        is_fragment=request.headers.get("hx-request") == "true",
    )
    response = HTMLResponse(text, status, HEADERS)
    if said:
        response.delete_cookie(_SAID, path="/")
    return response


def part(template: str, /, **values: Any) -> str:
    """Give a part of a page in one line, as an event carries it; a line break becomes what HTML reads as one."""
    text = _templates.get_template(template).render(values).strip()
    return text.replace("\r", "").replace("\n", "&#10;")


def redirect(path: str, *, said: str = "") -> Answer:
    """Lead on after a form was done; ``said`` is told at the top of the next page, once."""
    response = RedirectResponse(path, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
    if said:
        response.set_cookie(_SAID, quote(said[:_LONGEST_SAID]), max_age=60, path="/", httponly=True, samesite="strict")
    return response


def confirm(  # noqa: PLR0913 (what is asked, and what is sent when the answer is yes)
    request: Request,
    viewer: Viewer,
    *,
    title: str,
    touches: Sequence[str],
    button: str,
    action: str,
    back: str,
    fields: Mapping[str, str | Sequence[str]] | None = None,
    warning: str = "",
) -> Answer:
    """Give the page that asks before something is done: what it touches, one line each, and a button that names it.

    The button posts ``fields`` with ``confirmed=yes`` to ``action``; ``back`` is where "no" leads.
    """
    pairs = [
        (name, value)
        for name, given in (fields or {}).items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    return page(
        request,
        viewer,
        "confirm.html.j2",
        title=title,
        touches=touches,
        button=button,
        action=action,
        back=back,
        fields=pairs,
        warning=warning,
    )


def problem_page(request: Request, problem: HttpProblem) -> Answer:
    """Give the page of an error."""
    viewer: Viewer | None = request.scope.get("aias.viewer")
    response = page(
        request,
        viewer,
        "problem.html.j2",
        status=problem.status,
        problem=problem,
        title=HTTPStatus(problem.status).phrase,
        request_id=getattr(request.scope.get("aias"), "request_id", ""),
    )
    response.headers.update(problem.headers)
    return response


def safe_path(given: str) -> str:
    """Give a path of this host to lead on to; what could lead elsewhere becomes the overview."""
    is_path = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if is_path else "/"
