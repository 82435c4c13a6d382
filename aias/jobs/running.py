"""One job in a worker's hands: calling its task, and what came of it."""

from __future__ import annotations

import asyncio
import functools
import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from procrastinate import exceptions, jobs, middleware, retry, utils
from procrastinate.job_context import AbortReason, JobContext, JobResult
from procrastinate.tasks import Task

from aias.jobs.lease import Lease
from aias.jobs.store import AiasJob
from aias.reporting import Failed, report, type_of

__all__ = ["Outcome", "Run", "call_task", "judge"]


@dataclass(eq=False, kw_only=True)
class Run:
    """A claimed job while this process has it."""

    job: AiasJob
    lease: Lease
    task: Task[..., Any, ...] | None
    make_context: Callable[[Run], JobContext] = field(repr=False)
    runner: asyncio.Task[None] | None = None
    abort_reason: AbortReason | None = None
    is_started: bool = False
    is_ending: bool = False
    """The task is done; only its end is still to be written."""
    is_lost: bool = False
    """The job is another's by now; nothing is written about it any more."""

    @functools.cached_property
    def context(self) -> JobContext:
        """What procrastinate hands to tasks that ask for it, and to middlewares; nearly every job needs none."""
        return self.make_context(self)

    @property
    def is_async(self) -> bool:
        """Whether the task can be cancelled; a synchronous one runs in a thread and must ask ``should_abort``."""
        return self.task is None or _is_coroutine_function(self.task.func)

    def abort(self, reason: AbortReason) -> None:
        """Ask the task to stop; its end is written as the reason demands."""
        if self.abort_reason is None:
            self.abort_reason = reason
        if self.runner is not None and self.is_started and not self.is_ending and self.is_async:
            self.runner.cancel()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is to be written about a job."""

    status: jobs.Status
    """SUCCEEDED, FAILED, ABORTED; TODO: it goes back to the queue as if it had not been claimed."""
    result: JobResult
    error: BaseException | None = None
    retry: exceptions.JobRetry | None = None

    @property
    def decision(self) -> retry.RetryDecision | None:
        """When and where it is tried again; None when it is not."""
        return None if self.retry is None else self.retry.retry_decision


@functools.lru_cache(maxsize=1000)
def _is_coroutine_function(function: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(function)


async def call_task(
    run: Run,
    task_middlewares: Callable[[Task[..., Any, ...], bool], list[middleware.TaskMiddleware]],
    worker_middlewares: list[middleware.WorkerMiddleware],
    worker: Any,
) -> Any:
    """Call the task through its middlewares, as procrastinate does: asynchronous on the loop, synchronous in a thread.

    Raises:
        TaskNotFound: no task of that name is registered.
    """
    task = run.task
    if task is None:
        raise exceptions.TaskNotFound(f"there is no task {run.job.task_name!r} in this worker")
    if run.abort_reason is not None:
        raise asyncio.CancelledError
    arguments = [run.context] if task.pass_context else []
    is_async = _is_coroutine_function(task.func)
    around = task_middlewares(task, is_async)
    if is_async and not around and not worker_middlewares:
        # nearly every job: nothing stands between
        return await task(*arguments, **run.job.task_kwargs)

    async def call() -> Any:
        if is_async:

            async def call_async() -> Any:
                return await task(*arguments, **run.job.task_kwargs)

            result = await middleware.compose(around, call_async, run.context, worker)()
        else:

            def call_sync() -> Any:
                return task(*arguments, **run.job.task_kwargs)

            result = await utils.sync_to_async(middleware.compose(around, call_sync, run.context, worker))
        # a synchronous function may give an awaitable all the same (functools.partial of a coroutine function)
        return await result if inspect.isawaitable(result) else result

    outermost: Callable[[], Awaitable[Any]] = middleware.compose(worker_middlewares, call, run.context, worker)
    return await outermost()


def judge(run: Run, result: JobResult, error: BaseException | None) -> Outcome:
    """Decide what becomes of a job whose task has returned or raised; a failure is reported."""
    result.end_timestamp = time.time()
    if error is None:
        return Outcome(status=jobs.Status.SUCCEEDED, result=result)
    is_cancelled = isinstance(error, exceptions.JobAborted | asyncio.CancelledError)
    if run.abort_reason is AbortReason.SHUTDOWN:
        # whatever the task made of being interrupted: it did not get its chance
        return Outcome(status=jobs.Status.TODO, result=result, error=error)
    if is_cancelled and run.abort_reason is AbortReason.USER_REQUEST:
        return Outcome(status=jobs.Status.ABORTED, result=result, error=error)
    if isinstance(error, exceptions.JobAborted):
        return Outcome(status=jobs.Status.ABORTED, result=result, error=error)
    retry = None if run.task is None else run.task.get_retry_exception(exception=error, job=run.job)
    outcome = Outcome(status=jobs.Status.FAILED, result=result, error=error, retry=retry)
    _tell_failure(run, error, is_final=retry is None)
    return outcome


def _tell_failure(run: Run, error: BaseException, *, is_final: bool) -> None:
    """Report an attempt that failed; one that is not repeated counts towards its task's fuse."""
    report(
        Failed(
            source="job",
            name=run.job.task_name,
            error=error,
            type=type_of(error),
            message=str(error) or type(error).__name__,
            tenant_id=run.job.tenant_id,
            job_id=run.job.id,
            fuse=("task", run.job.task_name) if is_final else None,
        )
    )
