"""The job that erases a person."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext

from aias.jobs import Backoff, pool_of, task
from aias.privacy.queries import erase_batch

__all__ = ["erase_user"]

_UUID = {"type": "string", "format": "uuid"}


@task(
    name="aias.erase_user",
    pass_context=True,
    # each attempt goes on where the last one was
    retry=Backoff(max_attempts=20, initial=1.0, max_delay=600.0),
    args_schema={
        "type": "object",
        "properties": {"tenant_id": _UUID, "erasure_id": _UUID},
        "required": ["tenant_id", "erasure_id"],
        "additionalProperties": False,
    },
)
async def erase_user(context: JobContext, tenant_id: str, erasure_id: str) -> None:  # noqa: ARG001 (says whose job it is)
    """Take a person out of every table, a batch per transaction, and make the certificate."""
    pool = pool_of(context)
    has_more = True
    while has_more:
        async with pool.connection() as conn:
            has_more = await erase_batch(conn, UUID(erasure_id))
