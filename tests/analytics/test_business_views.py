"""What the analyst's views say of a small world whose figures can be counted by hand."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import psycopg

from aias.analytics import bring_up_to_date, refresh_view
from aias.app import app
from aias.db import Pool, Sources, migrate, read_sources
from tests.analytics.conftest import NOON, House

DAY = NOON.date()


async def test_the_funnel_counts_who_has_reached_a_stage_and_all_before_it(house: House) -> None:
    for slug in ("looks", "connects", "builds", "succeeds", "stays", "skips"):
        await house.tenant(slug)
    for slug in ("connects", "builds", "succeeds", "stays"):
        await house.connect(slug)
    for slug in ("builds", "succeeds", "stays", "skips"):
        await house.apply(slug)
    await house.later(hours=2)
    for slug in ("succeeds", "stays", "skips"):
        await house.run(slug)
    await house.run("builds", status="failed")
    await house.later(days=8)
    await house.run("stays")
    assert "funnel_stages" in await house.refresh()
    assert await house.rows("select * from aias.conversion_funnel order by position") == [
        {
            "cohort_month": date(2040, 3, 1),
            "position": position,
            "stage": stage,
            "tenant_count": count,
            "share_of_signed_up": count / 6,
            "share_of_previous": count / previous,
        }
        for position, stage, count, previous in (
            (1, "signed_up", 6, 6),
            (2, "connected", 4, 6),
            (3, "first_workflow", 3, 4),
            (4, "first_success", 2, 3),
            (5, "weekly_active", 1, 2),
        )
    ]
    (month,) = await house.rows("select * from aias.activation_monthly")
    assert (month["signed_up_count"], month["activated_count"], month["activated_ratio"]) == (6, 3, 0.5)
    assert month["time_to_value_p50"] == month["time_to_value_p90"] == timedelta(hours=2)
    (stays,) = await house.rows("select * from aias.activation where tenant = 'stays'")
    assert (stays["time_to_connect"], stays["time_to_value"]) == (timedelta(), timedelta(hours=2))
    assert (stays["is_activated"], stays["is_weekly_active"]) == (True, True)
    (builds,) = await house.rows("select * from aias.activation where tenant = 'builds'")
    assert (builds["time_to_value"], builds["is_activated"], builds["is_weekly_active"]) == (None, False, False)


async def test_people_are_counted_once_in_each_window(house: House) -> None:
    await house.tenant("acme")
    await house.apply("acme")  # no person: the one who calls is an administrator
    for days, people in ((0, ("ada", "bob", "ada")), (6, ("ada",)), (7, ("cid",)), (30, ("ada",))):
        await house.at(NOON + timedelta(days=days))
        for user in people:
            await house.act("acme", user)
        await house.roll_up()
    counts = "select day, daily_count, weekly_count, monthly_count from aias.active_users_daily order by day"
    assert [tuple(row.values()) for row in await house.rows(counts)] == [
        (DAY, 2, 2, 2),
        (DAY + timedelta(days=6), 1, 2, 2),
        (DAY + timedelta(days=7), 1, 2, 3),
        (DAY + timedelta(days=30), 1, 1, 2),
    ]
    # what comes to a day late counts in the windows that it falls in
    await house.at(NOON + timedelta(days=5))
    await house.act("acme", "dot")
    await house.roll_up()
    assert [tuple(row.values())[1:] for row in await house.rows(counts)] == [
        (2, 2, 2),
        (1, 3, 3),
        (1, 3, 3),
        (1, 3, 4),
        (1, 1, 3),
    ]


async def test_who_is_there_on_the_seventh_day_is_retained_once_that_day_is_over(house: House) -> None:
    for slug in ("runs", "acts", "early", "gone"):
        await house.tenant(slug)
    await house.apply("runs")
    await house.at(NOON + timedelta(days=6))
    await house.act("early", "ada")
    await house.at(NOON + timedelta(days=7))
    await house.run("runs", status=None)
    await house.act("acts", "ada")
    await house.refresh()
    assert await house.rows("select * from aias.retention_day_7") == []
    await house.at(NOON + timedelta(days=8))
    await house.refresh()
    assert await house.rows("select * from aias.retention_day_7") == [
        {"cohort_day": DAY, "signed_up_count": 4, "retained_count": 2, "retained_ratio": 0.5}
    ]


async def test_moves_between_plans_say_which_way_they_go(house: House) -> None:
    await house.tenant("acme", "starter")
    for plan in ("enterprise", "free", "free"):
        await house.value("select aias.set_plan('acme', %s)", plan)
        await house.roll_up()
    moves = await house.rows("select tenant, from_plan, to_plan, direction from aias.plan_changes order by audit_id")
    assert [tuple(move.values()) for move in moves] == [
        ("acme", "starter", "enterprise", "up"),
        ("acme", "enterprise", "free", "down"),
    ]


async def test_a_tenant_sees_its_own_figures_and_none_of_all(house: House) -> None:
    for slug in ("acme", "zoo"):
        await house.tenant(slug)
        await house.apply(slug)
        await house.act(slug, "ada")
        await house.run(slug)
        await house.value("select aias.set_plan(%s, 'free')", slug)
    await house.refresh()
    tenant = await house.value("select id from aias.tenants where slug = 'acme'")
    seen: dict[str, Any] = {}
    for role in ("aias_app", "aias_analyst"):
        async with house.conn.transaction():
            await house.conn.execute(f"set local role {role}")  # pyright: ignore[reportArgumentType]
            if role == "aias_app":
                await house.value("select set_config('aias.tenant_id', %s, true)", str(tenant))
            for view in ("execution_volume_daily", "active_users_daily", "activation", "plan_changes"):
                rows = await house.rows(f"select distinct tenant from aias.{view} order by 1")  # pyright: ignore[reportArgumentType]
                assert [row["tenant"] for row in rows] == (["acme"] if role == "aias_app" else ["acme", "zoo"])
            seen[role] = await house.value("select count(*) from aias.conversion_funnel")
    assert seen == {"aias_app": 0, "aias_analyst": 5}


async def test_a_view_is_refreshed_while_others_read_it_and_says_as_of_when(house: House, database_url: str) -> None:
    assert (await house.value("select is_late from aias.freshness where name = 'funnel_stages'")) is True
    async with await psycopg.AsyncConnection.connect(database_url) as reader:
        await reader.execute("select from aias.conversion_funnel")
        await house.tenant("acme")
        assert await house.refresh() == ["activation_cohorts", "funnel_stages", "retention_cohorts"]
    (row,) = await house.rows("select * from aias.freshness where name = 'funnel_stages'")
    assert (row["kind"], row["as_of"], row["age"], row["is_late"]) == ("materialized", NOON, timedelta(), False)
    assert (row["row_count"], row["error"]) == (5, None)
    assert await house.refresh() == []
    await house.later(minutes=5)
    assert await house.refresh() == ["funnel_stages"]
    await house.later(minutes=16)
    late = await house.rows("select name from aias.freshness where is_late order by 1")
    assert [row["name"] for row in late] == ["activity", "funnel_stages"]


async def test_a_refresh_that_is_under_way_is_not_queued_up_behind(house: House, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("select aias_private.refresh_view('funnel_stages')")
        assert await refresh_view(house.conn, name="funnel_stages") is False
    assert await refresh_view(house.conn, name="funnel_stages") is True


async def test_a_refresh_that_cannot_have_its_lock_is_noted_and_stays_due(house: House, database_url: str) -> None:
    await house.conn.execute("alter function aias_private.refresh_view(text) set lock_timeout = '50ms'")
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("lock table aias_private.tenants in access exclusive mode")
        assert await refresh_view(house.conn, name="funnel_stages") is False
    (row,) = await house.rows("select * from aias.freshness where name = 'funnel_stages'")
    assert (row["error"], row["as_of"]) == ("canceling statement due to lock timeout", None)
    assert "funnel_stages" in await house.refresh()
    assert await house.value("select error from aias.freshness where name = 'funnel_stages'") is None


async def test_a_view_that_fails_does_not_hold_up_the_others(house: House, pool: Pool) -> None:
    await house.conn.execute("alter materialized view aias_private.funnel_stages rename to gone")
    (failed,) = await bring_up_to_date(pool)
    assert failed.startswith('funnel_stages: relation "aias_private.funnel_stages" does not exist')
    fresh = await house.rows("select name from aias.freshness where not is_late order by 1")
    assert [row["name"] for row in fresh] == ["activation_cohorts", "activity", "retention_cohorts"]


def test_it_is_done_every_minute() -> None:
    app.perform_import_paths()
    assert app.scheduled["figures"].cron == "* * * * *"


async def test_a_changed_materialized_view_is_made_anew_with_the_view_over_it(house: House, database_url: str) -> None:
    await house.tenant("acme")
    sources = read_sources()
    objects = [
        dataclasses.replace(file, text=file.text.replace(b"'signed_up'", b"'arrived'"))
        if file.object == "aias_private.funnel_stages"
        else file
        for file in sources.objects
    ]
    changed = Sources(
        migrations=sources.migrations,
        objects=objects,
        engine_schema=sources.engine_schema,
        engine=sources.engine,
    )
    migrate(database_url, sources=changed)
    async with house.conn.transaction():
        await house.conn.execute("set local role aias_analyst")
        stages = await house.rows("select stage, tenant_count from aias.conversion_funnel where position = 1")
    assert stages == [{"stage": "arrived", "tenant_count": 1}]
