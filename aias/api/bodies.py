"""Bodies: JSON within bounds, and nothing else where JSON is wanted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.requests import Request

from aias.api.problems import HttpProblem, ProblemError
from aias.workflows import json_problems, load_json

__all__ = ["JsonRequest", "check_content_type"]


class JsonRequest(Request):
    """Reads JSON as PostgreSQL can keep it: no duplicate keys, no NaN, no U+0000, 64 levels at most."""

    async def json(self) -> Any:
        """Give the body, which is read once.

        Raises:
            HttpProblem: 400 it is no JSON, or none that can be kept; each problem has its path.
        """
        if not hasattr(self, "_json"):
            self._json = self._read(await self.body())
        return self._json

    def _read(self, body: bytes) -> Any:
        try:
            value = load_json(body.decode())
        except UnicodeDecodeError as error:
            raise _unreadable(f"the body is not UTF-8: byte {error.start}") from None
        except ValueError as error:
            raise _unreadable(f"the body is not JSON: {error}") from None
        problems = json_problems(value)
        if problems:
            found = [ProblemError(path=problem.path, message=problem.message) for problem in problems]
            raise HttpProblem(HTTPStatus.BAD_REQUEST, "bad-request", "the body holds what can't be kept", found)
        return value


def _unreadable(detail: str) -> HttpProblem:
    return HttpProblem(HTTPStatus.BAD_REQUEST, "bad-request", detail, [ProblemError(path="$", message=detail)])


def check_content_type(request: Request, *, is_wanted: bool) -> None:
    """Refuse a body that is not said to be JSON where JSON is wanted.

    Raises:
        HttpProblem: 415.
    """
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if not is_wanted or not has_body:
        return
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = given == "application/json" or (given.startswith("application/") and given.endswith("+json"))
    if not is_json:
        raise HttpProblem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            f"the body must be application/json, not {given or 'unnamed'}",
            headers={"Accept": "application/json"},
        )
