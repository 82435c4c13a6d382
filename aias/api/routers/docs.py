"""``/docs``: a page to read and try the API, from files of our own: it loads nothing from anywhere else."""

from __future__ import annotations

import functools
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from aias.api.problems import HttpProblem

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {
    "docs.html": "text/html; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@router.get("/docs")
async def docs() -> Response:
    """Give the page."""
    return _file("docs.html", age=0)


@router.get("/docs/{name}")
async def docs_file(name: str) -> Response:
    """Give a file of the page."""
    if name not in _TYPES:
        raise HttpProblem(HTTPStatus.NOT_FOUND, "not-found", f"there is no file {name!r}")
    return _file(name, age=86_400)


def _file(name: str, *, age: int) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": f"public, max-age={age}"}
    return Response(_read(name), headers=headers, media_type=_TYPES[name])


@functools.cache
def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
