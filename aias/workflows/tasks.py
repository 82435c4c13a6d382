"""The task that advances executions."""

from typing import cast
from uuid import UUID

from procrastinate import JobContext

from aias.jobs import Backoff, lease_is_fresh, pool_of, task
from aias.workflows.engine import advance

_ID = {"type": "string", "format": "uuid"}


@task(
    name="aias.advance_execution",
    pass_context=True,
    # only an unreachable database or a lost lease raises: the execution itself never does, so this may go on for long
    retry=Backoff(max_attempts=100, initial=0.5, max_delay=60.0),
    args_schema={
        "type": "object",
        "properties": {"tenant_id": _ID, "execution_id": _ID},
        "required": ["tenant_id", "execution_id"],
        "additionalProperties": False,
    },
)
async def advance_execution(context: JobContext, tenant_id: str, execution_id: str) -> None:
    """Advance one execution until it ends or must wait; a job that the execution does not name does nothing."""
    await advance(
        pool_of(context),
        tenant=UUID(tenant_id),
        execution=UUID(execution_id),
        job=cast("int", context.job.id),
        worker=context.job.worker_id,
        lease_is_fresh=lease_is_fresh,
    )
