"""An execution in the caller's hands: what it was when last read, and what can be done with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.client.session import Session, json_text, scalar
from aias.errors import NotFound

__all__ = ["Execution", "ExecutionEvent", "ExecutionRow", "Reason", "Step", "read_execution"]

FINAL = frozenset({"succeeded", "failed", "cancelled"})

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5

COLUMNS: LiteralString = """
    select id, tenant, workflow, version, status, lane, input, output, error, attempt, crash_count, wait_reason,
        wait_until, run_at, idempotency_key, parent_execution_id, replayed_from_id, cancel_reason, created_at,
        started_at, finished_at
    from aias.executions
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionRow:
    """A row of ``aias.executions``; the columns mean what their comments say."""

    id: UUID
    tenant: str
    workflow: str
    version: int
    status: str
    lane: str
    input: dict[str, Any]
    output: Any
    error: dict[str, Any] | None
    attempt: int
    crash_count: int
    wait_reason: str | None
    wait_until: datetime | None
    run_at: datetime | None
    idempotency_key: str | None
    parent_execution_id: UUID | None
    replayed_from_id: UUID | None
    cancel_reason: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A checkpoint: a row of ``aias.execution_steps``."""

    step: str
    item: int | None
    action: str
    status: str
    attempt_count: int
    output: Any
    error: dict[str, Any] | None
    wait_kind: str | None
    wait_until: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionEvent:
    """Something that happened beside the plain course: a row of ``aias.execution_events``."""

    at: datetime
    type: str
    step: str | None
    item: int | None
    attempt: int | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something does not run now, or that it does or has ended."""

    reason: str
    detail: str | None
    until: datetime | None

    def __str__(self) -> str:
        until = f" (until {self.until.isoformat()})" if self.until is not None else ""
        return f"{self.reason}: {self.detail}{until}" if self.detail else f"{self.reason}{until}"


async def read_execution(conn: AsyncConnection[Any], execution: UUID) -> ExecutionRow:
    """Read one execution as it is now.

    Raises:
        NotFound: there is none with this id that the caller may see.
    """
    async with conn.cursor(row_factory=class_row(ExecutionRow)) as cursor:
        await cursor.execute(COLUMNS + "where id = %s", (execution,))
        row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"there is no execution {execution}", argument="p_execution")
    return row


