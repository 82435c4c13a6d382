"""What a worker does beside running jobs: it listens, defers periodic jobs, audits itself and looks after dead workers.

None of it is a job: a sweep that stands in the queue can be stuck behind the jobs that it is there to free.
Whatever of it fails is logged and begun again; whether the database is away for too long is decided elsewhere.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# (procrastinate leaves type arguments of its own generics open)

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from procrastinate import exceptions, manager, utils
from procrastinate.job_context import AbortReason
from procrastinate.periodic import PeriodicDeferrer

from aias.jobs.connector import connector_of
from aias.jobs.patience import may_pass

if TYPE_CHECKING:
    from aias.jobs.worker import AiasWorker

__all__ = ["Upkeep"]

logger = logging.getLogger(__name__)

CONTROL_CHANNEL = "aias_control"
"""Where ``aias.pause`` tells the workers that what they have claimed and not started may have to wait."""

_PAUSE_AFTER_FAILURE = 1.0


class Upkeep:
    """The side tasks of one worker."""

    def __init__(self, worker: AiasWorker, *, sweep_every: float) -> None:
        self._worker = worker
        self._sweep_every = sweep_every
        self._side_tasks = [make(worker) for make in worker.app.side_tasks]
        self._until_stop: list[asyncio.Task[None]] = []
        self._until_end: list[asyncio.Task[None]] = []
        self._has_published = asyncio.Event()
        self._has_listened = False

    def start(self) -> None:
        """Begin all of it."""
        self._until_stop = [self._task("sweep", self._sweep)]
        if self._worker.app.periodic_registry.periodic_tasks:
            self._until_stop.append(self._task("deferrer", self._defer_periodic_jobs))
        self._until_stop += [self._task(side.name, side.run) for side in self._side_tasks]
        self._until_end = [self._task("audit", self._audit), self._task("schemas", self._publish_schemas)]
        if self._worker.listen_notify:
            self._until_end.append(self._task("listener", self._listen))

    async def stop(self) -> None:
        """End what makes no sense in a worker that takes no more jobs."""
        await utils.cancel_and_capture_errors(self._until_stop)

    async def end(self) -> None:
        """End the rest: until the last job is written, requests to abort one are heard."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PAUSE_AFTER_FAILURE):
                await self._has_published.wait()  # of a worker that had little to do
        await utils.cancel_and_capture_errors(self._until_end)

    def _task(self, name: str, action: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return asyncio.create_task(self._keep(name, action), name=name)

    async def _keep(self, name: str, action: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await action()
            except Exception as error:
                passing = may_pass(error)
                logger.warning("%s failed, and begins again: %s", name, _cause(error), exc_info=not passing)
            await asyncio.sleep(_PAUSE_AFTER_FAILURE)

    async def _defer_periodic_jobs(self) -> None:
        app = self._worker.app
        await PeriodicDeferrer(registry=app.periodic_registry, **app.periodic_defaults).worker()

    async def _publish_schemas(self) -> None:
        """Tell the database once what arguments the tasks of this worker take, and rest."""
        for task, schema in self._worker.app.argument_schemas.items():
            await self._worker.store.publish_schema(task, schema)
        self._has_published.set()
        await asyncio.Event().wait()

    async def _listen(self) -> None:
        def look() -> None:
            # nothing is missed from now on; before, it may have been (a new worker has nothing in its buffer yet)
            if self._has_listened:
                self._worker.intake.reconsider()
            self._has_listened = True
            self._worker.wake()
            for side in self._side_tasks:
                for channel in side.channels:
                    side.hear(channel, "")

        await connector_of(self._worker.app.connector).listen_notify(
            on_notification=self._hear,
            channels=[
                *manager.get_channel_for_queues(self._worker.queues),
                CONTROL_CHANNEL,
                *(channel for side in self._side_tasks for channel in side.channels),
            ],
            on_listening=look,
        )

    async def _hear(self, *, channel: str, payload: str) -> None:
        if channel == CONTROL_CHANNEL:
            self._worker.intake.reconsider()
            return
        listeners = [side for side in self._side_tasks if channel in side.channels]
        for side in listeners:
            side.hear(channel, payload)
        if listeners:
            return
        notification: dict[str, Any] = json.loads(payload)
        if notification["type"] == "job_inserted":
            self._worker.wake()
        elif notification["type"] == "abort_job_requested":
            for run in [run for run in self._worker.runs if run.job.id == notification["job_id"]]:
                run.abort(AbortReason.USER_REQUEST)

    async def _sweep(self) -> None:
        """Take over from dead workers, unless we are just back from an outage that may have hit the others too."""
        worker = self._worker
        while True:
            if worker.lease.is_fresh() and worker.heartbeat.is_steady():
                for row in await worker.store.sweep(stalled_after=worker.stalled_worker_timeout):
                    logger.warning("Job %(job_id)s of the dead worker %(dead_worker_id)s: %(outcome)s", row)
            await asyncio.sleep(self._sweep_every * random.uniform(0.8, 1.2))  # noqa: S311 (jitter)

    async def _audit(self) -> None:
        """Compare what the worker has in hand with what it holds by the table, again and again."""
        busy = min(self._worker.update_heartbeat_interval, self._worker.abort_job_polling_interval)
        idle = max(busy, self._worker.update_heartbeat_interval)
        unknown: set[tuple[int, int]] = set()
        while True:
            await asyncio.sleep(busy if self._worker.runs or unknown else idle)
            unknown = await self._compare(unknown)

    async def _compare(self, unknown_before: set[tuple[int, int]]) -> set[tuple[int, int]]:
        """Compare once; gives the jobs that the worker does not know of, which are put back when that is so twice.

        No claim is under way meanwhile, so a job that is held by the table and not in hand is one whose claim was
        committed while its answer was lost.
        """
        worker = self._worker
        lease = worker.lease
        async with worker.intake.lock:
            in_hand = {(run.job.id or 0, run.job.attempts): run for run in worker.runs if run.lease is lease}
            held = {(own.job_id, own.attempts): own for own in await worker.store.jobs_of_worker(lease.worker_id)}
        for key, run in in_hand.items():
            if key not in held and run in worker.runs and not run.is_ending:
                logger.warning("Job %s was taken from worker %s: it is stopped here", key[0], lease.worker_id)
                run.is_lost = True
                run.abort(AbortReason.SHUTDOWN)
            elif key in held and held[key].abort_requested:
                run.abort(AbortReason.USER_REQUEST)
        unknown = held.keys() - in_hand.keys()
        for job_id, attempts in unknown & unknown_before:
            if await worker.store.release(job_id, worker_id=lease.worker_id, attempts=attempts):
                logger.warning("Job %s was claimed without our knowing: it goes back to the queue", job_id)
        return unknown - unknown_before


def _cause(error: BaseException) -> str:
    cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) and error.__cause__ else error
    return str(cause).strip() or type(cause).__name__
