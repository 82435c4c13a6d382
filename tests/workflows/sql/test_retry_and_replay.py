"""aias.retry_execution, replay_execution, replay_where and the dead letters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from tests.workflows.sql.conftest import Ledger

CHAIN: dict[str, Any] = {
    "name": "chain",
    "input": {"type": "object", "properties": {"n": {"type": "integer"}}},
    "steps": [
        {"id": "a", "action": "noop"},
        {"id": "b", "action": "noop", "needs": ["a"], "on_failure": {"step": "f"}},
        {"id": "c", "action": "noop", "needs": ["b"]},
        {"id": "d", "action": "noop", "needs": ["a"]},
        {"id": "f", "action": "noop"},
    ],
}


@pytest.fixture
def failed(ledger: Ledger) -> UUID:
    ledger.apply(CHAIN)
    execution = ledger.run("chain", input={"n": 1, "m": 2})
    ledger.claim(execution)
    ledger.record(
        execution,
        1,
        {"id": "a", "to": "succeeded", "output": "A"},
        {"id": "d", "to": "succeeded", "output": "D"},
        {"id": "b", "to": "failed", "error": {"type": "T", "message": "m"}},
    )
    ledger.finish(execution, 1, "failed")
    return execution


def test_a_failure_is_kept_whole_among_the_dead_letters(ledger: Ledger, failed: UUID) -> None:
    letter = ledger.row("select * from aias.dead_letters where execution_id = %s", failed)
    assert letter is not None
    assert (letter["kind"], letter["reason"], letter["resolution"]) == ("execution", "it broke", None)
    assert letter["snapshot"]["execution"]["input"] == {"n": 1, "m": 2}
    assert {step["id"]: step["output"] for step in letter["snapshot"]["steps"]} == {"a": "A", "b": None, "d": "D"}


def test_a_retry_goes_on_from_the_checkpoints(ledger: Ledger, failed: UUID) -> None:
    ledger.value("select aias.retry_execution(%s)", failed)
    claim = ledger.claim(failed)
    assert claim is not None
    assert {s["id"]: (s["status"], s["output"]) for s in claim["steps"]} == {
        "a": ("succeeded", "A"),
        "d": ("succeeded", "D"),
    }
    letter = ledger.row("select * from aias.dead_letters where execution_id = %s", failed)
    assert letter is not None
    assert letter["resolution"] == "requeued"
    assert ledger.record(failed, 1, {"id": "b", "to": "running"}) == []  # the old attempt stays fenced


def test_a_failure_that_was_passed_over_stays_passed_over(ledger: Ledger) -> None:
    steps = [{"id": "a", "action": "noop", "on_failure": "continue"}, {"id": "b", "action": "noop", "needs": ["a"]}]
    ledger.apply({"name": "lenient", "steps": steps})
    execution = ledger.run("lenient")
    ledger.claim(execution)
    error = {"type": "T", "message": "m"}
    ledger.record(
        execution, 1, {"id": "a", "to": "failed", "error": error}, {"id": "b", "to": "failed", "error": error}
    )
    ledger.finish(execution, 1, "failed")
    ledger.value("select aias.retry_execution(%s)", execution)
    assert {step: row["status"] for step, row in ledger.steps(execution).items()} == {"a": "failed"}


def test_a_replay_from_a_fallback_runs_what_needs_its_step(ledger: Ledger, failed: UUID) -> None:
    rows = ledger.rows("select aias_private.steps_after(%s, 'f') as id order by id", CHAIN)
    assert [row["id"] for row in rows] == ["c", "f"]


def test_a_retry_that_fails_again_is_a_new_dead_letter(ledger: Ledger, failed: UUID) -> None:
    letter = ledger.value("select id from aias.dead_letters where execution_id = %s", failed)
    ledger.value("select aias.requeue_dead_letter(%s)", letter)
    claim = ledger.claim(failed)
    assert claim is not None
    ledger.finish(failed, claim["attempt"], "failed")
    rows = ledger.rows("select resolution from aias.dead_letters where execution_id = %s order by id", failed)
    assert [row["resolution"] for row in rows] == ["requeued", None]


def test_a_discarded_letter_is_settled_once(ledger: Ledger, failed: UUID) -> None:
    letter = ledger.value("select id from aias.dead_letters where execution_id = %s", failed)
    ledger.value("select aias.discard_dead_letter(%s, 'known')", letter)
    row = ledger.row("select resolution, resolved_reason from aias.dead_letters where id = %s", letter)
    assert row == {"resolution": "discarded", "resolved_reason": "known"}
    calls: list[LiteralString] = ["aias.discard_dead_letter(%s, 'again')", "aias.requeue_dead_letter(%s)"]
    for call in calls:
        with pytest.raises(psycopg.Error) as caught, ledger.connection.transaction():
            ledger.connection.execute(f"select {call}", (letter,))
        assert caught.value.sqlstate == "JR409"


def test_only_an_end_that_was_no_success_is_retried(ledger: Ledger) -> None:
    execution = ledger.run()
    for _ in range(2):
        with pytest.raises(psycopg.Error) as caught, ledger.connection.transaction():
            ledger.value("select aias.retry_execution(%s)", execution)
        assert caught.value.sqlstate == "JR409"
        if ledger.claim(execution):
            ledger.finish(execution, 1)


@pytest.mark.parametrize(
    ("step", "reused"),
    [(None, set()), ("a", set()), ("b", {"a", "d"}), ("c", {"a", "d"}), ("d", {"a"}), ("f", {"a", "d"})],
)
def test_a_replay_reuses_what_stands_before_its_step(
    ledger: Ledger, failed: UUID, step: str | None, reused: set[str]
) -> None:
    replay = ledger.value("select aias.replay_execution(%s, %s)", failed, step)
    assert set(ledger.steps(replay)) == reused
    row = ledger.execution(replay)
    assert (row["status"], row["replayed_from_id"], row["input"]) == ("queued", failed, {"n": 1, "m": 2})
    assert ledger.execution(failed)["status"] == "failed"


def test_a_replay_patches_the_input_and_checks_it(ledger: Ledger, failed: UUID) -> None:
    replay = ledger.value("select aias.replay_execution(%s, null, %s)", failed, {"n": 5, "m": None, "x": {"y": 1}})
    assert ledger.execution(replay)["input"] == {"n": 5, "x": {"y": 1}}
    with pytest.raises(psycopg.Error, match=r"\$\.n") as caught:
        ledger.value("select aias.replay_execution(%s, null, %s)", failed, {"n": "five"})
    assert caught.value.sqlstate == "JR422"


def test_a_replay_on_another_version_reuses_only_the_steps_that_are_the_same(ledger: Ledger, failed: UUID) -> None:
    steps = [dict(step) for step in CHAIN["steps"]]
    steps[3]["action"] = "transform"
    assert ledger.apply({**CHAIN, "steps": steps})["version"] == 2
    replay = ledger.value("select aias.replay_execution(%s, 'b', null, 2)", failed)
    assert set(ledger.steps(replay)) == {"a"}
    assert ledger.execution(replay)["version"] == 2


@pytest.mark.parametrize(
    ("call", "sqlstate"),
    [
        ("aias.replay_execution(%s, 'nope')", "JR422"),
        ("aias.replay_execution(%s, 'a', '[]')", "JR422"),
        ("aias.replay_execution(%s, 'a', null, 99)", "JR404"),
    ],
)
def test_a_bad_replay_is_refused(ledger: Ledger, failed: UUID, call: LiteralString, sqlstate: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        ledger.connection.execute(f"select {call}", (failed,))
    assert caught.value.sqlstate == sqlstate


def test_a_live_execution_is_not_replayed(ledger: Ledger) -> None:
    with pytest.raises(psycopg.Error) as caught:
        ledger.value("select aias.replay_execution(%s)", ledger.run())
    assert caught.value.sqlstate == "JR409"


def test_many_replays_are_spread_over_time(ledger: Ledger) -> None:
    for _ in range(4):
        execution = ledger.run()
        ledger.claim(execution)
        ledger.finish(execution, 1, "failed")
    since = datetime.now(UTC) - timedelta(hours=1)
    count = ledger.value(
        "select aias.replay_where('simple', 'failed', %s, %s, null, null, 30)", since, since + timedelta(hours=2)
    )
    assert count == 4
    rows = ledger.rows(
        "select coalesce(run_at, aias_private.now()) - aias_private.now() as late from aias.executions"
        " where replayed_from_id is not null order by late"
    )
    assert [row["late"].total_seconds() for row in rows] == [0, 2, 4, 6]


def test_a_failure_starts_its_fallback_workflow_once(ledger: Ledger) -> None:
    ledger.apply({"name": "risky", "on_failure": {"workflow": "simple"}, "steps": [{"id": "a", "action": "noop"}]})
    execution = ledger.run("risky", input={"n": 1})
    ledger.claim(execution)
    ledger.finish(execution, 1, "failed")
    (fallback,) = ledger.rows("select * from aias.executions where workflow = 'simple'")
    assert fallback["input"]["execution_id"] == str(execution)
    assert (fallback["input"]["workflow"], fallback["input"]["input"]) == ("risky", {"n": 1})
    assert fallback["input"]["error"]["message"] == "it broke"


def test_a_fallback_that_is_absent_holds_nothing_up(ledger: Ledger) -> None:
    ledger.apply({"name": "risky", "on_failure": {"workflow": "absent"}, "steps": [{"id": "a", "action": "noop"}]})
    execution = ledger.run("risky")
    ledger.claim(execution)
    assert ledger.finish(execution, 1, "failed")
    assert ledger.execution(execution)["status"] == "failed"
    assert "fallback_started" in ledger.events(execution)


def test_workflows_that_are_each_others_fallback_end(ledger: Ledger) -> None:
    ledger.apply({"name": "ping", "on_failure": {"workflow": "ping"}, "steps": [{"id": "a", "action": "noop"}]})
    ledger.run("ping")
    rounds = 0
    while rows := ledger.rows("select id from aias.executions where workflow = 'ping' and status = 'queued'"):
        rounds += 1
        assert rounds < 20
        for row in rows:
            ledger.claim(row["id"])
            ledger.finish(row["id"], 1, "failed")
    assert rounds == 11
