"""What is anonymized when it is old: the row stays, the columns that name a person are emptied, and it is done once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from aias.db import Pool
from aias.lifecycle import carry_out, ensure_partitions, hold_retention, run_retention
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]
BEGIN = datetime(2031, 3, 10, tzinfo=UTC)


async def test_settled_privacy_requests_of_a_year_ago_lose_their_person_and_stay_as_evidence(
    conn: Connection, pool: Pool, set_clock: Callable[..., Any]
) -> None:
    await set_clock(conn, BEGIN)
    await ensure_partitions(conn)
    for slug in ("acme", "held"):
        tenant = await create_tenant(conn, slug=slug)
        for customer, age, is_settled in (("old", 0, True), ("open", 0, False), ("young", 200, True)):
            at = BEGIN + timedelta(days=age)
            await conn.execute(
                "insert into aias_private.privacy_requests (tenant_id, kind, account, customer_id, delivery_id, status,"
                " due_at, note, created_at, settled_at, settled_by)"
                " values (%s, 'customers/redact', 'shop', %s, gen_random_uuid(), %s, %s, 'for Ann', %s, %s, %s)",
                (
                    tenant,
                    customer,
                    "settled" if is_settled else "open",
                    at + timedelta(days=30),
                    at,
                    at if is_settled else None,
                    "user:1" if is_settled else None,
                ),
            )
    await hold_retention(conn, "held", reason="lawsuit")

    async def seen() -> list[tuple[str, str | None, str | None]]:
        cursor = await conn.execute(
            "select t.slug, r.customer_id, r.note from aias_private.privacy_requests as r"
            " inner join aias.tenants as t on t.id = r.tenant_id order by t.slug, r.created_at, r.status"
        )
        return await cursor.fetchall()

    async def due() -> list[tuple[str, int]]:
        return [(one.action, one.rows) for one in await run_retention(conn) if one.policy == "privacy_requests"]

    before = await seen()
    await set_clock(conn, BEGIN + timedelta(days=364))
    assert await due() == []
    await set_clock(conn, BEGIN + timedelta(days=367))
    assert await due() == [("anonymize", 1)]
    assert await seen() == before
    assert await carry_out(pool, requested_by="test", is_scheduled=False) == "done"
    after = [(slug, None, None) if (slug, customer) == ("acme", "old") else (slug, customer, note)
             for slug, customer, note in before]  # fmt: skip
    assert await seen() == after
    assert await due() == []
