"""What questions and roll-ups cost: the rows of the window and the rows that are touched, whatever else is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from tests.metrics.conftest import Metrics

Tx = psycopg.Connection[Any]

NOW = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)
DAYS = 100
KEYS = 4


@pytest.fixture
def filled(tx: Tx, set_clock: Callable[..., Any]) -> Tx:
    """A hundred days of one observation an hour of each of four keys: 9,600 rows of minutes and of hours."""
    set_clock(tx, NOW)
    tx.execute(
        """
        select aias_private.add_to_rollups(
            array_agg(
                row(
                    aias_private.nil_uuid(), %s::timestamptz - h * interval '1 hour', 'requests', 'GET /v1/' || k,
                    '', '', 1, 0, 0, 0.5, '{-34}', '{1}'
                )::aias_private.metric_deltas
            )
        )
        from generate_series(0, %s) as h cross join generate_series(1, %s) as k
        """,
        (NOW, DAYS * 24 - 1, KEYS),
    )
    tx.execute("analyze aias_private.metric_minutes, aias_private.metric_hours, aias_private.metric_days")
    return tx


def read(tx: Tx, query: LiteralString, *values: Any) -> int:
    """How many rows of the rollups a statement reads."""
    count: LiteralString = (
        "select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint from pg_stat_xact_user_tables"
        " where relname like 'metric_%'"
    )

    def so_far() -> int:
        row = tx.execute(count).fetchone()
        assert row is not None
        return row[0]

    before = so_far()
    tx.execute(query, values).fetchall()
    return so_far() - before


def test_a_question_reads_the_rows_of_its_window_only(filled: Tx) -> None:
    ask: LiteralString = "select * from aias.percentiles('requests', %s, %s, 'endpoint')"
    # 29 whole days, 24 hours and the minutes beside them
    month = read(filled, ask, NOW - timedelta(days=30), NOW)
    assert 29 * KEYS <= month <= (29 + 24 + 2) * KEYS
    assert read(filled, ask, NOW - timedelta(minutes=50), NOW + timedelta(minutes=1)) <= 2 * KEYS


def test_a_view_asked_for_a_time_reads_that_time_only(filled: Tx) -> None:
    for view in ("api_latency_hourly", "error_rates_hourly"):
        query = f"select * from aias.{view} where hour >= '2026-03-20 10:00+00'"
        assert 6 * KEYS <= read(filled, query.encode()) <= 10 * KEYS, view  # pyright: ignore[reportArgumentType]


def test_a_roll_up_reads_and_writes_the_rows_that_it_touches_only(filled: Tx, metrics: Metrics) -> None:
    metrics.tell("requests", "GET /v1/1", [0.1])
    # the observation, and a row of each tier, read to be added to and again to be written
    assert read(filled, "select aias_private.roll_up_observations()") <= 20
