"""The connection is lost at the worst moment (F3), or the database is away for a while."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from procrastinate import exceptions

from aias.errors import DatabaseError
from tests.jobs.engine import Engine
from tests.jobs.proxy import proxied

# Ends the session that writes the end of a job, before it is committed: for so many times in all.
CUT = """
    create sequence cuts;
    create function cut() returns trigger language plpgsql as $$
    begin
        if nextval('cuts') <= {times} then
            perform pg_terminate_backend(pg_backend_pid());
        end if;
        return case tg_op when 'DELETE' then old else new end;
    end;
    $$;
    create trigger cut_at_update before update on procrastinate_jobs for each row
        when (old.status = 'doing' and new.status <> 'doing') execute function cut();
    create trigger cut_at_delete before delete on procrastinate_jobs for each row execute function cut();
"""


def cut_when_ends_are_written(engine: Engine, *, times: int) -> None:
    engine.conn.execute(CUT.format(times=times).encode())


@pytest.mark.parametrize("task", ["mark", "fail_once", "fail_for_good"])
async def test_the_plain_engine_keeps_a_job_running_whose_end_was_lost(plain: Engine, task: str) -> None:
    cut_when_ends_are_written(plain, times=1)
    job = plain.insert(task)
    async with plain.worker() as worker:
        await plain.until(lambda: plain.events(job))
        assert await plain.never(lambda: plain.status(job) != "doing", 2)
        assert not worker.done()
        # and nothing is stalled by its own measure: the worker's heart beats
        assert plain.value("select count(*) from procrastinate_workers where now() - last_heartbeat < '2 s'") == 1


@pytest.mark.parametrize(
    ("task", "events", "status"),
    [("mark", ["ran"], None), ("fail_once", ["start", "start", "end"], None), ("fail_for_good", ["start"], "failed")],
)
async def test_an_end_that_was_lost_is_written_again(
    guarded: Engine, task: str, events: list[str], status: str | None
) -> None:
    cut_when_ends_are_written(guarded, times=2)
    job = guarded.insert(task)
    async with guarded.worker() as worker:
        await guarded.until(lambda: guarded.status(job) == status and guarded.value("select last_value from cuts") > 2)
        assert not worker.done()
    assert guarded.events(job) == events
    assert guarded.value("select count(*) from aias.dead_letters") == (status == "failed")


async def test_a_worker_that_cannot_write_an_end_gives_up_with_an_error_and_another_takes_over(guarded: Engine) -> None:
    cut_when_ends_are_written(guarded, times=1_000_000)
    guarded.insert("mark")
    process = guarded.process()
    await guarded.until(lambda: process.poll() is not None, 30)
    assert process.returncode == 1
    guarded.conn.execute("drop function cut() cascade")
    before = guarded.count("ran")
    async with guarded.worker():
        await guarded.until(lambda: guarded.count("ran") > before)
        await guarded.until(lambda: not guarded.value("select count(*) from aias.jobs"))


def lose_the_answer_once(connector: Any, method: str, marker: str) -> None:
    """Let a claim reach the database and be committed, and its answer be lost on the way back."""
    execute = getattr(connector, method)
    lost: list[str] = []

    async def losing(query: str, **arguments: Any) -> Any:
        answer = await execute(query, **arguments)
        rows = answer if isinstance(answer, list) else [answer]
        if marker in query and not lost and rows and rows[0]["id"] is not None:
            lost.append(query)
            raise exceptions.ConnectorException from psycopg.OperationalError("the line went dead")
        return answer

    setattr(connector, method, losing)


async def test_the_plain_engine_never_runs_a_job_whose_claim_went_unanswered(plain: Engine) -> None:
    app = plain.make_app(plain.url)
    lose_the_answer_once(app.connector, "execute_query_one_async", "procrastinate_fetch_job")
    job = plain.insert("mark")
    async with plain.worker(app) as worker:
        await asyncio.wait([worker], timeout=10)
    async with plain.worker():
        assert await plain.never(lambda: plain.events(job), 1.5)
    assert plain.status(job) == "doing"


async def test_a_job_whose_claim_went_unanswered_is_put_back_by_its_own_worker(guarded: Engine) -> None:
    app = guarded.make_app(guarded.url)
    lose_the_answer_once(app.connector, "execute_query_all_async", "claim_jobs")
    job = guarded.insert("mark")
    async with guarded.worker(app) as worker:
        await guarded.until(lambda: guarded.count("ran", job) == 1, 5)
        assert not worker.done()
    assert guarded.value("select count(*) from aias.jobs") == 0


async def test_a_worker_survives_when_all_its_connections_are_cut(guarded: Engine) -> None:
    async with guarded.worker(fetch_job_polling_interval=60.0):
        first = guarded.insert("nap", '{"seconds": 1}')
        await guarded.until(lambda: guarded.count("start", first))
        guarded.conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await guarded.until(lambda: guarded.count("end", first) == 1)
        # it listens again: the next job does not wait for the poll in a minute
        second = guarded.insert("mark")
        await guarded.until(lambda: guarded.count("ran", second), 5)
    assert guarded.count("start") == 1


async def test_a_worker_whose_line_is_silent_gives_up_and_its_job_runs_elsewhere(guarded: Engine) -> None:
    """Nothing is broken as far as TCP can tell, and nothing ever comes back."""
    async with proxied(guarded.url) as (proxy, url):
        app = guarded.make_app(url, journal_url=guarded.url)
        async with guarded.worker(app) as worker:
            job = guarded.insert("mark")
            await guarded.until(lambda: guarded.count("ran", job))
            await guarded.until(lambda: not guarded.value("select count(*) from aias.jobs"))
            proxy.freeze()
            lost = guarded.insert("mark")
            await guarded.until(worker.done, 20)
            assert isinstance(worker.exception(), DatabaseError)
        async with guarded.worker():
            await guarded.until(lambda: guarded.count("ran", lost))


async def test_a_worker_survives_an_outage_that_is_shorter_than_its_lease(guarded: Engine) -> None:
    async with proxied(guarded.url) as (proxy, url):
        app = guarded.make_app(url, journal_url=guarded.url)
        async with guarded.worker(app) as worker:
            first = guarded.insert("nap", '{"seconds": 0.5}')
            await guarded.until(lambda: guarded.count("start", first))
            proxy.cut()
            await asyncio.sleep(1)
            proxy.mend()
            second = guarded.insert("mark")
            await guarded.until(lambda: guarded.count("ran", second))
            await guarded.until(lambda: not guarded.value("select count(*) from aias.jobs"))
            assert not worker.done()
    assert guarded.events(first) == ["start", "end"]


async def test_a_worker_that_is_cut_off_for_longer_gives_up_and_its_job_runs_elsewhere(guarded: Engine) -> None:
    async with proxied(guarded.url) as (proxy, url):
        app = guarded.make_app(url, journal_url=guarded.url)
        async with guarded.worker(app) as worker:
            job = guarded.insert("careful_nap", '{"seconds": 5}')
            await guarded.until(lambda: guarded.count("start", job))
            proxy.cut()
            async with guarded.worker():
                await guarded.until(lambda: guarded.count("start", job) == 2, 10)
                await guarded.until(worker.done, 20)
                assert isinstance(worker.exception(), DatabaseError)
                await guarded.until(lambda: not guarded.value("select count(*) from aias.jobs"))
    assert guarded.events(job).count("end") == 1
