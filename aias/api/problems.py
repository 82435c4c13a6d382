"""Errors over HTTP: every one is a problem document (RFC 9457), whoever raised it.

``type`` is ``urn:aias:problem:`` and a stable word; ``errors`` says what is wrong with the request, each with a JSON
path (``$.input.order_id``) or the name of a header or a parameter. What a defect says of itself goes to the log only.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from fastapi.exceptions import RequestValidationError
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aias import errors as ours
from aias.client import as_ours
from aias.reporting import Failed, report, type_of

__all__ = ["HttpProblem", "Problem", "ProblemError", "problem_of", "respond"]

_log = structlog.stdlib.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_OUTAGE = 5
"""Seconds after which to come back when the database is away or busy."""
_MOST_ERRORS = 50


class ProblemError(BaseModel):
    """One thing that is wrong with a request."""

    path: str = Field(description="Where: a JSON path in the body, or query.NAME, path.NAME, header.NAME.")
    message: str = Field(description="What is wrong there.")


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="A URN that names the kind of problem; stable.")
    title: str = Field(description="The kind of problem, in words.")
    status: int = Field(description="The HTTP status, repeated.")
    detail: str = Field(description="What happened this time.")
    instance: str = Field(description="The path that was asked for.")
    request_id: str = Field(description="The X-Request-ID of the request: what to quote when asking for help.")
    errors: list[ProblemError] = Field(default=[], description="Everything that is wrong with the request.")


@dataclass(eq=False)
class HttpProblem(Exception):
    """A problem to answer with; raise it anywhere below a route."""

    status: int
    kind: str
    detail: str
    errors: Sequence[ProblemError] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return self.detail


_TITLES = {
    "bad-request": "The request can't be read",
    "body-too-large": "The body is too large",
    "conflict": "The state of things forbids it",
    "database-unavailable": "The database can't be reached",
    "forbidden": "Not allowed",
    "internal": "Something is wrong on our side",
    "invalid": "The request is not valid",
    "invalid-definition": "The workflow definition is not valid",
    "method-not-allowed": "There is no such method here",
    "missing-scope": "The key may not do this",
    "not-found": "There is no such thing",
    "timeout": "It took too long",
    "too-many-requests": "Too many requests",
    "unauthenticated": "The key is missing or not accepted",
    "upstream-failed": "The other service does not answer",
    "upstream-refused": "The other service refuses it",
    "unsupported-media-type": "The body has a content type that is not taken here",
}
_BY_STATUS = {
    HTTPStatus.BAD_REQUEST: "bad-request",
    HTTPStatus.UNAUTHORIZED: "unauthenticated",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body-too-large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
}


def respond(request: Request, problem: HttpProblem) -> Response:
    """Give the answer for a problem."""
    document = Problem(
        type=f"urn:aias:problem:{problem.kind}",
        title=_TITLES.get(problem.kind) or HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        instance=request.url.path,
        request_id=getattr(request.scope.get("aias"), "request_id", ""),
        errors=list(problem.errors[:_MOST_ERRORS]),
    )
    # an error may quote half of a surrogate pair, which has no form in UTF-8
    text = json.dumps(document.model_dump(), ensure_ascii=True)
    return Response(text, problem.status, {**problem.headers, "Cache-Control": "no-store"}, MEDIA_TYPE)


def problem_of(error: Exception) -> HttpProblem:
    """Give the problem that an error is to the client; a defect is logged and told as nothing but that."""
    match error:
        case HttpProblem():
            return error
        case RequestValidationError():
            return _of_validation(error)
        case HTTPException():
            kind = _BY_STATUS.get(HTTPStatus(error.status_code), "bad-request")
            return HttpProblem(error.status_code, kind, str(error.detail), headers=dict(error.headers or {}))
        case ours.AiasError():
            return _of_ours(error)
        case psycopg.Error() | PoolTimeout() | TooManyRequests():
            return _of_database(error)
        case TimeoutError():
            return HttpProblem(HTTPStatus.GATEWAY_TIMEOUT, "timeout", "the request took too long and was given up")
        case _:
            return _defect(error)


_OURS: tuple[tuple[type[ours.AiasError], int, str], ...] = (
    (ours.Forbidden, HTTPStatus.FORBIDDEN, "forbidden"),
    (ours.NotFound, HTTPStatus.NOT_FOUND, "not-found"),
    (ours.Conflict, HTTPStatus.CONFLICT, "conflict"),
    (ours.InvalidArgument, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    (ours.TooManyRequests, HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests"),
    (ours.TransientError, HTTPStatus.BAD_GATEWAY, "upstream-failed"),
    (ours.StepError, HTTPStatus.UNPROCESSABLE_ENTITY, "upstream-refused"),
)


def _of_ours(error: ours.AiasError) -> HttpProblem:
    if isinstance(error, ours.DefinitionError):
        found = [ProblemError(path=problem.path, message=problem.message) for problem in error.problems]
        told = "the definition has a problem" if len(found) == 1 else f"the definition has {len(found)} problems"
        return HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-definition", told, found)
    if isinstance(error, ours.DatabaseError):
        return _outage(error)
    for kind, status, name in _OURS:
        if isinstance(error, kind):
            wait = error.retry_after if isinstance(error, ours.TooManyRequests) else None
            return HttpProblem(
                status,
                name,
                _in_the_clients_words(error),
                _errors(error) if isinstance(error, ours.SqlError) else (),
                headers={} if wait is None else {"Retry-After": str(math.ceil(wait))},
            )
    return _defect(error)


def _in_the_clients_words(error: ours.AiasError) -> str:
    """Give the message, which begins with the SQL function's argument where that is JSON, with the body's path."""
    argument = error.argument if isinstance(error, ours.SqlError) else None
    if argument is None or not error.message.startswith(f"{argument}: $"):
        return error.message
    return f"$.{argument.removeprefix('p_')}{error.message.removeprefix(f'{argument}: $')}"


def _defect(error: Exception) -> HttpProblem:
    route = structlog.contextvars.get_contextvars().get("route", "http")
    told = str(error) or type(error).__name__
    report(Failed(source="request", name=str(route), error=error, type=type_of(error), message=told))
    _log.error("a request failed", exc_info=error)
    return HttpProblem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "the failure is in the log under this id")


def _of_database(error: Exception) -> HttpProblem:
    match error:
        case errors.QueryCanceled():
            return HttpProblem(HTTPStatus.GATEWAY_TIMEOUT, "timeout", "the database took too long and was stopped")
        case errors.LockNotAvailable():
            return HttpProblem(
                HTTPStatus.CONFLICT,
                "conflict",
                "another request is at work on the same thing and has not ended",
                headers={"Retry-After": "1"},
            )
        case errors.SerializationFailure() | errors.DeadlockDetected():
            return HttpProblem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "database-unavailable",
                "requests got into each other's way; nothing was done",
                headers={"Retry-After": "1"},
            )
        case psycopg.OperationalError() | psycopg.InterfaceError() | PoolTimeout() | TooManyRequests():
            return _outage(error)
        case _:
            translated = as_ours(error)
            if translated is not None:
                return _of_ours(translated)
            # psycopg refuses a text with U+0000 before it is sent
            if isinstance(error, psycopg.DataError):
                return HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", str(error))
            return _defect(error)


def _outage(error: Exception) -> HttpProblem:
    _log.warning("a request met no database", reason=str(error).split("\n", 1)[0])
    return HttpProblem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "database-unavailable",
        "the database can't be reached, or is busy; nothing was done",
        headers={"Retry-After": str(RETRY_AFTER_OUTAGE)},
    )


def _errors(error: ours.SqlError) -> list[ProblemError]:
    """Say where: SQL names its argument, and of one that is JSON every problem with its path."""
    if error.argument is None:
        return []
    name = error.argument.removeprefix("p_")
    with contextlib.suppress(ValueError, TypeError, KeyError):
        return [
            ProblemError(path=f"$.{name}{problem['path'].removeprefix('$')}", message=problem["message"])
            for problem in json.loads(error.detail or "")
        ]
    path, colon, rest = error.message.partition(": ")
    if colon and path.startswith("$"):
        return [ProblemError(path=f"$.{name}{path.removeprefix('$')}", message=rest)]
    return [ProblemError(path=f"$.{name}", message=error.message)]


def _of_validation(error: RequestValidationError) -> HttpProblem:
    found = [_told(item) for item in error.errors()]
    detail = found[0].message if len(found) == 1 else f"{len(found)} things are wrong with the request"
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return HttpProblem(HTTPStatus.BAD_REQUEST, "bad-request", "the body is not JSON", found)
    return HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, found)


def _told(item: Any) -> ProblemError:
    place, *rest = item["loc"] or ("body",)
    if place == "body":
        path = "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in rest)
    else:
        path = ".".join(str(part) for part in (place, *rest))
    message = str(item["msg"]).removeprefix("Value error, ")
    return ProblemError(path=path, message=message)
