"""Pauses: of lanes, tenants, workflows and tasks."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.jobs.queue_rows import Tx, claim, insert, reason, tenant, value, worker

DEFINITION = '{"name": "nightly", "steps": [{"id": "a", "action": "noop"}]}'


def workflow(tx: Tx, slug: str) -> object:
    return value(tx, "select workflow_id from aias.apply_workflow(%s, %s::jsonb)", slug, DEFINITION)


@pytest.mark.parametrize("scope", ["lane", "tenant", "workflow", "task"])
def test_what_is_paused_is_not_started_until_it_is_resumed(scope: str, tx: Tx) -> None:
    own = worker(tx)
    acme = tenant(tx, "acme")
    columns = {"queue_name": "pro", "tenant_id": acme, "workflow_id": workflow(tx, "acme"), "task_name": "mail"}
    name = {"lane": "pro", "tenant": "acme", "workflow": "acme/nightly", "task": "mail"}[scope]
    held = insert(tx, **columns)
    other = insert(tx, queue_name="free")
    tx.execute("select aias.pause(%s, %s, 'books are closed')", (scope, name))
    assert reason(tx, held) == "pause"
    assert claim(tx, own, 10) == [other]
    assert claim(tx, own, 10, is_thorough=False) == []
    detail = value(tx, "select detail from aias.explain_job(%s)", held)
    assert "was paused by" in detail
    assert detail.endswith(": books are closed")
    tx.execute("select aias.resume(%s, %s)", (scope, name))
    assert reason(tx, held) == "next"
    assert claim(tx, own, 10, is_thorough=False) == [held]


def test_a_pause_is_shown_and_audited(tx: Tx) -> None:
    tenant(tx, "acme")
    tx.execute("select aias.pause('tenant', 'acme', 'audit')")
    tx.execute("select aias.pause('tenant', 'acme', 'still')")
    assert tx.execute("select scope, tenant, name, reason, parked_count from aias.pauses").fetchall() == [
        ("tenant", "acme", "acme", "still", 0)
    ]
    tx.execute("select aias.resume('tenant', 'acme')")
    assert tx.execute("select * from aias.pauses").fetchall() == []
    actions = tx.execute("select action from aias_private.audit_log where action like 'tenant.%'").fetchall()
    assert {"tenant.paused", "tenant.resumed"} <= {row[0] for row in actions}


@pytest.mark.parametrize(
    ("scope", "name", "state"),
    [
        ("lane", "no such", "JR404"),
        ("tenant", "no such", "JR404"),
        ("workflow", "acme/none", "JR404"),
        ("workflow", "none", "JR422"),
        ("planet", "earth", "JR422"),
        ("task", "", "JR422"),
        (None, "x", "JR422"),
        ("task", None, "JR422"),
    ],
)
def test_what_does_not_exist_can_not_be_paused(scope: str | None, name: str | None, state: str, tx: Tx) -> None:
    tenant(tx, "acme")
    with pytest.raises(psycopg.Error) as caught:
        tx.execute("select aias.pause(%s, %s)", (scope, name))
    assert caught.value.sqlstate == state


def test_what_is_not_paused_can_not_be_resumed(tx: Tx) -> None:
    with pytest.raises(psycopg.Error) as caught:
        tx.execute("select aias.resume('lane', 'pro')")
    assert caught.value.sqlstate == "JR404"


def test_a_tenant_pauses_its_own_and_sees_no_others(tx: Tx) -> None:
    acme, other = tenant(tx, "acme"), tenant(tx, "other")
    workflow(tx, "acme")
    tx.execute("select aias.pause('tenant', 'other')")
    mine, lane_job = insert(tx, tenant_id=acme, task_name="mail"), insert(tx, tenant_id=acme, queue_name="free")
    insert(tx, tenant_id=other)
    tx.execute("select aias.pause('lane', 'free')")
    tx.execute("set local role aias_app")
    tx.execute("select set_config('aias.tenant_id', %s, true)", (str(acme),))
    tx.execute("select aias.pause('workflow', 'nightly')")
    assert tx.execute("select name from aias.pauses").fetchall() == [("nightly",)]
    assert reason(tx, lane_job) == "pause"
    assert reason(tx, mine) == "no_worker"
    for scope, name, state in (("tenant", "other", "JR404"), ("lane", "pro", "JR403"), ("task", "mail", "JR403")):
        with pytest.raises(psycopg.Error) as caught, tx.transaction():
            tx.execute("select aias.pause(%s, %s)", (scope, name))
        assert caught.value.sqlstate == state


def test_workers_are_told_of_a_pause(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("listen aias_control")
        conn.execute("select aias.pause('task', 'mail')")
        told = [json.loads(notify.payload) for notify in conn.notifies(timeout=60, stop_after=1)]
    assert told == [{"type": "paused", "key": "task:mail"}]


def test_what_is_resumed_comes_in_its_order_and_not_before_everybody_else(tx: Tx) -> None:
    own = worker(tx)
    many, one = tenant(tx, "many"), tenant(tx, "one")
    held = [insert(tx, tenant_id=many) for _ in range(20)]
    tx.execute("select aias.pause('tenant', 'many')")
    assert claim(tx, own, 50) == []
    for _ in range(40):
        insert(tx)
    assert len(claim(tx, own, 40)) == 40
    tx.execute("select aias.resume('tenant', 'many')")
    single = insert(tx, tenant_id=one)
    claimed = claim(tx, own, 3)
    assert single in claimed
    assert [job for job in claimed if job != single] == held[:2]


def test_a_job_parked_while_its_pause_ended_is_found(tx: Tx) -> None:
    own = worker(tx)
    job = insert(tx, parked_for="pause:task:gone")
    assert claim(tx, own, 1, is_thorough=False) == []
    assert claim(tx, own, 1) == [job]


def test_a_parked_job_keeps_its_place_under_its_lock(tx: Tx) -> None:
    own = worker(tx)
    tx.execute("select aias.pause('task', 'mail')")
    first = insert(tx, task_name="mail", lock="one")
    second = insert(tx, lock="one")
    assert claim(tx, own, 5) == []
    assert (reason(tx, first), reason(tx, second)) == ("pause", "lock")
    tx.execute("select aias.resume('task', 'mail')")
    assert claim(tx, own, 5) == [first]
