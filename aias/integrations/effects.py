"""The ledger of effects: every call that changes something outside is written down before it is made, and made once.

::

    async def send(key: str) -> JsonValue:
        payload = await shop.mutate(documents.ORDER_CANCEL, {"id": order_id}, key=key)
        return {"job": payload.job.id}

    async def find() -> JsonValue | None:
        return {"job": None} if (await shop.order(order_id)).cancelled_at else None

    result = await effects.once(
        context, connection, operation="orderCancel", request={"id": order_id}, send=send, find=find
    )

The intent is committed before the call, what came of it after. Whoever comes again for the same intent (a retry,
another worker after a crash) gets what is known: the stored result, without any call. What is not known is looked for
at the upstream; what can't be found out is in doubt, and the step's ``on_unknown`` decides.
docs/explanation/effects.md tells the whole of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar, cast

import httpx
import psycopg
import structlog
from pydantic import BaseModel, JsonValue, SecretStr, ValidationError

from aias.errors import Deferred, OutcomeUnknown, PermanentError, StepError, TransientError
from aias.integrations.connections import Connection
from aias.integrations.effect_queries import KnownEffect
from aias.integrations.intents import Intent
from aias.integrations.payload import dumps
from aias.integrations.reaching import unreachable
from aias.integrations.redaction import redacted
from aias.jobs import lease_is_fresh
from aias.plugins import ActionContext
from aias.settings import get_settings

__all__ = ["LARGEST_RESPONSE", "SETTLES_WITHIN", "before_sending", "may_have_happened", "once", "once_as"]

LARGEST_RESPONSE = 64_000
"""Bytes of a result that the ledger keeps; of a larger one it keeps that there was one."""

SETTLES_WITHIN = 5.0
"""Seconds that an upstream gets to show in a search what it has taken (Shopify's search is eventually consistent)."""

_MARGIN = 5.0
"""Seconds between the commit of an intent and the end of its call, beyond the call's own limit."""
_GRACE = 3.0
"""Seconds for a last word to the ledger while the caller is being cancelled."""
_PAUSES = (0.1, 0.4, 1.0)
"""Seconds between attempts to write down what has happened, when the database is out of reach."""

# nothing had left this side yet
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.LocalProtocolError,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    ConnectionRefusedError,
)

_log = structlog.stdlib.get_logger(__name__)

Send = Callable[[str], Awaitable[Any]]
Find = Callable[[], Awaitable[Any]]
Result = TypeVar("Result")
Model = TypeVar("Model", bound=BaseModel)


async def once(  # noqa: PLR0913 (one word per thing that an upstream can do; most have a default)
    context: ActionContext,
    connection: Connection[Any, Any] | None,
    *,
    operation: str,
    request: Any,
    send: Send,
    find: Find | None = None,
    part: str = "",
    keyed: bool = False,
    settles_within: float = SETTLES_WITHIN,
    timeout: float = 35.0,
) -> JsonValue:
    """Have an effect outside once, however often this is called for the step, and give its result.

    Args:
        context: the step that wants it; the intent is the step's (and item's) own.
        connection: to what; none for an address of the step's own.
        operation: its name, such as ``orderCancel``.
        request: what is asked for, as JSON; only its hash is kept. Equal on every attempt.
        send: makes the call. It is given a UUID, the same for the same request of the same step, for an upstream that
            takes idempotency keys; it gives a small JSON value, which is kept as it would be shown: secrets masked.
        find: looks for the effect at the upstream; none where that is not possible. It may raise: the outcome stays
            unknown, and the step is tried again.
        part: which of several effects of the step.
        keyed: the upstream carries a request out once per key: an unknown outcome is settled by sending it again.
        settles_within: seconds until ``find`` shows what was done: not found means not done only after them.
        timeout: seconds that ``send`` may take.

    Returns:
        What ``send`` gave, now or before, or what ``find`` found, or what a person said; none where the result was too
        large to be kept.

    Raises:
        OutcomeUnknown: it may have happened or not, and nothing can find out: the step's ``on_unknown`` decides.
        PermanentError: another request stands under this intent, or the execution is not this worker's any more.
        Deferred: not yet: what was sent before may still show itself, or the database can't be reached.
        StepError: what ``send`` or ``find`` raised.
    """
    intent = Intent.of(context, connection, operation=operation, request=request, part=part)
    hold = timedelta(seconds=min(timeout + _MARGIN, get_settings().stalled_after))
    can_tell = find is not None or keyed or context.on_unknown == "retry"
    known = await intent.begin(hold=hold)
    if known.verdict == "unknown":
        if find is not None and (found := await _found(intent, find)) is not None:
            return await _settled(intent, connection, found)
        if not can_tell:
            await intent.doubt(is_final=True)
            raise _in_doubt(intent, None)
        settles = None if keyed else timedelta(seconds=settles_within if find is not None else 0)
        known = await intent.begin(hold=hold, is_resend=True, settles_within=settles)
    if known.verdict != "new":
        return _known(intent, known)
    try:
        result = await _sent(intent, str(known.idempotency_key), send, timeout=timeout, can_tell=can_tell)
    except PermanentError as error:
        # an answer that can't be read, or only in part: the step does not come again, so it is looked for now
        result = await _found(intent, find) if find is not None and may_have_happened(error) else None
        if result is None:
            raise
    return await _settled(intent, connection, result)


