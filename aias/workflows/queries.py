"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import NotFound, Problem, translated
from aias.workflows.rows import (
    Applied,
    DeadLetter,
    Execution,
    ExecutionEvent,
    ExecutionStep,
    Reason,
    Workflow,
)

Connection = AsyncConnection[Any]
T = TypeVar("T")

_EXECUTION: LiteralString = (
    "select e.tenant_id, e.tenant, e.id, e.workflow, e.version, e.status, e.lane, e.input, e.output, e.error,"
    " e.attempt, e.crash_count, e.run_at, e.wait_reason, e.wait_until, e.idempotency_key, e.parent_execution_id,"
    " e.replayed_from_id, e.trace_parent, e.cancel_reason, e.created_at, e.started_at, e.finished_at,"
    " e.trace_id, e.correlation_id"
    " from aias.executions as e"
)
_WORKFLOW: LiteralString = (
    "select w.tenant, w.id, w.name, w.version, w.is_enabled, w.definition, w.applied_by, w.applied_at, w.created_at"
    " from aias.workflows as w where w.deleted_at is null and w.tenant = %s"
)


async def store_definition(conn: Connection, tenant: str, definition: Mapping[str, Any]) -> Applied:
    """Store a definition as the newest version of the workflow that it names; the same again changes nothing.

    ``apply_workflow`` of this package validates before; SQL checks only what it relies on itself.

    Raises:
        NotFound: there is no such tenant.
        InvalidArgument: it is no definition, or its input schema has a keyword that is not supported.
    """
    (row,) = await _rows(
        conn, Applied, "select a.* from aias.apply_workflow(%s, %s) as a", (tenant, Jsonb(dict(definition)))
    )
    return row


async def input_schema_problems(conn: Connection, schema: Mapping[str, Any]) -> list[Problem]:
    """Give what the database refuses of an input schema, with paths from ``$.input``."""
    rows = await _rows(
        conn,
        Problem,
        "select r.path, r.message from aias.check_input_schema(%s) as r",
        (Jsonb(dict(schema)),),
    )
    return [Problem(path="$.input" + row.path.removeprefix("$"), message=row.message) for row in rows]


async def get_workflow(conn: Connection, tenant: str, name: str) -> Workflow:
    """Give a workflow with its newest version.

    Raises:
        NotFound: there is no such workflow.
    """
    rows = await _rows(conn, Workflow, _WORKFLOW + " and w.name = %s", (tenant, name))
    return _one(rows, f"there is no workflow {name!r}")


async def list_workflows(conn: Connection, tenant: str) -> list[Workflow]:
    """Give a tenant's workflows by name."""
    return await _rows(conn, Workflow, _WORKFLOW + " order by w.name", (tenant,))


async def get_definition(conn: Connection, tenant: str, name: str, version: int) -> dict[str, Any]:
    """Give the definition of one version.

    Raises:
        NotFound: there is no such version.
    """
    found = await _scalars(
        conn,
        "select v.definition from aias.workflow_versions as v"
        " inner join aias.workflows as w on w.tenant_id = v.tenant_id and w.id = v.workflow_id"
        " where w.tenant = %s and w.name = %s and w.deleted_at is null and v.version = %s",
        (tenant, name, version),
    )
    return _one(found, f"the workflow {name!r} has no version {version}")


async def set_workflow_enabled(conn: Connection, tenant: str, name: str, *, is_enabled: bool) -> None:
    """Let a workflow start executions, or not; those that run go on.

    Raises:
        NotFound: there is no such tenant or workflow.
    """
    await _scalars(conn, "select aias.set_workflow_enabled(%s, %s, %s)", (tenant, name, is_enabled))


async def delete_workflow(conn: Connection, tenant: str, name: str) -> None:
    """Delete a workflow; its executions keep their history.

    Raises:
        NotFound: there is no such tenant or workflow.
        Conflict: it has executions that are not final.
    """
    await _scalars(conn, "select aias.delete_workflow(%s, %s)", (tenant, name))


