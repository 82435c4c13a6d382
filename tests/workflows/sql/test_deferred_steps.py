"""Steps that are put off: no attempt is burnt, and it does not go on for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.workflows.sql.conftest import Ledger

UNTIL = datetime.now(UTC) + timedelta(days=1)
DEFERRED: dict[str, Any] = {
    "id": "one",
    "to": "deferred",
    "kind": "gate",
    "until": UNTIL.isoformat(),
    "detail": {"gate": "shopify:acme/main", "message": "closed because of maintenance"},
}


@pytest.fixture
def running(ledger: Ledger) -> UUID:
    execution = ledger.run()
    ledger.claim(execution)
    return execution


@pytest.mark.parametrize("effect", ["idempotent", "at_most_once"])
def test_a_step_that_is_put_off_waits_and_gets_its_attempt_back(ledger: Ledger, running: UUID, effect: str) -> None:
    for count in (1, 2, 3):
        ledger.record(running, 1, {"id": "one", "to": "running", "effect": effect})
        (row,) = ledger.record(running, 1, DEFERRED)
        assert (row["status"], row["wait_kind"], row["wait_until"]) == ("waiting", "gate", UNTIL)
        assert row["attempt_count"] == 0
        assert ledger.steps(running)["one"]["deferral_count"] == count
    assert ledger.events(running) == []


def test_a_wait_for_a_gate_holds_no_worker_and_is_explained(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "running"})
    ledger.record(running, 1, DEFERRED)
    assert ledger.suspend(running, 1) == "suspended"
    job = ledger.execution(running)["job_id"]
    for told in (
        ledger.rows("select * from aias.explain_execution(%s)", running),
        ledger.rows("select * from aias.explain_job(%s)", job),
    ):
        assert [(row["reason"], row["until"]) for row in told] == [("gate", UNTIL)]
        assert "shopify:acme/main" in told[0]["detail"]
        assert "maintenance" in told[0]["detail"]


def test_failures_before_and_after_count_as_ever(ledger: Ledger, running: UUID) -> None:
    failed = {"id": "one", "to": "failed", "transient": True, "error": {"type": "T", "message": "503"}}
    for change, count in ((failed, 1), (DEFERRED, 1), (failed, 2)):
        ledger.record(running, 1, {"id": "one", "to": "running"})
        (row,) = ledger.record(running, 1, {**change, "policy": {"max_attempts": 5}})
        assert row["attempt_count"] == count


def test_after_a_thousand_times_it_fails(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "running"})
    ledger.record(running, 1, DEFERRED)
    ledger.connection.execute("update aias_private.steps set deferral_count = 999 where execution_id = %s", (running,))
    ledger.record(running, 1, {"id": "one", "to": "running"})
    (row,) = ledger.record(running, 1, DEFERRED)
    assert (row["status"], ledger.steps(running)["one"]["deferral_count"]) == ("waiting", 1000)
    ledger.record(running, 1, {"id": "one", "to": "running"})
    (row,) = ledger.record(running, 1, DEFERRED)
    assert (row["status"], row["error"]["type"]) == ("failed", "DeferredTooOften")
    assert "maintenance" in row["error"]["message"]
    assert ledger.events(running) == ["step_failed"]
