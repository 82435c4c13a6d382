"""The engine's side of the ledger: one method per SQL function, each on a connection of its own, autocommitted.

Every write carries the attempt that was claimed; SQL refuses it when another attempt has begun since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from aias.errors import translated

Key = tuple[str, int]
"""A step's id and the item of its fan-out; -1 is the step itself."""
Change = dict[str, Any]
"""One element of the array that aias_private.record_steps takes."""
Pool = AsyncConnectionPool[AsyncConnection[Any]]


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
    version: int
    definition: Any
    input: Any
    steps: list[dict[str, Any]]
    depth: int
    trace_parent: str | None
    created_at: datetime
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
            wait_detail=step["wait_detail"],
        )
        for step in steps
    ]


class Ledger:
    """The calls of one execution, under the attempt that ``claim`` got."""

    def __init__(self, pool: Pool, tenant: UUID, execution: UUID) -> None:
        self.pool = pool
        self.tenant = tenant
        self.execution = execution
        self.attempt = 0

    async def claim(self, *, job: int, worker: int | None) -> Claim | None:
        """Take the execution; none when this job may not, or there is nothing to do."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=class_row(Claim)) as cursor:
            await cursor.execute(
                "select c.*, aias_private.now() as now from aias_private.claim_execution(%s, %s, %s, %s) as c",
                (self.tenant, self.execution, job, worker),
            )
            claim = await cursor.fetchone()
        if claim is not None:
            self.attempt = claim.attempt
        return claim

    async def record(self, changes: list[Change]) -> tuple[list[StepRow], datetime | None]:
        """Write checkpoints, all or none; an empty list back means superseded.

        What comes back has an output only where it may differ from what was sent.
        """
        own = [f"{change['id']}[{change['item']}]" for change in changes if change["to"] == "succeeded"]
        async with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            with translated():
                await cursor.execute(
                    "select r.id, r.item, r.status, r.attempt_count, r.error, r.wait_kind, r.wait_until,"
                    " case when format('%%s[%%s]', r.id, r.item) <> all (%s) then r.output end as output,"
                    " aias_private.now() as now"
                    " from aias_private.record_steps(%s, %s, %s, %s) as r",
                    (own, self.tenant, self.execution, self.attempt, Jsonb(changes)),
                )
            rows = await cursor.fetchall()
        now = rows[0]["now"] if rows else None
        return [StepRow(**{name: value for name, value in row.items() if name != "now"}) for row in rows], now

    async def reload(self) -> tuple[list[StepRow] | None, datetime]:
        """Give the checkpoints as they are now; none when superseded."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                "select aias_private.reload_execution(%s, %s, %s) as steps, aias_private.now() as now",
                (self.tenant, self.execution, self.attempt),
            )
            (row,) = await cursor.fetchall()
        return None if row["steps"] is None else step_rows(row["steps"]), row["now"]

    async def suspend(self) -> Literal["suspended", "again", "superseded"]:
        """Let the execution wait without a worker."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select aias_private.suspend_execution(%s, %s, %s)", (self.tenant, self.execution, self.attempt)
            )
            (answer,) = await cursor.fetchall()
        return answer

    async def finish(self, status: Literal["succeeded", "failed"], output: Any, error: dict[str, Any] | None) -> bool:
        """End the execution; False when superseded."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            with translated():
                await cursor.execute(
                    "select aias_private.finish_execution(%s, %s, %s, %s, %s, %s)",
                    (
                        self.tenant,
                        self.execution,
                        self.attempt,
                        status,
                        Jsonb(output),
                        None if error is None else Jsonb(error),
                    ),
                )
            (answer,) = await cursor.fetchall()
        return answer

    async def release(self) -> bool:
        """Give the execution back unfinished; that is no crash."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select aias_private.release_execution(%s, %s, %s)", (self.tenant, self.execution, self.attempt)
            )
            (answer,) = await cursor.fetchall()
        return answer

    async def started_at(self) -> datetime:
        """When the execution was claimed for the first time."""
        async with self.pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select e.started_at from aias.executions as e where e.tenant_id = %s and e.id = %s",
                (self.tenant, self.execution),
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
