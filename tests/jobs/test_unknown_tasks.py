"""Jobs of tasks that the worker does not know, or can't call: they fail, and nothing else does."""

from __future__ import annotations

import pytest

from tests.jobs.engine import Engine


@pytest.mark.parametrize(
    ("task", "args", "error"),
    [
        ("renamed_since", "{}", "TaskNotFound"),
        ("nap", "{}", "TypeError"),
        ("nap", '{"seconds": 0, "unknown": 1}', "TypeError"),
        ("fail_for_good", "{}", "PermanentError"),
    ],
)
async def test_a_job_that_cannot_run_is_failed_and_a_dead_letter_and_others_go_on(
    guarded: Engine, task: str, args: str, error: str
) -> None:
    job = guarded.insert(task, args)
    other = guarded.insert("mark")
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("ran", other) and guarded.status(job) == "failed")
    letter = guarded.rows("select kind, job_id, error, snapshot from aias.dead_letters")[0]
    assert (letter["kind"], letter["job_id"], letter["error"]["type"]) == ("job", job, error)
    assert letter["snapshot"]["task_name"] == task
    row = guarded.rows("select status, worker_id, last_error from aias.jobs where id = %s", job)[0]
    assert (row["status"], row["worker_id"], row["last_error"]) == ("failed", None, letter["error"])


async def test_a_dead_job_that_is_requeued_runs_afresh_with_its_arguments(guarded: Engine) -> None:
    old = guarded.insert("not_deployed_yet", '{"a": [1, {"b": "ü"}]}', priority=7, lock="one", queue_name="critical")
    async with guarded.worker():
        await guarded.until(lambda: guarded.status(old) == "failed")
    letter = guarded.value("select id from aias.dead_letters")
    guarded.conn.execute("select aias.requeue_dead_letter(%s)", (letter,))
    assert guarded.rows("select task, args, priority, lock, queue_name, status, attempt_count from aias.jobs") == [
        {
            "task": "not_deployed_yet",
            "args": {"a": [1, {"b": "ü"}]},
            "priority": 7,
            "lock": "one",
            "queue_name": "critical",
            "status": "waiting",
            "attempt_count": 0,
        }
    ]
    assert guarded.value("select resolution from aias.dead_letters") == "requeued"
