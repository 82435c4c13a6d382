"""The worker: procrastinate's, with a loop of its own that loses nothing and does nothing twice.

What differs from procrastinate's worker, each held by a test in ``tests/jobs``:

- the heartbeat goes on, in a thread of its own, until the last job is written;
- the end of a job is written again and again until that is confirmed; when it can't be, the process gives up with an
  error, its heartbeat stops, and others take over;
- a shutdown hands unfinished jobs back to the queue;
- a worker that was given up (stopped for long, cut off) stops what it holds, writes nothing about it, and goes on under
  a new id;
- each worker audits itself and takes over from dead ones (``upkeep``).
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# (procrastinate leaves type arguments of its own generics open)

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack

import psycopg
from procrastinate import exceptions, jobs, retry, utils, worker
from procrastinate.app import WorkerOptions
from procrastinate.job_context import AbortReason, JobContext, JobResult

from aias import __version__
from aias.errors import DatabaseError
from aias.jobs.connector import connector_of
from aias.jobs.ends import Ends
from aias.jobs.heartbeat import Heartbeat
from aias.jobs.intake import Intake
from aias.jobs.lease import Lease, current_lease
from aias.jobs.options import check_options
from aias.jobs.patience import Patience, may_pass
from aias.jobs.running import Outcome, Run, call_task, judge
from aias.jobs.spans import bind_context, span_of
from aias.jobs.stop_signals import stop_signals
from aias.jobs.store import AiasJob, AiasJobManager
from aias.jobs.upkeep import Upkeep
from aias.tracing import current, note

if TYPE_CHECKING:
    from aias.jobs.application import AiasApp

__all__ = ["AiasWorker"]

_LAST_WAIT = 5.0
"""Seconds that cancelled tasks get to end, and the last statement to arrive, when the worker gives up."""


class AiasWorker(worker.Worker):
    """Runs jobs until it is told to stop; ``AiasApp`` makes it for procrastinate's command line and for ours."""

    app: AiasApp
    queues: list[str] | None

    def __init__(
        self, app: AiasApp, *, sweep_every: float, max_loop_block: float, **options: Unpack[WorkerOptions]
    ) -> None:
        check_options(options)
        super().__init__(app=app, **options)
        self.queues = None if self.queues is None else list(self.queues)
        self.store: AiasJobManager = app.store
        self.runs: set[Run] = set()
        self.lease: Lease
        self.heartbeat: Heartbeat
        self._ends = Ends(self.store, patience=self.stalled_worker_timeout, delete_jobs=self.delete_jobs)
        self._upkeep = Upkeep(self, sweep_every=sweep_every)
        self._max_loop_block = max_loop_block
        self.intake = Intake(
            self, start=self._start, may_start=lambda: not self._stop_event.is_set() and self._ends.may_wait()
        )
        self._wake = asyncio.Event()
        self._is_in_hurry = False
        self._failure: DatabaseError | None = None

    async def run(self) -> None:
        """Work until told to stop, or (``wait=False``) until nothing is ready.

        Raises:
            DatabaseError: the database was out of reach for longer than a lease, or has not our schema. What the
                worker held is taken over by others.
        """
        self._stop_event.clear()
        self.run_task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        connector = connector_of(self.app.connector)
        connector.wait_at_most(self.stalled_worker_timeout / 3)
        self.store.answer_within = min(self.store.answer_within, self.stalled_worker_timeout / 2)
        self.lease = await self._register()
        self.heartbeat = Heartbeat(
            conninfo=await asyncio.to_thread(connector.conninfo),
            every=self.update_heartbeat_interval,
            lease=self.lease,
            loop=self._loop,
            on_lost=self._lose_lease,
            running_count=lambda: len(self.runs),
            max_loop_block=self._max_loop_block,
        )
        loop_task = asyncio.create_task(self._run_loop(), name="worker loop")
        try:
            await self._shielded(loop_task)
        finally:
            self._loop = None

    async def _shielded(self, loop_task: asyncio.Task[None]) -> None:
        """Wait for the loop; a cancelled caller counts like a signal: once is a graceful stop, twice a quick one."""
        cancelled: asyncio.CancelledError | None = None
        while True:
            try:
                await asyncio.shield(loop_task)
                break
            except asyncio.CancelledError as error:
                if loop_task.done():
                    raise
                (self.stop if cancelled is None else self._hurry)()
                cancelled = error
        if cancelled is not None:
            raise cancelled

    def stop(self) -> None:
        """Ask for a graceful stop; may be called from any thread."""
        super().stop()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    def wake(self) -> None:
        """Look for jobs now."""
        self._wake.set()

    def _hurry(self) -> None:
        self.logger.warning("Asked to stop again: unfinished jobs go back to the queue now")
        self._is_in_hurry = True
        self._wake.set()

    async def _run_loop(self) -> None:
        assert self._loop is not None  # noqa: S101 (set by run)
        self.logger.info("Starting worker %s on %s", self.lease.worker_id, utils.queues_display(self.queues))
        self.heartbeat.start()
        self._upkeep.start()
        if self.install_signal_handlers:
            _collect_less()
        signals = (
            stop_signals(self._loop, on_first=self.stop, on_second=self._hurry)
            if self.install_signal_handlers
            else contextlib.nullcontext()
        )
        with signals:
            try:
                await self._work()
            except DatabaseError as failure:
                self._give_up(failure)
            finally:
                await self._end()
        if self._failure is not None:
            raise self._failure

    # --- work -------------------------------------------------------------------------------------

    async def _work(self) -> None:
        """Claim and start jobs until told to stop.

        Raises:
            DatabaseError: the database was out of reach for longer than a lease.
        """
        patience = Patience(self.stalled_worker_timeout)
        is_troubled = False
        while not self._stop_event.is_set():
            self._wake.clear()
            if not is_troubled:
                patience.begin()
            is_troubled = False
            try:
                if self.lease.is_lost:
                    await self._renew_lease()
                wanted = self.intake.wanted()
                if wanted > 0 and await self.intake.claim(wanted):
                    continue
                pause = await self._pause() if wanted > 0 else self.fetch_job_polling_interval
            except exceptions.ConnectorException as error:
                is_troubled = True
                await self._bear(error, patience)
                continue
            if wanted > 0 and not self.wait and not self.runs:
                self.logger.info("No job found. Stopping worker because wait=False")
                self._stop_event.set()
                break
            if self.intake.is_held_up():
                pause = min(pause, self.update_heartbeat_interval)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self.intake.start()

    async def _bear(self, error: exceptions.ConnectorException, patience: Patience) -> None:
        """Wait out an error of the database, if it may pass."""
        if isinstance(error.__cause__, psycopg.errors.ForeignKeyViolation):
            # claimed under an id that is gone: we were given up, and the heartbeat has not heard of it yet
            self._lose_lease()
            return
        if not may_pass(error):
            raise DatabaseError(f"jobs can't be claimed: {error.__cause__ or error}") from error
        self.logger.warning("Jobs can't be claimed just now: %s", str(error.__cause__ or error).strip())
        await patience.wait(error)

    def _start(self, run: Run) -> None:
        run.runner = asyncio.create_task(self._process(run), name=run.job.task_name)

    async def _pause(self) -> float:
        """Give the seconds to sleep when nothing is ready: until the next poll, or the next scheduled job."""
        seconds = await self.store.seconds_to_next_job()
        if seconds is None:
            return self.fetch_job_polling_interval
        return min(max(seconds, 0.001), self.fetch_job_polling_interval)

    def run_of(self, job: AiasJob, lease: Lease) -> Run:
        """Give a claimed job as one in this worker's hands."""
        return Run(job=job, lease=lease, task=self.app.tasks.get(job.task_name), make_context=self._context_of)

    def _context_of(self, run: Run) -> JobContext:
        return JobContext(
            app=self.app,
            worker_name=self.worker_name,
            worker_queues=self.queues,
            additional_context={**(self.additional_context or {}), "lease": run.lease},
            job=run.job,
            abort_reason=lambda: run.abort_reason,
            start_timestamp=time.time(),
        )

    async def _process(self, run: Run) -> None:
        """Run a job to its end and write that; never raises."""
        run.is_started = True
        current_lease.set(run.lease)
        context = bind_context(run.job)
        result = JobResult(start_timestamp=time.time())
        error: BaseException | None = None
        if not run.lease.is_fresh() and run.abort_reason is None:
            run.abort_reason = AbortReason.SHUTDOWN  # the process was stopped in between: it goes back
        try:
            if self.logger.isEnabledFor(logging.DEBUG):
                self.logger.debug(
                    "Starting job %s",
                    run.job.call_string,
                    extra=self._log_extra(context=run.context, action="start_job", job_result=result),
                )
            result.result = await call_task(run, self._resolve_task_middlewares, self.worker_middleware, self)
        except BaseException as raised:  # noqa: BLE001 (whatever a task raises is its own end, not the worker's)
            error = raised
        # of executions the engine tells
        if context is not None and current() is context:
            note(connector_of(self.app.connector).pool, span_of(run.job, context, result.start_timestamp, error))
        # its place is free now; writing its end takes none
        run.is_ending = True
        self.intake.note_end()
        try:
            await self._record(run, self._judge(run, result, error))
        except DatabaseError as failure:
            self._give_up(failure)
        except Exception as broken:
            self.logger.exception("The end of job %s can't be recorded", run.job.id)
            self._give_up(DatabaseError(f"the end of job {run.job.id} can't be recorded: {broken!r}"))
        finally:
            self.runs.discard(run)
            self.intake.start()
            if self._stop_event.is_set() or run.job.lock or self.intake.is_low():
                self._wake.set()

    def _judge(self, run: Run, result: JobResult, error: BaseException | None) -> Outcome:
        try:
            return judge(run, result, error)
        except Exception as broken:
            self.logger.exception("The retry strategy of %s failed", run.job.task_name)
            return Outcome(status=jobs.Status.FAILED, result=result, error=error or broken)

    # --- ends -------------------------------------------------------------------------------------

    async def _record(self, run: Run, outcome: Outcome) -> None:
        """Log and write what became of a job.

        Raises:
            DatabaseError: it could not be written within a lease.
        """
        is_returned = outcome.status is jobs.Status.TODO
        # a line per success is for those who ask for it
        if outcome.error is not None or self.logger.isEnabledFor(logging.DEBUG):
            self._log_job_outcome(
                status=jobs.Status.ABORTED if is_returned else outcome.status,
                context=run.context,
                job_result=outcome.result,
                job_retry=exceptions.JobRetry(retry.RetryDecision()) if is_returned else outcome.retry,
                exc_info=outcome.error or False,
            )
        await self._ends.record(run, outcome)

    def _give_up(self, failure: DatabaseError) -> None:
        if self._failure is None:
            self.logger.critical("Giving up, others take over: %s", failure)
            self._failure = failure
        self.stop()

    async def _end(self) -> None:
        """Let the running jobs end, hand back what does not, and leave."""
        await self._upkeep.stop()
        self.heartbeat.drain()
        await self.intake.close()
        if self.runs:
            self.logger.info("Waiting for %d jobs to end", len(self.runs))
        await self._settle(self.shutdown_graceful_timeout, lambda: self._is_in_hurry or self._failure is not None)
        for run in list(self.runs):
            run.is_lost = run.is_lost or self._failure is not None
            run.abort(AbortReason.SHUTDOWN)
        await self._settle(None, lambda: self._failure is not None)
        if self._failure is not None:
            await self._abandon()
        await self._upkeep.end()
        self.heartbeat.stop()
        try:
            async with asyncio.timeout(_LAST_WAIT):
                await self.store.unregister_worker(self.lease.worker_id)
        except (exceptions.ConnectorException, TimeoutError):
            self.logger.warning("Worker %s could not sign off: its lease runs out by itself", self.lease.worker_id)
        self.logger.info("Stopped worker %s on %s", self.lease.worker_id, utils.queues_display(self.queues))

    async def _settle(self, timeout: float | None, is_enough: Callable[[], bool]) -> None:
        """Wait until no job runs, it is enough, or the time is up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self.runs and not is_enough():
                    self._wake.clear()
                    await self._wake.wait()

    async def _abandon(self) -> None:
        """Stop what runs without writing anything; a thread that does not stop takes the process with it."""
        for run in list(self.runs):
            run.is_lost = True
            run.abort(AbortReason.SHUTDOWN)
        await self._settle(_LAST_WAIT, lambda: False)
        if self.runs and self.install_signal_handlers:
            # signing off would hand out jobs that still run here
            self.logger.critical("%d jobs do not stop: the process ends at once", len(self.runs))
            logging.shutdown()
            os._exit(1)

    # --- the lease --------------------------------------------------------------------------------

    async def _register(self) -> Lease:
        """Register under a new id; the lease counts from before the call."""
        before = time.monotonic()
        try:
            self.worker_id = await self.store.register(
                name=self.worker_name,
                host=socket.gethostname(),
                pid=os.getpid(),
                queues=self.queues,
                concurrency=self.concurrency,
                version=__version__,
                stalled_after=self.stalled_worker_timeout,
            )
        except exceptions.ConnectorException as error:
            if isinstance(error.__cause__, psycopg.errors.UndefinedFunction | psycopg.errors.InvalidSchemaName):
                raise DatabaseError("the database has not our schema: run `aias db migrate`") from error
            raise
        return Lease(worker_id=self.worker_id, stalled_after=self.stalled_worker_timeout, confirmed_at=before)

    def _lose_lease(self) -> None:
        """Stop all that was held under the lease: it is others' now."""
        self.lease.lose()
        for run in list(self.runs):
            if run.lease is self.lease:
                run.is_lost = True
                run.abort(AbortReason.SHUTDOWN)
        self._wake.set()

    async def _renew_lease(self) -> None:
        """Come back under a new id."""
        former = self.lease
        self._lose_lease()  # what was started in the same moment, too
        self.lease = await self._register()
        self.heartbeat.lease = self.lease
        self.logger.warning("Worker %s was given up and goes on as worker %s", former.worker_id, self.lease.worker_id)


def _collect_less() -> None:
    """Fit the garbage collector to a process that does nothing but run jobs.

    A worker holds hundreds of jobs at a time, each several containers: with Python's first threshold (700) a fifth of
    its time goes into looking at them again and again. What was imported is not looked at any more at all.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
