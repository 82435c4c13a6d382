"""aias_private.claim_execution: one job, one attempt at a time."""

from __future__ import annotations

from tests.workflows.sql.conftest import Ledger


def test_a_claim_hands_over_what_the_engine_needs(ledger: Ledger) -> None:
    execution = ledger.run(input={"a": 1})
    claim = ledger.claim(execution, worker=7)
    assert claim is not None
    assert (claim["attempt"], claim["tenant_slug"], claim["workflow_name"], claim["version"]) == (
        1,
        "acme",
        "simple",
        1,
    )
    assert (claim["input"], claim["steps"], claim["depth"]) == ({"a": 1}, [], 0)
    definition = ledger.row(
        "select aias_private.workflow_definition(%s, %s, %s) as it",
        ledger.tenant_id,
        claim["workflow_id"],
        claim["version"],
    )
    assert definition is not None
    assert definition["it"]["steps"][0]["id"] == "one"
    row = ledger.execution(execution)
    assert (row["status"], row["worker_id"], row["started_at"] is not None) == ("running", 7, True)


def test_only_the_job_that_the_execution_names_may_claim(ledger: Ledger) -> None:
    execution = ledger.run()
    assert ledger.claim(execution, job=10**12) is None
    assert ledger.execution(execution)["status"] == "queued"


def test_a_final_execution_is_not_claimed(ledger: Ledger) -> None:
    execution = ledger.run()
    job = ledger.execution(execution)["job_id"]
    ledger.claim(execution)
    ledger.finish(execution, 1)
    assert ledger.claim(execution, job=job) is None


def test_a_second_claim_is_a_rescue_and_fences_the_first(ledger: Ledger) -> None:
    execution = ledger.run()
    ledger.claim(execution, worker=1)
    second = ledger.claim(execution, worker=2)
    assert second is not None
    assert second["attempt"] == 2
    assert ledger.record(execution, 1, {"id": "one", "to": "succeeded", "output": "late"}) == []
    assert ledger.suspend(execution, 1) == "superseded"
    assert not ledger.finish(execution, 1)
    assert ledger.steps(execution) == {}
    row = ledger.execution(execution)
    assert (row["status"], row["attempt"], row["crash_count"], row["worker_id"]) == ("running", 2, 1, 2)
    assert ledger.events(execution) == ["rescued"]


def test_after_five_dead_workers_the_execution_is_a_dead_letter(ledger: Ledger) -> None:
    execution = ledger.run()
    for _ in range(5):
        assert ledger.claim(execution) is not None
    assert ledger.claim(execution) is None
    row = ledger.execution(execution)
    assert (row["status"], row["error"]["type"], row["job_id"]) == ("failed", "CrashLoop", None)
    letter = ledger.row("select * from aias.dead_letters where execution_id = %s", execution)
    assert letter is not None
    assert letter["reason"] == "crash loop"
    assert letter["snapshot"]["execution"]["id"] == str(execution)


def test_a_release_is_no_crash(ledger: Ledger) -> None:
    execution = ledger.run()
    for attempt in (1, 3, 5, 7, 9, 11, 13):
        claim = ledger.claim(execution)
        assert claim is not None
        assert claim["attempt"] == attempt
        assert ledger.value("select aias_private.release_execution(%s, %s, %s)", ledger.tenant_id, execution, attempt)
    assert ledger.execution(execution)["crash_count"] == 0
    assert ledger.record(execution, 13, {"id": "one", "to": "running"}) == []
