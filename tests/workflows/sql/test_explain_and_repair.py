"""aias.explain_execution names the reason; aias_private.repair_jobs makes lost jobs again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.workflows.sql.conftest import Ledger

LATER = datetime.now(UTC) + timedelta(hours=1)


def explain(ledger: Ledger, execution: object) -> tuple[str, str, datetime | None]:
    row = ledger.row("select * from aias.explain_execution(%s)", execution)
    assert row is not None
    return row["reason"], row["detail"], row["until"]


def test_each_state_has_its_reason(ledger: Ledger) -> None:
    execution = ledger.run(at=LATER)
    assert explain(ledger, execution)[::2] == ("scheduled", LATER)
    execution = ledger.run()
    assert explain(ledger, execution)[0] in {"no_worker", "next", "turn"}
    ledger.claim(execution)
    ledger.record(execution, 1, {"id": "one", "to": "waiting", "kind": "sleep", "until": LATER.isoformat()})
    ledger.record(execution, 1, {"id": "two", "to": "waiting", "kind": "event", "detail": {"name": "paid"}})
    ledger.suspend(execution, 1)
    rows = ledger.rows("select * from aias.explain_execution(%s)", execution)
    assert [(row["reason"], row["until"]) for row in rows] == [("sleep", LATER), ("event", None)]
    assert "paid" in rows[1]["detail"]
    ledger.value("select aias.cancel_execution(%s, 'not wanted')", execution)
    reason, detail, _ = explain(ledger, execution)
    assert (reason, "not wanted" in detail) == ("cancelled", True)


def test_a_retry_says_what_failed_and_when_it_goes_on(ledger: Ledger) -> None:
    execution = ledger.run()
    ledger.claim(execution)
    ledger.record(execution, 1, {"id": "one", "to": "running"})
    error = {"type": "Upstream", "message": "503 from the shop"}
    ledger.record(execution, 1, {"id": "one", "to": "failed", "transient": True, "error": error, "retry_after": 60})
    ledger.suspend(execution, 1)
    reason, detail, until = explain(ledger, execution)
    assert (reason, "503 from the shop" in detail, until is not None) == ("retry", True, True)


def test_an_unknown_execution_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(psycopg.Error) as caught:
        explain(ledger, "00000000-0000-0000-0000-000000000001")
    assert caught.value.sqlstate == "JR404"


def test_lost_jobs_are_made_again_from_the_ledger(ledger: Ledger) -> None:
    queued, running, sleeping, waiting, done = (ledger.run() for _ in range(5))
    for execution in (running, sleeping, waiting, done):
        ledger.claim(execution)
    ledger.record(sleeping, 1, {"id": "one", "to": "waiting", "kind": "sleep", "until": LATER.isoformat()})
    ledger.suspend(sleeping, 1)
    ledger.record(waiting, 1, {"id": "one", "to": "waiting", "kind": "event", "detail": {"name": "x"}})
    ledger.suspend(waiting, 1)
    ledger.finish(done, 1)
    ledger.connection.execute("truncate procrastinate_jobs cascade")
    assert explain(ledger, queued)[0] == "no_job"

    repaired = ledger.rows("select * from aias_private.repair_jobs()")
    assert {row["execution_id"] for row in repaired} == {queued, running, sleeping}
    for execution in (queued, running, sleeping):
        (job,) = ledger.jobs(execution)
        assert job["id"] == ledger.execution(execution)["job_id"]
    assert ledger.jobs(sleeping)[0]["run_at"] == LATER
    assert ledger.jobs(waiting) == ledger.jobs(done) == []
    assert ledger.rows("select * from aias_private.repair_jobs()") == []
    for execution in (queued, running):
        assert ledger.claim(execution) is not None


def test_jobs_that_no_execution_names_are_removed(ledger: Ledger) -> None:
    execution = ledger.run()
    stray = ledger.value(
        "select aias_private.insert_execution_job(e.tenant_id, e.id, e.workflow_id, 'pro', null)"
        " from aias_private.executions as e where e.id = %s",
        execution,
    )
    ledger.value("select aias_private.insert_job('other.task', '{}', 'pro', 0, null, null, null, null)")
    repaired = ledger.rows("select * from aias_private.repair_jobs()")
    assert [(row["job_id"], row["action"]) for row in repaired] == [(stray, "removed")]
    assert ledger.value("select count(*) from aias.jobs") == 2
