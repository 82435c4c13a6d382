"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.analytics.models import Business, BusinessDay, Freshness, FunnelStage, UsageRow
from aias.errors import translated

__all__ = ["due_views", "list_usage", "read_business", "refresh_view", "roll_up_activity"]

Connection = AsyncConnection[Any]


async def roll_up_activity(conn: Connection) -> bool:
    """Add what happened since the last run to the daily figures; True while there is more to add.

    Adds nothing, and gives False, while another run is at it.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.roll_up_activity()")
        (is_behind,) = await cursor.fetchall()
        return is_behind


async def due_views(conn: Connection) -> list[str]:
    """Give the materialized views that are to be refreshed now, the longest overdue first."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select name from aias_private.due_views()")
        return await cursor.fetchall()


async def refresh_view(conn: Connection, *, name: str) -> bool:
    """Refresh a materialized view while its readers go on; False when it can't be had just now.

    What can't be had within five seconds stands in ``aias.freshness`` and is tried again when it is due.

    Raises:
        NotFound: no such materialized view.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias_private.refresh_view(%s)", (name,))
        (refreshed,) = await cursor.fetchall()
        return refreshed


async def list_usage(
    conn: Connection,
    *,
    tenant: str | None = None,
    month: date | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 500,
) -> list[UsageRow]:
    """Give what tenants have used in a month (UTC; any day of it, default: the current one), by tenant and measure.

    ``tenant`` is a slug; ``after`` is the tenant and the measure of the last row of the page before.
    """
    slug, measure = after or (None, None)
    async with conn.cursor(row_factory=class_row(UsageRow)) as cursor:
        await cursor.execute(
            "select u.tenant_id, u.tenant, u.plan, u.month, u.measure, u.used_count, u.quota, u.used_ratio, u.is_hard,"
            " u.state, u.resets_at, u.as_of"
            " from aias.usage as u"
            " where (u.is_current or %(month)s::date is not null)"
            " and (%(month)s::date is null or u.month = date_trunc('month', %(month)s::timestamp)::date)"
            " and (%(tenant)s::text is null or u.tenant = %(tenant)s)"
            " and (%(slug)s::text is null or (u.tenant, u.measure) > (%(slug)s, %(measure)s))"
            " order by u.tenant, u.measure limit %(limit)s",
            {"month": month, "tenant": tenant, "slug": slug, "measure": measure, "limit": limit},
        )
        return await cursor.fetchall()


async def read_business(conn: Connection, *, tenant: str | None = None, days: int = 30) -> Business:
    """Give the last ``days`` days up to today (UTC), of one tenant (a slug) or of all that the caller sees.

    The funnel is of all tenants, and empty for one, and for whoever sees only one. A day on which nothing happened has
    a row of zeros.

    Raises:
        NotFound: no such tenant.
        InvalidArgument: ``days`` is not between 1 and 400.
    """
    async with conn.cursor(row_factory=class_row(BusinessDay)) as cursor:
        with translated():
            await cursor.execute(
                "select day, active_user_count, started_count, succeeded_count, failed_count, cancelled_count,"
                " step_count, call_count, call_failure_count from aias.business_days(%s, %s)",
                (tenant, days),
            )
        found = await cursor.fetchall()
    stages: list[FunnelStage] = []
    if tenant is None:
        async with conn.cursor(row_factory=class_row(FunnelStage)) as cursor:
            await cursor.execute(
                "select f.position, f.stage, sum(f.tenant_count)::bigint as tenant_count"
                " from aias.conversion_funnel as f group by f.position, f.stage order by f.position"
            )
            stages = await cursor.fetchall()
    async with conn.cursor(row_factory=class_row(Freshness)) as cursor:
        await cursor.execute(
            "select f.name, f.as_of, f.cadence, f.is_late from aias.freshness as f"
            " where f.name in ('activity', 'funnel_stages') order by f.name"
        )
        return Business(days=found, funnel=stages, freshness=await cursor.fetchall())
