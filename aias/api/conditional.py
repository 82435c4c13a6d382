"""Conditional GET (RFC 9110, section 13): an ETag on every answer to a GET, and 304 to who has it already."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

__all__ = ["conditional"]


def conditional(request: Request, response: Response) -> Response:
    """Give the answer with its ETag, or 304 without a body where the client has the same one; a stream has none."""
    if request.method != "GET" or response.status_code != HTTPStatus.OK or isinstance(response, StreamingResponse):
        return response
    # weak: compression makes other bytes of the same content
    tag = f'W/"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    response.headers.setdefault("Cache-Control", "private, no-cache")
    known = request.headers.get("if-none-match")
    if known is None or not _matches(known, tag):
        return response
    kept = {name: value for name, value in response.headers.items() if name not in {"content-length", "content-type"}}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)


def _matches(known: str, tag: str) -> bool:
    opaque = tag.removeprefix("W/")
    return known.strip() == "*" or any(one.strip().removeprefix("W/") == opaque for one in known.split(","))
