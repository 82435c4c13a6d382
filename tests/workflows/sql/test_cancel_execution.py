"""aias.cancel_execution: final at once, with everything that it started."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.workflows.sql.conftest import SIMPLE, Ledger

CHILD = {"id": "one", "to": "waiting", "kind": "execution", "detail": {"workflow": "simple"}}


def test_a_queued_execution_is_cancelled_with_its_job(ledger: Ledger) -> None:
    execution = ledger.run()
    assert ledger.value("select aias.cancel_execution(%s, 'no longer wanted')", execution) is True
    row = ledger.execution(execution)
    assert (row["status"], row["cancel_reason"], row["job_id"]) == ("cancelled", "no longer wanted", None)
    assert ledger.jobs(execution) == []


def test_a_running_one_is_fenced_and_its_job_told_to_stop(ledger: Ledger) -> None:
    execution = ledger.run()
    job = ledger.execution(execution)["job_id"]
    ledger.value("select count(*) from aias_private.claim_jobs(null, null, 1, true)")
    ledger.claim(execution)
    ledger.record(execution, 1, {"id": "one", "to": "running"})
    ledger.value("select aias.cancel_execution(%s)", execution)
    assert ledger.record(execution, 1, {"id": "one", "to": "succeeded", "output": 1}) == []
    assert not ledger.finish(execution, 1)
    assert ledger.steps(execution)["one"]["status"] == "cancelled"
    assert [(j["id"], j["status"]) for j in ledger.jobs(execution)] == [(job, "stopping")]


def test_a_call_that_must_not_be_repeated_is_left_in_doubt(ledger: Ledger) -> None:
    execution = ledger.run()
    ledger.claim(execution)
    ledger.record(execution, 1, {"id": "one", "to": "running", "effect": "at_most_once"})
    ledger.value("select aias.cancel_execution(%s)", execution)
    assert ledger.steps(execution)["one"]["status"] == "in_doubt"
    ledger.value("select aias.retry_execution(%s)", execution)
    # its outcome is still unknown: the engine decides by the step's on_unknown
    assert ledger.steps(execution)["one"]["status"] == "running"


def test_children_are_cancelled_too(ledger: Ledger) -> None:
    execution = ledger.run()
    ledger.claim(execution)
    ledger.record(execution, 1, CHILD, {**CHILD, "id": "two"})
    ledger.suspend(execution, 1)
    ledger.value("select aias.cancel_execution(%s)", execution)
    rows = ledger.rows("select status, job_id from aias.executions where parent_execution_id = %s", execution)
    assert rows == [{"status": "cancelled", "job_id": None}] * 2


def test_a_cancelled_child_fails_its_parents_step(ledger: Ledger) -> None:
    execution = ledger.run()
    ledger.claim(execution)
    ledger.record(execution, 1, CHILD)
    ledger.suspend(execution, 1)
    child = ledger.value("select id from aias.executions where parent_execution_id = %s", execution)
    ledger.value("select aias.cancel_execution(%s)", child)
    assert ledger.steps(execution)["one"]["status"] == "failed"
    assert ledger.execution(execution)["status"] == "queued"


def test_cancelling_twice_changes_nothing(ledger: Ledger) -> None:
    execution = ledger.run()
    ledger.value("select aias.cancel_execution(%s, 'first')", execution)
    assert ledger.value("select aias.cancel_execution(%s, 'second')", execution) is False
    assert ledger.execution(execution)["cancel_reason"] == "first"


def test_an_ended_execution_is_not_cancelled(ledger: Ledger) -> None:
    execution = ledger.run()
    ledger.claim(execution)
    ledger.finish(execution, 1)
    with pytest.raises(psycopg.Error, match="has succeeded") as caught:
        ledger.value("select aias.cancel_execution(%s)", execution)
    assert caught.value.sqlstate == "JR409"


def test_ends_and_cancellations_of_a_family_never_deadlock(database_url: str) -> None:
    with psycopg.connect(database_url) as setup:
        ledger = Ledger(connection=setup)
        ledger.apply(SIMPLE)
        families = []
        for _ in range(20):
            parent = ledger.run()
            ledger.claim(parent)
            ledger.record(parent, 1, CHILD, {**CHILD, "id": "two"})
            ledger.suspend(parent, 1)
            children = ledger.rows("select id from aias.executions where parent_execution_id = %s", parent)
            for child in children:
                ledger.claim(child["id"])
            families.append((parent, [child["id"] for child in children]))
        setup.commit()
        tenant = ledger.tenant_id
    problems: list[psycopg.Error] = []

    def work(kind: str) -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            for parent, children in families:
                barrier.wait(timeout=30)
                try:
                    if kind == "cancel":
                        connection.execute("select aias.cancel_execution(%s)", (parent,))
                    else:
                        connection.execute(
                            "select aias_private.finish_execution(%s, %s, 1, 'succeeded', '1', null)",
                            (tenant, children[int(kind)]),
                        )
                except psycopg.Error as error:
                    problems.append(error)

    barrier = threading.Barrier(3)
    threads = [threading.Thread(target=work, args=(kind,)) for kind in ("cancel", "0", "1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert problems == []
    with psycopg.connect(database_url) as check:
        assert check.execute("select count(*) from aias.executions where finished_at is null").fetchone() == (0,)
