"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a POST that is sent again is not done again.

The key is taken and the answer kept in the transaction of the request: both are there exactly when its effect is. Of
requests with one key at a time one is executed, and the others wait for it and give its answer. Only successes are
kept: after an error nothing was done, and the same key may try again. A key stands for a day.
"""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from aias.api.caller import Caller
from aias.api.problems import HttpProblem, ProblemError
from aias.api.queries import KeptAnswer, claim_answer, keep_answer

__all__ = ["idempotency_key", "keep", "kept_answer"]

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_KEPT_HEADERS = ("content-type", "location")
_SUCCESSES = range(200, 300)


def idempotency_key(request: Request, *, is_taken: bool) -> str | None:
    """Give the key of a POST that has one.

    Raises:
        HttpProblem: 422 it is malformed, or the route takes none.
    """
    if request.method != "POST":
        return None
    given = request.headers.getlist("idempotency-key")
    if not given:
        return None
    if not is_taken:
        raise _bad("this operation takes no Idempotency-Key: its answer can't be kept")
    # the draft writes it as a string of structured fields, most clients without the quotes
    key = given[0].strip().removeprefix('"').removesuffix('"')
    if len(given) > 1 or not _KEY.fullmatch(key):
        raise _bad("an Idempotency-Key has 1 to 255 visible ASCII characters, and stands there once")
    return key


async def kept_answer(request: Request, caller: Caller, key: str) -> Response | None:
    """Take the key, or give the answer that was given under it.

    Raises:
        Conflict: the key stands for another request.
        psycopg.errors.LockNotAvailable: a request with the key is still at work.
    """
    hashed = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query):
        hashed.update(part.encode() + b"\n")
    hashed.update(await request.body())
    async with caller.as_server() as conn:
        kept = await claim_answer(conn, caller.identity.tenant_id, key, hashed.digest())
    if kept is None:
        return None
    return Response(kept.body, kept.status, {**kept.headers, "Idempotent-Replayed": "true"})


async def keep(caller: Caller, key: str, response: Response) -> Response:
    """Keep a success under the key that was taken in this transaction."""
    if response.status_code in _SUCCESSES:
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        answer = KeptAnswer(status=response.status_code, headers=headers, body=bytes(response.body))
        async with caller.as_server() as conn:
            await keep_answer(conn, caller.identity.tenant_id, key, answer)
    return response


def _bad(message: str) -> HttpProblem:
    error = ProblemError(path="header.Idempotency-Key", message=message)
    return HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, [error])
