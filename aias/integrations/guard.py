"""The guard of a connection: gates, breaker and shared limits before a call, counts and outcomes after it.

::

    async with guard.entered(operation="orderCancel", key=context.idempotency_key, timeout=30.0) as passage:
        ...                                 # may raise Deferred before anything is sent
        passage.answered(200)

What ends the block says what came of the call: its result or its error, as the rules of ``outcome`` have it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast
from uuid import UUID, uuid4

import psycopg

from aias.db import Pool
from aias.errors import Deferred, StepError, TransientError
from aias.integrations.gatekeeper import GOOD_FOR, Gatekeeper, Leave, gatekeeper_of

__all__ = ["Guard", "Passage", "Tally"]

_SOON: Final = 0.25
"""Seconds that a first call waits where it is: less than it takes to let its execution wait."""
_PATIENCE: Final = 5.0
"""Seconds that later calls of an action wait where they are: what it has done already would be done again."""
_LOOK_EVERY: Final = 0.2
_MOST_STALE: Final = 3

_made: ContextVar[str | None] = ContextVar("key of the action that has made a call", default=None)

Mode = Literal["new", "back", "inside"]


@dataclass(slots=True, kw_only=True)
class Passage:
    """One call that was let through, and what came of it."""

    operation: str
    cost: int = 1
    status: int | None = None
    holder: UUID | None = None
    """Set where others wait for its end."""
    is_probe: bool = False
    throttle: dict[str, Any] | None = None

    def answered(self, status: int) -> None:
        """Note the answer's status."""
        self.status = status

    def told(self, *, available: float, maximum: float, restore: float, actual: float) -> None:
        """Note what the upstream said of its bucket of points, and what the call took of it."""
        self.throttle = {
            "available": available,
            "maximum": maximum,
            "restore": restore,
            "charged": self.cost,
            "actual": actual,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What a call was to its upstream."""

    status_class: str | None
    """None: nothing was sent, or nobody knows."""
    is_failure: bool = False
    reason: str = ""
    is_pause: bool = False
    pause: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What stands before every call of one connection, across all workers."""

    pool: Pool = field(repr=False)
    tenant_id: UUID
    tenant: str
    integration_id: UUID
    kind: str
    name: str

    @property
    def gate(self) -> str:
        """The name of the connection's gate, as operators write it: ``shopify:acme/main``."""
        return f"{self.kind}:{self.tenant}/{self.name}"

    @asynccontextmanager
    async def entered(
        self, *, operation: str, key: str | None = None, cost: int = 1, timeout: float, is_deferred: bool = False
    ) -> AsyncGenerator[Passage]:
        """Let one call through, and take note of what came of it.

        Args:
            operation: what is called, for the counts (``orderCancel``).
            key: the caller's idempotency key: the second and later calls under one wait in place, at most 5 s.
            cost: points that the call takes from the connection's limit.
            timeout: seconds that the call may take at most.
            is_deferred: whether the caller was put off before: it goes ahead of what is new.

        Raises:
            Deferred: the gate is closed, or the limit is used up; nothing was called. Or the upstream refused the call
                for load.
        """
        keeper = gatekeeper_of(self.pool)
        mode: Mode = "inside" if key is None or _made.get() == key else "back" if is_deferred else "new"
        passage = await self._let_go(keeper, operation, mode=mode, cost=cost, timeout=timeout)
        _made.set(key)
        started = time.monotonic()
        try:
            yield passage
        except BaseException as error:
            if isinstance(error, Deferred):
                error.detail = {**(error.detail or {}), "gate": self.gate}
            is_urgent = self._note(keeper, passage, _outcome(error, passage), started)
            # whoever is cancelled does not wait
            if is_urgent and isinstance(error, Exception):
                await keeper.flush()
            raise
        if self._note(keeper, passage, _outcome(None, passage), started):
            await keeper.flush()

    async def _let_go(self, keeper: Gatekeeper, operation: str, *, mode: Mode, cost: int, timeout: float) -> Passage:
        connection = (self.tenant_id, self.integration_id)
        if keeper.take_ahead(connection, cost):
            return Passage(operation=operation, cost=cost)
        holder = uuid4()
        asked: dict[str, Any] = {
            "kind": self.kind,
            "connection": self.name,
            "holder": str(holder),
            "cost": cost,
            "timeout": timeout,
            "mode": mode,
        }
        give_up_at = time.monotonic() + (_PATIENCE if mode == "inside" else _SOON)
        stale = 0
        try:
            while stale < _MOST_STALE:
                began_at = time.monotonic()
                leave = await keeper.ask(connection, {**asked, "patience": max(give_up_at - began_at, 0.0)})
                if leave.verdict != "go":
                    pause = min(max(leave.wait_seconds, 0.01), _LOOK_EVERY)
                    if mode != "inside" or leave.verdict == "gate" or time.monotonic() + pause > give_up_at:
                        raise self._deferred(leave)
                    await asyncio.sleep(pause)
                    continue
                due_at = time.monotonic() + leave.wait_seconds
                await asyncio.sleep(leave.wait_seconds)
                # a call that was held up for longer asks again
                if max(time.monotonic() - due_at, due_at - leave.wait_seconds - began_at) < GOOD_FOR:
                    is_awaited = leave.is_probe or leave.has_place
                    return Passage(
                        operation=operation,
                        cost=cost,
                        holder=holder if is_awaited else None,
                        is_probe=leave.is_probe,
                    )
                stale += 1
                self._give_back(keeper, holder)
        except asyncio.CancelledError:
            self._give_back(keeper, holder)
            raise
        except (psycopg.Error, OSError) as error:
            message = f"the limits of {self.gate} can't be asked: {type(error).__name__}"
            raise Deferred(message, kind="limit", seconds=5.0, detail={"gate": self.gate}) from error
        raise Deferred(f"{self.gate}: this worker is too busy", kind="limit", seconds=1.0, detail={"gate": self.gate})

    def _give_back(self, keeper: Gatekeeper, holder: UUID) -> None:
        """Give back what a call may have got that is not made."""
        connection = (self.tenant_id, self.integration_id)
        keeper.event(connection, "probe", holder=str(holder), verdict="gone", reason="")
        keeper.event(connection, "left", holder=str(holder))

    def _deferred(self, leave: Leave) -> Deferred:
        gate = leave.gate or self.gate
        if leave.verdict == "gate":
            return Deferred(leave.told or "closed", kind="gate", until=leave.until, detail={"gate": gate})
        detail = {"gate": gate, "place": True} if leave.verdict == "place" else {"gate": gate}
        return Deferred(leave.told or "used up", kind="limit", until=leave.until, detail=detail)

    def _note(self, keeper: Gatekeeper, passage: Passage, outcome: _Outcome, started: float) -> bool:
        """Take note of a call; True when others wait for it to be written."""
        connection = (self.tenant_id, self.integration_id)
        if outcome.status_class is not None:
            ms = (time.monotonic() - started) * 1000
            keeper.count(connection, passage.operation, outcome.status_class, ms=ms, is_failure=outcome.is_failure)
        if passage.throttle is not None:
            keeper.throttle(connection, passage.throttle)
        is_throttled = outcome.status_class == "throttled"
        if is_throttled:
            keeper.forget_ahead(connection)
        if outcome.is_pause:
            keeper.event(connection, "pause", seconds=outcome.pause, reason=outcome.reason)
        if passage.is_probe:
            verdict = "gone" if outcome.is_pause or outcome.status_class is None else "ok"
            verdict = "failed" if outcome.is_failure and not outcome.is_pause else verdict
            keeper.event(connection, "probe", holder=str(passage.holder), verdict=verdict, reason=outcome.reason)
        if passage.holder is not None:
            keeper.event(connection, "left", holder=str(passage.holder))
        return outcome.is_pause or is_throttled or passage.holder is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What counts the calls of addresses that are no connection's: nothing else stands before them."""

    pool: Pool = field(repr=False)
    tenant_id: UUID

    @asynccontextmanager
    async def entered(
        self, *, operation: str, key: str | None = None, cost: int = 1, timeout: float, is_deferred: bool = False
    ) -> AsyncGenerator[Passage]:
        """Let one call through, and count and time it; as ``Guard.entered``."""
        del key, timeout, is_deferred
        passage = Passage(operation=operation, cost=cost)
        started = time.monotonic()
        try:
            yield passage
        except BaseException as error:
            self._note(passage, _outcome(error, passage), started)
            raise
        self._note(passage, _outcome(None, passage), started)

    def _note(self, passage: Passage, outcome: _Outcome, started: float) -> None:
        if outcome.status_class is not None:
            ms = (time.monotonic() - started) * 1000
            keeper = gatekeeper_of(self.pool)
            connection = (self.tenant_id, UUID(int=0))
            keeper.count(connection, passage.operation, outcome.status_class, ms=ms, is_failure=outcome.is_failure)


def _outcome(error: BaseException | None, passage: Passage) -> _Outcome:
    """Say what a call was to its upstream: 5xx, no answer and unreadable ones are failures, refusals are not."""
    status = passage.status
    if error is None:
        return _of_status(status, "")
    if not isinstance(error, StepError):
        return _Outcome(status_class=None)
    found: Any = error.detail
    detail = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    if isinstance(error, Deferred):
        is_pause = error.kind == "gate"
        pause = detail.get("retry_after") if is_pause else None
        return _Outcome(status_class="throttled", reason=error.message, is_pause=is_pause, pause=pause)
    if detail.get("reason") == "malformed":
        return _Outcome(status_class="unreadable", is_failure=True, reason=error.message)
    if isinstance(error, TransientError):
        return _of_transient(error, status)
    # without a status it was refused on this side
    return _of_status(status, error.message)


def _of_transient(error: TransientError, status: int | None) -> _Outcome:
    if status is None:
        status_class = "no_answer"
    elif status < 400:  # noqa: PLR2004 (GraphQL's errors come with 200)
        status_class = "5xx"
    else:
        status_class = f"{status // 100}xx"
    return _Outcome(
        status_class=status_class,
        is_failure=True,
        reason=error.message,
        is_pause=error.retry_after is not None,
        pause=error.retry_after,
    )


def _of_status(status: int | None, reason: str) -> _Outcome:
    if status is None or not 200 <= status < 600:  # noqa: PLR2004
        return _Outcome(status_class=None)
    return _Outcome(status_class=f"{status // 100}xx", is_failure=status >= 500, reason=reason)  # noqa: PLR2004
