"""Errors: what fails anywhere is counted exactly, grouped by what is the same, and open again when it returns."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb
from pydantic import RootModel

from aias.diagnostics import ErrorRow, find_errors, get_error, ignore_error, reopen_error, resolve_error
from aias.errors import Conflict, Forbidden, NotFound, TransientError
from aias.ids import uuid7
from aias.jobs import Backoff, enqueue_job
from aias.plugins import ActionContext, action, load_plugins, registry
from aias.reporting import Failed, report
from aias.tenants import create_tenant
from aias.workflows import apply_workflow, run_workflow
from tests.diagnostics.recorded import recorder, written
from tests.diagnostics.working import made_app, until, working

Connection = psycopg.AsyncConnection[Any]


class Data(RootModel[dict[str, Any]]):
    """Anything."""


async def value(conn: Connection, query: str, *values: Any) -> Any:
    cursor = await conn.execute(query.encode(), values)
    row = await cursor.fetchone()
    return None if row is None else row[0]


async def only(conn: Connection) -> ErrorRow:
    (found,) = await find_errors(conn)
    return found


def fail(message: str, *, tenant: UUID | None = None, times: int = 1, error: Exception | None = None) -> None:
    for _ in range(times):
        report(
            Failed(source="job", name="acme.import", type="ValueError", message=message, tenant_id=tenant, error=error)
        )


async def test_a_resolved_error_that_returns_is_open_again_and_an_ignored_one_is_not(
    conn: Connection, database_url: str
) -> None:
    async with recorder(database_url) as opened:
        fail("order 1 has no price", times=3)
        await written(opened)
        found = await only(conn)
        assert (found.status, found.failure_count, found.message) == ("open", 3, "order <n> has no price")
        await resolve_error(conn, found.id, reason="fixed in 1.2")
        with pytest.raises(Conflict):
            await resolve_error(conn, found.id)
        assert (await only(conn)).status == "resolved"
        fail("order 2 has no price", times=2)
        await written(opened)
        again = await get_error(conn, found.id)
        assert (again.status, again.failure_count, again.reopen_count) == ("open", 5, 1)
        assert again.reopened_at is not None
        assert again.status_reason == "fixed in 1.2"
        noted = await value(conn, "select count(*) from aias.audit_log where action = 'error.reopened'")
        assert noted == 1
        await ignore_error(conn, found.id, reason="known")
        fail("order 3 has no price")
        await written(opened)
        ignored = await get_error(conn, found.id)
        assert (ignored.status, ignored.failure_count, ignored.reopen_count) == ("ignored", 6, 1)
        await reopen_error(conn, found.id)
        assert (await only(conn)).status == "open"
        assert [row.id for row in await find_errors(conn, status="resolved")] == []
    with pytest.raises(NotFound):
        await get_error(conn, UUID(int=7))
    with pytest.raises(NotFound):
        await resolve_error(conn, UUID(int=7))


async def test_what_happened_before_it_was_resolved_and_is_recorded_after_does_not_open_it(conn: Connection) -> None:
    failure = {
        "fingerprint": "f", "type": "E", "message": "m", "frames": ["a:b"], "failure_count": 4, "first_at": "yesterday",
        "last_at": "yesterday", "sample": {}, "executions": [], "occurrences": [], "fuses": [],
    }  # fmt: skip
    call = "select aias_private.record_errors(%s, %s, %s)"
    await conn.execute(call, (UUID(int=1), 1, Jsonb([failure])))
    found = await only(conn)
    await resolve_error(conn, found.id)
    # sent again because the answer was lost: counted once
    await conn.execute(call, (UUID(int=1), 1, Jsonb([failure])))
    assert (await only(conn)).failure_count == 4
    await conn.execute(call, (UUID(int=1), 2, Jsonb([failure])))
    await conn.execute(call, (UUID(int=2), 1, Jsonb([failure])))
    late = await only(conn)
    assert (late.failure_count, late.status) == (12, "resolved")


async def test_of_a_group_few_occurrences_a_minute_are_kept_however_many_processes_send_them(conn: Connection) -> None:
    def batch(count: int) -> Jsonb:
        occurrences = [
            {"id": str(uuid7()), "at": "now", "source": "job", "name": "t", "message": "m", "process": "p"}
            for _ in range(count)
        ]
        return Jsonb([
            {
                "fingerprint": "f", "type": "E", "message": "m", "frames": [], "failure_count": 1000, "first_at": "now",
                "last_at": "now", "sample": {"n": 1}, "executions": [str(uuid7()) for _ in range(15)],
                "occurrences": occurrences, "fuses": [],
            }
        ])  # fmt: skip

    for number in range(5):
        await conn.execute("select aias_private.record_errors(%s, 1, %s)", (UUID(int=number + 1), batch(8)))
    kept, minutes = await value(conn, "select count(*) from aias.error_occurrences"), 2
    assert 20 <= kept <= 20 * minutes
    found = await get_error(conn, (await only(conn)).id)
    assert found.failure_count == 5000
    assert len(found.executions) == 20


async def test_processes_that_record_the_same_kinds_at_once_lose_nothing_and_do_not_deadlock(
    conn: Connection, database_url: str
) -> None:
    async def send(number: int) -> None:
        kinds = list(range(20)) if number % 2 else list(range(20))[::-1]
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as own:
            for turn in range(10):
                failures = [
                    {
                        "fingerprint": f"f{kind}", "type": "E", "message": "m", "frames": [], "failure_count": 1,
                        "first_at": "now", "last_at": "now", "sample": {}, "executions": [], "occurrences": [],
                        "fuses": [{"scope": "task", "name": f"t{kind}", "failure_count": 1}],
                    }
                    for kind in kinds
                ]  # fmt: skip
                await own.execute(
                    "select aias_private.record_errors(%s, %s, %s)", (UUID(int=number + 1), turn, Jsonb(failures))
                )

    await asyncio.gather(*(send(number) for number in range(6)))
    assert {row.failure_count for row in await find_errors(conn)} == {60}


async def test_a_tenant_sees_its_own_part_and_decides_on_nothing(conn: Connection, database_url: str) -> None:
    acme, other = [await create_tenant(conn, slug=slug) for slug in ("acme", "other")]
    async with recorder(database_url) as opened:
        fail("shared 1", tenant=acme, times=2)
        fail("shared 2", tenant=other, times=5)
        fail("other's", tenant=other)
        await written(opened)
    shared = next(row for row in await find_errors(conn) if row.message == "shared <n>")
    assert (shared.failure_count, shared.tenant_count) == (7, 2)
    assert sorted((await get_error(conn, shared.id)).tenants) == ["acme", "other"]
    async with conn.transaction():
        await conn.execute("select set_config('aias.tenant_id', %s, true)", (str(acme),))
        await conn.execute("set local role aias_app")
        own = await only(conn)
        assert (own.id, own.failure_count, own.tenant_count) == (shared.id, 2, 1)
        detail = await get_error(conn, shared.id)
        assert (detail.failure_count, detail.tenants, detail.sample["message"]) == (2, ["acme"], "shared 1")
        assert await find_errors(conn, tenant_id=other) == []
        with pytest.raises(Forbidden):
            async with conn.transaction():
                await resolve_error(conn, shared.id)


async def test_every_failed_attempt_of_a_job_and_of_a_step_is_counted_with_what_is_known_of_it(
    conn: Connection, database_url: str
) -> None:
    tenant = await create_tenant(conn, slug="acme")
    app = made_app(database_url)

    @app.task(name="acme.flaky", queue="maintenance", retry=Backoff(max_attempts=3, initial=0.01, max_delay=0.01))
    async def flaky() -> None:
        raise TransientError("the shop is busy: token shpat_0123456789abcdef")

    async def broken(context: ActionContext, data: Data) -> Data:
        return Data.model_validate(data.root["missing"])

    load_plugins()
    with registry.scoped():
        action("acme.break")(broken)
        await apply_workflow(
            conn, "acme", {"name": "w", "input": {"type": "object"}, "steps": [{"id": "s", "action": "acme.break"}]}
        )
        execution = await run_workflow(conn, "acme", "w", {})
        job = await enqueue_job(conn, "acme.flaky", tenant="acme", lane="maintenance")
        async with working(app):
            await until(lambda: value(conn, "select count(*) = 2 from aias.dead_letters"))
    rows = {row.type.rpartition(".")[2]: row for row in await find_errors(conn)}
    assert {name: row.failure_count for name, row in rows.items()} == {"TransientError": 3, "KeyError": 1}
    step = await get_error(conn, rows["KeyError"].id)
    assert (step.sample["source"], step.sample["name"], step.sample["step"]) == ("step", "acme.break", "s")
    assert step.executions == [execution]
    assert any(frame.endswith("broken") for frame in step.frames)
    flaky_job = await get_error(conn, rows["TransientError"].id)
    assert (flaky_job.sample["source"], flaky_job.sample["job_id"]) == ("job", job)
    assert flaky_job.tenants == ["acme"]
    assert "shpat_0123456789abcdef" not in str(flaky_job)
    assert "shpat_0123456789abcdef" not in str(await value(conn, "select array_agg(l)::text from aias.logs as l"))
    logged = await value(conn, "select count(*) from aias.logs where tenant_id = %s and level = 'error'", tenant)
    assert logged >= 2


async def test_an_error_that_is_only_logged_is_counted_once(conn: Connection, database_url: str) -> None:
    async with recorder(database_url) as opened:
        try:
            {}["missing"]
        except KeyError as error:
            logging.getLogger("a.library").exception("went wrong")
            logging.getLogger("a.library").critical("again", exc_info=error)
            fail("told", error=error)
            logging.getLogger("a.library").exception("and logged")
        logging.getLogger("a.library").error("without an exception")
        await written(opened)
    rows = await find_errors(conn)
    assert {row.type: row.failure_count for row in rows} == {"KeyError": 1, "ValueError": 1}
