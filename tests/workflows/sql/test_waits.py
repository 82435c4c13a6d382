"""Suspension: waiting holds no worker, and what an execution waits for is never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from tests.workflows.sql.conftest import Ledger

LATER = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
EVENT = {"id": "one", "to": "waiting", "kind": "event", "detail": {"name": "paid"}}
APPROVAL = {"id": "one", "to": "waiting", "kind": "approval", "detail": {"message": "really?"}}


@pytest.fixture
def running(ledger: Ledger) -> UUID:
    execution = ledger.run()
    ledger.claim(execution)
    return execution


def test_a_sleep_ends_with_its_job(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "waiting", "kind": "sleep", "until": LATER})
    assert ledger.suspend(running, 1) == "suspended"
    row = ledger.execution(running)
    assert (row["status"], row["wait_reason"], row["worker_id"]) == ("waiting", "sleep", None)
    job = next(job for job in ledger.jobs(running) if job["id"] == row["job_id"])
    assert (job["run_at"], job["lane"]) == (datetime.fromisoformat(LATER), "pro")


def test_a_retry_waits_in_the_retry_lane(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "running"})
    ledger.record(running, 1, {"id": "one", "to": "failed", "transient": True, "error": {}, "retry_after": 60})
    ledger.suspend(running, 1)
    row = ledger.execution(running)
    assert [job["lane"] for job in ledger.jobs(running) if job["id"] == row["job_id"]] == ["retry"]
    assert row["lane"] == "pro"


def test_the_earliest_wait_sets_the_clock(ledger: Ledger, running: UUID) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    ledger.record(
        running,
        1,
        {"id": "one", "to": "waiting", "kind": "sleep", "until": LATER},
        {"id": "two", "to": "waiting", "kind": "sleep", "until": soon.isoformat()},
    )
    ledger.suspend(running, 1)
    assert ledger.execution(running)["wait_until"] == soon


def test_a_signal_wakes_its_step(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, EVENT)
    ledger.suspend(running, 1)
    assert ledger.execution(running)["job_id"] is None
    assert ledger.value("select aias.send_signal(%s, 'paid', %s)", running, {"amount": "5.00"}) is True
    assert ledger.steps(running)["one"]["output"] == {"amount": "5.00"}
    row = ledger.execution(running)
    assert (row["status"], row["job_id"] is not None) == ("queued", True)


def test_a_signal_that_comes_first_is_kept(ledger: Ledger, running: UUID) -> None:
    assert ledger.value("select aias.send_signal(%s, 'paid', %s)", running, {"n": 1}) is False
    ledger.value("select aias.send_signal(%s, 'paid', %s)", running, {"n": 2})
    (row,) = ledger.record(running, 1, EVENT)
    assert (row["status"], row["output"]) == ("succeeded", {"n": 1})
    (row,) = ledger.record(running, 1, {**EVENT, "id": "two"})
    assert (row["status"], row["output"]) == ("succeeded", {"n": 2})


def test_a_signal_between_wait_and_suspension_is_not_lost(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, EVENT)
    ledger.value("select aias.send_signal(%s, 'paid')", running)
    assert ledger.suspend(running, 1) == "again"
    steps = ledger.value("select aias_private.reload_execution(%s, %s, 1)", ledger.tenant_id, running)
    assert [step["status"] for step in steps] == ["succeeded"]


def test_an_execution_without_waits_does_not_suspend(ledger: Ledger, running: UUID) -> None:
    assert ledger.suspend(running, 1) == "again"


def test_a_signal_to_an_ended_execution_is_a_conflict(ledger: Ledger, running: UUID) -> None:
    ledger.finish(running, 1)
    with pytest.raises(psycopg.Error) as caught:
        ledger.value("select aias.send_signal(%s, 'paid')", running)
    assert caught.value.sqlstate == "JR409"


def test_an_approval_answers_with_who_and_why(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, APPROVAL)
    ledger.suspend(running, 1)
    ledger.value("select aias.approve_step(%s, 'one', true, 'zoe', 'fine')", running)
    step = ledger.steps(running)["one"]
    assert step["status"] == "succeeded"
    assert {k: step["output"][k] for k in ("approved", "by", "comment")} == {
        "approved": True,
        "by": "zoe",
        "comment": "fine",
    }
    assert ledger.execution(running)["status"] == "queued"


def test_a_refusal_fails_the_step(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, APPROVAL)
    ledger.suspend(running, 1)
    ledger.value("select aias.approve_step(%s, 'one', false, 'zoe')", running)
    step = ledger.steps(running)["one"]
    assert (step["status"], step["error"]["type"]) == ("failed", "Rejected")


def test_a_call_in_doubt_is_made_again_when_a_person_says_so(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {**APPROVAL, "detail": {"in_doubt": True}})
    ledger.suspend(running, 1)
    ledger.value("select aias.approve_step(%s, 'one', true, 'zoe')", running)
    step = ledger.steps(running)["one"]
    assert (step["status"], step["wait_kind"]) == ("waiting", "retry")


def test_an_item_of_a_fan_out_is_approved_by_its_index(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {**APPROVAL, "item": 0}, {**APPROVAL, "item": 1})
    ledger.suspend(running, 1)
    ledger.value("select aias.approve_step(%s, 'one[1]', true, 'zoe')", running)
    assert {k: v["status"] for k, v in ledger.steps(running).items()} == {"one[0]": "waiting", "one[1]": "succeeded"}


def test_only_a_step_that_waits_for_a_person_is_approved(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, EVENT)
    for step in ("one", "two", None):
        with pytest.raises(psycopg.Error) as caught, ledger.connection.transaction():
            ledger.value("select aias.approve_step(%s, %s, true, 'zoe')", running, step)
        assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR409", "p_step")
