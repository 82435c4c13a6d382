"""An event is good or bad by the same rules wherever it comes from: read by SQL, and read by the HTTP server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from aias.telemetry import GoodEvent, read_event

NOW = datetime(2026, 11, 1, tzinfo=UTC)

GOOD: list[Any] = [
    {"name": "n"},
    {"name": "n" * 200},
    {"name": "ü" * 200, "user_id": "ß" * 255},
    {"name": "tab\tand \\ line\nend\r", "properties": {"a\tb": "\\ \n \\N"}},
    {"name": "n", "event_id": "e", "user_id": "u", "session_id": "s", "correlation_id": "c"},
    {"name": "n", "event_id": None, "user_id": None, "occurred_at": None, "properties": None, "trace_id": None},
    {"name": "n", "properties": {}},
    {"name": "n", "properties": {"deep": [{"x": [1, 2.5, True, None, "text"]}]}},
    {"name": "n", "properties": {"text": "x" * 32_000}},
    {"name": "n", "trace_id": "0" * 32},
    {"name": "n", "occurred_at": "2026-02-28T23:59:59Z"},
    {"name": "n", "occurred_at": "2024-02-29T23:59:59.123456789+13:59"},
    {"name": "n", "occurred_at": "1970-01-01T00:00:00-05:30"},
    {"name": "n", "occurred_at": "2026-11-01T23:59:59Z"},
]

BAD: list[Any] = [
    7,
    None,
    "name",
    [],
    {},
    {"name": ""},
    {"name": None},
    {"name": 7},
    {"name": "n" * 201},
    {"name": "n", "event_id": ""},
    {"name": "n", "event_id": "e" * 256},
    {"name": "n", "event_id": 7},
    {"name": "n", "user_id": "ü" * 256},
    {"name": "n", "session_id": {}},
    {"name": "n", "correlation_id": True},
    {"name": "n", "other": 1},
    {"name": "n", "properties": []},
    {"name": "n", "properties": "text"},
    {"name": "n", "properties": 0},
    {"name": "n", "properties": {"text": "x" * 32_800}},
    {"name": "n", "properties": {"text": "ü" * 17_000}},
    {"name": "n", "trace_id": "0" * 31},
    {"name": "n", "trace_id": "A" * 32},
    {"name": "n", "trace_id": 0},
    {"name": "n", "occurred_at": 1_700_000_000},
    {"name": "n", "occurred_at": "yesterday"},
    {"name": "n", "occurred_at": "2026-11-01"},
    {"name": "n", "occurred_at": "2026-11-01T10:00:00"},
    {"name": "n", "occurred_at": "2026-02-29T10:00:00Z"},
    {"name": "n", "occurred_at": "2026-11-31T10:00:00Z"},
    {"name": "n", "occurred_at": "2026-10-01T24:00:00Z"},
    {"name": "n", "occurred_at": "2026-10-01T10:00:60Z"},
    {"name": "n", "occurred_at": "1969-12-31T10:00:00Z"},
    {"name": "n", "occurred_at": "2026-11-02T00:00:01Z"},
    {"name": "n", "occurred_at": "infinity"},
    {"name": "n", "occurred_at": "2026-11-01T10:00:00Z\n"},
]


def read_by_sql(tx: psycopg.Connection[Any], events: list[Any]) -> list[tuple[Any, ...]]:
    return tx.execute(
        "select problem, event_id, name, user_id, session_id, occurred_at, properties, correlation_id, trace_id"
        " from aias_private.read_telemetry(%s, %s) order by place",
        (Jsonb(events), NOW),
    ).fetchall()


def test_what_is_good_is_good_both_ways_and_says_the_same(tx: psycopg.Connection[Any]) -> None:
    for event, row in zip(GOOD, read_by_sql(tx, GOOD), strict=True):
        read = read_event(event, NOW)
        assert isinstance(read, GoodEvent), (event, read)
        assert row[0] is None, (event, row)
        (at,) = tx.execute("select %s::text::timestamptz", (read.occurred_at,)).fetchone() or (None,)
        assert (read.name, read.user_id, read.session_id, at, read.correlation_id, read.trace_id) == (
            *row[2:6],
            *row[7:],
        )
        assert tx.execute("select %s::jsonb = %s", (read.properties, Jsonb(row[6]))).fetchone() == (True,)
        assert row[1] == (read.event_id or row[1])


def test_what_is_bad_is_bad_both_ways_for_the_same_reason(tx: psycopg.Connection[Any]) -> None:
    for event, row in zip(BAD, read_by_sql(tx, BAD), strict=True):
        assert row[0] is not None, event
        assert read_event(event, NOW) == row[0], event


@pytest.mark.parametrize(
    "event",
    [
        {"name": "a\x00b"},
        {"name": "\ud800"},
        {"name": "n", "user_id": "\udfff"},
        {"name": "n", "properties": {"x": "\x00"}},
        {"name": "n", "properties": {"x\x00": 1}},
        {"name": "n", "properties": {"x": "\ud800"}},
        {"name": "n", "properties": {"x": float("inf")}},
        {"name": "n", "properties": {"x": float("nan")}},
    ],
)
def test_what_postgresql_can_not_keep_is_refused_before_it_is_asked(event: Any) -> None:
    read = read_event(event, NOW)
    assert isinstance(read, str)
    assert read.startswith("it holds what can't be kept")


def test_a_time_a_day_ahead_is_the_last_that_is_taken() -> None:
    at = (NOW + timedelta(days=1)).isoformat()
    assert isinstance(read_event({"name": "n", "occurred_at": at}, NOW), GoodEvent)
    assert read_event({"name": "n", "properties": {"text": "a \\u0000 in letters"}}, NOW) == GoodEvent(
        None, "n", None, None, None, '{"text": "a \\\\u0000 in letters"}', None, None
    )
