"""Enqueuing from one process in shared transactions, for those who enqueue much and wait for each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg

from aias.db import Gathered, Pool
from aias.errors import SqlError, from_sqlstate
from aias.jobs.models import NewJob
from aias.jobs.patience import answered_within
from aias.jobs.queries import enqueue_jobs

__all__ = ["Enqueuer"]

_ANSWER_WITHIN = 30.0


class Enqueuer:
    """Enqueues jobs over a pool; calls that come at the same time share a statement and its commit.

    A single call takes as long as ever, many at once take little more than one. It has transactions of its own: what
    is to be enqueued with other changes or not at all goes through ``enqueue_job`` on the caller's connection.
    """

    def __init__(self, pool: Pool, *, most: int = 500) -> None:
        """Take a pool; ``most`` jobs are written by one statement, and no more than 4 MB of them."""
        self._pool = pool
        self._groups = Gathered[NewJob, int](self._write, most=most)

    async def enqueue(
        self,
        task: str,
        args: Mapping[str, Any] | None = None,
        *,
        tenant: str | None = None,
        lane: str | None = None,
        run_at: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> int:
        """Enqueue a job and give its id once it is committed.

        Raises:
            NotFound: no such tenant or lane.
            Conflict: the idempotency key stands for another job.
            InvalidArgument: an argument is malformed, or ``args`` do not fit the task's schema.
            psycopg.Error: the database is out of reach; whether the job is enqueued is not known without a key.
        """
        job = NewJob(
            task=task, args=args or {}, tenant=tenant, lane=lane, run_at=run_at, idempotency_key=idempotency_key
        )
        # what JSON has no form for fails here, alone
        return await self._groups.call(job, size=len(json.dumps(job.to_json(), allow_nan=False)))

    async def _write(self, jobs: Sequence[NewJob]) -> Sequence[int | BaseException]:
        try:
            return await self._send(jobs)
        except psycopg.DataError as error:
            # something in one of them is no JSON to PostgreSQL (U+0000): nothing is written yet
            if len(jobs) == 1:
                return [from_sqlstate(error) or SqlError(str(error))]
        found: list[int | BaseException] = []
        for job in jobs:
            found.extend(await self._write([job]))
        return found

    async def _send(self, jobs: Sequence[NewJob]) -> list[int | SqlError]:
        async with answered_within(_ANSWER_WITHIN), self._pool.connection() as conn:
            return await enqueue_jobs(conn, jobs)
