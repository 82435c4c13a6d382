"""When a failed task is tried again."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from aias.errors import PermanentError
from aias.jobs.store import AiasJob

__all__ = ["Backoff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff(BaseRetryStrategy):
    """Exponential backoff with full jitter: wait between 0 and ``initial * factor ** failures``, at most ``max_delay``.

    - A ``retry_after`` on the error (seconds, the upstream's wish) is the least that is waited, up to
      ``max_retry_after``.
    - ``PermanentError`` is never tried again.
    - Attempts that a dead worker took with it do not count; those have a limit of their own.
    - The next attempt runs in the lane ``lane``; None keeps it where it was.
    """

    max_attempts: int = 5
    initial: float = 1.0
    factor: float = 2.0
    max_delay: float = 300.0
    max_retry_after: float = 3600.0
    lane: str | None = "retry"

    def delay(self, failure_count: int, *, retry_after: float | None = None) -> float:
        """Seconds to wait after that many failures (the latest included)."""
        exponent = min(failure_count - 1, 64)  # beyond it every policy is at its cap; the power must not overflow
        ceiling = min(self.initial * self.factor**exponent, self.max_delay)
        jittered = random.uniform(0, ceiling)  # noqa: S311 (jitter, no secret)
        if retry_after is None or not math.isfinite(retry_after):
            return jittered
        return max(jittered, min(retry_after, self.max_retry_after))

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide on a failed attempt; None: it failed for good."""
        rescue_count = job.rescue_count if isinstance(job, AiasJob) else 0
        failure_count = job.attempts - rescue_count + 1
        if isinstance(exception, PermanentError) or failure_count >= self.max_attempts:
            return None
        wish = getattr(exception, "retry_after", None)
        delay = self.delay(failure_count, retry_after=float(wish) if isinstance(wish, int | float) else None)
        return RetryDecision(retry_in={"milliseconds": round(delay * 1000)}, queue=self.lane)
