"""The job that installs samples."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext

from aias.jobs import Backoff, pool_of, task
from aias.onboarding.samples import install_samples

__all__ = ["install_due_samples"]


@task(
    name="aias.install_samples",
    pass_context=True,
    retry=Backoff(max_attempts=10, initial=1.0, max_delay=600.0),
    args_schema={
        "type": "object",
        "properties": {"tenant_id": {"type": "string", "format": "uuid"}},
        "required": ["tenant_id"],
        "additionalProperties": False,
    },
)
async def install_due_samples(context: JobContext, tenant_id: str) -> None:
    """Install a tenant's samples; what is installed or removed already is left alone."""
    async with pool_of(context).connection() as conn:
        await install_samples(conn, UUID(tenant_id))