async def once_as(  # noqa: PLR0913 (as once)
    context: ActionContext,
    connection: Connection[Any, Any],
    shape: type[Model],
    *,
    operation: str,
    request: Mapping[str, Any],
    send: Callable[[str], Awaitable[Model]],
    find: Callable[[], Awaitable[Model | None]] | None,
    part: str = "",
    keyed: bool = False,
    settles_within: float = SETTLES_WITHIN,
    timeout: float = 35.0,
) -> Model | None:
    """As ``once``, with a model as the result; it is kept as the upstream spells it.

    What is kept and does not fit (a person settled it and did not say with what) is looked for; none where it can't
    be found either.
    """

    async def sent(key: str) -> JsonValue:
        return (await send(key)).model_dump(mode="json", by_alias=True)

    async def found() -> JsonValue | None:
        known = await find() if find else None
        return None if known is None else known.model_dump(mode="json", by_alias=True)

    result = await once(
        context,
        connection,
        operation=operation,
        request=dict(request),
        send=sent,
        find=None if find is None else found,
        part=part,
        keyed=keyed,
        settles_within=settles_within,
        timeout=timeout,
    )
    try:
        return shape.model_validate(result)
    except ValidationError:
        return await find() if find else None


def _known(intent: Intent, known: KnownEffect) -> JsonValue:
    """Give the stored result, or raise the reason why there is none and none is asked for."""
    match known.verdict:
        case "done":
            return known.response
        case "conflict":
            raise PermanentError(
                f"{intent.label}: this step has asked for something else under the same intent before: "
                "a request must be the same on every attempt",
                detail=intent.detail,
            )
        case "superseded":
            raise _superseded(intent)
        case _:
            raise Deferred(
                f"an earlier call may still take effect: {intent.label}",
                kind="effect",
                seconds=known.wait_seconds,
                detail=intent.detail,
            )


@contextmanager
def before_sending() -> Generator[None]:
    """Hold what ``send`` asks before its call: a failure in the block proves that nothing happened."""
    try:
        yield
    except StepError as error:
        given: Any = error.detail
        error.detail = {**(cast("dict[str, Any]", given) if isinstance(given, dict) else {}), "is_sent": False}
        raise


async def _found(intent: Intent, find: Find) -> JsonValue | None:
    try:
        return await find()
    except PermanentError:
        await intent.doubt(is_final=True)
        raise


async def _sent(intent: Intent, key: str, send: Send, *, timeout: float, can_tell: bool) -> JsonValue:
    """Make the call; when it fails, note whether that proves that nothing happened."""
    if not lease_is_fresh():
        await intent.settle("refused", None)
        raise TransientError(f"{intent.label}: the worker's lease ran out before the call", detail=intent.detail)
    try:
        async with asyncio.timeout(timeout):
            return await send(key)
    except BaseException as error:
        is_open = may_have_happened(error)
        with_last_word = intent.doubt(is_final=not can_tell) if is_open else intent.settle("refused", None)
        await _last_word(intent, with_last_word)
        if is_open and not can_tell and isinstance(error, Exception):
            raise _in_doubt(intent, error) from error
        raise


