"""A worker's lease: how long it may believe that its jobs are still its own.

A worker that is not heard of for ``stalled_after`` seconds is dead to the others, and they take its jobs over. It
can't know whether they did while it was stopped or cut off; it can know how long ago its last heartbeat was confirmed.
Effects on the outside world are started only while that is recent enough.
"""

from __future__ import annotations

import time
from contextvars import ContextVar

__all__ = ["Lease", "current_lease", "lease_is_fresh"]

_MARGIN = 0.2
"""The part of the lease that is left to what was started at its last moment."""


class Lease:
    """One registration of a worker; it is renewed by heartbeats until it is lost, and then never comes back."""

    __slots__ = ("_confirmed_at", "_is_lost", "stalled_after", "worker_id")

    def __init__(self, *, worker_id: int, stalled_after: float, confirmed_at: float) -> None:
        self.worker_id = worker_id
        self.stalled_after = stalled_after
        self._confirmed_at = confirmed_at
        self._is_lost = False

    @property
    def is_lost(self) -> bool:
        """Whether the database has said that the worker was given up."""
        return self._is_lost

    def confirm(self, at: float) -> None:
        """Renew the lease from ``at``: the ``time.monotonic()`` before the heartbeat was sent."""
        self._confirmed_at = max(self._confirmed_at, at)

    def lose(self) -> None:
        """Note that the jobs held under this lease are others' now."""
        self._is_lost = True

    def is_fresh(self) -> bool:
        """Whether nobody can have taken the jobs over yet, with a margin for what is started now.

        CLOCK_MONOTONIC runs on while the process is stopped, so that one who wakes up after a long time sees it here.
        """
        age = time.monotonic() - self._confirmed_at
        return not self._is_lost and age < self.stalled_after * (1 - _MARGIN)


current_lease: ContextVar[Lease | None] = ContextVar("aias_lease", default=None)
"""The lease of the job that this code runs in; None outside of a worker."""


def lease_is_fresh() -> bool:
    """Whether the running job may still begin something that others see.

    False: the worker was stopped or cut off for so long that another may run the job by now; nothing must be begun,
    and what is written will probably be refused. Always true outside of a worker.
    """
    lease = current_lease.get()
    return lease is None or lease.is_fresh()
