"""aias_private.record_steps: checkpoints, decided in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.workflows.sql.conftest import SIMPLE, Ledger

FAILED: dict[str, Any] = {"to": "failed", "error": {"type": "Upstream", "message": "503"}, "transient": True}


@pytest.fixture
def running(ledger: Ledger) -> UUID:
    execution = ledger.run()
    ledger.claim(execution)
    return execution


def test_a_step_runs_and_succeeds(ledger: Ledger, running: UUID) -> None:
    (row,) = ledger.record(running, 1, {"id": "one", "to": "running", "effect": "at_most_once"})
    assert (row["status"], row["attempt_count"]) == ("running", 1)
    (row,) = ledger.record(running, 1, {"id": "one", "to": "succeeded", "output": {"n": 1}})
    assert (row["status"], row["output"], row["attempt_count"]) == ("succeeded", {"n": 1}, 1)
    assert ledger.steps(running)["one"]["effect"] == "at_most_once"


def test_the_end_of_one_step_and_the_start_of_the_next_are_one_call(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "running"})
    rows = ledger.record(running, 1, {"id": "one", "to": "succeeded", "output": 1}, {"id": "two", "to": "running"})
    assert [(row["id"], row["status"]) for row in rows] == [("one", "succeeded"), ("two", "running")]


@pytest.mark.parametrize("to", ["running", "failed", "skipped", "waiting", "succeeded"])
def test_a_checkpoint_never_changes(ledger: Ledger, running: UUID, to: str) -> None:
    ledger.record(running, 1, {"id": "one", "to": "succeeded", "output": "first"})
    (row,) = ledger.record(
        running, 1, {"id": "one", "to": to, "output": "second", "kind": "sleep", "error": {"type": "T", "message": "m"}}
    )
    assert (row["status"], row["output"], row["attempt_count"]) == ("succeeded", "first", 1)


def test_a_transient_failure_waits_for_its_retry(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "running"})
    (row,) = ledger.record(running, 1, {"id": "one", **FAILED, "policy": {"initial": 10, "max_attempts": 3}})
    assert (row["status"], row["wait_kind"]) == ("waiting", "retry")
    assert row["wait_until"] - datetime.now(UTC) < timedelta(seconds=11)
    assert "step_retry_scheduled" in ledger.events(running)


def test_retry_after_wins_over_a_shorter_backoff(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "running"})
    before = ledger.value("select aias_private.now()")
    (row,) = ledger.record(running, 1, {"id": "one", **FAILED, "retry_after": 3600.5})
    assert row["wait_until"] - before >= timedelta(seconds=3600.5)


def test_the_last_attempt_fails_for_good(ledger: Ledger, running: UUID) -> None:
    row: dict[str, Any] = {}
    for count in (1, 2, 3):
        (row,) = ledger.record(running, 1, {"id": "one", "to": "running"})
        assert row["attempt_count"] == count
        (row,) = ledger.record(running, 1, {"id": "one", **FAILED, "policy": {"max_attempts": 3}})
    assert (row["status"], row["error"]["message"]) == ("failed", "503")
    assert ledger.events(running) == ["step_retry_scheduled", "step_retry_scheduled", "step_failed"]


def test_a_permanent_failure_is_not_repeated(ledger: Ledger, running: UUID) -> None:
    ledger.record(running, 1, {"id": "one", "to": "running"})
    (row,) = ledger.record(running, 1, {"id": "one", **FAILED, "transient": False})
    assert row["status"] == "failed"


@pytest.mark.parametrize(("action", "attempts"), [("shopify.order_get", 8), ("transform", 1), ("unheard.of", 5)])
def test_the_most_exact_policy_counts(ledger: Ledger, running: UUID, action: str, attempts: int) -> None:
    status, count = "", 0
    while status != "failed":
        count += 1
        assert count < 20
        ledger.record(running, 1, {"id": "one", "action": action, "to": "running"})
        ((status),) = [row["status"] for row in ledger.record(running, 1, {"id": "one", "action": action, **FAILED})]
    assert count == attempts


def test_backoff_grows_is_jittered_and_bounded(ledger: Ledger) -> None:
    def delays(attempt: int) -> list[float]:
        policy = {"initial": 1, "factor": 2, "max_delay": 20, "max_attempts": 100}
        rows = ledger.rows(
            "select extract(epoch from aias_private.retry_delay('x', %s, %s, null))::float as s"
            " from generate_series(1, 200)",
            policy,
            attempt,
        )
        return [row["s"] for row in rows]

    first, third, late = delays(1), delays(3), delays(90)
    assert max(first) <= 1 < max(third) <= 4
    assert 15 < max(late) <= 20
    assert len(set(first)) > 100
    assert min(late) < 5  # full jitter: from nothing to the whole


def test_items_of_a_fan_out_are_checkpoints_of_their_own(ledger: Ledger, running: UUID) -> None:
    changes = [{"id": "one", "item": i, "to": "succeeded", "output": i * 10} for i in range(3)]
    assert [row["item"] for row in ledger.record(running, 1, *changes)] == [0, 1, 2]
    assert {k: v["output"] for k, v in ledger.steps(running).items()} == {"one[0]": 0, "one[1]": 10, "one[2]": 20}


def test_an_unknown_target_is_refused_whole(ledger: Ledger, running: UUID) -> None:
    with pytest.raises(psycopg.Error, match="does not go to") as caught, ledger.connection.transaction():
        ledger.record(running, 1, {"id": "one", "to": "succeeded", "output": 1}, {"id": "two", "to": "limbo"})
    assert caught.value.sqlstate == "JR422"
    assert ledger.steps(running) == {}


def test_a_child_that_cannot_start_fails_its_step_alone(ledger: Ledger, running: UUID) -> None:
    rows = ledger.record(
        running,
        1,
        {"id": "one", "to": "succeeded", "output": 1},
        {"id": "two", "to": "waiting", "kind": "execution", "detail": {"workflow": "absent"}},
    )
    assert [row["status"] for row in rows] == ["succeeded", "failed"]
    assert "absent" in rows[1]["error"]["message"]


def test_a_child_answers_its_parent(ledger: Ledger, running: UUID) -> None:
    ledger.apply({**SIMPLE, "name": "child"})
    change = {"id": "one", "to": "waiting", "kind": "execution", "detail": {"workflow": "child", "input": {"x": 1}}}
    ledger.record(running, 1, change)
    ledger.record(running, 1, {"id": "one", "to": "running"})
    ledger.record(running, 1, change)  # once more after a crash: the same child
    (child,) = ledger.rows("select * from aias.executions where parent_execution_id = %s", running)
    assert (child["input"], child["workflow"]) == ({"x": 1}, "child")
    assert ledger.suspend(running, 1) == "suspended"
    ledger.claim(child["id"])
    assert ledger.finish(child["id"], 1, output={"answer": 42})
    step = ledger.steps(running)["one"]
    assert (step["status"], step["output"], step["child_execution_id"]) == ("succeeded", {"answer": 42}, child["id"])
    assert ledger.execution(running)["status"] == "queued"


def test_executions_nest_ten_deep_and_no_deeper(ledger: Ledger) -> None:
    ledger.apply({"name": "ouroboros", "steps": [{"id": "bite", "action": "workflow.run"}]})
    execution = ledger.run("ouroboros")
    row: dict[str, Any] = {}
    for depth in range(11):
        claim = ledger.claim(execution)
        assert claim is not None
        assert claim["depth"] == depth
        (row,) = ledger.record(
            execution, 1, {"id": "bite", "to": "waiting", "kind": "execution", "detail": {"workflow": "ouroboros"}}
        )
        if depth < 10:
            assert row["status"] == "waiting"
            execution = ledger.value("select id from aias.executions where parent_execution_id = %s", execution)
    assert (row["status"], "10 deep" in row["error"]["message"]) == ("failed", True)
