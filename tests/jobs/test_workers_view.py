"""What operators see of workers and lanes, and what a worker may do in the database."""

from __future__ import annotations

import os

import psycopg
from psycopg.conninfo import make_conninfo

from aias.jobs import list_jobs, list_workers, queue_health
from tests.jobs import plain as plain_app
from tests.jobs.engine import Engine


async def test_a_worker_and_its_lane_are_seen_while_it_runs_and_gone_when_it_has_ended(guarded: Engine) -> None:
    app = guarded.make_app(guarded.url)
    job = guarded.insert("nap", '{"seconds": 60}', queue_name="pro")
    guarded.insert("mark", queue_name="free")
    guarded.insert("mark", queue_name="no lane of ours", scheduled_at="2100-01-01")
    async with guarded.worker(app, queues=["pro", "critical"], name="the name", concurrency=3) as worker:
        await guarded.until(lambda: guarded.value("select running_count from aias.workers") == 1)
        async with await psycopg.AsyncConnection.connect(guarded.url) as conn:
            [seen] = await list_workers(conn)
            assert (seen.name, seen.pid, seen.queues, seen.concurrency) == (
                "the name",
                os.getpid(),
                ["pro", "critical"],
                3,
            )
            assert (seen.status, (seen.lease_until - seen.heartbeat_at).total_seconds()) == ("running", 3)
            lanes = {row.lane: row for row in await queue_health(conn)}
            assert (lanes["pro"].running_count, lanes["pro"].worker_count) == (1, 1)
            assert (lanes["free"].waiting_count, lanes["free"].worker_count) == (1, 0)
            assert lanes["free"].oldest_wait is not None
            assert lanes["no lane of ours"].scheduled_count == 1
            assert [row.id for row in await list_jobs(conn, status="running")] == [job]
            assert [row.id for row in await list_jobs(conn, lane="pro", task="nap", limit=5)] == [job]
        worker.cancel()
        await guarded.until(worker.done)
    assert guarded.rows("select * from aias.workers") == []


async def test_a_worker_needs_no_more_than_the_role_of_workers(guarded: Engine) -> None:
    guarded.conn.execute("grant aias_worker to current_user")
    url = make_conninfo(guarded.url, options="-c role=aias_worker")
    app = guarded.make_app(url, journal_url=guarded.url)

    @app.periodic(cron="* * * * * *")
    @app.task(name="tick")
    async def tick(timestamp: int) -> None:
        guarded.conn.execute("insert into journal (event, pid) values ('tick', %s)", (timestamp,))

    jobs = [guarded.insert(task) for task in ("mark", "fail_once", "fail_for_good", "back_off")]
    async with guarded.worker(app):
        await guarded.until(lambda: guarded.value("select count(*) from aias.jobs where status = 'failed'") == 2)
        await guarded.until(lambda: guarded.count("tick") >= 2)
        deferred = await app.configure_task("mark").defer_async()
        await guarded.until(lambda: guarded.count("ran", deferred))
    assert guarded.count("ran", jobs[0]) == 1
    assert guarded.value("select count(*) from aias.dead_letters") == 2
    assert guarded.value("select count(distinct pid) = count(*) from journal where event = 'tick'")


async def test_a_worker_of_the_plain_engine_still_works_on_our_tables(guarded: Engine) -> None:
    app = plain_app.make_app(guarded.url)
    jobs = [guarded.insert("mark"), guarded.insert("fail_once")]
    async with guarded.worker(app, delete_jobs="successful"):
        await guarded.until(lambda: guarded.count("ran", jobs[0]) and guarded.count("end", jobs[1]))
        await guarded.until(lambda: not guarded.value("select count(*) from aias.jobs"))
        assert guarded.rows("select status, host from aias.workers") == [{"status": "running", "host": None}]


def test_a_synchronous_caller_defers_through_a_pool_of_its_own(guarded: Engine) -> None:
    with guarded.make_app(guarded.url).open() as app:
        job = app.configure_task("mark", queue="pro").defer(a=1)
    assert guarded.rows("select id, args from aias.jobs") == [{"id": job, "args": {"a": 1}}]
