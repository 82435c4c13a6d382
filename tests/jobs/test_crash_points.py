"""Faults at every point of a worker's path: nothing is lost, and nothing is done twice beyond what was in flight."""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import Any

import pytest
from procrastinate import JobContext

from aias.jobs import AiasApp
from aias.jobs.buffer import Buffer
from tests.jobs.engine import Engine
from tests.jobs.task_set import note

COUNT = 12
AT_ONCE = 4
HALF_A_MINUTE = 30


@pytest.fixture
def faulty(guarded: Engine) -> Engine:
    guarded.module = "tests.jobs.fault_points"
    return guarded


def healthy(engine: Engine) -> AiasApp:
    app = engine.make_app(engine.url)
    assert isinstance(app, AiasApp)

    @app.task(name="once", pass_context=True)
    async def once(context: JobContext) -> None:
        await note(engine.url, context, "ran")

    return app


def ids(engine: Engine, where: str, *values: Any) -> set[int]:
    return {row["id"] for row in engine.rows(f"select id from procrastinate_jobs where {where}", *values)}


@pytest.mark.parametrize(
    ("point", "held", "ended", "repeated"),
    [
        # held by the dead worker; ended by it; that may run again: at most so many
        ("before:claim", 0, 0, 0),
        ("after:claim", COUNT, 0, 0),
        ("buffer", COUNT, 0, 0),
        ("running", COUNT, 0, AT_ONCE),
        ("before:finish", COUNT, 0, COUNT),
        ("after:finish", COUNT, AT_ONCE, COUNT),
    ],
)
async def test_a_worker_that_is_killed_loses_nothing_and_repeats_only_what_was_in_flight(
    faulty: Engine, point: str, held: int, ended: int, repeated: int
) -> None:
    jobs = {faulty.insert("once") for _ in range(COUNT)}
    process = faulty.process(env={"AIAS_FAULT": f"kill:{point}"})
    await faulty.until(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL
    left = ids(faulty, "status = 'doing'")
    if held:
        assert held - ended <= len(left) <= held
    else:
        assert not left
    done_by_dead = jobs - ids(faulty, "true")
    assert len(done_by_dead) <= COUNT if ended else not done_by_dead
    ran_by_dead = Counter(row["job_id"] for row in faulty.rows("select job_id from journal"))
    async with faulty.worker(healthy(faulty), queues=["another"]):  # it only sweeps
        await faulty.until(lambda: not ids(faulty, "status = 'doing'"), HALF_A_MINUTE)
    # each was rescued once, and only what was held
    assert ids(faulty, "rescue_count = 1") == left
    assert ids(faulty, "rescue_count = 0") == jobs - left - done_by_dead
    async with faulty.worker(healthy(faulty)), faulty.worker(healthy(faulty)):
        await faulty.until(lambda: not ids(faulty, "true"))
    ran = Counter(row["job_id"] for row in faulty.rows("select job_id from journal"))
    assert set(ran) == jobs
    twice = {job for job, count in ran.items() if count > 1}
    assert max(ran.values()) <= 2
    assert twice == set(ran_by_dead) & left
    assert len(twice) <= repeated


async def test_a_connection_that_breaks_in_a_grouped_finish_leaves_every_end_written_once(guarded: Engine) -> None:
    # a sequence does not go back with the transaction: the second try gets through
    guarded.conn.execute(
        """
        create sequence tries;
        create function break_once() returns trigger language plpgsql as $$
        begin
            if nextval('tries') = 1 then
                perform pg_terminate_backend(pg_backend_pid());
            end if;
            return null;
        end;
        $$;
        create trigger break_once after delete on procrastinate_jobs for each statement execute function break_once();
        """
    )
    jobs = [guarded.insert("once") for _ in range(COUNT)]
    async with guarded.worker(healthy(guarded), concurrency=COUNT):
        await guarded.until(lambda: not ids(guarded, "true"))
    assert sorted(row["job_id"] for row in guarded.rows("select job_id from journal")) == jobs
    assert guarded.value("select last_value from tries") >= 2
    assert guarded.value("select count(*) from aias.dead_letters") == 0


async def test_a_stopping_worker_gives_its_buffer_back_at_once_and_others_take_it(
    guarded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Buffer, "_target", lambda _self: 20)
    running = guarded.insert("nap", '{"seconds": 5}')
    waiting = {guarded.insert("once") for _ in range(COUNT)}
    async with guarded.worker(healthy(guarded), concurrency=1, shutdown_graceful_timeout=30.0) as worker:
        await guarded.until(lambda: guarded.count("start", running))
        await guarded.until(lambda: ids(guarded, "status = 'doing'") == waiting | {running})
        worker.cancel()
        await guarded.until(lambda: ids(guarded, "status = 'todo' and attempts = 0 and rescue_count = 0") == waiting, 2)
        async with guarded.worker(healthy(guarded)):
            await guarded.until(lambda: guarded.count("ran") == COUNT, 2)
        assert guarded.count("end", running) == 0
        await guarded.until(worker.done)
    assert guarded.events(running) == ["start", "end"]


async def test_a_worker_that_was_stopped_with_a_full_buffer_starts_nothing_of_it_when_others_have_it(
    faulty: Engine,
) -> None:
    jobs = {faulty.insert("once") for _ in range(COUNT)}
    process = faulty.process(env={"AIAS_FAULT": "stop:buffer"})
    await faulty.until(lambda: ids(faulty, "status = 'doing'") == jobs)
    before = faulty.value("select max(id) from aias.workers")
    async with faulty.worker(healthy(faulty)):
        await faulty.until(lambda: faulty.count("ran") == COUNT, HALF_A_MINUTE)
        process.send_signal(signal.SIGCONT)
        await faulty.until(
            lambda: faulty.value("select count(*) from aias.workers where pid = %s and id > %s", process.pid, before)
        )
    rows = faulty.rows("select job_id, pid from journal")
    assert {row["job_id"] for row in rows} == jobs
    assert len(rows) == COUNT
    assert {row["pid"] for row in rows} == {os.getpid()}
