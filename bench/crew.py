"""The workers of one trial."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Self

from bench.contenders import Contender, Site
from bench.errors import BenchError
from bench.processes import Worker
from bench.records import Record

__all__ = ["Crew"]

_LOOK_EVERY = 0.01
_QUIET = 2.0
"""Seconds without a start after which an empty queue means that jobs were lost."""
_LATE = 10.0
"""Seconds that other workers get to come by a job once one has."""
_STALLED = 30.0
"""Seconds without a start after which a queue that is not empty is given up."""


class Crew:
    """Worker processes of a contender on a site; as a context manager it ends them."""

    def __init__(
        self, contender: Contender, site: Site, *, size: int, processes: int = 1, is_echoing: bool = False
    ) -> None:
        self._contender = contender
        self._site = site
        self.workers: list[Worker] = []
        try:
            for _ in range(processes):
                self.workers.append(
                    Worker(
                        contender.tools.processes,
                        contender.command("worker"),
                        env=contender.environment(site),
                        size=size,
                        name=contender.name,
                        is_echoing=is_echoing,
                        is_gated=processes > 1,
                    )
                )
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.end()

    @property
    def done(self) -> int:
        """How many jobs were started, as far as is known."""
        return sum(worker.done for worker in self.workers)

    def wait_until(self, is_over: Callable[[], bool], *, timeout: float) -> float:
        """Wait until something is so, and give the time (monotonic) when it was seen.

        Raises:
            BenchError: it takes too long, nothing moves any more, or a worker ended.
        """
        deadline = time.monotonic() + timeout
        began = time.monotonic()
        while True:
            for worker in self.workers:
                worker.check()
            if is_over():
                return time.monotonic()
            now = time.monotonic()
            if now > deadline:
                raise BenchError(f"not over after {timeout:.0f} s; {self.done} jobs were started")
            if now - max(began, *(worker.changed_at for worker in self.workers)) > _STALLED:
                raise BenchError(f"nothing has moved for {_STALLED:.0f} s; {self.done} jobs were started")
            time.sleep(_LOOK_EVERY)

    def start_together(self) -> None:
        """Hold several workers until each has its first job; a single one starts at once.

        Raises:
            BenchError: the others have left nothing for one of them.
        """
        if len(self.workers) == 1:
            return
        arrived_at: float | None = None

        def is_over() -> bool:
            nonlocal arrived_at
            arrived = sum(worker.is_at_gate for worker in self.workers)
            if arrived and arrived_at is None:
                arrived_at = time.monotonic()
            if arrived_at is not None and time.monotonic() - arrived_at > _LATE and arrived < len(self.workers):
                raise BenchError(f"{arrived} of {len(self.workers)} workers took all jobs: ask for more jobs")
            return arrived == len(self.workers)

        self.wait_until(is_over, timeout=60)
        for worker in self.workers:
            worker.let_through()

    def wait_until_empty(self, jobs: int) -> float:
        """Wait until all jobs are started and the queue's books are empty; give the time when that was seen.

        When the queue is empty before all were started (jobs were lost) it waits a little and then gives up quietly:
        the count of what ran tells.
        """
        nearly_all = jobs * 9 // 10

        def is_over() -> bool:
            done = self.done
            is_quiet = all(worker.is_ready and time.monotonic() - worker.changed_at > _QUIET for worker in self.workers)
            if done < nearly_all and not is_quiet:
                return False
            return (done >= jobs or is_quiet) and self._contender.is_empty(self._site)

        return self.wait_until(is_over, timeout=60 + jobs / 20)

    def stop(self) -> Sequence[Record]:
        """End the workers and give what they noted."""
        for worker in self.workers:
            worker.end()
        return [worker.notes() for worker in self.workers]
