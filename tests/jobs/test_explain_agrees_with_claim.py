"""explain_job and claim_jobs are held together: what one calls runnable the other takes, and nothing else."""

from __future__ import annotations

from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.jobs.queue_rows import Tx, claim, insert, reason, tenant, value, worker

RUNNABLE = {"turn", "next"}
LANES = ("enterprise", "pro", "free")
TASKS = ("mail", "sync")
KEYS = (None, "books", "api")
DEFINITION = '{"name": "nightly", "steps": [{"id": "a", "action": "noop"}]}'

jobs = st.lists(
    st.fixed_dictionaries(
        {
            "lane": st.sampled_from(LANES),
            "priority": st.integers(0, 2),
            "task": st.sampled_from(TASKS),
            "tenant": st.sampled_from((None, 0, 1)),
            "is_execution": st.booleans(),
            "lock": st.sampled_from((None, None, None, "one", "two")),
            "key": st.sampled_from(KEYS),
            "due_in": st.sampled_from((None, None, None, -60, 3600)),
        }
    ),
    min_size=1,
    max_size=25,
)
pauses = st.lists(
    st.sampled_from(
        (("lane", "free"), ("lane", "pro"), ("task", "mail"), ("tenant", "first"), ("workflow", "second/nightly"))
    ),
    max_size=2,
    unique=True,
)
limits = st.lists(
    st.sampled_from(
        (
            ("key", "books", 2, None),
            ("key", "books", 0, None),
            ("key", "api", None, 3),
            ("key", "api", 1, 5),
            ("tenant", "first", 3, None),
            ("workflow", "second/nightly", 1, None),
        )
    ),
    max_size=3,
)


def prepare(tx: Tx, drawn: list[dict[str, Any]]) -> list[int]:
    # a free plan lets two executions run at once
    tenants = [tenant(tx, "first"), tenant(tx, "second", "free")]
    workflows = [
        value(tx, "select workflow_id from aias.apply_workflow(%s, %s::jsonb)", slug, DEFINITION)
        for slug in ("first", "second")
    ]
    made: list[int] = []
    for job in drawn:
        owner = job["tenant"]
        at = None if job["due_in"] is None else value(tx, "select now() + make_interval(secs => %s)", job["due_in"])
        made.append(
            insert(
                tx,
                queue_name=job["lane"],
                priority=job["priority"],
                task_name=job["task"],
                tenant_id=None if owner is None else tenants[owner],
                workflow_id=workflows[owner] if owner is not None and job["is_execution"] else None,
                lock=job["lock"],
                limit_key=job["key"],
                scheduled_at=at,
            )
        )
    return made


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(drawn=jobs, paused=pauses, limited=limits, first=st.integers(0, 6), is_paused_late=st.booleans())
def test_what_explain_calls_runnable_is_claimed_and_what_it_calls_waiting_is_not(
    tx: psycopg.Connection[Any],
    drawn: list[dict[str, Any]],
    paused: list[tuple[str, str]],
    limited: list[tuple[str, str, int | None, int | None]],
    first: int,
    is_paused_late: bool,
) -> None:
    with tx.transaction(force_rollback=True):
        made = prepare(tx, drawn)
        own = worker(tx)

        def pause() -> None:
            for scope, name in paused:
                tx.execute("select aias.pause(%s, %s)", (scope, name))

        for scope, name, most, rate in limited:
            tx.execute(
                "select aias.set_limit(%s, %s, %s, %s, %s::interval, %s)",
                (scope, name, most, rate, "1 hour" if rate else None, 2 if rate else None),
            )
        if not is_paused_late:
            pause()
        running = set(claim(tx, own, first)) if first else set[int]()
        if is_paused_late:
            pause()
        before = {job: reason(tx, job) for job in made if job not in running}
        claimed = set(claim(tx, own, 100))
        after = {job: reason(tx, job) for job in before if job not in claimed}

        runnable = {job for job, why in before.items() if why in RUNNABLE}
        assert claimed <= runnable, {job: before[job] for job in claimed - runnable}
        # what was runnable and is not claimed was overtaken by one of its own lock or limit
        assert {job: why for job, why in after.items() if why in RUNNABLE} == {}
        assert {after[job] for job in runnable - claimed} <= {"lock", "limit", "rate"}
        assert {reason(tx, job) for job in claimed | running} <= {"running"}