async def run_workflow(
    conn: Connection,
    tenant: str,
    workflow: str,
    input: Mapping[str, Any] | None = None,
    *,
    idempotency_key: str | None = None,
    run_at: datetime | None = None,
) -> UUID:
    """Start an execution and return its id; in the caller's transaction: roll back and nothing ran.

    The same idempotency key with the same input returns the same execution.

    Raises:
        NotFound: there is no such tenant or workflow.
        Conflict: the workflow is disabled, or the key stands for another input.
        InvalidArgument: the input does not fit the workflow's schema, or another argument is not valid.
    """
    return await _scalar(
        conn,
        "select aias.run_workflow(%s, %s, %s, %s, %s)",
        (tenant, workflow, Jsonb(dict(input or {})), idempotency_key, run_at),
    )


async def get_execution(conn: Connection, execution: UUID) -> Execution:
    """Give an execution as it is now.

    Raises:
        NotFound: there is no such execution.
    """
    rows = await _rows(conn, Execution, _EXECUTION + " where e.id = %s", (execution,))
    return _one(rows, f"there is no execution {execution}")


async def list_executions(
    conn: Connection,
    *,
    tenant: str | None = None,
    workflow: str | None = None,
    status: str | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Execution]:
    """Give executions, newest first; ``before`` is the last id of the page before."""
    return await _rows(
        conn,
        Execution,
        _EXECUTION + " where (%(tenant)s::text is null or e.tenant = %(tenant)s)"
        " and (%(workflow)s::text is null or e.workflow = %(workflow)s)"
        " and (%(status)s::text is null or e.status = %(status)s)"
        " and (%(before)s::uuid is null or e.id < %(before)s)"
        " order by e.id desc limit %(limit)s",
        {"tenant": tenant, "workflow": workflow, "status": status, "before": before, "limit": limit},
    )


async def list_steps(conn: Connection, execution: UUID) -> list[ExecutionStep]:
    """Give an execution's checkpoints in the order in which they began."""
    return await _rows(
        conn,
        ExecutionStep,
        "select s.step, s.item, s.action, s.status, s.attempt_count, s.output, s.error, s.wait_kind, s.wait_until,"
        " s.wait_detail, s.child_execution_id, s.started_at, s.finished_at from aias.execution_steps as s"
        " where s.execution_id = %s order by s.started_at, s.step, s.item nulls first",
        (execution,),
    )


async def list_events(conn: Connection, execution: UUID) -> list[ExecutionEvent]:
    """Give what happened to an execution beside its plain course, oldest first."""
    return await _rows(
        conn,
        ExecutionEvent,
        "select v.at, v.type, v.step, v.item, v.attempt, v.detail from aias.execution_events as v"
        " where v.execution_id = %s order by v.id",
        (execution,),
    )


async def cancel_execution(conn: Connection, execution: UUID, *, reason: str | None = None) -> bool:
    """End an execution before its time, with those that it started; False when it was cancelled before.

    Raises:
        NotFound: there is no such execution.
        Conflict: it has succeeded or failed.
    """
    return await _scalar(conn, "select aias.cancel_execution(%s, %s)", (execution, reason))


async def retry_execution(conn: Connection, execution: UUID) -> None:
    """Let a failed or cancelled execution go on from its checkpoints.

    Raises:
        NotFound: there is no such execution.
        Conflict: it is neither failed nor cancelled.
    """
    await _scalars(conn, "select aias.retry_execution(%s)", (execution,))


