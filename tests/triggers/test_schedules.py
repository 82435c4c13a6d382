"""Schedules: what is due runs once, under every policy, through outages and clocks that are set."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from aias.db import Pool
from aias.triggers import advance_schedules
from tests.triggers.conftest import NOON, Shop


async def test_a_due_time_starts_one_execution_and_the_next_is_planned(shop: Shop) -> None:
    schedule = await shop.schedule(input={"size": 3})
    assert await shop.advance() == 30.0
    assert await shop.due(schedule) == []
    await shop.later(seconds=30)
    assert await shop.advance() == 60.0
    assert await shop.due(schedule) == ["12:01 started"]
    (run,) = await shop.runs(schedule)
    (execution,) = await shop.rows("select * from aias.executions")
    assert (execution["id"], execution["input"]) == (run["execution_id"], {"size": 3})
    assert (execution["origin"], execution["origin_id"]) == ("schedule", schedule)
    await shop.finish(execution["id"])
    (row,) = await shop.rows("select * from aias.schedules where id = %s", schedule)
    assert (row["status"], row["last_outcome"], row["failure_count"]) == ("active", "succeeded", 0)
    assert (row["last_due_at"], row["next_at"]) == (NOON + timedelta(seconds=30), NOON + timedelta(seconds=90))


async def test_a_schedule_that_is_rolled_back_never_was(shop: Shop) -> None:
    async with shop.conn.transaction(force_rollback=True):
        await shop.schedule()
    assert await shop.advance() == float("inf")
    assert await shop.rows("select * from aias.schedules where tenant = 'acme'") == []


async def test_many_schedulers_at_once_start_each_due_time_once(shop: Shop, pool: Pool) -> None:
    for number in range(10):
        await shop.schedule(f"s{number}")
    await shop.advance()
    await shop.later(minutes=3)
    await asyncio.gather(*(advance_schedules(pool) for _ in range(8)))
    counts = await shop.rows("select schedule_id, count(*) from aias.schedule_runs group by 1")
    assert [row["count"] for row in counts] == [1] * 10
    assert await shop.value("select count(*) from aias.executions") == 10


@pytest.mark.parametrize(
    ("catch_up", "due"),
    [
        ("none", []),
        ("last", ["12:09 started"]),
        ("all", ["12:07 started", "12:08 started", "12:09 started"]),
    ],
)
async def test_what_an_outage_left_is_caught_up_with_as_the_schedule_says(
    catch_up: str, due: list[str], shop: Shop
) -> None:
    schedule = await shop.schedule(cron="7-9 * * * *", catch_up=catch_up)
    await shop.advance()
    await shop.later(minutes=30)
    await shop.advance()
    assert await shop.due(schedule) == due
    assert ("schedule.missed" in await shop.actions("schedule")) is (catch_up != "all")


async def test_catching_up_with_all_is_bounded_and_takes_the_newest(shop: Shop) -> None:
    schedule = await shop.schedule(catch_up="all", catch_up_limit=3)
    await shop.advance()
    await shop.later(days=40)
    await shop.advance()
    assert await shop.due(schedule) == ["11:58 started", "11:59 started", "12:00 started"]


async def test_a_due_time_on_time_runs_whatever_is_not_caught_up_with(shop: Shop) -> None:
    schedule = await shop.schedule(catch_up="none")
    await shop.advance()
    await shop.later(minutes=10)
    await shop.advance()
    assert await shop.due(schedule) == ["12:10 started"]


async def test_a_clock_that_is_put_back_runs_nothing_twice_and_leaves_nothing_out(shop: Shop) -> None:
    schedule = await shop.schedule()
    await shop.advance()
    await shop.later(minutes=5)
    await shop.advance()
    await shop.at(NOON + timedelta(minutes=2))
    for _ in range(5):
        await shop.advance()
        await shop.later(minutes=1)
    await shop.advance()
    # 12:05 ran under the clock that was ahead; the others at their time
    assert await shop.due(schedule) == [f"12:0{minute} started" for minute in (3, 4, 5, 6, 7)]
    assert await shop.value("select count(*) from aias.executions") == 5


async def test_a_clock_that_was_far_ahead_for_a_moment_does_not_stop_a_schedule(shop: Shop) -> None:
    schedule = await shop.schedule()
    await shop.advance()
    await shop.later(days=4000)
    await shop.advance()
    await shop.at(NOON)
    await shop.advance()
    await shop.later(minutes=1)
    await shop.advance()
    assert [run["due_at"].year for run in await shop.runs(schedule)] == [2026, 2037]


async def test_a_due_time_is_skipped_while_the_former_run_goes_on(shop: Shop) -> None:
    schedule = await shop.schedule(overlap="skip")
    await shop.advance()
    for _ in range(2):
        await shop.later(minutes=1)
        await shop.advance()
    assert await shop.due(schedule) == ["12:01 started", "12:02 skipped"]
    await shop.finish((await shop.runs(schedule))[0]["execution_id"])
    await shop.later(minutes=1)
    await shop.advance()
    assert await shop.due(schedule) == ["12:01 succeeded", "12:02 skipped", "12:03 started"]


async def test_queued_due_times_run_one_after_the_other(shop: Shop) -> None:
    schedule = await shop.schedule(overlap="queue")
    await shop.advance()
    for _ in range(3):
        await shop.later(minutes=1)
        await shop.advance()
    assert await shop.due(schedule) == ["12:01 started", "12:02 queued", "12:03 queued"]
    await shop.finish((await shop.runs(schedule))[0]["execution_id"], "failed")
    await shop.advance()
    assert await shop.due(schedule) == ["12:01 failed", "12:02 started", "12:03 queued"]
    await shop.conn.execute("select aias.cancel_execution(%s)", ((await shop.runs(schedule))[1]["execution_id"],))
    await shop.advance()
    assert await shop.due(schedule) == ["12:01 failed", "12:02 cancelled", "12:03 started"]


async def test_a_queue_of_due_times_is_bounded(shop: Shop) -> None:
    schedule = await shop.schedule(overlap="queue", catch_up_limit=1)
    await shop.advance()
    for _ in range(3):
        await shop.later(minutes=1)
        await shop.advance()
    assert await shop.due(schedule) == ["12:01 started", "12:02 queued", "12:03 skipped"]


async def test_what_was_started_and_is_gone_does_not_hold_the_schedule_up(shop: Shop) -> None:
    schedule = await shop.schedule(overlap="skip")
    await shop.advance()
    await shop.later(minutes=1)
    await shop.advance()
    await shop.conn.execute("delete from aias_private.executions")  # as retention would, one day
    await shop.later(minutes=1)
    await shop.advance()
    assert await shop.due(schedule) == ["12:01 failed", "12:02 started"]


async def test_a_run_that_fails_is_tried_again_from_its_checkpoints(shop: Shop) -> None:
    schedule = await shop.schedule(cron="1 12 * * *", max_attempts=3, retry_delay="10 seconds")
    await shop.advance()
    await shop.later(minutes=1)
    await shop.advance()
    (run,) = await shop.runs(schedule)
    for wait in (10, 20):
        await shop.finish(run["execution_id"], "failed")
        assert await shop.due(schedule) == ["12:01 retrying"]
        assert await shop.advance() == wait
        await shop.later(seconds=wait)
        await shop.advance()
        assert await shop.due(schedule) == ["12:01 started"]
    assert "schedule.run_failed" not in await shop.actions("schedule")
    await shop.finish(run["execution_id"], "failed")
    (row,) = await shop.rows("select * from aias.schedules where id = %s", schedule)
    assert (row["last_outcome"], row["failure_count"]) == ("failed", 1)
    assert row["last_error"]["message"] == "it broke"
    assert await shop.value("select count(*) from aias.executions") == 1
    assert (await shop.actions("schedule"))[-1] == "schedule.run_failed"


async def test_a_run_that_somebody_retries_by_hand_counts_with_its_new_end(shop: Shop) -> None:
    schedule = await shop.schedule(overlap="skip")
    await shop.advance()
    await shop.later(minutes=1)
    await shop.advance()
    (run,) = await shop.runs(schedule)
    await shop.finish(run["execution_id"], "failed")
    await shop.conn.execute("select aias.retry_execution(%s)", (run["execution_id"],))
    assert await shop.due(schedule) == ["12:01 started"]
    await shop.finish(run["execution_id"])
    assert await shop.due(schedule) == ["12:01 succeeded"]


async def test_a_workflow_that_can_not_start_is_a_failed_run_and_holds_no_other_up(shop: Shop) -> None:
    broken = await shop.schedule("broken", workflow="other")
    sound = await shop.schedule("sound")
    await shop.conn.execute("select aias.set_workflow_enabled('acme', 'other', false)")
    await shop.advance()
    await shop.later(minutes=1)
    await shop.advance()
    assert await shop.due(broken) == ["12:01 failed"]
    assert (await shop.runs(broken))[0]["error"]["message"] == "the workflow 'other' is disabled"
    assert await shop.due(sound) == ["12:01 started"]


async def test_a_schedule_runs_between_its_start_and_its_end(shop: Shop) -> None:
    schedule = await shop.schedule(starts_at=NOON + timedelta(minutes=2), ends_at=NOON + timedelta(minutes=4))
    for _ in range(6):
        await shop.advance()
        await shop.later(minutes=1)
    assert await shop.due(schedule) == ["12:03 started", "12:04 started"]
    (row,) = await shop.rows("select * from aias.schedules where id = %s", schedule)
    assert (row["status"], row["next_at"]) == ("ended", None)


async def test_jitter_delays_the_run_and_not_the_due_time(shop: Shop) -> None:
    schedule = await shop.schedule(jitter="10 minutes")
    await shop.advance()
    await shop.later(seconds=30)
    await shop.advance()
    assert await shop.due(schedule) == ["12:01 started"]
    run_at = await shop.value("select run_at from aias.executions")
    assert timedelta() <= run_at - shop.now <= timedelta(minutes=10)


async def test_a_paused_schedule_runs_nothing_and_makes_up_for_nothing(shop: Shop) -> None:
    schedule = await shop.schedule(catch_up="all")
    await shop.advance()
    await shop.conn.execute("select aias.pause_schedule(%s, 'stocktaking')", (schedule,))
    await shop.later(minutes=5)
    await shop.advance()
    (row,) = await shop.rows("select * from aias.schedules where id = %s", schedule)
    assert (row["status"], row["status_reason"], row["next_at"]) == ("paused", "stocktaking", None)
    await shop.conn.execute("select aias.resume_schedule(%s)", (schedule,))
    await shop.advance()
    await shop.later(minutes=1)
    await shop.advance()
    assert await shop.due(schedule) == ["12:06 started"]


async def test_a_changed_expression_begins_anew_and_a_changed_input_does_not(shop: Shop) -> None:
    schedule = await shop.schedule(cron="10 * * * *")
    await shop.advance()
    await shop.later(minutes=20)
    assert await shop.schedule(cron="10 * * * *", input={"new": 1}) == schedule
    await shop.advance()
    assert await shop.due(schedule) == ["12:10 started"]
    assert await shop.value("select input from aias.executions") == {"new": 1}
    await shop.schedule(cron="15,25 * * * *")
    await shop.advance()
    await shop.later(minutes=5)
    await shop.advance()
    assert await shop.due(schedule) == ["12:10 started", "12:25 started"]
    assert await shop.actions("schedule") == ["schedule.created", "schedule.changed", "schedule.changed"]


async def test_a_backfill_runs_each_due_time_of_the_past_that_has_not_run(shop: Shop) -> None:
    schedule = await shop.schedule(cron="*/10 * * * *", overlap="skip")
    await shop.advance()
    await shop.later(minutes=10)
    await shop.advance()
    begin = NOON.replace(hour=11, minute=30, second=0)
    ask = "select aias.backfill_schedule(%s, %s, %s)"
    backfill = await shop.value(ask, schedule, begin, NOON + timedelta(minutes=10))
    await shop.advance()
    assert await shop.due(schedule) == [f"{time} started" for time in ("11:30", "11:40", "11:50", "12:00", "12:10")]
    (row,) = await shop.rows("select * from aias.schedule_backfills where id = %s", backfill)
    assert (row["status"], row["started_count"]) == ("finished", 4)
    await shop.value(ask, schedule, begin, NOON)
    await shop.advance()
    assert len(await shop.runs(schedule)) == 5


async def test_a_long_backfill_goes_on_in_batches(shop: Shop) -> None:
    schedule = await shop.schedule()
    await shop.value("select aias.backfill_schedule(%s, %s, %s)", schedule, NOON - timedelta(hours=4), NOON)
    await shop.advance()
    assert await shop.value("select started_count from aias.schedule_backfills") == 240
    assert len(await shop.runs(schedule)) == 240


async def test_a_removed_schedule_leaves_what_it_started(shop: Shop) -> None:
    schedule = await shop.schedule()
    await shop.advance()
    await shop.later(minutes=1)
    await shop.advance()
    await shop.conn.execute("select aias.remove_schedule(%s)", (schedule,))
    await shop.later(minutes=1)
    await shop.advance()
    (execution,) = await shop.rows("select id from aias.executions")
    await shop.finish(execution["id"])
    assert (await shop.actions("schedule"))[-1] == "schedule.removed"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ({"cron": "61 * * * *"}, "JR422", "cron: minute: 61 is not between 0 and 59"),
        ({"cron": "* * * *"}, "JR422", "five fields are wanted"),
        ({"time_zone": "Mars/Base"}, "JR422", "no time zone 'Mars/Base'"),
        ({"time_zone": "EST5EDT4"}, "JR422", "no time zone"),
        ({"overlap": "never"}, "JR422", "overlap is"),
        ({"catch_up_limit": 1001}, "JR422", "at most 1000"),
        ({"jitter": "-1 s"}, "JR422", "jitter"),
        ({"starts_at": NOON, "ends_at": NOON}, "JR422", "ends after it starts"),
        ({"workflow": "nothing"}, "JR404", "no workflow 'nothing'"),
        ({"workflow": "strict", "input": {"n": "x"}}, "JR422", "p_input: $.n"),
        ({"name": "Bad name"}, "JR422", "a name is"),
    ],
)
async def test_what_is_not_valid_is_refused_with_its_reason(
    arguments: dict[str, Any], code: str, says: str, shop: Shop
) -> None:
    await shop.apply("strict", input={"type": "object", "properties": {"n": {"type": "integer"}}})
    with pytest.raises(psycopg.Error) as refused:
        await shop.schedule(**arguments)
    assert refused.value.sqlstate == code
    assert says in str(refused.value)


async def test_a_confined_caller_sees_and_changes_its_own_tenants_schedules_only(shop: Shop) -> None:
    schedule = await shop.schedule()
    beta = await shop.value("select aias.create_tenant('beta', 'pro')")
    async with shop.conn.transaction(force_rollback=True):
        await shop.conn.execute("set local role aias_app")
        await shop.conn.execute("select set_config('aias.tenant_id', %s, true)", (str(beta),))
        assert await shop.rows("select * from aias.schedules") == []
        with pytest.raises(psycopg.Error) as refused:
            await shop.conn.execute("select aias.remove_schedule(%s)", (schedule,))
        assert refused.value.sqlstate == "JR404"
