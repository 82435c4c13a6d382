"""``aias.track``: each event once, the good ones of a batch, and a reason for each bad one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

Tx = psycopg.Connection[Any]
SetClock = Callable[..., Any]

START = datetime(2027, 3, 2, 12, tzinfo=UTC)


def tenant(tx: Tx, plan: str = "enterprise") -> str:
    slug = f"t-{uuid.uuid4().hex[:12]}"
    tx.execute("select aias.create_tenant(%s, %s)", (slug, plan))
    return slug


def track(tx: Tx, slug: str, *events: Any) -> tuple[int, int, int]:
    row = tx.execute(
        "select accepted, duplicates, rejected from aias.track(%s, %s)", (slug, Jsonb(list(events)))
    ).fetchone()
    assert row is not None
    return row


def stored(tx: Tx, slug: str) -> list[tuple[Any, ...]]:
    return tx.execute(
        "select event_id, name from aias.telemetry_events where tenant = %s order by id", (slug,)
    ).fetchall()


def event(event_id: str, name: str = "opened", **more: Any) -> dict[str, Any]:
    return {"event_id": event_id, "name": name, **more}


def test_an_event_is_stored_with_all_that_it_says(tx: Tx, set_clock: SetClock) -> None:
    slug = tenant(tx)
    set_clock(tx, START)
    given = event(
        "e-1",
        "checkout",
        user_id="u",
        session_id="s",
        occurred_at="2027-03-02T09:00:00+02:00",
        properties={"total": 12.5},
        correlation_id="c",
        trace_id="0af7651916cd43dd8448eb211c80319c",
    )
    answer = tx.execute("select accepted, duplicates, rejected, problems from aias.track(%s, %s)", (slug, Jsonb(given)))
    assert answer.fetchone() == (1, 0, 0, [])
    row = tx.execute(
        "select event_id, name, user_id, session_id, occurred_at, received_at, properties, correlation_id, trace_id,"
        " aias_private.uuid7_time(id) from aias.telemetry_events where tenant = %s",
        (slug,),
    ).fetchone()
    occurred = datetime(2027, 3, 2, 7, tzinfo=UTC)
    assert row == ("e-1", "checkout", "u", "s", occurred, START, {"total": 12.5}, "c", given["trace_id"], START)


def test_an_id_that_came_is_a_duplicate_whatever_else_the_event_says(tx: Tx) -> None:
    slug, other = tenant(tx), tenant(tx)
    time_ordered = "0195f3a0-7c11-7abc-8def-0123456789ab"
    first = [event("a"), event(time_ordered, occurred_at="2026-01-01T00:00:00Z"), event("a", "again"), event("b")]
    assert track(tx, slug, *first) == (3, 1, 0)
    again = [event("a", "other"), event(time_ordered, occurred_at="2026-01-02T00:00:00Z"), event("c"), event("c")]
    assert track(tx, slug, *again) == (1, 3, 0)
    assert set(stored(tx, slug)) == {("a", "opened"), (time_ordered, "opened"), ("b", "opened"), ("c", "opened")}
    assert len(stored(tx, slug)) == 4
    # another tenant's ids are its own
    assert track(tx, other, event("a")) == (1, 0, 0)


def test_duplicates_across_batches_and_within_them_are_found_exactly(tx: Tx) -> None:
    slug = tenant(tx)
    tx.execute("update aias_private.plans set telemetry_events_per_minute = 10000000")
    ids = [str(uuid.uuid4()) for _ in range(8_000)]
    total = [0, 0, 0]
    for start in range(0, 8_000, 4_000):
        chunk = ids[start : start + 4_000]
        counts = track(tx, slug, *map(event, chunk + chunk[:1_000] + ids[:500]))
        total = [sum(pair) for pair in zip(total, counts, strict=True)]
    assert total == [8_000, 3_000, 0]
    row = tx.execute(
        "select count(*), count(distinct event_id), count(distinct id) from aias.telemetry_events where tenant = %s",
        (slug,),
    ).fetchone()
    assert row == (8_000, 8_000, 8_000)


@pytest.mark.parametrize("turned", [False, True])
def test_an_id_is_known_for_seven_days_and_no_longer(tx: Tx, set_clock: SetClock, turned: bool) -> None:
    slug = tenant(tx)
    for days, expected in ((0, 1), (4, 0), (6.99, 0), (7.01, 1), (13, 0), (14.1, 1), (22, 1)):
        set_clock(tx, START + timedelta(days=days))
        if turned:
            tx.execute("select aias_private.turn_telemetry_keys()")
        assert track(tx, slug, event("a"))[0] == expected, days
    assert len(stored(tx, slug)) == 4


def test_the_keys_are_emptied_when_they_are_too_old(tx: Tx, set_clock: SetClock) -> None:
    slug = tenant(tx)
    tx.execute("truncate aias_private.telemetry_keys")
    sizes: list[int] = []
    for day in range(0, 40, 2):
        set_clock(tx, START + timedelta(days=day))
        tx.execute("select aias_private.turn_telemetry_keys()")
        track(tx, slug, event(f"d-{day}"))
        row = tx.execute("select count(*) from aias_private.telemetry_keys").fetchone()
        assert row is not None
        sizes.append(row[0])
    assert max(sizes) <= 8


def test_two_events_that_share_a_key_are_both_taken_once(tx: Tx) -> None:
    slug = tenant(tx)
    assert track(tx, slug, event("first"), event("second")) == (2, 0, 0)
    # as though "second" had the key of "first": its own is freed, and another event takes it
    tx.execute(
        """
        update aias_private.telemetry_keys
        set id = (select id from aias.telemetry_events where event_id = 'first' and tenant = %(slug)s)
        where id = (select id from aias.telemetry_events where event_id = 'second' and tenant = %(slug)s)
        """,
        {"slug": slug},
    )
    tx.execute(
        "delete from aias_private.telemetry_events where event_id = 'second' and tenant_id ="
        " (select id from aias.tenants where slug = %s)",
        (slug,),
    )
    assert track(tx, slug, event("second"), event("first"), event("second")) == (1, 2, 0)
    assert track(tx, slug, event("second")) == (0, 1, 0)


def test_the_good_events_of_a_batch_are_taken_and_each_bad_one_is_named(tx: Tx) -> None:
    slug = tenant(tx)
    given = [event("a"), {"event_id": "b"}, event("c"), 7, event("d", properties=[1])]
    answer = tx.execute(
        "select accepted, duplicates, rejected, problems from aias.track(%s, %s)", (slug, Jsonb(given))
    ).fetchone()
    assert answer is not None
    assert answer[:3] == (2, 0, 3)
    assert [(problem["index"], problem["reason"]) for problem in answer[3]] == [
        (1, "name is a text of 1 to 200 characters"),
        (3, "an event is an object"),
        (4, "properties are an object"),
    ]
    assert [row[0] for row in stored(tx, slug)] == ["a", "c"]
    counts = tx.execute(
        "select accepted_count, rejected_count from aias.telemetry_intake_daily where tenant = %s", (slug,)
    ).fetchone()
    assert counts == (2, 3)


def test_the_plans_rate_holds_and_says_when_to_come_back(tx: Tx, set_clock: SetClock) -> None:
    slug = tenant(tx, "free")
    set_clock(tx, START)
    assert track(tx, slug, *[{"name": "n"}] * 900) == (900, 0, 0)
    with pytest.raises(psycopg.Error) as refused, tx.transaction():
        track(tx, slug, *[{"name": "n"}] * 200)
    assert refused.value.sqlstate == "JR429"
    wait = json.loads(refused.value.diag.message_detail or "")["retry_after"]
    assert wait == pytest.approx(6)
    set_clock(tx, START + timedelta(seconds=wait))
    assert track(tx, slug, *[{"name": "n"}] * 200)[0] == 200


def test_a_batch_above_the_rate_goes_after_a_pause_and_is_paid_back(tx: Tx, set_clock: SetClock) -> None:
    slug = tenant(tx, "free")
    set_clock(tx, START)
    assert track(tx, slug, *[{"name": "n"}] * 3_000) == (3_000, 0, 0)
    with pytest.raises(psycopg.Error) as refused, tx.transaction():
        track(tx, slug, {"name": "n"})
    assert json.loads(refused.value.diag.message_detail or "")["retry_after"] == pytest.approx(120.06)


def test_what_is_not_an_array_of_events_is_refused(tx: Tx) -> None:
    slug = tenant(tx)
    for bad in (7, "text", None, [{}] * 10_001):
        with pytest.raises(psycopg.Error) as refused, tx.transaction():
            tx.execute("select aias.track(%s, %s)", (slug, Jsonb(bad)))
        assert refused.value.sqlstate == "JR422"
    with pytest.raises(psycopg.Error) as refused, tx.transaction():
        track(tx, "nobody", event("a"))
    assert refused.value.sqlstate == "JR404"
    assert track(tx, slug) == (0, 0, 0)


def test_counts_per_day_and_name_are_fresh_and_outlive_the_events(tx: Tx, set_clock: SetClock) -> None:
    slug = tenant(tx)
    set_clock(tx, START)
    for n in range(3):
        track(
            tx,
            slug,
            event(f"x-{n}", "opened", occurred_at="2027-03-01T23:59:59Z"),
            event(f"y-{n}", "opened"),
            event(f"z-{n}", "closed"),
            event("x-0", "opened"),
        )
        if n == 1:
            tx.execute("select aias_private.fold_telemetry()")
    query = "select day::text, name, event_count from aias.telemetry_daily where tenant = %s order by day, name"
    expected = [("2027-03-01", "opened", 3), ("2027-03-02", "closed", 3), ("2027-03-02", "opened", 3)]
    assert tx.execute(query, (slug,)).fetchall() == expected
    folded = tx.execute("select aias_private.fold_telemetry()").fetchone()
    assert folded is not None
    assert folded[0] > 0
    assert tx.execute("select aias_private.fold_telemetry()").fetchone() == (0,)
    tx.execute("truncate aias_private.telemetry_events")
    assert tx.execute(query, (slug,)).fetchall() == expected
    counted = tx.execute(
        "select accepted_count, duplicate_count from aias.telemetry_intake_daily where tenant = %s", (slug,)
    )
    assert counted.fetchone() == (9, 3)


def test_a_confined_caller_tracks_and_sees_its_own_tenant_only(tx: Tx) -> None:
    slug, other = tenant(tx), tenant(tx)
    track(tx, other, event("theirs"))
    tx.execute(
        "select set_config('aias.tenant_id', (select id::text from aias.tenants where slug = %s), true)", (slug,)
    )
    tx.execute("set local role aias_app")
    assert track(tx, slug, event("mine"), event("mine")) == (1, 1, 0)
    for view in ("telemetry_events", "telemetry_daily", "telemetry_intake_daily"):
        seen = tx.execute(sql.SQL("select distinct tenant from {}").format(sql.Identifier("aias", view))).fetchall()
        assert seen == [(slug,)], view
    with pytest.raises(psycopg.Error) as refused, tx.transaction():
        track(tx, other, event("mine"))
    assert refused.value.sqlstate == "JR404"
