"""Many enqueues in one transaction: aias.enqueue_jobs and the Enqueuer that gathers them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from aias.db import Pool
from aias.errors import Conflict, InvalidArgument, NotFound
from aias.jobs import Enqueuer, NewJob, enqueue_job, enqueue_jobs


@pytest.fixture
async def tenants(conn: psycopg.AsyncConnection[Any]) -> None:
    await conn.execute("select aias.create_tenant('acme', 'pro'), aias.create_tenant('other', 'free')")


async def rows(conn: psycopg.AsyncConnection[Any], query: Any) -> list[tuple[Any, ...]]:
    return await (await conn.execute(query)).fetchall()


async def commits(conn: psycopg.AsyncConnection[Any]) -> int:
    """Transactions that have written: those that have got an id."""
    return (await rows(conn, "select pg_current_xact_id()::text::bigint"))[0][0]


@pytest.mark.usefixtures("tenants")
async def test_many_jobs_get_their_ids_in_order_and_stand_as_if_enqueued_one_by_one(
    conn: psycopg.AsyncConnection[Any],
) -> None:
    late = datetime(2100, 2, 28, 12, tzinfo=UTC)
    new = [
        NewJob(task="a", args={"n": 1}, tenant="acme"),
        NewJob(task="b", tenant="other", lane="critical"),
        NewJob(task="c", tenant="acme", run_at=late),
        NewJob(task="d"),
        NewJob(task="e", tenant="acme", run_at=late.replace(day=27)),
    ]
    found = await enqueue_jobs(conn, new)
    assert found == sorted(found, key=lambda id: id if isinstance(id, int) else 0)
    single = [
        await enqueue_job(conn, job.task, job.args, tenant=job.tenant, lane=job.lane, run_at=job.run_at) for job in new
    ]
    query = (
        "select task, args, tenant, lane, queue_name, priority, status, run_at from aias.jobs"
        " where id between {} and {} order by id"
    )
    many = await rows(conn, query.format(found[0], found[-1]).encode())
    assert many == await rows(conn, query.format(single[0], single[-1]).encode())
    assert [row[0] for row in many] == ["a", "b", "c", "d", "e"]


@pytest.mark.usefixtures("tenants")
async def test_many_jobs_take_turns_as_those_enqueued_one_by_one(conn: psycopg.AsyncConnection[Any]) -> None:
    async def turns(since: int) -> list[tuple[Any, ...]]:
        query = "select tenant_id, virtual_time from procrastinate_jobs where id >= %s order by id"
        return await (await conn.execute(query, (since,))).fetchall()

    new = [NewJob(task="t", tenant=name) for name in ["acme", "acme", "other", "acme"]]
    await enqueue_jobs(conn, new)  # the classes are new
    many = await enqueue_jobs(conn, new)
    assert isinstance(many[0], int)
    found = [turn for _, turn in await turns(many[0])]
    single = [await enqueue_job(conn, job.task, tenant=job.tenant) for job in new]
    assert [turn - before for (_, turn), before in zip(await turns(single[0]), found, strict=True)] == [3, 3, 1, 3]
    assert found == [4, 5, 2, 6]


@pytest.mark.usefixtures("tenants")
async def test_a_bad_item_fails_alone_and_with_the_words_of_enqueue_job(conn: psycopg.AsyncConnection[Any]) -> None:
    await conn.execute("select aias_private.set_task_schema('strict', '{\"required\": [\"n\"]}')")
    bad = [
        NewJob(task="", tenant="acme"),
        NewJob(task="t", tenant="nobody"),
        NewJob(task="t", tenant="acme", lane="nowhere"),
        NewJob(task="strict", tenant="acme"),
        NewJob(task="t", tenant="acme", run_at=datetime(1999, 1, 1, tzinfo=UTC)),
        NewJob(task="t", args={"deep": _nested(100)}, tenant="acme"),
        NewJob(task="t", idempotency_key="k"),
    ]
    good = [NewJob(task="good", tenant="acme"), NewJob(task="strict", args={"n": 1}, tenant="acme")]
    found = await enqueue_jobs(conn, [good[0], *bad, good[1]])
    assert isinstance(found[0], int)
    assert isinstance(found[-1], int)
    for job, error in zip(bad, found[1:-1], strict=True):
        with pytest.raises((InvalidArgument, NotFound)) as refused:
            await enqueue_job(
                conn,
                job.task,
                job.args,
                tenant=job.tenant,
                lane=job.lane,
                run_at=job.run_at,
                idempotency_key=job.idempotency_key,
            )
        assert type(error) is refused.type
        assert str(error) == str(refused.value)
        assert getattr(error, "argument", None) == refused.value.argument
    assert await rows(conn, "select task from aias.jobs order by id") == [("good",), ("strict",)]


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.usefixtures("tenants")
async def test_an_idempotency_key_holds_within_and_between_calls(conn: psycopg.AsyncConnection[Any]) -> None:
    job = NewJob(task="t", args={"n": 1}, tenant="acme", idempotency_key="k")
    other = NewJob(task="t", args={"n": 2}, tenant="acme", idempotency_key="k")
    first, second, third = await enqueue_jobs(conn, [job, job, other])
    assert first == second == (await enqueue_jobs(conn, [job]))[0]
    assert isinstance(third, Conflict)
    assert await rows(conn, "select count(*) from aias.jobs") == [(1,)]


@pytest.mark.usefixtures("tenants")
async def test_a_call_leaves_one_audit_row_per_tenant_with_the_count(conn: psycopg.AsyncConnection[Any]) -> None:
    found = await enqueue_jobs(conn, [NewJob(task="t", tenant=name) for name in ["acme", "other", "acme"]])
    assert await rows(
        conn,
        "select object_id::bigint, detail -> 'count', detail -> 'last_id', detail -> 'tasks'"
        " from aias.audit_log where action = 'job.enqueued' order by 1",
    ) == [(found[0], 2, found[2], ["t"]), (found[1], 1, found[1], ["t"])]


async def test_a_confined_application_enqueues_for_its_own_tenant_only(
    conn: psycopg.AsyncConnection[Any], tenants: None
) -> None:
    (acme,) = (await rows(conn, "select id from aias.tenants where slug = 'acme'"))[0]
    await conn.execute("set role aias_app")
    await conn.execute("select set_config('aias.tenant_id', %s, false)", (str(acme),))
    found = await enqueue_jobs(
        conn, [NewJob(task="t", tenant="acme"), NewJob(task="t", tenant="other"), NewJob(task="t")]
    )
    assert isinstance(found[0], int)
    assert [type(error) for error in found[1:]] == [NotFound, NotFound]


@pytest.mark.usefixtures("tenants")
async def test_concurrent_enqueues_share_a_transaction_and_each_gets_its_own_id(
    conn: psycopg.AsyncConnection[Any], pool: Pool
) -> None:
    enqueuer = Enqueuer(pool)
    before = await commits(conn)
    found = await asyncio.gather(*(enqueuer.enqueue("t", {"n": n}, tenant="acme") for n in range(200)))
    assert await commits(conn) - before < 10
    stored = dict(await rows(conn, "select id, args -> 'n' from aias.jobs"))
    assert [stored[id] for id in found] == list(range(200))


@pytest.mark.usefixtures("tenants")
async def test_what_is_refused_or_can_not_be_sent_reaches_its_own_caller_only(pool: Pool) -> None:
    enqueuer = Enqueuer(pool)
    results = await asyncio.gather(
        enqueuer.enqueue("t", tenant="acme"),
        enqueuer.enqueue("t", tenant="nobody"),
        enqueuer.enqueue("t", {"text": "\x00"}, tenant="acme"),
        enqueuer.enqueue("t", {"n": float("nan")}, tenant="acme"),
        enqueuer.enqueue("t", tenant="acme"),
        return_exceptions=True,
    )
    assert [isinstance(result, int) for result in results] == [True, False, False, False, True]
    assert isinstance(results[1], NotFound)


@pytest.mark.usefixtures("tenants")
async def test_an_enqueue_returns_when_it_is_committed(conn: psycopg.AsyncConnection[Any], pool: Pool) -> None:
    enqueuer = Enqueuer(pool)

    async def enqueue_and_look() -> bool:
        id = await enqueuer.enqueue("t", tenant="acme")
        async with pool.connection() as other:
            return await (await other.execute("select from aias.jobs where id = %s", (id,))).fetchone() is not None

    assert all(await asyncio.gather(*(enqueue_and_look() for _ in range(20))))


@pytest.mark.usefixtures("tenants")
async def test_a_caller_that_gives_up_before_its_group_is_written_enqueues_nothing(
    conn: psycopg.AsyncConnection[Any], pool: Pool
) -> None:
    enqueuer = Enqueuer(pool)
    async with conn.transaction():
        await conn.execute("lock table procrastinate_jobs in access exclusive mode")
        first = asyncio.create_task(enqueuer.enqueue("first", tenant="acme"))
        while not await _waits_for_lock(pool):  # noqa: ASYNC110 (the event is in PostgreSQL)
            await asyncio.sleep(0.01)
        second = asyncio.create_task(enqueuer.enqueue("second", tenant="acme"))
        third = asyncio.create_task(enqueuer.enqueue("third", tenant="acme"))
        await asyncio.sleep(0)
        second.cancel()
    await asyncio.gather(first, third)
    assert second.cancelled()
    assert await rows(conn, "select task from aias.jobs order by id") == [("first",), ("third",)]


async def _waits_for_lock(pool: Pool) -> bool:
    async with pool.connection() as conn:
        query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%%enqueue_jobs%%'"
        row = await (await conn.execute(query)).fetchone()
        return row is not None and row[0] > 0
