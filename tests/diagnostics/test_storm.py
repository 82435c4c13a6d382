"""10,000 equal failures: one group with an exact count and one fuse. What is told of a storm: tests/alerts."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg

from aias.reporting import Failed, report
from aias.tenants import create_tenant
from tests.diagnostics.recorded import recorder, written

Connection = psycopg.AsyncConnection[Any]

FAILURES = 10_000


def fail(number: int) -> None:
    raise ValueError(f"order {number} of 'customer {number}' has no price: 0x{number:08x}")


async def test_a_storm_is_one_group_that_counts_exactly(conn: Connection, database_url: str) -> None:
    tenant = await create_tenant(conn, slug="acme")
    async with recorder(database_url) as opened:

        def storm(first: int) -> None:
            for number in range(first, FAILURES, 4):
                try:
                    fail(number)
                except ValueError as error:
                    report(
                        Failed(
                            source="job",
                            name="acme.import",
                            error=error,
                            type="ValueError",
                            message=str(error),
                            tenant_id=tenant,
                            fuse=("task", "acme.import"),
                        )
                    )

        await asyncio.gather(*(asyncio.to_thread(storm, first) for first in range(4)))
        await written(opened)
    cursor = await conn.execute(
        "select failure_count, message, tenants, sample ->> 'message' ~ 'order [0-9]+ of', frames"
        " from aias.error_groups"
    )
    message = "order <n> of <value> has no price: <id>"
    ((count, shown, tenants, has_sample, frames),) = await cursor.fetchall()
    assert (count, shown, tenants, has_sample) == (FAILURES, message, ["acme"], True)
    assert frames[0].endswith("test_storm:fail")
    kept = await conn.execute("select count(*), count(distinct date_trunc('minute', at)) from aias.error_occurrences")
    ((rows, minutes),) = await kept.fetchall()
    assert 0 < rows <= 20 * (minutes + 1)
    assert await (await conn.execute("select count(*) from aias.fuses")).fetchone() == (1,)
    cursor = await conn.execute("select occurrence_count from aias_private.alerts where rule = 'fuse_blown'")
    assert await cursor.fetchall() == [(1,)]
