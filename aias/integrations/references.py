"""Making a thing once at an upstream that knows no idempotency keys: claim, look, make, note.

::

    async with claimed(context, connection, kind="customer", reference="email:buyer@example.test") as claim:
        found = await look(claim.remote_id)
        customer = found or await make()
        claim.note(customer.id)

Two executions that want the same customer at once take turns, across all workers; the second one finds what the first
has made. Nothing is locked in the database while the upstream is called. That one execution makes it once, whatever
becomes of its calls, is the ledger's part (``aias.integrations.effects``), which is asked while the claim is held.

What can't be looked up at the upstream (a mail, a booking) is had once for a reference by ``once_for``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from aias.errors import Deferred, PermanentError, SqlError, StepError, TransientError
from aias.integrations import queries
from aias.integrations.connections import Connection
from aias.integrations.effects import may_have_happened
from aias.integrations.reaching import own_database
from aias.plugins import ActionContext

__all__ = ["ReferenceClaim", "claimed", "once_for"]

_LEASE = timedelta(minutes=2)
"""Longer than any action that holds a claim may take; a step that comes back after a crash does not wait for it."""

_PATIENCE = 20.0
_FIRST_PAUSE = 0.05
_FREE = "free"
"""Noted where the first call was refused: the next may try."""
_ASK_AGAIN = 10.0
_LONGEST_PAUSE = 0.5


@dataclass(slots=True)
class ReferenceClaim:
    """The granted claim: what was noted before, and what is to be noted now."""

    remote_id: str | None
    _noted: str | None = None

    @property
    def noted(self) -> str | None:
        """What will be noted."""
        return self._noted

    def note(self, remote_id: str) -> None:
        """Say what was found or made; it is written when the block ends."""
        self._noted = remote_id


@asynccontextmanager
async def claimed(
    context: ActionContext, connection: Connection[Any, Any], *, kind: str, reference: str
) -> AsyncGenerator[ReferenceClaim]:
    """Hold the right to find or make one thing.

    When the block fails with a call whose outcome is unknown (no answer came), the claim stays until it runs out or
    this step comes again: nobody else may look while the upstream may still be making it. After any other error it is
    given back at once.

    Raises:
        TransientError: another execution has held it for 20 s.
        PermanentError: the connection is gone.
    """
    reference = reference[:400]
    granted = ReferenceClaim(remote_id=await _claim(context, connection, kind, reference))
    try:
        yield granted
    except BaseException as error:
        if _was_answered(error):
            await _settle(context, connection, kind, reference, None)
        raise
    await _settle(context, connection, kind, reference, granted.noted)


async def once_for(
    context: ActionContext,
    connection: Connection[Any, Any],
    *,
    kind: str,
    reference: str,
    make: Callable[[], Awaitable[str]],
) -> tuple[str, bool]:
    """Have an effect once for a reference, whichever execution asks for it, at an upstream that can't be asked.

    ``make`` goes through the ledger of effects and gives the id of what it made. Who asks first is noted before it is
    called: another step is not let through until that one has said what came of it, so that a call of which nobody
    knows blocks the reference rather than being made twice.

    What is noted is the step's idempotency key and, once it is known, the id.

    Returns:
        The id, and whether this step made it.

    Raises:
        TransientError: another execution has begun, and has not said what came of it; the message names it.
        StepError: what ``make`` raised.
    """
    ours = context.idempotency_key
    async with claimed(context, connection, kind=kind, reference=reference) as claim:
        by, _, made = (claim.remote_id or _FREE).partition(" ")
        if made:
            return made, by == ours
        if by not in {_FREE, ours}:
            raise TransientError(
                f"{connection.label}: the step {by} has asked for the same {kind} ({reference[:100]}) and not said "
                "what came of it; settle its effect, and retry that execution",
                retry_after=_ASK_AGAIN,
                detail={"is_sent": False},
            )
        claim.note(ours)
    try:
        made = await make()
    except BaseException as error:
        if not may_have_happened(error):
            await _noted(context, connection, kind, reference, _FREE)
        raise
    await _noted(context, connection, kind, reference, f"{ours} {made}")
    return made, True


async def _noted(
    context: ActionContext, connection: Connection[Any, Any], kind: str, reference: str, remote_id: str
) -> None:
    async with claimed(context, connection, kind=kind, reference=reference) as claim:
        claim.note(remote_id)


async def _claim(context: ActionContext, connection: Connection[Any, Any], kind: str, reference: str) -> str | None:
    give_up = time.monotonic() + _PATIENCE
    pause = _FIRST_PAUSE
    while True:
        try:
            async with own_database(context.pool) as conn:
                claim = await queries.claim_reference(
                    conn,
                    tenant_id=context.tenant_id,
                    integration=connection.id,
                    kind=kind,
                    reference=reference,
                    holder=context.idempotency_key,
                    lease=_LEASE,
                )
        except SqlError as error:
            raise PermanentError(f"{connection.label}: {error.message}") from error
        if claim.is_granted:
            return claim.remote_id
        if time.monotonic() > give_up:
            raise TransientError(f"{connection.label}: another execution is making the same {kind}", retry_after=2.0)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _settle(
    context: ActionContext, connection: Connection[Any, Any], kind: str, reference: str, remote_id: str | None
) -> None:
    async with context.pool.connection() as conn:
        await queries.settle_reference(
            conn,
            tenant_id=context.tenant_id,
            integration=connection.id,
            kind=kind,
            reference=reference,
            holder=context.idempotency_key,
            remote_id=remote_id,
        )


def _was_answered(error: BaseException) -> bool:
    """Whether the upstream is done with the call that failed: it answered, or would not take the call at all."""
    if isinstance(error, PermanentError):
        return True
    if isinstance(error, Deferred):
        return error.kind != "effect"
    if not isinstance(error, StepError):
        return False
    detail: Any = error.detail
    if not isinstance(detail, dict):
        return False
    told = cast("dict[str, Any]", detail)
    return "status" in told or told.get("is_sent") is False
