"""aias.enqueue_job: a job in the caller's transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

Tx = psycopg.Connection[Any]


@pytest.fixture
def acme(tx: Tx) -> str:
    tx.execute("select aias.create_tenant('acme-jobs', 'pro')")
    tx.execute("select aias.create_tenant('other-jobs', 'free')")
    return "acme-jobs"


def enqueue(tx: Tx, task: Any = "t", args: Any = "{}", **rest: Any) -> int:
    values = {"tenant": "acme-jobs", "lane": None, "run_at": None, "idempotency_key": None, **rest}
    row = tx.execute(
        "select aias.enqueue_job(%s, %s::jsonb, %s, %s, %s, %s)", (task, args, *values.values())
    ).fetchone()
    assert row is not None
    return row[0]


def test_a_job_stands_in_its_tenants_lane_unless_another_is_named(tx: Tx, acme: str) -> None:
    enqueue(tx, args='{"a": 1}')
    enqueue(tx, lane="critical", run_at=datetime(2100, 1, 1, tzinfo=UTC))
    enqueue(tx, tenant=None)
    rows = tx.execute("select tenant, task, args, lane, priority, status from aias.jobs order by id").fetchall()
    assert rows == [
        (acme, "t", {"a": 1}, "pro", 60, "waiting"),
        (acme, "t", {}, "critical", 100, "scheduled"),
        (None, "t", {}, "maintenance", 0, "waiting"),
    ]


def test_each_call_leaves_an_audit_row(tx: Tx, acme: str) -> None:
    job = enqueue(tx)
    assert tx.execute(
        "select action, object_kind, detail from aias.audit_log where object_id = %s and object_kind = 'job'",
        (str(job),),
    ).fetchall() == [("job.enqueued", "job", {"task": "t", "lane": "pro"})]


@pytest.mark.parametrize(
    ("arguments", "sqlstate", "column"),
    [
        ({"task": None}, "JR422", "p_task"),
        ({"task": ""}, "JR422", "p_task"),
        ({"task": "t" * 129}, "JR422", "p_task"),
        ({"args": None}, "JR422", "p_args"),
        ({"args": "null"}, "JR422", "p_args"),
        ({"args": "[]"}, "JR422", "p_args"),
        ({"args": '"text"'}, "JR422", "p_args"),
        ({"args": '{"n": 1e5000}'}, "JR422", "p_args"),
        ({"args": '{"n": [{"m": -1e309}]}'}, "JR422", "p_args"),
        ({"args": '{"d": ' + "[" * 900 + "]" * 900 + "}"}, "JR422", "p_args"),
        ({"args": '{"big": "' + "x" * 1_000_001 + '"}'}, "JR422", "p_args"),
        ({"tenant": "nobody"}, "JR404", "p_tenant"),
        ({"lane": "nowhere"}, "JR404", "p_lane"),
        ({"run_at": "infinity"}, "JR422", "p_run_at"),
        ({"run_at": "-infinity"}, "JR422", "p_run_at"),
        ({"idempotency_key": ""}, "JR422", "p_idempotency_key"),
        ({"idempotency_key": "k" * 256}, "JR422", "p_idempotency_key"),
        ({"idempotency_key": "k", "tenant": None}, "JR422", "p_tenant"),
    ],
)
def test_a_bad_argument_is_refused_by_its_name_and_nothing_is_stored(
    tx: Tx, acme: str, arguments: dict[str, Any], sqlstate: str, column: str
) -> None:
    with pytest.raises(psycopg.Error) as raised, tx.transaction():
        enqueue(tx, **arguments)
    assert (raised.value.sqlstate, raised.value.diag.column_name) == (sqlstate, column)
    assert tx.execute("select count(*) from aias.jobs").fetchone() == (0,)


def test_the_same_key_gives_the_same_job_and_another_job_is_a_conflict(tx: Tx, acme: str) -> None:
    first = enqueue(tx, args='{"a": 1, "b": 2}', idempotency_key="k")
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert enqueue(tx, args='{"b": 2, "a": 1}', idempotency_key="k", run_at=later) == first
    assert enqueue(tx, tenant="other-jobs", idempotency_key="k") != first
    for other in ({"args": '{"a": 1}'}, {"task": "u"}, {"lane": "bulk"}):
        with pytest.raises(psycopg.Error) as raised, tx.transaction():
            enqueue(tx, **{"args": '{"a": 1, "b": 2}', "idempotency_key": "k", **other})
        assert (raised.value.sqlstate, raised.value.diag.column_name) == ("JR409", "p_idempotency_key")
    assert tx.execute("select count(*) from aias.jobs").fetchone() == (2,)


def test_a_key_answers_with_its_job_after_that_has_ended(tx: Tx, acme: str) -> None:
    job = enqueue(tx, idempotency_key="k")
    tx.execute("delete from procrastinate_jobs where id = %s", (job,))
    assert enqueue(tx, idempotency_key="k") == job
    assert tx.execute("select count(*) from aias.jobs").fetchone() == (0,)


def test_arguments_are_checked_against_the_tasks_schema(tx: Tx, acme: str) -> None:
    schema = {"type": "object", "properties": {"since": {"type": "string"}}, "required": ["since"]}
    tx.execute("select aias_private.set_task_schema('t', %s)", (Jsonb(schema),))
    enqueue(tx, args='{"since": "2026-01-01"}')
    with pytest.raises(psycopg.Error) as raised, tx.transaction():
        enqueue(tx, args='{"since": 5}')
    assert (raised.value.sqlstate, raised.value.diag.column_name) == ("JR422", "p_args")
    assert "$.since" in str(raised.value)
    tx.execute("select aias_private.set_task_schema('t', null)")
    enqueue(tx, args='{"since": 5}')


def test_a_confined_caller_enqueues_for_its_own_tenant_only(tx: Tx, acme: str) -> None:
    tx.execute("select set_config('aias.tenant_id', id::text, true) from aias.tenants where slug = 'acme-jobs'")
    tx.execute("set local role aias_app")
    enqueue(tx)
    for other in ("other-jobs", None):
        with pytest.raises(psycopg.Error) as raised, tx.transaction():
            enqueue(tx, tenant=other)
        assert raised.value.sqlstate == "JR404"


async def test_a_rolled_back_caller_leaves_no_job(conn: psycopg.AsyncConnection[Any]) -> None:
    async with conn.transaction(force_rollback=True):
        await conn.execute("select aias.enqueue_job('t')")
    cursor = await conn.execute("select count(*) from aias.jobs")
    assert await cursor.fetchone() == (0,)
