"""``/static``: the dashboard's own files, and those that VENDOR lists; nothing is loaded from elsewhere."""

from __future__ import annotations

import functools
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from aias.api import HttpProblem
from aias.dashboard.rendering import HEADERS, STATIC
from aias.dashboard.routing import area

__all__ = ["router"]

router = area("static")

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_A_YEAR = 31_536_000


@router.get("/{name}")
async def asset(request: Request, name: str) -> Response:
    """Give a file; with its version in the address it is kept for a year."""
    if name not in _names():
        raise HttpProblem(HTTPStatus.NOT_FOUND, "not-found", f"there is no file {name!r}")
    age = f"public, max-age={_A_YEAR}, immutable" if "v" in request.query_params else "no-cache"
    headers = {**HEADERS, "Cache-Control": age}
    return Response(_read(name), headers=headers, media_type=_TYPES[name.rpartition(".")[2]])


@functools.cache
def _names() -> frozenset[str]:
    return frozenset(file.name for file in STATIC.iterdir() if file.name.rpartition(".")[2] in _TYPES)


@functools.cache
def _read(name: str) -> bytes:
    return (STATIC / name).read_bytes()
