"""Rows that plain SQL can put into the job table and no client can load (F1, F2, F7)."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from tests.jobs.engine import Engine

POISON = [
    pytest.param({"args": '{"n": 1e5000}'}, id="a number of 5001 digits"),
    pytest.param({"scheduled_at": "-infinity"}, id="a time before all times"),
]
MALFORMED = [
    pytest.param({"args": "[1, 2]"}, id="an array"),
    pytest.param({"args": "null"}, id="null"),
]
UNLOADABLE = [
    *POISON,
    *MALFORMED,
    pytest.param({"scheduled_at": "infinity"}, id="a time after all times"),
    pytest.param({"args": '{"n": ' + "[" * 1500 + "]" * 1500 + "}"}, id="nested 1500 deep"),
]


@pytest.mark.parametrize("columns", POISON)
async def test_the_plain_worker_dies_of_a_row_that_it_cannot_load(plain: Engine, columns: dict[str, str]) -> None:
    plain.insert("mark", priority=9, **{"args": "{}", **columns})
    behind = plain.insert("mark")
    for _ in range(2):  # the next worker dies the same way
        async with plain.worker() as worker:
            await asyncio.wait([worker], timeout=60)
            assert worker.done()
            assert worker.exception() is not None
    assert plain.status(behind) == "todo"


@pytest.mark.parametrize("columns", MALFORMED)
async def test_the_plain_worker_keeps_a_job_without_an_object_of_arguments_for_ever(
    plain: Engine, columns: dict[str, str]
) -> None:
    job = plain.insert("mark", **columns)
    async with plain.worker():
        await plain.until(lambda: plain.status(job) == "doing")
        assert await plain.never(lambda: plain.status(job) != "doing", 1.5)
        assert plain.value("select count(*) from procrastinate_workers where now() - last_heartbeat < '1 s'") == 1


@pytest.mark.parametrize("columns", UNLOADABLE)
async def test_such_a_row_is_refused(guarded: Engine, columns: dict[str, str]) -> None:
    with pytest.raises(
        psycopg.errors.CheckViolation, match=r"args_are_an_object|args_can_be_loaded|scheduled_at_can_be_read"
    ):
        guarded.insert("mark", **columns)


@pytest.mark.parametrize("are_checks_back", [False, True], ids=["checks off", "checks back on"])
@pytest.mark.parametrize("columns", UNLOADABLE)
async def test_such_a_row_that_was_forced_in_is_quarantined_and_the_queue_goes_on(
    guarded: Engine, columns: dict[str, str], are_checks_back: bool
) -> None:
    checks = ("args_are_an_object", "args_can_be_loaded", "scheduled_at_can_be_read")
    definitions = {
        name: guarded.value("select pg_get_constraintdef(oid) from pg_constraint where conname = %s", name)
        for name in checks
    }
    for name in checks:
        guarded.conn.execute(f"alter table procrastinate_jobs drop constraint {name}".encode())
    poisoned = guarded.insert("mark", priority=9, **{"args": "{}", **columns})
    behind = guarded.insert("mark")
    if are_checks_back:
        for name, definition in definitions.items():
            guarded.conn.execute(
                f"alter table procrastinate_jobs add constraint {name} {definition} not valid".encode()
            )
    async with guarded.worker() as worker:
        await guarded.until(lambda: guarded.count("ran", behind) == 1, 5)
        assert not worker.done()
    assert guarded.status(poisoned) is None
    letter = guarded.rows("select kind, reason, snapshot from aias.dead_letters where job_id = %s", poisoned)[0]
    assert (letter["kind"], letter["reason"]) == ("job", "cannot be loaded")
    assert isinstance(letter["snapshot"]["args_text"], str)
