"""aias.explain_job: why a job waits, in the words of the claim's own conditions."""

from __future__ import annotations

from typing import Any

import psycopg

Tx = psycopg.Connection[Any]


def value(tx: Tx, statement: str, *values: Any) -> Any:
    row = tx.execute(statement.encode(), values).fetchone()
    return None if row is None else row[0]


def insert(tx: Tx, **columns: Any) -> int:
    values = {"queue_name": "pro", "task_name": "t", **columns}
    statement = (
        f"insert into procrastinate_jobs ({', '.join(values)}) values ({', '.join(['%s'] * len(values))}) returning id"
    )
    return value(tx, statement, *values.values())


def worker(tx: Tx, queues: list[str] | None = None) -> int:
    return value(tx, "select aias_private.register_worker('w', 'host', 7, %s, 2, '0', interval '30 s')", queues)


def explain(tx: Tx, job: int) -> tuple[str, str, Any]:
    row = tx.execute("select reason, detail, until from aias.explain_job(%s)", (job,)).fetchone()
    assert row is not None
    return row


def claimed(tx: Tx, worker_id: int) -> list[int]:
    return [
        row[0]
        for row in tx.execute("select id from aias_private.claim_jobs(null, %s, 1, true)", (worker_id,)).fetchall()
    ]


def test_nobody_works_on_its_queue(tx: Tx) -> None:
    job = insert(tx)
    worker(tx, ["free"])
    assert explain(tx, job)[:2] == ("no_worker", "no living worker works on the queue 'pro'")


def test_its_turn_has_not_come_and_then_it_is_next_and_is_claimed(tx: Tx) -> None:
    first = insert(tx)
    job = insert(tx)
    urgent = insert(tx, priority=5)
    insert(tx, priority=5, scheduled_at="2100-01-01")
    insert(tx, priority=-1)
    own = worker(tx)
    assert explain(tx, job)[:2] == ("turn", "2 jobs of its lane come before it")
    assert [claimed(tx, own), claimed(tx, own)] == [[urgent], [first]]
    assert explain(tx, job)[0] == "next"
    assert claimed(tx, own) == [job]
    assert explain(tx, job)[:2] == ("running", f"worker {own} (host 7) runs it")


def test_how_many_come_before_it_is_not_counted_to_the_end(tx: Tx) -> None:
    tx.execute("insert into procrastinate_jobs (queue_name, task_name) select 'pro', 't' from generate_series(1, 1500)")
    job = insert(tx)
    worker(tx)
    assert explain(tx, job)[:2] == ("turn", "at least 1000 jobs of its lane come before it")


def test_its_time_has_not_come(tx: Tx) -> None:
    at = value(tx, "select now() + interval '1 hour'")
    job = insert(tx, scheduled_at=at)
    assert explain(tx, job) == ("scheduled", "it is asked for at that time", at)


def test_arguments_of_a_scheduled_job_may_name_an_execution_as_they_like(tx: Tx) -> None:
    at = value(tx, "select now() + interval '1 hour'")
    job = insert(tx, scheduled_at=at, args='{"execution_id": "no id"}')
    assert explain(tx, job)[0] == "scheduled"


def test_its_last_attempt_failed(tx: Tx) -> None:
    job = insert(tx)
    own = worker(tx)
    assert claimed(tx, own) == [job]
    tx.execute(
        "select aias_private.postpone_job(%s, %s, 0, interval '1 minute', null, null, null, '{\"message\": \"busy\"}')",
        (job, own),
    )
    reason, detail, until = explain(tx, job)
    assert (reason, detail) == ("scheduled", "attempt 1 failed: busy")
    assert until == value(tx, "select now() + interval '1 minute'")


def test_another_job_holds_its_lock_or_comes_first_under_it(tx: Tx) -> None:
    first = insert(tx, lock="one")
    job = insert(tx, lock="one")
    own = worker(tx)
    assert explain(tx, job)[:2] == ("lock", f"job {first} comes first under the same lock")
    assert claimed(tx, own) == [first]
    assert explain(tx, job)[:2] == ("lock", f"job {first} runs under the same lock, on worker {own}")
    assert claimed(tx, own) == []


def test_its_worker_is_silent_and_then_gone(tx: Tx) -> None:
    job = insert(tx)
    own = worker(tx)
    assert claimed(tx, own) == [job]
    tx.execute("update procrastinate_workers set last_heartbeat = now() - interval '20 s' where id = %s", (own,))
    reason, _, until = explain(tx, job)
    assert (reason, until) == ("silent_worker", value(tx, "select now() + interval '10 s'"))
    tx.execute("select aias_private.unregister_worker(%s)", (own,))
    assert explain(tx, job)[0] == "no_holder"


def test_it_has_ended(tx: Tx) -> None:
    job = insert(tx)
    own = worker(tx)
    assert claimed(tx, own) == [job]
    tx.execute("select aias_private.finish_job(%s, %s, 0, 'failed', false, '{\"message\": \"no\"}')", (job, own))
    assert explain(tx, job) == ("failed", "it has ended: no", None)


def test_a_time_that_never_comes_does_not_break_the_answer(tx: Tx) -> None:
    tx.execute("alter table procrastinate_jobs drop constraint scheduled_at_can_be_read")
    assert explain(tx, insert(tx, scheduled_at="infinity"))[0::2] == ("scheduled", None)
