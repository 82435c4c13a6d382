"""The scheduler inside of a worker: the system's own tasks, and schedules that are changed while it sleeps."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from procrastinate import JobContext

from aias.app import app
from aias.jobs import AiasApp, AiasConnector, ScheduledTask
from aias.triggers import Scheduler, run_scheduled_task
from tests.clock import set_clock
from tests.triggers.conftest import Shop

Worker = Callable[..., contextlib.AbstractAsyncContextManager[None]]


def made_app(url: str, function: Callable[[JobContext], Awaitable[None]], **options: Any) -> AiasApp:
    app = AiasApp(connector=AiasConnector(url=url))
    app.side_tasks.append(Scheduler)
    app.scheduled["sweep"] = ScheduledTask(
        name="sweep",
        task="test.sweep",
        function=function,
        **{"cron": "* * * * *", "max_attempts": 2, "retry_delay": 0.0, "timeout": 10.0, **options},
    )
    app.task(name="aias.run_scheduled_task", pass_context=True, queue="maintenance")(run_scheduled_task.func)
    return app


@contextlib.asynccontextmanager
async def working(app: AiasApp) -> AsyncIterator[None]:
    async with app.open_async():
        task = asyncio.create_task(app.run_worker_async(install_signal_handlers=False, shutdown_graceful_timeout=0))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(20):
        while not (held := await condition()):  # noqa: ASYNC110 (it watches the database)
            await asyncio.sleep(0.05)
        return held


async def sweep_row(shop: Shop) -> dict[str, Any] | None:
    rows = await shop.rows("select * from aias.schedules where name = 'sweep'")
    return rows[0] if rows else None


async def test_everything_periodic_of_the_system_is_a_schedule(shop: Shop, database_url: str) -> None:
    # in a month whose partitions a new database has, and away from its ends, when empty reports are due
    await shop.at(datetime.now(UTC).replace(day=10))
    app.perform_import_paths()
    assert app.periodic_registry.periodic_tasks == {}
    with app.replace_connector(AiasConnector(url=database_url)) as replaced:
        async with working(cast("AiasApp", replaced)):
            await until(lambda: shop.value("select bool_and(next_at is not null) from aias.schedules"))
            # what is due each week, month or quarter has its turn in tests of its own
            due = await shop.value(
                "select array_agg(name) from aias.schedules where next_at <= aias_private.now() + interval '1 day'"
            )
            await shop.later(days=1)
            await shop.conn.execute("notify aias_schedules")
            await until(
                lambda: shop.value(
                    "select bool_and(last_finished_at is not null) from aias.schedules"
                    " where name in (select jsonb_array_elements_text(%s))",
                    due,
                )
            )
    rows = await shop.rows("select * from aias.schedules where kind = 'task' order by name")
    assert set(due) >= {"answers", "cache", "connections", "gates", "partitions", "retention", "tokens"}
    ran = [row for row in rows if row["name"] in due]
    assert [(row["name"], row["last_error"]) for row in ran if row["last_outcome"] != "succeeded"] == []
    assert all(row["last_duration"] is not None for row in ran)
    assert all(row["next_at"] for row in rows)


async def test_a_task_of_the_system_runs_by_the_clock_and_is_seen_in_the_one_view(
    shop: Shop, database_url: str
) -> None:
    ran: list[int] = []

    async def sweep(context: JobContext) -> None:
        ran.append(context.job.id or 0)
        if len(ran) == 1:
            raise RuntimeError("not yet")

    async with working(made_app(database_url, sweep)):
        await until(lambda: shop.value("select next_at from aias.schedules where name = 'sweep'"))
        await shop.later(minutes=1)
        await shop.conn.execute("notify aias_schedules")
        await until(lambda: shop.value("select 1 from aias.schedules where last_outcome = 'succeeded'"))
    row = await sweep_row(shop)
    assert row is not None
    assert (row["kind"], row["task"], row["tenant"], row["failure_count"]) == ("task", "test.sweep", None, 0)
    assert len(ran) == 2  # the first attempt failed, and was made again
    (run,) = await shop.runs(row["id"])
    assert (run["status"], run["attempt_count"]) == ("succeeded", 2)


async def test_a_task_that_keeps_failing_leaves_what_alerts_watch(shop: Shop, database_url: str) -> None:
    async def sweep(context: JobContext) -> None:
        raise RuntimeError("the disk is full")

    async with working(made_app(database_url, sweep)):
        await until(lambda: shop.value("select next_at from aias.schedules where name = 'sweep'"))
        await shop.later(minutes=1)
        await shop.conn.execute("notify aias_schedules")
        await until(lambda: shop.value("select 1 from aias.schedules where last_outcome = 'failed'"))
    row = await sweep_row(shop)
    assert row is not None
    assert (row["failure_count"], row["last_error"]["message"]) == (1, "the disk is full")
    assert "schedule.run_failed" in await shop.actions("schedule")


async def test_a_schedule_that_is_set_while_workers_sleep_is_planned_at_once(shop: Shop, database_url: str) -> None:
    async def sweep(context: JobContext) -> None: ...

    async with working(made_app(database_url, sweep, cron="0 0 1 1 *")):
        await until(lambda: shop.value("select next_at from aias.schedules where name = 'sweep'"))
        schedule = await shop.schedule()
        async with asyncio.timeout(60):
            await until(lambda: shop.value("select next_at from aias.schedules where id = %s", schedule))


async def test_an_administrators_times_outlive_a_worker_that_starts(shop: Shop, database_url: str) -> None:
    async def sweep(context: JobContext) -> None: ...

    async with working(made_app(database_url, sweep, cron="0 3 * * *")):
        await until(lambda: sweep_row(shop))
    await shop.conn.execute("select aias.set_system_schedule('sweep', '0 5 * * *', 'Europe/Berlin')")
    async with working(made_app(database_url, sweep, cron="0 4 * * *")):
        await until(lambda: shop.value("select next_at from aias.schedules where name = 'sweep'"))
    row = await sweep_row(shop)
    assert row is not None
    assert (row["cron"], row["time_zone"]) == ("0 5 * * *", "Europe/Berlin")


@pytest.fixture(autouse=True)
async def _clock_runs_on_afterwards(shop: Shop) -> AsyncIterator[None]:
    yield
    await set_clock(shop.conn, None)
