"""What a worker takes in: it claims into a buffer, starts from it as places get free, and gives back the rest.

What was claimed early is started only while that is still right: not after a pause (told on the channel
``aias_control``), not after a cancellation, and not under a lease that is not fresh: others may have it by then.
"""

# pyright: reportUnknownMemberType=false
# (procrastinate leaves type arguments of its own generics open)

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from procrastinate import exceptions

from aias.jobs.buffer import Buffer
from aias.jobs.running import Run

if TYPE_CHECKING:
    from aias.jobs.worker import AiasWorker

__all__ = ["Intake"]

logger = logging.getLogger(__name__)


class Intake:
    """The buffer of one worker, and the places that its running jobs take; ``start`` begins a job."""

    def __init__(self, worker: AiasWorker, *, start: Callable[[Run], None], may_start: Callable[[], bool]) -> None:
        self._worker = worker
        self._start = start
        self._may_start = may_start
        self._buffer = Buffer()
        self._started_count = 0
        self._round = 0
        self._returns: set[asyncio.Task[None]] = set()
        self.lock = asyncio.Lock()
        """Held while the table and what is in hand may differ: during a claim and while jobs are given back."""

    def is_empty(self) -> bool:
        """Whether nothing waits to be started."""
        return not self._buffer

    def is_low(self) -> bool:
        """Whether it is time to claim."""
        return self._buffer.is_low()

    def is_held_up(self) -> bool:
        """Whether jobs wait only for the next heartbeat to say that they are still ours."""
        return bool(self._buffer) and not self._worker.lease.is_fresh()

    def wanted(self) -> int:
        """Say how many jobs to claim now."""
        return self._buffer.wanted(free=self._worker.concurrency - self._started_count)

    async def claim(self, limit: int) -> bool:
        """Claim up to ``limit`` jobs and start what there is room for; False when none was ready.

        Raises:
            ConnectorException: the database did not answer.
        """
        worker = self._worker
        await self._returned()
        async with self.lock:
            lease, at = worker.lease, self._round
            is_thorough = self._buffer.is_due_to_be_thorough()
            claimed = await worker.store.claim(
                queues=worker.queues, worker_id=lease.worker_id, limit=limit, is_thorough=is_thorough
            )
            if not claimed and not is_thorough:
                claimed = await worker.store.claim(queues=worker.queues, worker_id=lease.worker_id, limit=limit)
            for job in claimed:
                run = worker.run_of(job, lease)
                worker.runs.add(run)
                self._buffer.put(run)
        if at != self._round:
            self.reconsider()  # told of a pause that the claim may not have seen
            return True
        self.start()
        return bool(claimed)

    def start(self) -> None:
        """Start what waits, as far as there is room and it is still to be started."""
        while self._started_count < self._worker.concurrency and self._may_start():
            run = self._buffer.take()
            if run is None:
                return
            if run.is_lost:
                self._worker.runs.discard(run)
            elif run.lease.is_fresh():
                self._started_count += 1
                self._start(run)
            else:
                self._buffer.put_back(run)
                return

    def note_end(self) -> None:
        """A task has returned: its place is free, and the next one starts."""
        self._started_count -= 1
        self._buffer.note_end()
        self.start()
        if self._buffer.is_low():
            self._worker.wake()

    def reconsider(self) -> None:
        """Give back what is not started, and what a claim that is under way will bring: the next claim decides."""
        self._round += 1
        waiting = self._take_all()
        if waiting:
            task = asyncio.create_task(self._give_back(waiting), name="give back")
            self._returns.add(task)
            task.add_done_callback(self._returns.discard)

    async def close(self) -> None:
        """Give back all that is not started; what can't be given back in time, the end of the lease does."""
        await self._give_back(self._take_all())
        await self._returned()

    async def _returned(self) -> None:
        """Wait for what is being given back."""
        if self._returns:
            await asyncio.wait(self._returns)

    def _take_all(self) -> list[Run]:
        waiting = self._buffer.clear()
        self._worker.runs.difference_update(waiting)
        return waiting

    async def _give_back(self, waiting: list[Run]) -> None:
        async with self.lock:
            for lease in {run.lease for run in waiting if not run.is_lost and not run.lease.is_lost}:
                jobs = [run.job for run in waiting if run.lease is lease]
                try:
                    await self._worker.store.release_many(lease.worker_id, jobs)
                except exceptions.ConnectorException as error:
                    # the audit finds them, or the end of the lease does
                    logger.warning("%d claimed jobs could not be given back: %s", len(jobs), error.__cause__)
        self._worker.wake()
