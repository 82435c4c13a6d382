"""Concurrency limits: exact under any number of workers and through crashes, in force at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.jobs.queue_rows import Tx, claim, finish, insert, make_clocks, reason, tenant, value, worker

DEFINITION = '{"name": "nightly", "steps": [{"id": "a", "action": "noop"}]}'


def workflow(tx: Tx, slug: str) -> Any:
    return value(tx, "select workflow_id from aias.apply_workflow(%s, %s::jsonb)", slug, DEFINITION)


@pytest.mark.parametrize("scope", ["tenant", "workflow", "key"])
def test_no_more_than_the_limit_run_and_the_next_starts_when_one_ends(scope: str, tx: Tx) -> None:
    own = worker(tx)
    columns = {"tenant_id": tenant(tx, "acme"), "workflow_id": workflow(tx, "acme"), "limit_key": "books"}
    name = {"tenant": "acme", "workflow": "acme/nightly", "key": "books"}[scope]
    tx.execute("select aias.set_limit(%s, %s, 2)", (scope, name))
    jobs = [insert(tx, **columns) for _ in range(4)]
    other = insert(tx)
    assert sorted(claim(tx, own, 10)) == [*jobs[:2], other]
    assert reason(tx, jobs[2]) == "limit"
    assert tx.execute("select running_count, parked_count from aias.limits").fetchone() == (2, 2)
    assert claim(tx, own, 10) == []
    finish(tx, own, jobs[0])
    assert claim(tx, own, 10, is_thorough=False) == [jobs[2]]
    tx.execute("select aias_private.release_job(%s, %s, 0)", (jobs[1], own))
    assert claim(tx, own, 10, is_thorough=False) in ([jobs[1]], [jobs[3]])


def test_a_plan_limits_executions_and_a_limit_of_the_tenants_own_stands_in_its_place(tx: Tx) -> None:
    own = worker(tx)
    columns = {"tenant_id": tenant(tx, "acme", "free"), "workflow_id": workflow(tx, "acme")}
    jobs = [insert(tx, **columns) for _ in range(5)]
    plain = insert(tx, tenant_id=columns["tenant_id"])
    assert sorted(claim(tx, own, 10)) == [*jobs[:2], plain]
    assert value(tx, "select detail from aias.explain_job(%s)", jobs[2]).startswith(
        "under the plan free at most 2 run at once, now "
    )
    tx.execute("select aias.set_limit('tenant', 'acme', 4)")
    assert claim(tx, own, 10, is_thorough=False) == [jobs[2]]
    tx.execute("select aias.set_limit('tenant', 'acme', 5)")
    assert claim(tx, own, 10, is_thorough=False) == [jobs[3]]
    tx.execute("select aias.remove_limit('tenant', 'acme')")
    finish(tx, own, *jobs[:4])
    assert claim(tx, own, 10) == [jobs[4]]


def test_a_limit_that_is_removed_lets_all_go(tx: Tx) -> None:
    own = worker(tx)
    tx.execute("select aias.set_limit('key', 'books', 0)")
    jobs = [insert(tx, limit_key="books") for _ in range(3)]
    assert claim(tx, own, 10) == []
    tx.execute("select aias.remove_limit('key', 'books')")
    assert claim(tx, own, 10, is_thorough=False) == jobs


def test_a_job_that_another_limit_holds_leaves_its_place_to_the_next(tx: Tx) -> None:
    own = worker(tx)
    acme = tenant(tx, "acme")
    tx.execute("select aias.set_limit('tenant', 'acme', 1)")
    tx.execute("select aias.set_limit('key', 'books', 1)")
    running = insert(tx, tenant_id=acme)
    assert claim(tx, own) == [running]
    held = insert(tx, tenant_id=acme, limit_key="books")
    free = insert(tx, limit_key="books")
    assert claim(tx, own, 10) == [free]
    assert reason(tx, held) == "limit"


def test_what_was_parked_while_the_last_one_ended_is_found_by_a_thorough_claim(tx: Tx) -> None:
    own = worker(tx)
    tx.execute("select aias.set_limit('key', 'books', 1)")
    job = insert(tx, limit_key="books", parked_for="limit:key:00000000-0000-0000-0000-000000000000:books")
    assert claim(tx, own, 1, is_thorough=False) == []
    assert claim(tx, own) == [job]


def test_two_claims_at_once_do_not_pass_the_limit_together(database_url: str) -> None:
    with (
        psycopg.connect(database_url) as first,
        psycopg.connect(database_url, autocommit=True) as second,
    ):
        second.execute("select aias.set_limit('key', 'books', 3)")
        own = worker(second)
        jobs = [insert(second, limit_key="books") for _ in range(6)]
        other = insert(second)
        make_clocks(second, own)
        assert len(claim(first, own, 2)) == 2
        # the first holds the key: its jobs are left alone, others go
        assert claim(second, own, 10) in ([other], [])
        first.commit()
        assert len([job for job in claim(second, own, 10) if job in jobs]) == 1
        assert value(second, "select running_count from aias.limits") == 3


def test_the_limit_is_exact_under_eight_workers(database_url: str) -> None:
    most = 3
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("select aias.set_limit('key', 'books', %s)", (most,))
        conn.execute(
            "insert into procrastinate_jobs (queue_name, task_name, limit_key)"
            " select 'pro', 't', 'books' from generate_series(1, 120)"
        )
    barrier = threading.Barrier(8)
    seen: list[int] = []
    running: set[int] = set()
    ended: list[int] = []

    def work(_number: int) -> None:
        with psycopg.connect(database_url, autocommit=True) as conn:
            own = worker(conn)
            barrier.wait(timeout=20)
            for _ in range(3000):
                claimed = claim(conn, own, 5)
                running.update(claimed)
                seen.append(len(running))
                running.difference_update(claimed)
                if claimed:
                    finish(conn, own, *claimed)
                    ended.extend(claimed)
                if len(ended) >= 120:
                    return

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert len(ended) == len(set(ended)) == 120
    assert max(seen) <= most


def test_the_place_of_a_dead_worker_is_free_after_the_sweep(tx: Tx) -> None:
    dead, own = worker(tx), worker(tx)
    tx.execute("select aias.set_limit('key', 'books', 1)")
    first = insert(tx, limit_key="books")
    second = insert(tx, limit_key="books")
    assert claim(tx, dead, 10) == [first]
    assert claim(tx, own, 10) == []
    tx.execute("select aias_private.unregister_worker(%s)", (dead,))
    assert claim(tx, own, 10) == []
    assert value(tx, "select outcome from aias_private.sweep_dead_workers('30 s')") == "rescued"
    assert claim(tx, own, 10) in ([first], [second])
    assert value(tx, "select running_count from aias.limits") == 1


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        (("key", "books", None, None, None, None), "JR422"),
        (("key", "books", -1, None, None, None), "JR422"),
        (("key", "books", None, 5, None, None), "JR422"),
        (("key", "books", None, 5, "-1 s", None), "JR422"),
        (("key", "books", 1, None, None, 4), "JR422"),
        (("key", "", 1, None, None, None), "JR422"),
        (("lane", "pro", 1, None, None, None), "JR422"),
        (("tenant", "none", 1, None, None, None), "JR404"),
    ],
)
def test_a_limit_that_says_nothing_is_refused(arguments: tuple[Any, ...], state: str, tx: Tx) -> None:
    with pytest.raises(psycopg.Error) as caught:
        tx.execute("select aias.set_limit(%s, %s, %s, %s, %s::interval, %s)", arguments)
    assert caught.value.sqlstate == state


def test_a_tenant_sets_no_limit_of_itself_and_keys_of_its_own(tx: Tx) -> None:
    acme, other = tenant(tx, "acme"), tenant(tx, "other")
    own = worker(tx)
    tx.execute("set local role aias_app")
    tx.execute("select set_config('aias.tenant_id', %s, true)", (str(acme),))
    with pytest.raises(psycopg.Error) as caught, tx.transaction():
        tx.execute("select aias.set_limit('tenant', 'acme', 1000)")
    assert caught.value.sqlstate == "JR403"
    tx.execute("select aias.set_limit('key', 'books', 0)")
    assert tx.execute("select tenant, name, running_count from aias.limits").fetchall() == [("acme", "books", 0)]
    tx.execute("reset role")
    insert(tx, tenant_id=acme, limit_key="books")
    theirs = insert(tx, tenant_id=other, limit_key="books")
    assert claim(tx, own, 10) == [theirs]
