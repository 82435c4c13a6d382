"""``Aias``: the calls that are not about one execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from psycopg import AsyncConnection

from aias import jobs, telemetry, workflows
from aias.client.execution import Execution
from aias.client.session import Session, check_json
from aias.client.upstreams import Upstreams
from aias.errors import InvalidArgument, NotFound, SqlError
from aias.jobs import NewJob
from aias.settings import Settings, get_settings
from aias.telemetry import Tracked
from aias.workflows import Applied

__all__ = ["Aias", "require_tenant"]

_LONGEST_LIST = 1000
_MOST_JOBS = 10_000


class Aias(Upstreams):
    """A client; ``async with`` opens and closes its pool. Safe to share between the tasks of one event loop."""

    def __init__(self, url: str | Settings, *, max_connections: int = 10, actor: str | None = None) -> None:
        """Take the database at ``url``; an empty one leaves it to the PG* variables.

        ``actor`` is the person on whose behalf all of it is done: the audit log names it instead of the database role.
        """
        self.session = Session(url, max_connections=max_connections, actor=actor)

    @classmethod
    def from_env(cls, *, max_connections: int = 10, actor: str | None = None) -> Self:
        """Take the database that the settings mean: ``DATABASE_URL``, PG*, or the embedded one, which is then started.

        Raises:
            ConfigurationError: bad settings; the message names each.
        """
        return cls(get_settings(), max_connections=max_connections, actor=actor)

    async def __aenter__(self) -> Self:
        await self.session.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.session.close()

    async def run_workflow(
        self,
        workflow: str,
        *,
        tenant: str,
        input: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        run_at: datetime | None = None,
        connection: AsyncConnection[Any] | None = None,
    ) -> Execution:
        """Start an execution of the workflow's current version.

        The same idempotency key with the same input gives the same execution, however often it is called. With
        ``connection`` the start is part of the caller's transaction: no worker sees it before that commits, and if it
        rolls back nothing ran.

        Raises:
            NotFound: there is no such tenant or workflow.
            Conflict: the workflow is disabled, or the key stands for another input.
            InvalidArgument: the input does not fit the workflow's schema, or another argument is malformed.
        """
        _check(run_at, input, "p_input")
        async with self.session.connection(connection) as conn:
            started = await workflows.run_workflow(
                conn, tenant, workflow, input, idempotency_key=idempotency_key, run_at=run_at
            )
            return Execution(self.session, await workflows.get_execution(conn, started))

    async def execution(self, id: UUID | str, *, connection: AsyncConnection[Any] | None = None) -> Execution:
        """Give an execution by its id.

        Raises:
            NotFound: there is none that the caller may see.
            InvalidArgument: that is no UUID.
        """
        try:
            wanted = id if isinstance(id, UUID) else UUID(id)
        except ValueError:
            raise InvalidArgument(f"an execution's id is a UUID, not {id!r}", argument="p_execution") from None
        async with self.session.connection(connection) as conn:
            return Execution(self.session, await workflows.get_execution(conn, wanted))

    async def executions(
        self,
        *,
        tenant: str | None = None,
        workflow: str | None = None,
        status: str | None = None,
        before: UUID | None = None,
        limit: int = 50,
    ) -> list[Execution]:
        """List executions, newest first, at most ``limit``; ``before`` is the last id of the page before.

        Raises:
            NotFound: there is no such tenant.
            InvalidArgument: ``limit`` is not between 1 and 1000.
        """
        if not 1 <= limit <= _LONGEST_LIST:
            raise InvalidArgument(f"a limit lies between 1 and {_LONGEST_LIST}, not at {limit}", argument="limit")
        async with self.session.connection() as conn:
            if tenant is not None:
                await require_tenant(conn, tenant)
            rows = await workflows.list_executions(
                conn, tenant=tenant, workflow=workflow, status=status, before=before, limit=limit
            )
        return [Execution(self.session, row) for row in rows]

    async def apply_workflow(
        self,
        definition: Mapping[str, Any] | str | bytes,
        *,
        tenant: str,
        connection: AsyncConnection[Any] | None = None,
    ) -> Applied:
        """Validate a definition (a mapping, or YAML or JSON text) and store it as the workflow's newest version.

        The same again changes nothing. Executions that have begun keep their version.

        Raises:
            DefinitionError: it has problems; all of them, each with its JSON path. Nothing is stored.
            NotFound: there is no such tenant.
        """
        source = definition if isinstance(definition, str | bytes) else dict(definition)
        async with self.session.connection(connection) as conn:
            return await workflows.apply_workflow(conn, tenant, source)

    async def enqueue(
        self,
        task: str,
        args: Mapping[str, Any] | None = None,
        *,
        tenant: str | None = None,
        lane: str | None = None,
        run_at: datetime | None = None,
        idempotency_key: str | None = None,
        connection: AsyncConnection[Any] | None = None,
    ) -> int:
        """Enqueue a job of a task and give its id.

        Without a tenant it is the system's own, for administrators. The same key, task and arguments give the same
        job, even after it has ended.

        Raises:
            NotFound: there is no such tenant or lane.
            Conflict: the key stands for another job.
            InvalidArgument: the arguments do not fit the task's schema, or another argument is malformed.
        """
        _check(run_at, args, "p_args")
        async with self.session.connection(connection) as conn:
            return await jobs.enqueue_job(
                conn, task, args, tenant=tenant, lane=lane, run_at=run_at, idempotency_key=idempotency_key
            )

    async def track(self, events: Any, *, tenant: str, connection: AsyncConnection[Any] | None = None) -> Tracked:
        """Store what users did: one event (``{"name": ...}``), or a list of at most 10,000; each ``event_id`` once.

        The good events of a list are stored whatever is wrong with others; ``problems`` names those. With
        ``connection`` it is part of the caller's transaction.

        Raises:
            NotFound: there is no such tenant.
            InvalidArgument: it is no event and no list of so many, or holds what JSON has no form for.
            TooManyRequests: the plan's rate is used up; ``retry_after`` says when to come back.
        """
        check_json(events, "p_events")
        async with self.session.connection(connection) as conn:
            return await telemetry.track(conn, tenant, events)

    async def enqueue_many(
        self, new_jobs: Sequence[NewJob], *, connection: AsyncConnection[Any] | None = None
    ) -> list[int | SqlError]:
        """Enqueue many jobs and give, in order, the id of each, or the error that it alone is refused with.

        One statement and commit for each 10,000, or with ``connection`` the caller's transaction.

        Raises:
            InvalidArgument: a time has no zone, or arguments are no JSON; then nothing is enqueued.
        """
        for job in new_jobs:
            _check(job.run_at, job.args, "p_args")
        found: list[int | SqlError] = []
        async with self.session.connection(connection) as conn:
            for start in range(0, len(new_jobs), _MOST_JOBS):
                found += await jobs.enqueue_jobs(conn, new_jobs[start : start + _MOST_JOBS])
        return found


def _check(run_at: datetime | None, value: Mapping[str, Any] | None, argument: str) -> None:
    """Refuse what can't be an argument.

    Raises:
        InvalidArgument: a time without a zone, or a value that JSON has no form for.
    """
    if run_at is not None and run_at.utcoffset() is None:
        raise InvalidArgument(f"the time {run_at} has no time zone", argument="p_run_at")
    check_json(value and dict(value), argument)


async def require_tenant(conn: AsyncConnection[Any], tenant: str) -> UUID:
    """Give a tenant's id: a list filtered by tenant is empty because there is nothing, not because of a typing error.

    Raises:
        NotFound: there is no such tenant, or the caller may not see it.
    """
    cursor = await conn.execute("select t.id from aias.tenants as t where t.slug = %s", (tenant,))
    row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"there is no tenant {tenant!r}", argument="p_tenant")
    return row[0]
