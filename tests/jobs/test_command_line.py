"""procrastinate's own command line on our app: everything that it documents works."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.jobs.engine import ROOT, Engine


def run(engine: Engine, *arguments: str, app: str = "tests.jobs.guarded.app") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "procrastinate", f"--app={app}", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": engine.url},
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_jobs_are_deferred_worked_off_and_listed(guarded: Engine) -> None:
    assert run(guarded, "healthchecks").returncode == 0
    deferred = run(guarded, "defer", "mark", '{"a": 1}', "--queue=anything", "--lock=l")
    assert deferred.returncode == 0, deferred.stderr
    assert run(guarded, "defer", "mark", "--queue=elsewhere", "--priority=3").returncode == 0
    worked = run(guarded, "worker", "--queues=anything", "--one-shot", "--name=the name", "--concurrency=2")
    assert worked.returncode == 0, worked.stderr
    assert guarded.rows("select queue_name, priority from aias.jobs") == [{"queue_name": "elsewhere", "priority": 3}]
    assert guarded.count("ran") == 1
    listed = run(guarded, "shell", "list_jobs")
    assert "mark on elsewhere - [todo]" in listed.stdout
    job = guarded.value("select id from aias.jobs")
    assert "cancelled" in run(guarded, "shell", "cancel", str(job)).stdout
    assert guarded.status(job) == "cancelled"


def test_the_app_that_users_name_works_on_any_queue(guarded: Engine) -> None:
    guarded.insert("procrastinate.builtin_tasks.remove_old_jobs", '{"max_hours": 1}', queue_name="whatever")
    worked = run(guarded, "worker", "--one-shot", app="aias.app.app")
    assert worked.returncode == 0, worked.stderr
    assert guarded.value("select count(*) from aias.jobs") == 0


def test_a_database_without_our_schema_is_refused_in_one_line(plain: Engine) -> None:
    worked = run(plain, "worker", "--one-shot")
    assert worked.returncode == 1
    assert "aias db migrate" in worked.stderr
    assert "Traceback" not in worked.stderr


def test_bad_options_are_refused_by_their_names(guarded: Engine) -> None:
    worked = run(guarded, "worker", "--concurrency=-1", f"--queues={'q' * 41}")
    assert worked.returncode == 1
    assert "concurrency" in worked.stderr
    assert "q" * 41 in worked.stderr
    assert "Traceback" not in worked.stderr


def test_arguments_that_the_table_refuses_are_refused_by_the_name_of_the_rule(guarded: Engine) -> None:
    refused = run(guarded, "defer", "mark", "--queue=" + "q" * 41)
    assert refused.returncode == 1
    assert "queue_name_has_1_to_40_bytes" in refused.stderr
    refused = run(guarded, "defer", "mark", '{"n": 1e5000}')
    assert refused.returncode == 1
    assert guarded.value("select count(*) from aias.jobs") == 0
