"""What the outcome of a call means: worth another attempt, or not.

The rules, in one place for every upstream:

- 429: put off, which costs no attempt; ``Retry-After`` says for how long.
- 408, 425 and 5xx but 501 and 505: transient; ``Retry-After`` is passed on.
- 401 and 403: permanent; the message names the connection, because a person must renew it.
- every other 3xx and 4xx: permanent; the same request would be refused again.
- no answer, a broken one, or one that can't be read: transient; a malformed one only for a few attempts.

Sources: RFC 9110 (sections 10.2.3 and 15), https://shopify.dev/docs/api/usage/response-codes .
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aias.errors import Deferred, PermanentError, StepError, TransientError
from aias.integrations.redaction import excerpt, redact

__all__ = ["LONGEST_RETRY_AFTER", "MALFORMED_ATTEMPTS", "malformed", "parse_retry_after", "status_error"]

LONGEST_RETRY_AFTER = 3600.0
"""Seconds: an upstream may ask for more, but a step that is asked to wait for a year is looked at after an hour."""

MALFORMED_ATTEMPTS = 5
"""After so many attempts an answer that can't be read is a fact, not an accident."""

_TOO_MANY = 429
_DEFAULT_PAUSE = 1.0
_TRANSIENT = frozenset({408, 425, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524, 525, 527, 529, 530})
_NOT_ALLOWED = frozenset({401, 403})
_WORDS = {
    402: "the account is frozen until it is paid for",
    404: "there is no such thing at this address",
    423: "locked by the service",
    430: "rejected by the service for security",
}
"""What a person has to look at; 423 and 430 are Shopify's."""


def parse_retry_after(value: str | None, *, date: str | None = None) -> float | None:
    """Give the seconds of a ``Retry-After`` header; none where it says nothing usable.

    Accepts whole and fractional seconds and HTTP dates (measured against the answer's own ``Date`` where it has one,
    so that a wrong clock here does no harm). Garbage, negative values and dates in the past say nothing; huge values
    are cut to ``LONGEST_RETRY_AFTER``.
    """
    if value is None or len(value) > 100:  # noqa: PLR2004 (no header that means something is longer)
        return None
    seconds = _seconds(value.strip())
    if seconds is None:
        seconds = _until(value, date)
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return None
    return min(seconds, LONGEST_RETRY_AFTER)


def _seconds(value: str) -> float | None:
    if not value.isascii() or not value.replace(".", "", 1).isdigit():
        return None  # float() would also take "1e9", "infinity", "0x1" and "1_000"
    return float(value)


def _until(value: str, date: str | None) -> float | None:
    then = _moment(value)
    if then is None:
        return None
    now = _moment(date) if date is not None else None
    wait = (then - (now or datetime.now(UTC))).total_seconds()
    return wait if wait > 0 else None


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def status_error(
    upstream: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Iterable[str] = (),
) -> StepError:
    """Give the error for an answer whose status is not 2xx; ``headers`` are looked up in lower case."""
    secrets = tuple(secrets)
    detail: dict[str, Any] = {"upstream": upstream, "status": status, "body": excerpt(body, secrets)}
    request_id = headers.get("x-request-id")
    if request_id:
        detail["request_id"] = excerpt(request_id, secrets, limit=100)
    retry_after = parse_retry_after(headers.get("retry-after"), date=headers.get("date"))
    if status == _TOO_MANY:
        seconds = _DEFAULT_PAUSE if retry_after is None else retry_after
        detail["retry_after"] = retry_after
        return Deferred(f"{upstream} answered {status}", kind="gate", seconds=seconds, detail=detail)
    if status in _TRANSIENT:
        return TransientError(f"{upstream} answered {status}", retry_after=retry_after, detail=detail)
    if status in _NOT_ALLOWED:
        return PermanentError(
            f"{upstream} refused the credentials of this connection ({status}): connect it again", detail=detail
        )
    if 300 <= status < 400:  # noqa: PLR2004
        where = redact(headers.get("location", ""), secrets).split("?", 1)[0][:200]
        return PermanentError(f"{upstream} answered with a redirect to {where or 'nowhere'}, which is not followed")
    words = f" ({_WORDS[status]})" if status in _WORDS else ""
    return PermanentError(f"{upstream} answered {status}{words}", detail=detail)


def malformed(
    upstream: str, why: str, body: bytes, *, attempt: int, status: int | None = None, secrets: Iterable[str] = ()
) -> StepError:
    """Give the error for an answer that can't be read: transient at first, permanent from the fifth attempt on."""
    detail: dict[str, Any] = {"upstream": upstream, "reason": "malformed", "body": excerpt(body, secrets)}
    if status is not None:
        detail["status"] = status
    message = f"{upstream} sent an answer that can't be read: {why}"
    if attempt >= MALFORMED_ATTEMPTS:
        return PermanentError(f"{message} (attempt {attempt})", detail=detail)
    return TransientError(message, detail=detail)
