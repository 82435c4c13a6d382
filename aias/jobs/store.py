"""The workers' side of the job table: claims, ends, retries. SQL decides (``sql/jobs``); this carries.

procrastinate's own statements stay for what they are good at (deferring, listing, periodic jobs, its shell). Claiming
and ending a job go through our functions: fenced by worker and attempts, and safe against rows that can't be loaded.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, cast
from uuid import UUID

import attrs
from procrastinate import exceptions, jobs, manager
from procrastinate.connector import BaseConnector
from procrastinate.types import JSONDict
from procrastinate.utils import utcnow

from aias.db import loads
from aias.jobs.patience import answered_within

__all__ = ["AiasJob", "AiasJobManager", "OwnJob", "describe_error"]

logger = logging.getLogger(__name__)

_MESSAGE_LENGTH = 2000


@attrs.frozen(kw_only=True, slots=False)
class AiasJob(jobs.Job):
    """A claimed job; its ``worker_id`` and ``attempts`` are the token without which nothing about it is written."""

    rescue_count: int = 0
    """How often a worker died with it; these are among ``attempts`` but are no failures of the task."""
    tenant_id: UUID | None = None
    """For whom it runs."""
    correlation_id: str | None = None
    trace_parent: str | None = None
    """The trace of whoever enqueued it; None where none was named."""
    trace_state: str | None = None


@attrs.frozen(kw_only=True)
class OwnJob:
    """A job that a worker holds, by the table."""

    job_id: int
    attempts: int
    abort_requested: bool


def describe_error(error: BaseException) -> dict[str, Any]:
    """Give an error as it is stored with a job: bounded, and with nothing in it that PostgreSQL refuses."""
    message = str(error) or type(error).__name__
    text = message.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    return {"type": type(error).__name__, "message": text[:_MESSAGE_LENGTH]}


class AiasJobManager(manager.JobManager):
    """procrastinate's job manager with our claims and fenced ends.

    A write that returns False changed nothing: the job is not this worker's any more, or an earlier try of the same
    write was committed and its answer lost. Every write may therefore be repeated.

    Each call is answered within ``answer_within`` seconds or raises ``ConnectorException``: a connection can be silent
    for much longer without being broken.
    """

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self.answer_within = 10.0

    async def _one(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        async with self._answered():
            return await self.connector.execute_query_one_async(query, **arguments)

    async def _all(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        async with self._answered():
            return await self.connector.execute_query_all_async(query, **arguments)

    @asynccontextmanager
    async def _answered(self) -> AsyncGenerator[None]:
        try:
            async with answered_within(self.answer_within):
                yield
        except TimeoutError as error:
            raise exceptions.ConnectorException(f"no answer within {self.answer_within:g} s") from error

    async def register(
        self,
        *,
        name: str | None,
        host: str,
        pid: int,
        queues: list[str] | None,
        concurrency: int,
        version: str,
        stalled_after: float,
    ) -> int:
        """Register a worker and give its new id."""
        row = await self._one(
            "select aias_private.register_worker("
            " %(name)s, %(host)s, %(pid)s, %(queues)s::text[], %(concurrency)s, %(version)s, %(stalled_after)s"
            ") as id",
            name=name,
            host=host,
            pid=pid,
            queues=queues,
            concurrency=concurrency,
            version=version,
            stalled_after=timedelta(seconds=stalled_after),
        )
        return row["id"]

    async def unregister_worker(self, worker_id: int) -> None:
        """Remove a worker that ends."""
        await self._one("select aias_private.unregister_worker(%(worker_id)s)", worker_id=worker_id)

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:  # noqa: ARG002 (the base's)
        """Do nothing: removing a dead worker is the sweep's business, together with taking over its jobs."""
        return []

    async def claim(
        self, *, queues: Iterable[str] | None, worker_id: int, limit: int, is_thorough: bool = True
    ) -> list[AiasJob]:
        """Claim up to ``limit`` ready jobs, in the order in which they are to start; empty when none is ready.

        A claim that is not thorough is faster where many claimed rows wait for vacuum, and may miss a job whose
        transaction was slow to commit. A row that can't be loaded is moved to the dead letters, and the next ones are
        claimed.
        """
        while True:
            rows = await self._all(
                "select * from aias_private.claim_jobs(%(queues)s::text[], %(worker_id)s, %(limit)s, %(is_thorough)s)",
                queues=None if queues is None else list(queues),
                worker_id=worker_id,
                limit=limit,
                is_thorough=is_thorough,
            )
            claimed: list[AiasJob] = []
            for row in rows:
                try:
                    claimed.append(_job(row, worker_id))
                except ValueError as error:
                    logger.exception("Job %s can't be loaded: moved to the dead letters", row["id"])
                    await self.quarantine(row["id"], str(error))
            if claimed or not rows:
                return claimed

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> AiasJob | None:
        """Claim one job, for code that knows procrastinate's interface."""
        return next(iter(await self.claim(queues=queues, worker_id=worker_id, limit=1)), None)

    async def seconds_to_next_job(self) -> float | None:
        """Give the seconds until the next scheduled job falls due; None when nothing is scheduled."""
        row = await self._one("select aias_private.seconds_to_next_job() as seconds")
        return row["seconds"]

    async def quarantine(self, job_id: int, message: str) -> None:
        """Move a job that can't be loaded to the dead letters."""
        await self._one("select aias_private.quarantine_job(%(job_id)s, %(message)s)", job_id=job_id, message=message)

    async def record_successes(self, worker_id: int, ended: Sequence[jobs.Job]) -> set[int]:
        """Write, in one statement, that jobs succeeded and delete them; gives the ids that were still this worker's."""
        row = await self._one(
            "select aias_private.finish_jobs(%(worker_id)s, %(jobs)s::bigint[], %(attempts)s::integer[]) as done",
            worker_id=worker_id,
            jobs=[job.id for job in ended],
            attempts=[job.attempts for job in ended],
        )
        return set(row["done"])

    async def release_many(self, worker_id: int, claimed: Sequence[jobs.Job]) -> int:
        """Give back, in one statement, jobs that were claimed and not started; gives how many were still held."""
        row = await self._one(
            "select aias_private.release_jobs(%(worker_id)s, %(jobs)s::bigint[], %(attempts)s::integer[]) as done",
            worker_id=worker_id,
            jobs=[job.id for job in claimed],
            attempts=[job.attempts for job in claimed],
        )
        return row["done"]

    async def record_end(
        self, job: jobs.Job, *, status: jobs.Status, delete: bool, error: dict[str, Any] | None = None
    ) -> bool:
        """Write that a job ended; a failed one goes to the dead letters in the same transaction."""
        row = await self._one(
            "select aias_private.finish_job("
            " %(job_id)s, %(worker_id)s, %(attempts)s, %(status)s, %(delete)s, %(error)s::jsonb"
            ") as done",
            job_id=job.id,
            worker_id=job.worker_id,
            attempts=job.attempts,
            status=status.value,
            delete=delete,
            error=None if error is None else json.dumps(error),
        )
        return row["done"]

    async def record_retry(
        self,
        job: jobs.Job,
        *,
        delay: float,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
        error: dict[str, Any] | None = None,
    ) -> bool:
        """Write that an attempt failed and the next one is due ``delay`` seconds from the database's now."""
        row = await self._one(
            "select aias_private.postpone_job("
            " %(job_id)s, %(worker_id)s, %(attempts)s, %(delay)s, %(priority)s, %(queue)s, %(lock)s, %(error)s::jsonb"
            ") as done",
            job_id=job.id,
            worker_id=job.worker_id,
            attempts=job.attempts,
            delay=timedelta(seconds=max(delay, 0)),
            priority=priority,
            queue=queue,
            lock=lock,
            error=None if error is None else json.dumps(error),
        )
        return row["done"]

    async def release(self, job_id: int, *, worker_id: int, attempts: int) -> bool:
        """Give a claimed job back as if it had not been claimed."""
        row = await self._one(
            "select aias_private.release_job(%(job_id)s, %(worker_id)s, %(attempts)s) as done",
            job_id=job_id,
            worker_id=worker_id,
            attempts=attempts,
        )
        return row["done"]

    async def jobs_of_worker(self, worker_id: int) -> list[OwnJob]:
        """List what a worker holds, by the table."""
        rows = await self._all(
            "select job_id, attempts, abort_requested from aias_private.jobs_of_worker(%(worker_id)s)",
            worker_id=worker_id,
        )
        return [OwnJob(**row) for row in rows]

    async def sweep(self, *, stalled_after: float) -> list[dict[str, Any]]:
        """Take over from dead workers; one row per job: job_id, outcome, dead_worker_id."""
        return await self._all(
            "select job_id, outcome, dead_worker_id from aias_private.sweep_dead_workers(%(stalled_after)s)",
            stalled_after=timedelta(seconds=stalled_after),
        )

    async def publish_schema(self, task: str, schema: dict[str, Any]) -> None:
        """Tell the database what arguments a task takes."""
        await self._one(
            "select aias_private.set_task_schema(%(task)s, %(schema)s::jsonb)", task=task, schema=json.dumps(schema)
        )

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:  # noqa: FBT001 (the base's)
        """Write that a job ended, for code that knows procrastinate's interface; fenced all the same."""
        await self.record_end(job, status=status, delete=delete_job)

    async def retry_job(
        self,
        job: jobs.Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Write that an attempt failed, for code that knows procrastinate's interface; fenced all the same."""
        delay = 0.0 if retry_at is None else (retry_at - utcnow()).total_seconds()
        await self.record_retry(job, delay=delay, priority=priority, queue=queue, lock=lock)


def _job(row: dict[str, Any], worker_id: int) -> AiasJob:
    """Make a job of a claimed row.

    Raises:
        ValueError: the arguments or the time can't be represented.
    """
    args: object = loads(row["args"])
    if not isinstance(args, dict):
        raise ValueError("the arguments are not an object")  # noqa: TRY004 (a bad value, like those that loads refuses)
    return AiasJob(
        id=row["id"],
        status=jobs.Status.DOING.value,
        queue=row["queue_name"],
        priority=row["priority"],
        lock=row["lock"],
        queueing_lock=row["queueing_lock"],
        task_name=row["task_name"],
        task_kwargs=cast("JSONDict", args),
        scheduled_at=_time(row["scheduled_at"]),
        attempts=row["attempts"],
        worker_id=worker_id,
        rescue_count=row["rescue_count"],
        tenant_id=row["tenant_id"],
        correlation_id=row["correlation_id"],
        trace_parent=row["trace_parent"],
        trace_state=row["trace_state"],
    )


def _time(seconds: float | None) -> datetime | None:
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError):
        raise ValueError("the time is out of range") from None
