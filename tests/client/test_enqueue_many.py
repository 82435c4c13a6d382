"""Aias.enqueue_many: many jobs in one call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
import pytest

from aias import Aias
from aias.errors import InvalidArgument, NotFound
from aias.jobs import NewJob


async def test_each_job_gets_its_id_or_its_own_refusal(database_url: str, conn: psycopg.AsyncConnection[Any]) -> None:
    await conn.execute("select aias.create_tenant('acme', 'pro')")
    async with Aias(database_url, actor="Buyer 017") as aias:
        found = await aias.enqueue_many(
            [NewJob(task="t", tenant="acme"), NewJob(task="t", tenant="nobody"), NewJob(task="t", tenant="acme")]
        )
        assert await aias.enqueue_many([]) == []
    assert [type(each) for each in found] == [int, NotFound, int]
    row = await (await conn.execute("select actor from aias.audit_log where action = 'job.enqueued'")).fetchall()
    assert row == [("Buyer 017",)]


async def test_the_callers_transaction_takes_them_with_it(
    database_url: str, conn: psycopg.AsyncConnection[Any]
) -> None:
    async with Aias(database_url) as aias, conn.transaction(force_rollback=True):
        (id,) = await aias.enqueue_many([NewJob(task="t")], connection=conn)
        assert isinstance(id, int)
    assert await (await conn.execute("select count(*) from aias.jobs")).fetchone() == (0,)


async def test_a_time_without_a_zone_is_refused_before_anything_is_enqueued(
    database_url: str, conn: psycopg.AsyncConnection[Any]
) -> None:
    async with Aias(database_url) as aias:
        with pytest.raises(InvalidArgument, match="zone"):
            await aias.enqueue_many([NewJob(task="t"), NewJob(task="t", run_at=datetime(2100, 1, 1))])  # noqa: DTZ001
    assert await (await conn.execute("select count(*) from aias.jobs")).fetchone() == (0,)