class Execution:
    """One run of a workflow, as it was when last read (``refresh``, and every method that changes it, read again)."""

    def __init__(self, session: Session, row: ExecutionRow) -> None:
        self._session = session
        self.row = row

    def __repr__(self) -> str:
        return f"<Execution {self.id} of {self.workflow!r}: {self.status}>"

    @property
    def id(self) -> UUID:
        """Its id (UUIDv7)."""
        return self.row.id

    @property
    def tenant(self) -> str:
        """The slug of the tenant that it runs for."""
        return self.row.tenant

    @property
    def workflow(self) -> str:
        """The workflow's name."""
        return self.row.workflow

    @property
    def version(self) -> int:
        """The version that it runs."""
        return self.row.version

    @property
    def status(self) -> str:
        """Queued, running, waiting, succeeded, failed or cancelled; the last three are final."""
        return self.row.status

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.row.status in FINAL

    @property
    def input(self) -> dict[str, Any]:
        """What it was started with."""
        return self.row.input

    @property
    def output(self) -> Any:
        """What it came to, when it succeeded."""
        return self.row.output

    @property
    def error(self) -> dict[str, Any] | None:
        """Why it failed: type, message, and detail where there is one."""
        return self.row.error

    async def refresh(self, *, connection: AsyncConnection[Any] | None = None) -> Execution:
        """Read it again.

        Raises:
            NotFound: it is gone, or the transaction that started it was rolled back or has not been committed yet.
        """
        async with self._session.connection(connection) as conn:
            self.row = await read_execution(conn, self.id)
        return self

    async def wait(self, timeout: float = 30.0) -> Execution:
        """Wait until it has ended, however it ended; ``timeout`` in seconds.

        It looks, at once and then ever less often, at most every half second: one indexed read each, and a connection
        only for as long as that takes.

        Raises:
            TimeoutError: it has not ended; the message says where it stands and why.
            NotFound: the transaction that started it is not committed.
        """
        deadline = time.monotonic() + timeout
        pause = _FIRST_PAUSE
        while not (await self.refresh()).is_final:
            left = deadline - time.monotonic()
            if left <= 0:
                reasons = "; ".join(str(reason) for reason in await self.explain())
                raise TimeoutError(
                    f"the execution {self.id} of {self.workflow!r} is {self.status} after {timeout:g} s: {reasons}"
                )
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return self

    async def explain(self) -> list[Reason]:
        """Say why it does not run now and until when, or that it runs or has ended."""
        async with self._session.connection() as conn, conn.cursor(row_factory=class_row(Reason)) as cursor:
            await cursor.execute("select reason, detail, until from aias.explain_execution(%s)", (self.id,))
            return await cursor.fetchall()

    async def steps(self) -> list[Step]:
        """Give its checkpoints in the order in which they began; a step that has not begun has none."""
        async with self._session.connection() as conn, conn.cursor(row_factory=class_row(Step)) as cursor:
            await cursor.execute(
                """
                select s.step, s.item, s.action, s.status, s.attempt_count, s.output, s.error, s.wait_kind,
                    s.wait_until, s.started_at, s.finished_at
                from aias.execution_steps as s
                inner join aias.executions as e on e.tenant_id = s.tenant_id and e.id = s.execution_id
                where e.id = %s
                order by coalesce(s.started_at, s.finished_at), s.step, s.item nulls first
                """,
                (self.id,),
            )
            return await cursor.fetchall()

    async def events(self) -> list[ExecutionEvent]:
        """Give what happened to it beside the plain course, oldest first."""
        async with self._session.connection() as conn, conn.cursor(row_factory=class_row(ExecutionEvent)) as cursor:
            await cursor.execute(
                """
                select v.at, v.type, v.step, v.item, v.attempt, v.detail
                from aias.execution_events as v
                inner join aias.executions as e on e.tenant_id = v.tenant_id and e.id = v.execution_id
                where e.id = %s
                order by v.id
                """,
                (self.id,),
            )
            return await cursor.fetchall()

    async def cancel(self, reason: str | None = None) -> bool:
        """End it before its time, with the executions that it started; False when it was cancelled before.

        Raises:
            Conflict: it has succeeded or failed.
        """
        return bool(await self._call("select aias.cancel_execution(%s, %s)", (self.id, reason)))

    async def retry(self) -> None:
        """Let it go on from its checkpoints; what succeeded is not run again.

        Raises:
            Conflict: it is neither failed nor cancelled.
        """
        await self._call("select aias.retry_execution(%s)", (self.id,))

    async def replay(
        self,
        from_step: str | None = None,
        *,
        input_patch: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> Execution:
        """Run it again from a step on (default: from the start) as a new execution, which comes back.

        ``input_patch`` is a JSON merge patch on the input, ``version`` another version of the workflow.

        Raises:
            Conflict: it is not final.
            NotFound: there is no such version.
            InvalidArgument: there is no such step, or the patched input does not fit the schema.
        """
        patch = None if input_patch is None else json_text(dict(input_patch), "p_input_patch")
        async with self._session.connection() as conn:
            replayed = await scalar(
                conn, "select aias.replay_execution(%s, %s, %s::jsonb, %s)", (self.id, from_step, patch, version)
            )
            return Execution(self._session, await read_execution(conn, replayed))

    async def signal(self, name: str, payload: Any = None) -> bool:
        """Hand it the event that a step waits for; False when none waits yet: the first that does gets it.

        Raises:
            Conflict: it has ended.
            InvalidArgument: the name or the payload is not valid.
        """
        text = json_text({} if payload is None else payload, "p_payload")
        return bool(await self._call("select aias.send_signal(%s, %s, %s::jsonb)", (self.id, name, text)))

    async def approve(self, step: str, *, by: str, approved: bool = True, comment: str | None = None) -> None:
        """Answer a step that waits for a person; ``approved=False`` refuses.

        Raises:
            Conflict: the step does not wait for an approval.
        """
        await self._call("select aias.approve_step(%s, %s, %s, %s, %s)", (self.id, step, approved, by, comment))

    async def _call(self, query: LiteralString, arguments: tuple[Any, ...]) -> Any:
        async with self._session.connection() as conn:
            answer = await scalar(conn, query, arguments)
            self.row = await read_execution(conn, self.id)
        return answer
