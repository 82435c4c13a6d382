"""aias.cancel_job and aias.retry_job, and who may call them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.jobs.engine import Engine

Tx = psycopg.Connection[Any]


def value(tx: Tx, statement: str, *values: Any) -> Any:
    row = tx.execute(statement.encode(), values).fetchone()
    return None if row is None else row[0]


@pytest.fixture
def job(tx: Tx) -> int:
    tx.execute("select aias.create_tenant('acme-jobs', 'pro'), aias.create_tenant('other-jobs', 'pro')")
    return value(tx, "select aias.enqueue_job('t', '{\"a\": 1}', 'acme-jobs')")


def claim(tx: Tx) -> tuple[int, int]:
    worker = value(tx, "select aias_private.register_worker('w', 'h', 1, null, 2, '0', interval '30 s')")
    assert value(tx, "select count(*) from aias_private.claim_jobs(null, %s, 1, true)", worker) == 1
    return worker, 0


def test_a_cancelled_job_is_never_claimed(tx: Tx, job: int) -> None:
    assert value(tx, "select aias.cancel_job(%s)", job) == "cancelled"
    assert value(tx, "select count(*) from aias_private.claim_jobs(null, null, 5, true)") == 0
    assert value(tx, "select status from aias.jobs") == "cancelled"


def test_a_job_that_has_ended_cannot_be_cancelled(tx: Tx, job: int) -> None:
    value(tx, "select aias.cancel_job(%s)", job)
    with pytest.raises(psycopg.Error) as raised:
        value(tx, "select aias.cancel_job(%s)", job)
    assert raised.value.sqlstate == "JR409"


async def test_a_running_job_that_is_cancelled_stops_and_ends_aborted(guarded: Engine) -> None:
    running = guarded.insert("nap", '{"seconds": 60}')
    async with guarded.worker(abort_job_polling_interval=60.0):  # it is told, it need not ask
        await guarded.until(lambda: guarded.count("start", running))
        assert guarded.value("select aias.cancel_job(%s)", running) == "stopping"
        await guarded.until(lambda: guarded.status(running) == "aborted", 3)
    assert guarded.value("select count(*) from aias.dead_letters") == 0


async def test_a_worker_that_does_not_listen_finds_the_request_by_itself(guarded: Engine) -> None:
    running = guarded.insert("nap", '{"seconds": 60}')
    async with guarded.worker(listen_notify=False):
        await guarded.until(lambda: guarded.count("start", running))
        guarded.conn.execute("select aias_private.abort_job(%s)", (running,))
        await guarded.until(lambda: guarded.status(running) == "aborted", 3)


def test_a_failed_job_is_retried_under_a_new_id_and_its_dead_letter_is_resolved(tx: Tx, job: int) -> None:
    worker, attempts = claim(tx)
    assert value(
        tx, "select aias_private.finish_job(%s, %s, %s, 'failed', false, '{\"message\": \"m\"}')", job, worker, attempts
    )
    again = value(tx, "select aias.retry_job(%s)", job)
    assert again != job
    rows = tx.execute("select id, tenant, args, status, attempt_count from aias.jobs").fetchall()
    assert rows == [(again, "acme-jobs", {"a": 1}, "waiting", 0)]
    assert value(tx, "select resolution from aias.dead_letters where job_id = %s", job) == "requeued"


def test_a_scheduled_job_is_brought_forward(tx: Tx, job: int) -> None:
    later = value(tx, "select aias.enqueue_job('t', '{}', 'acme-jobs', null, now() + interval '1 day')")
    assert value(tx, "select aias.retry_job(%s)", later) == later
    assert value(tx, "select status from aias.jobs where id = %s", later) == "waiting"


def test_a_running_job_cannot_be_retried(tx: Tx, job: int) -> None:
    claim(tx)
    with pytest.raises(psycopg.Error) as raised:
        value(tx, "select aias.retry_job(%s)", job)
    assert raised.value.sqlstate == "JR409"


@pytest.mark.parametrize("call", ["cancel_job", "retry_job", "explain_job"])
@pytest.mark.parametrize("whose", ["other-jobs", "nobody"])
def test_another_tenants_job_is_as_absent_as_none(tx: Tx, job: int, call: str, whose: str) -> None:
    system_job = value(tx, "select aias.enqueue_job('t')")
    tx.execute("select set_config('aias.tenant_id', id::text, true) from aias.tenants where slug = %s", (whose,))
    tx.execute("set local role aias_app")
    messages: list[str] = []
    for target in (job, system_job, 10**15, None):
        with pytest.raises(psycopg.Error) as raised, tx.transaction():
            value(tx, f"select aias.{call}(%s)", target)
        assert raised.value.sqlstate == "JR404"
        messages.append((raised.value.diag.message_primary or "").replace(str(target), "N"))
    assert set(messages[:3]) == {"there is no job N"}
    assert value(tx, "select count(*) from aias.jobs") == 0
