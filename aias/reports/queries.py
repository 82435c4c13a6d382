"""The SQL calls of this domain. The caller owns the connection and its transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import scalar_row

from aias.errors import translated
from aias.reports.models import UsageReport

__all__ = ["post_usage_reports", "usage_report"]

Connection = AsyncConnection[Any]


async def usage_report(conn: Connection, *, tenant: str | None = None, month: date | None = None) -> UsageReport:
    """Give the figures of a month (UTC; any day of it, default: the last whole one), of a tenant (a slug) or of all.

    Raises:
        Forbidden: the caller is confined, to no tenant.
        NotFound: no such tenant.
        InvalidArgument: the month has not begun.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias.usage_report(%s, %s)", (tenant, month))
        (figures,) = await cursor.fetchall()
        return UsageReport.model_validate(figures)


async def post_usage_reports(conn: Connection, *, limit: int = 50) -> int:
    """Tell the next tenants, and the operators, the figures of the last month; give how many: 0 when all are told.

    Raises:
        Conflict: the figures are not whole yet.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias_private.post_usage_reports(%s)", (limit,))
        (count,) = await cursor.fetchall()
        return count
