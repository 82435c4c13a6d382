"""The client against a real database: what is started, what is refused, and whose transaction it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

import aias as package
from aias import Aias
from aias import client as aias_client
from aias.errors import ConfigurationError, Conflict, DatabaseError, InvalidArgument, NotFound
from aias.settings import Settings

DEFINITION: dict[str, Any] = {
    "name": "greet",
    "input": {
        "type": "object",
        "properties": {"name": {"type": "string", "maxLength": 20}},
        "required": ["name"],
        "additionalProperties": False,
    },
    "steps": [{"id": "wait", "action": "wait_for_event", "input": {"name": "go"}}],
}


@pytest.fixture
async def aias(database_url: str, conn: psycopg.AsyncConnection[Any]) -> AsyncIterator[Aias]:
    await conn.execute("select aias.create_tenant('acme', 'pro')")
    async with Aias(database_url, max_connections=4, actor="Buyer 017") as client:
        await client.apply_workflow(DEFINITION, tenant="acme")
        yield client


async def start(aias: Aias, name: str = "Buyer 017", **options: Any) -> Any:
    return await aias.run_workflow("greet", tenant="acme", input={"name": name}, **options)


async def count(conn: psycopg.AsyncConnection[Any]) -> tuple[int, int, int]:
    """Executions, jobs and idempotency keys."""
    cursor = await conn.execute(
        "select (select count(*) from aias.executions), (select count(*) from aias.jobs),"
        " (select count(*) from aias_private.idempotency_keys)"
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def test_an_execution_is_started_and_read_back(aias: Aias) -> None:
    execution = await start(aias, "株式会社テスト")
    assert (execution.tenant, execution.workflow, execution.version) == ("acme", "greet", 1)
    assert (execution.status, execution.is_final, execution.output, execution.error) == ("queued", False, None, None)
    again = await aias.execution(str(execution.id))
    assert again.row == execution.row
    assert again.input == {"name": "株式会社テスト"}


async def test_the_same_key_gives_the_same_execution_and_another_input_a_conflict(aias: Aias) -> None:
    first = await start(aias, idempotency_key="order 1001")
    second = await start(aias, idempotency_key="order 1001")
    assert first.id == second.id
    with pytest.raises(Conflict, match="order 1001"):
        await start(aias, "Buyer 018", idempotency_key="order 1001")


async def test_one_key_from_many_tasks_at_once_starts_one_execution(
    aias: Aias, conn: psycopg.AsyncConnection[Any]
) -> None:
    started = await asyncio.gather(*(start(aias, idempotency_key="k") for _ in range(20)))
    assert len({execution.id for execution in started}) == 1
    assert await count(conn) == (1, 1, 1)


async def test_a_rollback_of_the_callers_transaction_leaves_nothing(
    aias: Aias, conn: psycopg.AsyncConnection[Any]
) -> None:
    async with conn.transaction(force_rollback=True):
        execution = await start(aias, idempotency_key="k", connection=conn)
        assert execution.status == "queued"
        await aias.enqueue("acme.task", connection=conn)
    assert await count(conn) == (0, 0, 0)
    with pytest.raises(NotFound):
        await execution.refresh()


async def test_a_start_is_seen_by_others_when_the_caller_commits(
    aias: Aias, conn: psycopg.AsyncConnection[Any]
) -> None:
    async with conn.transaction():
        execution = await start(aias, connection=conn)
        with pytest.raises(NotFound):
            await execution.wait(timeout=0)
    assert (await execution.refresh()).status == "queued"


async def test_the_schema_of_the_input_is_checked_in_the_call(aias: Aias, conn: psycopg.AsyncConnection[Any]) -> None:
    for bad in ({}, {"name": 5}, {"name": "n" * 21}, {"name": "x", "other": 1}):
        with pytest.raises(InvalidArgument) as refused:
            await aias.run_workflow("greet", tenant="acme", input=bad)
        assert refused.value.argument == "p_input"
    assert (await count(conn))[0] == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "a\x00b"},
        {"name": "\ud800"},
        {"name": float("nan")},
        {"name": datetime(2030, 1, 1, tzinfo=UTC)},
        {"name": 10**5000},
        {"name": 10**400},
    ],
    ids=["nul", "surrogate", "nan", "date", "5001 digits", "401 digits"],
)
async def test_what_json_or_postgresql_has_no_form_for_is_refused(aias: Aias, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        await aias.run_workflow("greet", tenant="acme", input=bad)


async def test_an_input_nested_a_thousand_deep_or_of_ten_megabytes_is_refused(aias: Aias) -> None:
    nested: Any = 1
    for _ in range(1000):
        nested = [nested]
    for bad in ({"name": nested}, {"name": "n" * 10_000_000}):
        with pytest.raises(InvalidArgument):
            await aias.run_workflow("greet", tenant="acme", input=bad)


async def test_unknown_names_and_disabled_workflows_are_refused(aias: Aias, conn: psycopg.AsyncConnection[Any]) -> None:
    with pytest.raises(NotFound, match="nobody"):
        await aias.run_workflow("greet", tenant="nobody")
    with pytest.raises(NotFound, match="nothing"):
        await aias.run_workflow("nothing", tenant="acme")
    with pytest.raises(NotFound):
        await aias.execution(uuid4())
    with pytest.raises(InvalidArgument, match="UUID"):
        await aias.execution("17")
    await conn.execute("select aias.set_workflow_enabled('acme', 'greet', false)")
    with pytest.raises(Conflict, match="disabled"):
        await start(aias)


async def test_a_time_needs_a_zone(aias: Aias) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    execution = await start(aias, run_at=later)
    assert execution.row.run_at == later
    with pytest.raises(InvalidArgument, match="zone"):
        await start(aias, run_at=datetime(2030, 1, 1))  # noqa: DTZ001


async def test_waiting_gives_up_with_the_state_and_the_reason(aias: Aias) -> None:
    execution = await start(aias)
    with pytest.raises(TimeoutError, match=f"{execution.id} of 'greet' is queued after 0.05 s: no_worker"):
        await execution.wait(timeout=0.05)


async def test_waiting_ends_when_the_execution_does(aias: Aias) -> None:
    execution = await start(aias)
    waiting = asyncio.create_task(execution.wait(timeout=30))
    await (await aias.execution(execution.id)).cancel("enough")
    ended = await waiting
    assert (ended.status, ended.row.cancel_reason) == ("cancelled", "enough")


async def test_an_execution_is_cancelled_retried_and_replayed(aias: Aias) -> None:
    execution = await start(aias)
    assert await execution.cancel("wrong order") is True
    assert (execution.status, execution.is_final) == ("cancelled", True)
    assert await execution.cancel() is False
    again = await execution.replay(input_patch={"name": "Buyer 018"})
    assert (again.input, again.row.replayed_from_id, again.status) == ({"name": "Buyer 018"}, execution.id, "queued")
    with pytest.raises(InvalidArgument):
        await execution.replay(input_patch={"name": None})
    with pytest.raises(NotFound):
        await execution.replay(version=9)
    await execution.retry()
    assert execution.status == "queued"
    with pytest.raises(Conflict):
        await execution.retry()
    assert [event.type for event in await execution.events()] == ["cancelled", "retried"]


async def test_a_signal_is_kept_until_a_step_waits_for_it(aias: Aias) -> None:
    execution = await start(aias)
    assert await execution.signal("go", {"by": "Buyer 017"}) is False
    with pytest.raises(InvalidArgument):
        await execution.signal("")
    with pytest.raises(Conflict):
        await execution.approve("wait", by="Buyer 017")
    await execution.cancel()
    with pytest.raises(Conflict):
        await execution.signal("go")


async def test_executions_are_listed_by_page_and_filter(aias: Aias) -> None:
    started = [await start(aias) for _ in range(3)]
    await started[0].cancel()
    newest = await aias.executions(tenant="acme", limit=2)
    assert [execution.id for execution in newest] == [started[2].id, started[1].id]
    (oldest,) = await aias.executions(before=newest[-1].id)
    assert oldest.id == started[0].id
    assert [execution.id for execution in await aias.executions(status="cancelled")] == [started[0].id]
    assert await aias.executions(workflow="nothing") == []
    with pytest.raises(NotFound):
        await aias.executions(tenant="nobody")
    with pytest.raises(InvalidArgument):
        await aias.executions(limit=0)


async def test_the_actor_stands_in_the_audit_log(aias: Aias, conn: psycopg.AsyncConnection[Any]) -> None:
    await start(aias)
    cursor = await conn.execute("select actor from aias.audit_log where action = 'execution.started'")
    assert await cursor.fetchall() == [("Buyer 017",)]


async def test_applying_the_same_definition_again_changes_nothing(aias: Aias) -> None:
    again = await aias.apply_workflow(DEFINITION, tenant="acme")
    assert (again.version, again.is_changed) == (1, False)
    other = await aias.apply_workflow({**DEFINITION, "description": "new"}, tenant="acme")
    assert (other.version, other.is_changed, other.workflow_id) == (2, True, again.workflow_id)


async def test_a_job_is_enqueued_once_per_key(aias: Aias) -> None:
    job = await aias.enqueue("acme.task", {"n": 1}, tenant="acme", idempotency_key="k")
    assert await aias.enqueue("acme.task", {"n": 1}, tenant="acme", idempotency_key="k") == job
    with pytest.raises(Conflict):
        await aias.enqueue("acme.task", {"n": 2}, tenant="acme", idempotency_key="k")
    with pytest.raises(InvalidArgument):
        await aias.enqueue("acme.task", {"n": float("inf")})
    with pytest.raises(NotFound):
        await aias.enqueue("acme.task", lane="nothing")


async def test_an_unreachable_database_is_told_at_once_without_the_password() -> None:
    with pytest.raises(DatabaseError, match="refused") as refused:
        async with Aias("postgresql://someone:hunter2@127.0.0.1:1/nowhere"):
            pass
    assert "hunter2" not in str(refused.value)
    with pytest.raises(ConfigurationError):
        async with Aias("postgresql://%zz"):
            pass


async def test_a_database_without_the_schema_is_told_with_the_remedy(empty_database_url: str) -> None:
    async with Aias(empty_database_url) as aias:
        with pytest.raises(DatabaseError, match="aias db migrate"):
            await aias.run_workflow("greet", tenant="acme")


async def test_a_client_that_is_not_open_says_so(database_url: str) -> None:
    with pytest.raises(DatabaseError, match="async with"):
        await Aias(database_url).execution(uuid4())


async def test_from_env_takes_the_database_of_the_settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    async with Aias.from_env() as aias:
        assert await aias.executions() == []
    async with Aias(Settings()) as aias:
        assert await aias.executions() == []


def test_what_the_package_exports_is_sorted_and_there() -> None:
    for module in (package, aias_client):
        assert module.__all__ == sorted(module.__all__)
        assert all(getattr(module, name) is not None for name in module.__all__)