async def _settled(intent: Intent, connection: Connection[Any, Any] | None, result: JsonValue) -> JsonValue:
    """Write down what has happened, also while the caller is being cancelled, and give it as it is kept."""
    kept = redacted(json.loads(dumps(result)), _secrets(connection))
    is_small = len(dumps(kept)) <= LARGEST_RESPONSE
    if not is_small:
        _log.warning("the result of an effect is too large to be kept", operation=intent.operation)
    is_taken = await _seen_through(_settle(intent, kept if is_small else None))
    if not is_taken:
        raise _superseded(intent)
    return kept


async def _settle(intent: Intent, response: JsonValue) -> bool:
    for pause in _PAUSES:
        try:
            return await intent.settle("done", response)
        except (psycopg.OperationalError, OSError) as error:
            _log.warning("an effect could not be noted yet", operation=intent.operation, error=type(error).__name__)
            await asyncio.sleep(pause)
    try:
        return await intent.settle("done", response)
    except (psycopg.OperationalError, OSError) as error:
        # the step comes back, and finds out what has happened
        raise unreachable(error) from error


async def _last_word(intent: Intent, word: Awaitable[bool]) -> None:
    """Tell the ledger how a call failed; the call's own error is what counts, so a failure here is only logged.

    Unsaid, it is the same as after a crash: the outcome is unknown once the hold has run out.
    """
    try:
        await _seen_through(word)
    except Exception as error:  # noqa: BLE001 (the call's own error must reach the engine)
        _log.warning("the end of a call could not be noted", operation=intent.operation, error=type(error).__name__)


async def _seen_through(work: Awaitable[Result]) -> Result:
    """Finish a write, in bounded time, though the caller is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_GRACE)
        task.cancel()
        raise


def may_have_happened(error: BaseException) -> bool:
    """Whether a call that failed so may have had its effect.

    It has not when the upstream refused it (4xx, user errors), when it was put off, and when nothing was sent. A 5xx
    says nothing, 503 included: a gateway gives it for a broken connection to a server that has done its work.
    """
    if not isinstance(error, StepError):
        return not isinstance(error, _NOT_SENT)
    given: Any = error.detail
    detail = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    if detail.get("is_sent") is False:
        return False
    if isinstance(error, OutcomeUnknown) or detail.get("reason") == "malformed" or detail.get("is_partial"):
        return True
    if not isinstance(error, TransientError):
        return False
    if "THROTTLED" in detail.get("codes", ()):
        return False
    status = detail.get("status")
    if isinstance(status, int):
        return not 400 <= status < 500  # noqa: PLR2004 (RFC 9110; in SMTP 4yz is a refusal as well)
    return _was_sent(error.__cause__ or error.__context__)


def _was_sent(error: BaseException | None) -> bool:
    if error is None or isinstance(error, _NOT_SENT):
        return False
    return isinstance(error, httpx.TransportError | OSError | TimeoutError)


def _in_doubt(intent: Intent, cause: Exception | None) -> OutcomeUnknown:
    told = {} if cause is None else {"cause": cause.message if isinstance(cause, StepError) else type(cause).__name__}
    return OutcomeUnknown(
        f"{intent.label} was asked for, and whether it happened is not known", detail={**intent.detail, **told}
    )


def _superseded(intent: Intent) -> PermanentError:
    return PermanentError(
        f"{intent.label}: the execution is not this worker's any more, or has ended", detail=intent.detail
    )


def _secrets(connection: Connection[Any, Any] | None) -> list[str]:
    """Every secret of a connection as it is, for masking."""
    return [] if connection is None else list(_revealed(connection.secret))


def _revealed(value: object) -> Iterator[str]:
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case BaseModel():
            for _, member in value:
                yield from _revealed(member)
        case dict():
            for member in cast("dict[str, object]", value).values():
                yield from _revealed(member)
        case _:
            return
