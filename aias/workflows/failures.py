"""What went wrong with a call, and what that means for the step: again, never again, or nobody knows."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast
from uuid import UUID

import httpx
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from aias.errors import Deferred, OutcomeUnknown, SqlError, StepError, TransientError
from aias.redaction import redact
from aias.reporting import Failed, report

Verdict = Literal["transient", "permanent", "unknown", "in_doubt"]
"""``unknown``: the call may or may not have had its effect; ``in_doubt``: and the action can't find out."""

_MAX_MESSAGE: Final = 2_000
_MAX_DETAIL: Final = 20_000
_BACK_IN: Final = 5.0
"""Seconds after which a call comes back that found no connection."""
# nothing had left this side yet: the call surely had no effect
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed attempt, as it is recorded."""

    error: dict[str, Any]
    verdict: Verdict
    retry_after: float | None = None
    cause: BaseException | None = None
    """What was raised, where something was."""
    is_surprise: bool = False
    """Whether the action raised what neither it nor we know: a mistake in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferral:
    """A call that was put off before anything was done: no attempt, and nothing unknown about its outcome."""

    kind: Literal["gate", "limit", "effect"]
    detail: dict[str, Any]
    until: datetime | None = None
    seconds: float | None = None


def deferral_of(error: Deferred) -> Deferral:
    """Take what the step waits for, as it is recorded."""
    stored = error_json("Deferred", error.message, error.detail)
    detail = stored.get("detail")
    named = cast("dict[str, Any]", detail) if isinstance(detail, dict) else {}
    return Deferral(
        kind=error.kind, detail={**named, "message": stored["message"]}, until=error.until, seconds=error.seconds
    )


def without_a_connection(error: PoolTimeout) -> Deferral:
    """Say that the worker had no connection to its own database for the call; it counts as no attempt."""
    message = f"all database connections of the worker are in use: {error}"
    return Deferral(kind="limit", detail={"message": _clean(message, _MAX_MESSAGE)}, seconds=_BACK_IN)


def failure_of(error: Exception) -> Failure:
    """Judge what an action raised.

    Actions say it themselves: ``TransientError`` or ``PermanentError``. Of anything else, what the network, the
    operating system or the database did is transient; the rest is a mistake in the action, and permanent. Whether a
    transient failure leaves the outcome unknown depends on whether the request may have been sent.
    """
    if isinstance(error, StepError):
        stored = error_json(error.to_json()["type"], error.message, error.detail)
        if isinstance(error, OutcomeUnknown):
            return Failure(error=stored, verdict="in_doubt", cause=error)
        if not isinstance(error, TransientError):
            return Failure(error=stored, verdict="permanent", cause=error)
        is_open = _may_be_sent(error.__cause__ or error.__context__)
        verdict = "unknown" if is_open else "transient"
        return Failure(error=stored, verdict=verdict, retry_after=error.retry_after, cause=error)
    stored = error_json(type(error).__name__, str(error) or type(error).__name__)
    if isinstance(error, TimeoutError):
        return Failure(error=stored, verdict="unknown", cause=error)
    if isinstance(error, OSError | httpx.TransportError | psycopg.OperationalError):
        return Failure(error=stored, verdict="unknown" if _may_be_sent(error) else "transient", cause=error)
    return Failure(error=stored, verdict="permanent", cause=error, is_surprise=not isinstance(error, SqlError))


def permanent(kind: str, message: str, detail: Any = None) -> Failure:
    """Give a failure that the engine itself found."""
    return Failure(error=error_json(kind, message, detail), verdict="permanent")


def tell_failure(failure: Failure, *, action: str, step: str, tenant_id: UUID, execution_id: UUID) -> str | None:
    """Report a failed attempt, and log it where it is a mistake of the action; gives its fingerprint."""
    told = report(
        Failed(
            source="step",
            name=action,
            error=failure.cause,
            type=str(failure.error["type"]),
            message=message_of(failure.error),
            tenant_id=tenant_id,
            execution_id=execution_id,
            step=step,
        )
    )
    if failure.is_surprise:
        _log.error("an action failed in a way that it does not know", action=action, exc_info=failure.cause)
    return told


def tell_end(
    stored: dict[str, Any],
    *,
    workflow: str,
    tenant_id: UUID,
    execution_id: UUID,
    cause: BaseException | None = None,
    step: str | None = None,
    fingerprint: str | None = None,
) -> None:
    """Report that an execution has failed, which counts towards its workflow's fuse.

    With a step it failed because of that one, whose failure (``stored``) was reported when it happened, perhaps
    elsewhere: then its fingerprint is not known here, and a like one is made of what is stored.
    """
    report(
        Failed(
            source="step",
            name=workflow,
            error=cause,
            type=str(stored.get("type", "Unknown")),
            message=message_of(stored),
            tenant_id=tenant_id,
            execution_id=execution_id,
            step=step,
            fuse=("workflow", workflow),
            is_told_before=step is not None,
            fingerprint=fingerprint,
        )
    )


def error_json(kind: str, message: str, detail: Any = None) -> dict[str, Any]:
    """Give an error as it is stored: bounded, as JSON that PostgreSQL takes, and without what looks like a secret."""
    stored: dict[str, Any] = {"type": kind[:100], "message": _clean(message, _MAX_MESSAGE)}
    if detail is not None:
        text = json.dumps(_cleaned(detail, 0), ensure_ascii=True, default=str)
        stored["detail"] = json.loads(text) if len(text) <= _MAX_DETAIL else _clean(text, _MAX_DETAIL)
    return stored


def message_of(stored: Any) -> str:
    """Give the message of a stored error."""
    return str(cast("dict[str, Any]", stored).get("message", "failed")) if isinstance(stored, dict) else "failed"


def _may_be_sent(error: BaseException | None) -> bool:
    """Whether a request may have reached the other side before ``error`` broke off."""
    if error is None or isinstance(error, (*_NOT_SENT, ConnectionRefusedError)):
        return False
    return isinstance(error, httpx.TransportError | OSError | TimeoutError)


def _cleaned(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _clean(value, _MAX_DETAIL)
    if depth > 10:  # noqa: PLR2004 (deep enough for an upstream's error)
        return "..."
    if isinstance(value, dict):
        members = cast("dict[Any, Any]", value)
        return {_clean(str(key), 200): _cleaned(item, depth + 1) for key, item in members.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item, depth + 1) for item in cast("list[Any]", value)[:200]]
    if (isinstance(value, float) and value != value) or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 (NaN)
        return str(value)
    return value


def _clean(text: str, most: int) -> str:
    text = text[: most * 2].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    text = redact(text)
    return text if len(text) <= most else text[: most - 3] + "..."
