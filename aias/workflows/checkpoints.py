"""The engine's side of the ledger: one method per call, each returns when it is committed.

Every write carries the attempt that was claimed; SQL refuses it when another attempt has begun since.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from psycopg.rows import scalar_row

from aias.db import Pool
from aias.workflows.failures import tell_end
from aias.workflows.writing import Answer, writer_of

Key = tuple[str, int]
"""A step's id and the item of its fan-out; -1 is the step itself."""
Change = dict[str, Any]
"""One element of the array that aias_private.record_steps takes."""
_GRACE: Final = 5.0
"""Seconds that a claim gets to be given back when its caller is cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A checkpoint as it is now."""

    id: str
    item: int
    status: str
    attempt_count: int = 0
    output: Any = None
    error: Any = None
    wait_kind: str | None = None
    wait_until: datetime | None = None
    wait_detail: Any = None

    @property
    def key(self) -> Key:
        """Step and item."""
        return self.id, self.item

    @property
    def is_open(self) -> bool:
        """Whether anything is still to happen to it."""
        return self.status in {"running", "waiting"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An execution in this worker's hands."""

    attempt: int
    tenant_slug: str
    workflow_name: str
    workflow_id: UUID
    version: int
    input: Any
    steps: list[dict[str, Any]]
    depth: int
    trace_parent: str | None
    correlation_id: str | None
    trace_state: str | None
    created_at: datetime
    started_at: datetime
    """When it was claimed for the first time."""
    now: datetime

    def rows(self) -> list[StepRow]:
        """The checkpoints that were there when it was claimed."""
        return step_rows(self.steps)


def step_rows(steps: Iterable[dict[str, Any]]) -> list[StepRow]:
    """Give checkpoints as rows; in JSON a time is a text."""
    return [
        StepRow(
            id=step["id"],
            item=step["item"],
            status=step["status"],
            attempt_count=step["attempt_count"],
            output=step["output"],
            error=step["error"],
            wait_kind=step["wait_kind"],
            wait_until=datetime.fromisoformat(step["wait_until"]) if step["wait_until"] else None,
            wait_detail=step.get("wait_detail"),
        )
        for step in steps
    ]


def _as_sent(changes: list[Change], attempts: list[int]) -> list[StepRow]:
    """Give the checkpoints of changes that were taken as they are; only the attempts are the database's to count."""
    return [
        StepRow(id=change["id"], item=change["item"], status=change["to"], attempt_count=attempt)
        for change, attempt in zip(changes, attempts, strict=True)
    ]


class Ledger:
    """The calls of one execution, under the attempt that ``claim`` got.

    Calls of executions that go on at the same time in one process share a transaction (``aias.workflows.writing``).
    """

    def __init__(self, pool: Pool, tenant: UUID, execution: UUID) -> None:
        self.pool = pool
        self.tenant = tenant
        self.execution = execution
        self.attempt = 0
        self.end: tuple[Literal["succeeded", "failed"], dict[str, Any] | None] | None = None
        """How the execution ended, with its error, once this attempt has ended it."""
        self._writer = writer_of(pool)

    async def claim(self, *, job: int, worker: int | None) -> Claim | None:
        """Take the execution; none when this job may not, or there is nothing to do."""
        call = asyncio.ensure_future(self._call("claim", job=job, worker=worker))
        try:
            answer = await asyncio.shield(call)
        except asyncio.CancelledError:
            # claimed all the same, perhaps: what nobody holds would count as a crash
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_GRACE):
                    if (await call).value is not None:
                        await self._released(call.result().value["attempt"])
            raise
        if answer.value is None:
            return None
        row: dict[str, Any] = {**answer.value, "now": answer.at}
        row["workflow_id"] = UUID(row["workflow_id"])
        row["created_at"] = datetime.fromisoformat(row["created_at"])
        row["started_at"] = datetime.fromisoformat(row["started_at"])
        self.attempt = row["attempt"]
        self.workflow = str(row["workflow_name"])
        return Claim(**row)

    async def record(self, changes: list[Change]) -> tuple[list[StepRow], datetime | None]:
        """Write checkpoints, all or none; an empty list back means superseded.

        What comes back has an output only where it may differ from what was sent.
        """
        answer = await self._call("record", changes=changes)
        if answer.value is None:
            return [], None
        if isinstance(answer.value[0], int):
            return _as_sent(changes, answer.value), answer.at
        return step_rows(answer.value), answer.at

    async def reload(self) -> tuple[list[StepRow] | None, datetime]:
        """Give the checkpoints as they are now; none when superseded."""
        answer = await self._call("reload")
        return None if answer.value is None else step_rows(answer.value), answer.at

    async def suspend(self) -> Literal["suspended", "again", "superseded"]:
        """Let the execution wait without a worker."""
        return (await self._call("suspend")).value

    async def finish(
        self,
        status: Literal["succeeded", "failed"],
        output: Any,
        error: dict[str, Any] | None,
        changes: list[Change] | None = None,
    ) -> bool:
        """End the execution, with its last checkpoints if there are any; False when superseded."""
        last = {} if changes is None else {"changes": changes}
        is_taken = (await self._call("finish", status=status, output=output, error=error, **last)).value
        if is_taken:
            self.end = (status, error)
        return is_taken

    async def fail(
        self,
        error: dict[str, Any],
        *,
        changes: list[Change] | None = None,
        step: StepRow | None = None,
        cause: BaseException | None = None,
        fingerprint: str | None = None,
    ) -> bool:
        """End the execution as failed, and report that; because of a step, or by itself. False when superseded."""
        is_taken = await self.finish("failed", None, error, changes)
        if is_taken:
            tell_end(
                error if step is None else step.error or error,
                workflow=self.workflow,
                tenant_id=self.tenant,
                execution_id=self.execution,
                cause=cause,
                step=None if step is None else step.id,
                fingerprint=fingerprint,
            )
        return is_taken

    async def _call(self, verb: str, **values: Any) -> Answer:
        return await self._writer.call(
            {
                "do": verb,
                "tenant": str(self.tenant),
                "execution": str(self.execution),
                "attempt": self.attempt,
                **values,
            }
        )

    async def release(self) -> bool:
        """Give the execution back unfinished; that is no crash."""
        return await self._released(self.attempt)

    async def _released(self, attempt: int) -> bool:
        async with self.pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select aias_private.release_execution(%s, %s, %s)", (self.tenant, self.execution, attempt)
            )
            (answer,) = await cursor.fetchall()
        return answer

    async def definition(self, claim: Claim) -> Any:
        """Give the stored definition of the claimed version."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select aias_private.workflow_definition(%s, %s, %s)", (self.tenant, claim.workflow_id, claim.version)
            )
            (answer,) = await cursor.fetchall()
        return answer

    async def child(self, key: Key) -> UUID | None:
        """Give the execution that a step started."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select s.child_execution_id from aias.execution_steps as s"
                " where s.tenant_id = %s and s.execution_id = %s and s.step = %s and s.item is not distinct from %s",
                (self.tenant, self.execution, key[0], None if key[1] < 0 else key[1]),
            )
            (answer,) = await cursor.fetchall()
        return answer
