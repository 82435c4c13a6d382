"""What a worker has claimed and not started: enough to be busy while it claims, and no more than a moment's work."""

from __future__ import annotations

import time
from collections import deque

from aias.jobs.running import Run

__all__ = ["Buffer"]

_MOMENT = 0.25
"""Seconds of work, at the measured pace, that may wait in the buffer: what others could do instead."""
_MOST = 1000
_HELD = 2000
"""Jobs in one claim, and in the buffer."""
_SMOOTHING = 0.2
_THOROUGH_EVERY = 1.0


class Buffer:
    """A queue of claimed jobs that measures the pace at which jobs end, and says how many to claim."""

    def __init__(self) -> None:
        self._runs: deque[Run] = deque()
        self._pace = 0.0
        self._ended = 0
        self._since = time.monotonic()
        self._was_thorough_at = 0.0

    def __len__(self) -> int:
        return len(self._runs)

    def put(self, run: Run) -> None:
        """Add a claimed job."""
        self._runs.append(run)

    def put_back(self, run: Run) -> None:
        """Put the job back that was taken last."""
        self._runs.appendleft(run)

    def take(self) -> Run | None:
        """Give the next job to start."""
        return self._runs.popleft() if self._runs else None

    def clear(self) -> list[Run]:
        """Empty the buffer and give what was in it."""
        runs = list(self._runs)
        self._runs.clear()
        return runs

    def note_end(self) -> None:
        """Count a job that ended."""
        self._ended += 1

    def wanted(self, *, free: int) -> int:
        """Say how many jobs to claim now, ``free`` of which could start at once; 0 when there is enough."""
        self._measure()
        if not self.is_low() and free <= len(self._runs):
            return 0
        return min(max(free, 0) + self._target() - len(self._runs), _MOST)

    def is_low(self) -> bool:
        """Whether the next claim should begin: less than half of a moment's work is left."""
        return len(self._runs) * 2 <= self._target()

    def is_due_to_be_thorough(self) -> bool:
        """Whether this claim is one of those that look everywhere; true once a second."""
        now = time.monotonic()
        if now - self._was_thorough_at < _THOROUGH_EVERY:
            return False
        self._was_thorough_at = now
        return True

    def _target(self) -> int:
        return min(int(self._pace * _MOMENT), _HELD)

    def _measure(self) -> None:
        now = time.monotonic()
        elapsed = now - self._since
        if elapsed < 0.05:  # noqa: PLR2004 (too short to tell a pace)
            return
        self._pace += _SMOOTHING * (self._ended / elapsed - self._pace)
        self._ended, self._since = 0, now