async def replay_execution(
    conn: Connection,
    execution: UUID,
    *,
    from_step: str | None = None,
    input_patch: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> UUID:
    """Run a final execution again as a new one, reusing the checkpoints before ``from_step``; return its id.

    Raises:
        NotFound: there is no such execution or version.
        Conflict: it is not final.
        InvalidArgument: there is no such step, or the patched input does not fit.
    """
    patch = None if input_patch is None else Jsonb(dict(input_patch))
    return await _scalar(conn, "select aias.replay_execution(%s, %s, %s, %s)", (execution, from_step, patch, version))


async def explain_execution(conn: Connection, execution: UUID) -> list[Reason]:
    """Give why an execution does not run now, the reason that ends first before the others.

    Raises:
        NotFound: there is no such execution.
    """
    return await _rows(
        conn, Reason, "select x.reason, x.detail, x.until from aias.explain_execution(%s) as x", (execution,)
    )


async def approve_step(
    conn: Connection, execution: UUID, step: str, *, is_approved: bool, by: str, comment: str | None = None
) -> None:
    """Answer a step that waits for a person; an item of a fan-out is ``step[3]``.

    Raises:
        NotFound: there is no such execution.
        Conflict: the step does not wait for a person.
        InvalidArgument: ``by`` is empty or too long.
    """
    await _scalars(conn, "select aias.approve_step(%s, %s, %s, %s, %s)", (execution, step, is_approved, by, comment))


async def send_signal(conn: Connection, execution: UUID, name: str, payload: Any = None) -> bool:
    """Hand an execution a named event; False: no step waits for it yet, and it is kept for the first that does.

    Raises:
        NotFound: there is no such execution.
        Conflict: it is final.
        InvalidArgument: the name or the payload is not valid.
    """
    return await _scalar(
        conn, "select aias.send_signal(%s, %s, %s)", (execution, name, Jsonb({} if payload is None else payload))
    )


async def list_dead_letters(
    conn: Connection, *, tenant: str | None = None, is_open: bool = True, limit: int = 100
) -> list[DeadLetter]:
    """Give what gave up, newest first; ``is_open``: only what nobody has requeued or discarded."""
    return await _rows(
        conn,
        DeadLetter,
        "select d.tenant_id, d.id, d.kind, d.execution_id, d.job_id, d.reason, d.error, d.snapshot, d.created_at,"
        " d.resolution, d.resolved_at, d.resolved_by, d.resolved_reason from aias.dead_letters as d"
        " where (not %(is_open)s or d.resolution is null)"
        " and (%(tenant)s::text is null"
        " or d.tenant_id = (select t.id from aias.tenants as t where t.slug = %(tenant)s))"
        " order by d.id desc limit %(limit)s",
        {"tenant": tenant, "is_open": is_open, "limit": limit},
    )


async def requeue_dead_letter(conn: Connection, dead_letter: UUID) -> None:
    """Let what gave up go on: an execution from its checkpoints, a job from its start.

    Raises:
        NotFound: there is no such dead letter.
        Conflict: it was resolved before.
    """
    await _scalars(conn, "select aias.requeue_dead_letter(%s)", (dead_letter,))


async def discard_dead_letter(conn: Connection, dead_letter: UUID, *, reason: str) -> None:
    """Decide that what gave up stays so.

    Raises:
        NotFound: there is no such dead letter.
        Conflict: it was resolved before.
    """
    await _scalars(conn, "select aias.discard_dead_letter(%s, %s)", (dead_letter, reason))


async def _rows(conn: Connection, kind: type[T], query: LiteralString, arguments: Any) -> list[T]:
    async with conn.cursor(row_factory=class_row(kind)) as cursor:
        with translated():
            await cursor.execute(query, arguments)
        return await cursor.fetchall()


async def _scalars(conn: Connection, query: LiteralString, arguments: Any) -> list[Any]:
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute(query, arguments)
        return await cursor.fetchall()


async def _scalar(conn: Connection, query: LiteralString, arguments: Any) -> Any:
    (found,) = await _scalars(conn, query, arguments)
    return found


def _one(rows: list[T], message: str) -> T:
    if not rows:
        raise NotFound(message)
    return rows[0]
