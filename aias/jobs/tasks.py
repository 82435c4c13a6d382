"""Declaring tasks: procrastinate's decorator with our retries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, overload

from procrastinate import JobContext
from procrastinate.tasks import Task

from aias.jobs.application import app
from aias.jobs.retries import Backoff
from aias.jobs.side_tasks import ScheduledTask
from aias.staging import loading_plugin, register_once

__all__ = ["scheduled", "task"]

P = ParamSpec("P")
R = TypeVar("R")

_DEFAULT_QUEUE = "maintenance"


@overload
def task(
    *,
    name: str | None = None,
    queue: str = _DEFAULT_QUEUE,
    retry: Backoff | None = ...,
    pass_context: Literal[False] = False,
    args_schema: Mapping[str, Any] | None = None,
    lock: str | None = None,
) -> Callable[[Callable[P, R]], Task[P, R, P]]: ...


@overload
def task(
    *,
    name: str | None = None,
    queue: str = _DEFAULT_QUEUE,
    retry: Backoff | None = ...,
    pass_context: Literal[True],
    args_schema: Mapping[str, Any] | None = None,
    lock: str | None = None,
) -> Callable[[Callable[Concatenate[JobContext, P], R]], Task[Concatenate[JobContext, P], R, P]]: ...


def task(
    *,
    name: str | None = None,
    queue: str = _DEFAULT_QUEUE,
    retry: Backoff | None = Backoff(),  # noqa: B008 (frozen)
    pass_context: bool = False,
    args_schema: Mapping[str, Any] | None = None,
    lock: str | None = None,
) -> Any:
    """Register a function, asynchronous or not, as a task that jobs run.

    ::

        @task(name="acme.reindex", args_schema={"type": "object", "properties": {...}})
        async def reindex(since: str) -> None: ...

    What it raises decides: ``PermanentError`` ends the job, anything else is tried again as ``retry`` says (None:
    never); a ``TransientError`` with ``retry_after`` waits at least so long. A job that gives up goes to the dead
    letters.

    Args:
        name: How jobs name it; without one the function's dotted path.
        queue: Where it runs unless the job says otherwise: a lane's queue.
        retry: When a failed attempt is tried again, in the lane ``retry``.
        pass_context: Hand the ``JobContext`` over as first argument.
        args_schema: JSON Schema of the arguments; ``aias.enqueue_job`` checks it once a worker that has this task was
            started.
        lock: Of all jobs with the same lock one runs at a time.
    """

    def register(function: Callable[..., Any]) -> Any:
        loading_plugin()  # one that was given up registers nothing any more
        registered: Any = app.task(
            name=name,
            queue=queue,
            retry=retry or False,
            pass_context=pass_context,  # pyright: ignore[reportArgumentType, reportCallIssue] (procrastinate overloads on the literal)
            lock=lock,
        )(function)
        if args_schema is not None:
            app.argument_schemas[registered.name] = dict(args_schema)
        return registered

    return register


def scheduled(
    *,
    name: str,
    cron: str,
    task: str | None = None,
    max_attempts: int = 3,
    retry_delay: float = 60.0,
    timeout: float = 3600.0,
) -> Callable[[Callable[[JobContext], Awaitable[None]]], Callable[[JobContext], Awaitable[None]]]:
    """Register a function of the system's own upkeep to run by the clock, each due time once among all workers.

    ::

        @scheduled(name="partitions", cron="17 3 * * *", task="aias.make_partitions")
        async def make_partitions(context: JobContext) -> None: ...

    ``aias.schedules`` shows it with its last and its next run; an administrator may pause it or run it at other times.
    It runs in the lane ``maintenance``, and is skipped while its former run goes on. What it raises is tried again.

    Args:
        name: The schedule's name, unique in the system.
        cron: When it runs unless an administrator says otherwise: five fields, in UTC.
        task: How it is called in views and logs; without one ``aias.`` and the function's name.
        max_attempts: How often a due time is tried in all.
        retry_delay: Seconds before the second attempt; doubled for each further one.
        timeout: Seconds after which a run counts as failed and is cancelled.
    """

    def register(function: Callable[[JobContext], Awaitable[None]]) -> Callable[[JobContext], Awaitable[None]]:
        made = ScheduledTask(
            name=name,
            task=task or f"aias.{getattr(function, '__name__', name)}",
            cron=cron,
            function=function,
            max_attempts=max_attempts,
            retry_delay=retry_delay,
            timeout=timeout,
        )
        register_once(app.scheduled, name, made, what="a schedule")
        return function

    return register
