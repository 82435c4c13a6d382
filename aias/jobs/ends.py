"""Writing how jobs ended, as often as it takes."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import cast

from procrastinate import exceptions, jobs, utils

from aias.errors import DatabaseError
from aias.jobs.patience import Patience, may_pass
from aias.jobs.running import Outcome, Run
from aias.jobs.store import AiasJobManager, describe_error

__all__ = ["Ends"]

logger = logging.getLogger(__name__)

_MOST_WAITING = 2000
_FLUSHES = 3
"""Groups that may be on their way at once: PostgreSQL gives their commits one flush of the log where it can."""
_GROUP = 200
"""So many ends are worth a statement of their own while another is on its way."""


class Ends:
    """The ends of one worker's jobs; ``patience`` is for how many seconds a write may fail."""

    def __init__(self, store: AiasJobManager, *, patience: float, delete_jobs: jobs.DeleteJobCondition) -> None:
        self._store = store
        self._patience = patience
        self._delete_jobs = delete_jobs
        self._succeeded: dict[int, list[tuple[Run, asyncio.Future[bool]]]] = {}
        self._waiting_count = 0
        self._flushes: set[asyncio.Task[None]] = set()

    def may_wait(self) -> bool:
        """Whether another end may wait to be written: where the database is slow, so are we."""
        return self._waiting_count < _MOST_WAITING

    async def record(self, run: Run, outcome: Outcome) -> None:
        """Write what became of a job, unless it is another's by now; returns when that is committed.

        Raises:
            DatabaseError: it could not be written for as long as there was patience.
        """
        patience = Patience(self._patience)
        write = self._statement(run, outcome)
        while not (run.is_lost or run.lease.is_lost):
            try:
                if not await write():
                    logger.warning("The end of job %s was written before, or it is another's by now", run.job.id)
                return
            except exceptions.ConnectorException as error:
                if may_pass(error):
                    logger.warning("The end of job %s can't be written just now: %s", run.job.id, error.__cause__)
                    await patience.wait(error)
                elif outcome.retry is not None:
                    # the retry asks for something that the table refuses (a queue's name, a lock)
                    outcome = Outcome(status=jobs.Status.FAILED, result=outcome.result, error=error.__cause__ or error)
                    write = self._statement(run, outcome)
                else:
                    raise DatabaseError(f"the end of job {run.job.id} can't be written: {error.__cause__}") from error

    def _statement(self, run: Run, outcome: Outcome) -> Callable[[], Awaitable[bool]]:
        """Give the call that writes an outcome; it may be repeated."""
        job, store = run.job, self._store
        if (
            outcome.status is jobs.Status.SUCCEEDED
            and outcome.retry is None
            and self._delete_jobs is not jobs.DeleteJobCondition.NEVER
        ):
            return functools.partial(self._succeed, run)
        error = None if outcome.error is None else describe_error(outcome.error)
        decision = outcome.decision
        if outcome.status is jobs.Status.TODO:
            return lambda: store.release(job.id or 0, worker_id=run.lease.worker_id, attempts=job.attempts)
        if decision is not None:
            # from now on by the database's clock; our own may be wrong
            delay = 0.0 if decision.retry_at is None else (decision.retry_at - utils.utcnow()).total_seconds()
            return lambda: store.record_retry(
                job, delay=delay, priority=decision.priority, queue=decision.queue, lock=decision.lock, error=error
            )
        is_deleted = self._delete_jobs is jobs.DeleteJobCondition.ALWAYS
        return lambda: store.record_end(job, status=outcome.status, delete=is_deleted, error=error)

    def _succeed(self, run: Run) -> asyncio.Future[bool]:
        """Have a success written together with the others of the moment; done when that is committed."""
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._succeeded.setdefault(run.lease.worker_id, []).append((run, written))
        self._waiting_count += 1
        if not self._flushes or (self._waiting_count >= _GROUP and len(self._flushes) < _FLUSHES):
            flush = asyncio.create_task(self._flush(), name="flush ends", context=Context())
            self._flushes.add(flush)
        return written

    async def _flush(self) -> None:
        """Write what has gathered, one statement and commit at a time, until little is left for the others' next."""
        try:
            while self._succeeded and (len(self._flushes) == 1 or self._waiting_count >= _GROUP):
                worker_id, group = self._succeeded.popitem()
                self._waiting_count -= len(group)
                try:
                    done = await self._store.record_successes(worker_id, [run.job for run, _ in group])
                except exceptions.ConnectorException as error:
                    for _, written in group:
                        if not written.done():
                            written.set_exception(error)
                else:
                    for run, written in group:
                        if not written.done():
                            written.set_result(run.job.id in done)
        finally:
            # in the same step as the look above, so that nothing is left behind that nobody writes
            self._flushes.discard(cast("asyncio.Task[None]", asyncio.current_task()))
