"""Declaring tasks: procrastinate's decorator with our retries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, overload

from procrastinate import JobContext
from procrastinate.tasks import Task

from aias.jobs.application import app
from aias.jobs.retries import Backoff

__all__ = ["task"]

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
