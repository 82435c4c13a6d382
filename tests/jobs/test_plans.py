"""No call of a worker reads the whole table of jobs, however many wait, are scheduled or have failed."""

from __future__ import annotations

from tests.jobs.engine import Engine

FILL = """
    set session_replication_role = replica;  -- no notification and no event per row
    insert into procrastinate_jobs (queue_name, task_name, priority, lock, scheduled_at, status)
    select
        'pro',
        't',
        i % 5,
        case when i % 3 = 0 then 'lock ' || i % 1000 end,
        case when i % 4 = 0 then now() + interval '1 day' end,
        case when i % 10 = 0 then 'failed' else 'todo' end::procrastinate_job_status
    from generate_series(1, 30000) as i;
    set session_replication_role = origin;
    analyze procrastinate_jobs;
"""


CALLS = [
    "select count(*) from aias_private.claim_jobs(null, %(worker)s, 1, true)",
    "select count(*) from aias_private.claim_jobs(array['pro', 'free'], %(worker)s, 50, true)",
    "select aias_private.seconds_to_next_job()",
    "select aias_private.finish_job(%(job)s, %(worker)s, 0, 'succeeded', true, null)",
    "select aias_private.finish_job(%(job)s, %(worker)s, 0, 'failed', false, '{}')",
    "select aias_private.postpone_job(%(job)s, %(worker)s, 0, interval '1 s', null, null, null, null)",
    "select aias_private.release_job(%(job)s, %(worker)s, 0)",
    "select count(*) from aias_private.jobs_of_worker(%(worker)s)",
    "select count(*) from aias_private.sweep_dead_workers('30 s')",
    "select aias_private.unregister_worker(%(worker)s)",
    "select aias_private.delete_waiting_job(1)",
    "select aias.cancel_job(2)",
]


def scans(engine: Engine) -> int:
    engine.conn.execute("select pg_stat_force_next_flush()")
    return engine.value("select seq_scan from pg_stat_user_tables where relname = 'procrastinate_jobs'")


def test_the_plain_engine_reads_the_whole_table_when_a_worker_ends(plain: Engine) -> None:
    plain.conn.execute(FILL)
    worker = plain.value("select worker_id from procrastinate_register_worker_v1()")
    before = scans(plain)
    plain.conn.execute("select procrastinate_unregister_worker_v1(%s)", (worker,))
    assert scans(plain) > before


def test_each_call_finds_its_rows_by_an_index(guarded: Engine) -> None:
    guarded.conn.execute(FILL)
    worker = guarded.value("select aias_private.register_worker(null, 'h', 1, null, 9, '0', interval '30 s')")
    job = guarded.value("select id from aias_private.claim_jobs(null, %s, 1, true)", worker)
    readers: list[str] = []
    for call in CALLS:
        before = scans(guarded)
        with guarded.conn.transaction(force_rollback=True):
            guarded.conn.execute(call.encode(), {"worker": worker, "job": job})
        if scans(guarded) > before:
            readers.append(call)
    assert readers == []


CROWD = """
    set session_replication_role = replica;
    insert into procrastinate_jobs (queue_name, task_name, priority, virtual_time, tenant_id, scheduled_at)
    select
        'pro',
        't',
        60,
        i,
        ('00000000-0000-7000-8000-' || lpad((i % 500)::text, 12, '0'))::uuid,
        case when i % 5 = 0 then now() + interval '1 day' end
    from generate_series(1, 250000) as i;
    set session_replication_role = origin;
    vacuum analyze procrastinate_jobs;
"""


def buffers(engine: Engine, call: str, **values: object) -> int:
    """How many pages a call reads, in memory or not; it is rolled back."""
    with engine.conn.transaction(force_rollback=True):
        plan = engine.conn.execute(f"explain (analyze, buffers, format json) {call}".encode(), values).fetchone()
    assert plan is not None
    top = (plan["QUERY PLAN"] if isinstance(plan, dict) else plan[0])[0]["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"]


def test_a_claim_reads_what_it_takes_with_200000_waiting_and_50000_scheduled(guarded: Engine) -> None:
    for statement in CROWD.split(";"):
        if statement.strip():
            guarded.conn.execute(statement.encode())
    guarded.conn.execute("select aias.set_limit('key', 'books', 5)")
    worker = guarded.value("select aias_private.register_worker(null, 'h', 1, null, 9, '0', interval '30 s')")
    guarded.conn.execute("select * from aias_private.claim_jobs(null, %s, 0, true)", (worker,))
    claim = "select * from aias_private.claim_jobs(null, %(worker)s, 50, %(is_thorough)s)"
    # a row is found, locked, checked, written and entered into indexes: some 30 pages each, mostly the same ones
    for is_thorough in (True, False):
        buffers(guarded, claim, worker=worker, is_thorough=is_thorough)
        assert buffers(guarded, claim, worker=worker, is_thorough=is_thorough) < 50 * 60
    explain = "select * from aias.explain_job((select max(id) - 3 from procrastinate_jobs))"
    assert buffers(guarded, explain) < 3000
    insert = "select aias_private.insert_job('t', '{}', 'pro', 60, null, null, null, null)"
    assert buffers(guarded, insert) < 200
