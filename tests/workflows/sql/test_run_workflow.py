"""aias.run_workflow: one call, one execution, one job, in the caller's transaction."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.workflows.sql.conftest import SIMPLE, Ledger

WITH_SCHEMA = {
    "name": "strict",
    "input": {"type": "object", "properties": {"order_id": {"type": "integer"}}, "required": ["order_id"]},
    "steps": [{"id": "one", "action": "noop"}],
}


def test_an_execution_and_its_job_begin_together(ledger: Ledger) -> None:
    execution = ledger.run(input={"a": 1})
    row = ledger.execution(execution)
    (job,) = ledger.jobs(execution)
    assert (row["status"], row["lane"], row["input"], row["job_id"]) == ("queued", "pro", {"a": 1}, job["id"])
    assert (job["task"], job["lane"], job["status"]) == ("aias.advance_execution", "pro", "waiting")


def test_a_time_to_run_makes_the_job_wait(ledger: Ledger) -> None:
    at = datetime.now(UTC) + timedelta(days=2)
    execution = ledger.run(at=at)
    (job,) = ledger.jobs(execution)
    assert job["run_at"] == at


def test_the_same_key_returns_the_same_execution(ledger: Ledger) -> None:
    first = ledger.run(input={"a": 1, "b": 2}, key="order-7")
    assert ledger.run(input={"b": 2, "a": 1}, key="order-7") == first
    assert ledger.value("select count(*) from aias.executions where tenant_id = %s", ledger.tenant_id) == 1
    assert len(ledger.jobs(first)) == 1


def test_the_same_key_with_another_input_is_a_conflict(ledger: Ledger) -> None:
    ledger.run(input={"a": 1}, key="order-7")
    with pytest.raises(psycopg.Error, match="stands for another input") as caught:
        ledger.run(input={"a": 2}, key="order-7")
    assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR409", "p_idempotency_key")


def test_a_key_is_the_tenants_and_the_workflows_own(ledger: Ledger) -> None:
    other = Ledger(connection=ledger.connection, tenant="other")
    other.apply(SIMPLE)
    ledger.apply({**SIMPLE, "name": "second"})
    executions = {ledger.run(key="k"), ledger.run("second", key="k"), other.run(key="k")}
    assert len(executions) == 3


def test_an_input_that_does_not_fit_starts_nothing(ledger: Ledger) -> None:
    ledger.apply(WITH_SCHEMA)
    with pytest.raises(psycopg.Error, match=r"\$\.order_id") as caught, ledger.connection.transaction():
        ledger.run("strict", input={"order_id": "seven"}, key="k")
    assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR422", "p_input")
    assert ledger.value("select count(*) from aias.executions where tenant_id = %s", ledger.tenant_id) == 0
    # the key is free again
    ledger.run("strict", input={"order_id": 7}, key="k")


@pytest.mark.parametrize(
    ("arguments", "sqlstate", "column"),
    [
        (("nobody", "simple", Jsonb({}), None, None), "JR404", "p_tenant"),
        ((None, "simple", Jsonb({}), None, None), "JR404", "p_tenant"),
        (("acme", "absent", Jsonb({}), None, None), "JR404", "p_workflow"),
        (("acme", None, Jsonb({}), None, None), "JR404", "p_workflow"),
        (("acme", "simple", Jsonb([1]), None, None), "JR422", "p_input"),
        (("acme", "simple", Jsonb(None), None, None), "JR422", "p_input"),
        (("acme", "simple", None, None, None), "JR422", "p_input"),
        (("acme", "simple", Jsonb({}), "", None), "JR422", "p_idempotency_key"),
        (("acme", "simple", Jsonb({}), "k" * 256, None), "JR422", "p_idempotency_key"),
        (("acme", "simple", Jsonb({}), None, "infinity"), "JR422", "p_run_at"),
        (("acme", "simple", Jsonb({}), None, "-infinity"), "JR422", "p_run_at"),
    ],
)
def test_a_bad_argument_is_refused_by_its_name(
    ledger: Ledger, arguments: tuple[Any, ...], sqlstate: str, column: str
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        ledger.connection.execute("select aias.run_workflow(%s, %s, %s, %s, %s::timestamptz)", arguments)
    assert (caught.value.sqlstate, caught.value.diag.column_name) == (sqlstate, column)


@pytest.mark.parametrize("text", ['{"n": 1e5000}', '{"n": [' + "[" * 1000 + "]" * 1000 + "]}"])
def test_an_input_that_no_client_can_load_is_refused(ledger: Ledger, text: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        ledger.connection.execute("select aias.run_workflow('acme', 'simple', %s::text::jsonb)", (text,))
    assert caught.value.sqlstate == "JR422"


def test_a_ten_megabyte_input_is_refused(ledger: Ledger) -> None:
    with pytest.raises(psycopg.Error, match="bytes") as caught:
        ledger.run(input={"text": "x" * 10_000_000})
    assert caught.value.sqlstate == "JR422"


def test_a_zero_byte_never_gets_in(ledger: Ledger) -> None:
    with pytest.raises(errors.UntranslatableCharacter):
        ledger.connection.execute("""select aias.run_workflow('acme', 'simple', '{"a": "\\u0000"}')""")


def test_a_disabled_workflow_starts_nothing_but_still_answers_for_its_keys(ledger: Ledger) -> None:
    first = ledger.run(key="k")
    ledger.value("select aias.set_workflow_enabled('acme', 'simple', false)")
    assert ledger.run(key="k") == first
    with pytest.raises(psycopg.Error, match="disabled") as caught:
        ledger.run(key="another")
    assert caught.value.sqlstate == "JR409"


def test_a_rolled_back_start_leaves_nothing(database_url: str) -> None:
    with psycopg.connect(database_url) as setup:
        ledger = Ledger(connection=setup)
        ledger.apply(SIMPLE)
        setup.commit()
        ledger.run(key="k")
        setup.rollback()
        assert ledger.value("select count(*) from aias.executions") == 0
        assert ledger.value("select count(*) from aias.jobs") == 0
        assert ledger.value("select count(*) from aias.audit_log where action = 'execution.started'") == 0


def test_one_key_from_many_connections_at_once_starts_one_execution(database_url: str) -> None:
    with psycopg.connect(database_url) as setup:
        Ledger(connection=setup).apply(SIMPLE)
    barrier = threading.Barrier(8)
    found: list[Any] = []

    def start() -> None:
        with psycopg.connect(database_url) as connection:
            barrier.wait(timeout=30)
            row = connection.execute("select aias.run_workflow('acme', 'simple', '{}', 'same')").fetchone()
            connection.commit()
            found.append(row and row[0])

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(found) == 8
    assert len(set(found)) == 1
    with psycopg.connect(database_url) as check:
        assert check.execute("select count(*) from aias.executions").fetchone() == (1,)


def test_every_start_is_audited(ledger: Ledger) -> None:
    ledger.value("select set_config('aias.actor', 'zoe@example.test', true)")
    execution = ledger.run()
    row = ledger.row("select * from aias.audit_log where object_id = %s", str(execution))
    assert row is not None
    assert (row["action"], row["actor"], row["actor_kind"]) == ("execution.started", "zoe@example.test", "user")
