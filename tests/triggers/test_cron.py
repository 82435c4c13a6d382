"""Due times compared with an independent computation from the zone database, step by step through a year."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from aias.errors import InvalidArgument
from aias.triggers.cron import Cron

ZONES = [
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",  # changes at midnight
    "America/St_Johns",  # half an hour beside the others
    "Europe/Berlin",
    "Europe/London",
    "Africa/Casablanca",  # back and forth around Ramadan
    "Africa/Cairo",  # changes at midnight
    "Asia/Kathmandu",  # 5:45 ahead
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Chatham",  # changes at 2:45
]
# expression: the minutes, the hours, which days; written by hand
EXPRESSIONS = {
    "30 2 * * *": ({30}, {2}, lambda _: True),
    "15,45 0 * * *": ({15, 45}, {0}, lambda _: True),
    "*/20 1 * * *": ({0, 20, 40}, {1}, lambda _: True),
    "0 */6 * * *": ({0}, {0, 6, 12, 18}, lambda _: True),
    "5 9 * * MON-FRI": ({5}, {9}, lambda day: day.weekday() < 5),
    "0 3 1,15 * *": ({0}, {3}, lambda day: day.day in {1, 15}),
    "30 * * * *": ({30}, set(range(24)), lambda _: True),
    "*/15 * * * SUN": ({0, 15, 30, 45}, set(range(24)), lambda day: day.weekday() == 6),
}
BEGIN = datetime(2025, 12, 31, 23, 55, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)


@cache
def wall_clock(zone_name: str) -> list[tuple[datetime, datetime]]:
    """The year in steps that all expressions and changes of clocks fall on: the instant, and what the clock shows."""
    zone = ZoneInfo(zone_name)
    instants = (BEGIN + STEP * count for count in range(1, (END - BEGIN) // STEP + 1))
    return [(at, at.astimezone(zone).replace(tzinfo=None)) for at in instants]


def expected(zone_name: str, expression: str) -> list[datetime]:
    minutes, hours, is_day = EXPRESSIONS[expression]

    def matches(wall: datetime) -> bool:
        return wall.minute in minutes and wall.hour in hours and is_day(wall)

    clock = wall_clock(zone_name)
    if len(hours) == 24:  # a rhythm: whenever the clock shows it
        return [at for at, wall in clock if matches(wall)]
    found: list[datetime] = []
    shown_until = clock[0][1] - STEP
    for at, wall in clock:
        # what the clock shows for the first time now, those minutes included that it has jumped over
        is_new = False
        while shown_until < wall:
            shown_until += STEP
            is_new = is_new or matches(shown_until)
        if is_new:
            found.append(at)
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_due_times_is_what_the_zone_database_says(zone: str) -> None:
    for expression in EXPRESSIONS:
        due = list(itertools.takewhile(lambda at: at <= END, Cron(expression, zone).after(BEGIN)))
        assert due == expected(zone, expression), expression


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
def test_due_times_do_not_depend_on_where_the_search_begins(zone: str) -> None:
    for expression in ("30 2 * * *", "*/20 1 * * *", "30 * * * *"):
        cron = Cron(expression, zone)
        due = list(itertools.takewhile(lambda at: at <= END, cron.after(BEGIN)))
        for before, after in itertools.pairwise(due):
            for begin in (before, before + timedelta(seconds=1), before + (after - before) / 2):
                assert next(cron.after(begin)) == after
            assert next(cron.after(after - timedelta(microseconds=1))) == after


def test_a_time_that_does_not_exist_runs_once_right_after_the_gap() -> None:
    due = Cron("15,45 2 * * *", "America/New_York").after(datetime(2026, 3, 8, 5, tzinfo=UTC))
    assert [next(due) for _ in range(2)] == [
        datetime(2026, 3, 8, 7, tzinfo=UTC),  # 03:00 EDT
        datetime(2026, 3, 9, 6, 15, tzinfo=UTC),
    ]


def test_a_time_that_comes_twice_runs_the_first_time() -> None:
    due = Cron("30 1 * * *", "America/New_York").after(datetime(2026, 11, 1, tzinfo=UTC))
    assert [next(due) for _ in range(2)] == [
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # 01:30 EDT
        datetime(2026, 11, 2, 6, 30, tzinfo=UTC),
    ]


def test_a_day_that_a_country_left_out_still_runs_once() -> None:
    due = Cron("0 9 * * *", "Pacific/Apia").after(datetime(2011, 12, 29, 20, tzinfo=UTC))
    wall = [f"{next(due).astimezone(ZoneInfo('Pacific/Apia')):%d %H:%M}" for _ in range(2)]
    assert wall == ["31 00:00", "31 09:00"]


def test_the_newest_due_times_of_a_long_span_are_found_without_walking_through_it() -> None:
    cron = Cron("* * * * *")
    until = datetime(2026, 6, 1, tzinfo=UTC)
    found, has_older = cron.latest(datetime(2001, 1, 1, tzinfo=UTC), until, 3)
    assert found == [until - timedelta(minutes=2), until - timedelta(minutes=1), until]
    assert has_older
    assert cron.latest(until - timedelta(minutes=2), until, 3) == (found[1:], False)
    assert cron.latest(until, until, 3) == ([], False)


@pytest.mark.parametrize(
    ("expression", "zone"), [("* * * *", "UTC"), ("61 * * * *", "UTC"), ("* * * * *", "Mars/Base")]
)
def test_what_is_malformed_is_refused(expression: str, zone: str) -> None:
    with pytest.raises(InvalidArgument):
        Cron(expression, zone)
