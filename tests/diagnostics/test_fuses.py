"""A fuse: what gives up again and again for the same reason is not started any more, until it is released."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from aias.diagnostics import Fuse, list_fuses, release_fuse, remove_fuse_rule, set_fuse_rule, tend_fuses
from aias.errors import Conflict, Forbidden, InvalidArgument, NotFound
from aias.jobs import enqueue_job, enqueue_jobs
from aias.jobs.models import NewJob
from aias.tenants import create_tenant
from aias.workflows import apply_workflow, run_workflow
from tests.diagnostics.working import made_app, until, working

Connection = psycopg.AsyncConnection[Any]

MINUTE = timedelta(minutes=1)
BROKEN = {
    "name": "import",
    "input": {"type": "object"},
    "steps": [{"id": "read", "action": "transform", "input": {"n": "{{ input.missing.field | int }}"}}],
}


async def value(conn: Connection, query: str, *values: Any) -> Any:
    cursor = await conn.execute(query.encode(), values)
    row = await cursor.fetchone()
    return None if row is None else row[0]


async def blown(conn: Connection) -> list[Fuse]:
    return await list_fuses(conn, is_blown=True)


async def test_a_task_that_keeps_failing_is_diverted_and_goes_on_after_the_release(
    conn: Connection, database_url: str
) -> None:
    for slug in ("acme", "other"):
        await create_tenant(conn, slug=slug)
    await set_fuse_rule(conn, "task", "acme.import", failure_count=5, within=MINUTE)
    app = made_app(database_url)
    started: list[tuple[str, int]] = []
    is_broken = True

    @app.task(name="acme.import", queue="maintenance")
    async def import_order(who: str, number: int) -> None:
        started.append((who, number))
        if is_broken and who == "acme":
            raise ValueError(f"no price in order {number}")

    await enqueue_jobs(
        conn, [NewJob(task="acme.import", args={"who": "acme", "number": n}, tenant="acme") for n in range(300)]
    )
    await enqueue_job(conn, "acme.import", {"who": "acme", "number": 1000}, tenant="acme", lane="maintenance")
    async with working(app):
        (fuse,) = await until(lambda: blown(conn))
        # what follows: none of it starts, whoever enqueues it
        await enqueue_job(conn, "acme.import", {"who": "acme", "number": 500}, tenant="acme")
        await enqueue_job(conn, "acme.import", {"who": "other", "number": 1}, tenant="other")
        await until(lambda: value(conn, "select not exists (select from aias.jobs where tenant = 'other')"))
        # the workers have heard of it by now
        before = len(started)

        async def is_swept() -> bool:
            await tend_fuses(conn)
            return await value(
                conn, "select not exists (select from aias.jobs where tenant = 'acme' and status <> 'failed')"
            )

        await until(is_swept)
        failed = await value(conn, "select count(*) from aias.dead_letters where fuse_id is null")
        diverted = await value(conn, "select count(*) from aias.dead_letters where fuse_id = %s", fuse.id)
        assert len(started) == before
        assert failed >= 5
        assert ("acme", 500) not in started
        assert len([one for one in started if one[0] == "acme"]) == failed
        assert failed + diverted == 302
        assert (await blown(conn))[0].diverted_count == diverted
        letter = await value(conn, "select error from aias.dead_letters where fuse_id is not null limit 1")
        assert (letter["type"], letter["detail"]["fuse_id"]) == ("FuseBlown", str(fuse.id))
        assert await value(conn, "select count(*) from aias_private.alerts where rule = 'fuse_blown'") == 1
        assert (fuse.tenant, fuse.scope, fuse.name) == ("acme", "task", "acme.import")
        assert "no price in order <n>" in fuse.reason

        is_broken = False
        started.clear()
        assert await release_fuse(conn, fuse.id, requeue=True, reason="prices are back") == diverted
        await until(lambda: value(conn, "select not exists (select from aias.jobs where status <> 'failed')"))
    assert len(started) == len(set(started)) == diverted
    (released,) = await list_fuses(conn)
    assert (released.status, released.requeued_count, released.is_requeueing) == ("released", diverted, False)
    assert (
        await value(conn, "select count(*) from aias.dead_letters where fuse_id is not null and resolution is null")
        == 0
    )
    assert await value(conn, "select status from aias_private.alerts where rule = 'fuse_blown'") == "resolved"
    assert await value(conn, "select count(*) from aias.error_groups where message = 'no price in order <n>'") == 1
    with pytest.raises(Conflict):
        await release_fuse(conn, fuse.id)


async def test_a_workflow_that_keeps_failing_is_diverted_execution_by_execution(
    conn: Connection, database_url: str
) -> None:
    await create_tenant(conn, slug="acme", plan="enterprise")
    await apply_workflow(conn, "acme", BROKEN)
    await set_fuse_rule(conn, "workflow", "*", failure_count=3, within=MINUTE)
    executions = [await run_workflow(conn, "acme", "import", {"n": n}) for n in range(60)]
    async with working(made_app(database_url), concurrency=2):
        (fuse,) = await until(lambda: blown(conn))
        executions.append(await run_workflow(conn, "acme", "import", {"n": 99}))

        async def is_over() -> bool:
            await tend_fuses(conn)
            return await value(conn, "select not exists (select from aias.executions where status <> 'failed')")

        await until(is_over)
        letters = await value(conn, "select count(*) from aias.dead_letters where kind = 'execution'")
        diverted = await value(conn, "select count(*) from aias.dead_letters where fuse_id = %s", fuse.id)
        ran = await value(conn, "select count(distinct execution_id) from aias.execution_steps")
        assert letters == len(executions)
        assert diverted == letters - ran
        assert diverted > 0
        assert await value(conn, "select count(*) from aias.jobs where status <> 'failed'") == 0
        assert await value(conn, "select error ->> 'type' from aias.executions where id = %s", executions[-1]) == (
            "FuseBlown"
        )
    groups = await value(conn, "select count(*) from aias.error_groups")
    counted = await value(conn, "select failure_count from aias.error_groups")
    assert (groups, counted) == (1, ran)
    await apply_workflow(conn, "acme", {**BROKEN, "steps": [{"id": "read", "action": "transform", "input": {"n": 1}}]})
    await release_fuse(conn, fuse.id)
    assert await value(conn, "select count(*) from aias.dead_letters where resolution is null") == letters
    execution = await run_workflow(conn, "acme", "import", {"n": 7})
    async with working(made_app(database_url)):
        await until(
            lambda: value(conn, "select 1 from aias.executions where id = %s and status = 'succeeded'", execution)
        )


async def fail_often(conn: Connection, tenant: UUID, count: int, *, batch: int = 1, message: str = "a") -> None:
    """What a recorder sends."""
    recorder = "00000000-0000-4000-8000-000000000001"
    now = str(await value(conn, "select aias_private.now()"))
    failure = {
        "fingerprint": message, "type": "ValueError", "message": message, "frames": ["x:y"], "tenant_id": str(tenant),
        "failure_count": count, "first_at": now, "last_at": now, "sample": {}, "executions": [], "occurrences": [],
        "fuses": [{"scope": "task", "name": "t", "failure_count": count}],
    }  # fmt: skip
    await conn.execute("select aias_private.record_errors(%s, %s, %s::jsonb)", (recorder, batch, Jsonb([failure])))


async def test_only_equal_failures_of_one_tenant_within_the_time_count_together(
    conn: Connection, set_clock: Any
) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 (the test's own clock)

    acme, other = [await create_tenant(conn, slug=slug) for slug in ("acme", "other")]
    await set_fuse_rule(conn, "task", "t", failure_count=10, within=MINUTE)
    begin = datetime.now(UTC).replace(microsecond=0)
    await set_clock(conn, begin)
    await fail_often(conn, acme, 9, batch=1)
    await fail_often(conn, acme, 9, batch=2, message="b")
    await fail_often(conn, other, 9, batch=3)
    await set_clock(conn, begin + timedelta(minutes=2))
    await fail_often(conn, acme, 9, batch=4)
    assert await blown(conn) == []
    await fail_often(conn, acme, 1, batch=5)
    (fuse,) = await blown(conn)
    assert (fuse.tenant, fuse.failure_count) == ("acme", 10)
    await fail_often(conn, acme, 100, batch=6)
    assert len(await list_fuses(conn)) == 1
    # from the release on it counts from nothing
    await release_fuse(conn, fuse.id)
    await fail_often(conn, acme, 9, batch=7)
    assert await blown(conn) == []
    await set_fuse_rule(conn, "task", "t", failure_count=1, within=MINUTE, is_enabled=False)
    await fail_often(conn, acme, 500, batch=8)
    assert await blown(conn) == []
    await remove_fuse_rule(conn, "task", "t")
    await fail_often(conn, acme, 1, batch=9)
    assert len(await blown(conn)) == 1


async def test_who_may_release_a_fuse_and_set_its_rule(conn: Connection) -> None:
    acme, other = [await create_tenant(conn, slug=slug) for slug in ("acme", "other")]
    await set_fuse_rule(conn, "task", "t", failure_count=1, within=MINUTE)
    await fail_often(conn, acme, 1)
    (fuse,) = await blown(conn)
    for tenant, expected in ((other, NotFound), (acme, None)):
        async with conn.transaction():
            await conn.execute("select set_config('aias.tenant_id', %s, true)", (str(tenant),))
            await conn.execute("set local role aias_app")
            assert [one.id for one in await list_fuses(conn)] == ([] if expected else [fuse.id])
            with pytest.raises(Forbidden):
                async with conn.transaction():
                    await set_fuse_rule(conn, "task", "t", failure_count=9, within=MINUTE)
            if expected is None:
                assert await release_fuse(conn, fuse.id) == 0
                continue
            with pytest.raises(expected):
                async with conn.transaction():
                    await release_fuse(conn, fuse.id)
    with pytest.raises(InvalidArgument):
        await set_fuse_rule(conn, "task", "t", failure_count=0, within=MINUTE)
    with pytest.raises(InvalidArgument):
        await set_fuse_rule(conn, "task", "t", failure_count=1, within=timedelta(seconds=1))
    with pytest.raises(Conflict):
        await remove_fuse_rule(conn, "task", "*")
    with pytest.raises(NotFound):
        await remove_fuse_rule(conn, "task", "none")
