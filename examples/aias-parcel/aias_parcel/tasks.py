"""The task ``parcel.keep_days``: days that have ended are kept, however long executions are."""

from __future__ import annotations

from procrastinate import JobContext

import aias
from aias.jobs import pool_of

__all__ = ["keep_days"]


@aias.task(
    name="parcel.keep_days",
    pass_context=True,
    args_schema={
        "type": "object",
        "properties": {"today": {"type": "boolean"}},
        "additionalProperties": False,
    },
)
async def keep_days(context: JobContext, today: bool = False) -> None:  # noqa: FBT001, FBT002 (an argument of the job)
    """Copy the shipments of days that have ended (and of today, if asked to) into the schema's own table."""
    async with pool_of(context).connection() as conn:
        await conn.execute(
            "insert into plugin_parcel.kept_days as k (tenant_id, day, parcel_count)"
            " select s.tenant_id, s.day, s.parcel_count from plugin_parcel.shipments_daily as s"
            " where %s or s.day < (aias_private.now() at time zone 'UTC')::date"
            " on conflict (tenant_id, day)"
            " do update set parcel_count = greatest(k.parcel_count, excluded.parcel_count)",
            (today,),
        )
