"""``aias.percentiles``: any window, from days, hours and minutes, as exact as the histograms."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.metrics.conftest import Metrics

Tx = psycopg.Connection[Any]

NOW = datetime(2026, 3, 20, 15, 30, 30, tzinfo=UTC)


def percentiles(tx: Tx, *arguments: Any) -> list[tuple[Any, ...]]:
    given = (*arguments, *[None] * (4 - len(arguments)))
    return tx.execute("select * from aias.percentiles(%s, %s, %s, %s)", given).fetchall()


def test_any_window_is_answered_from_days_hours_and_minutes(
    tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]
) -> None:
    """Three days of observations; windows that begin and end anywhere, compared with percentile_cont."""
    rng = random.Random(7)  # the same every time
    start = NOW - timedelta(days=3)
    tx.execute("create temporary table raw (at timestamptz, key text, seconds double precision)")
    for minutes in range(0, 3 * 24 * 60, 7):
        at = start + timedelta(minutes=minutes)
        set_clock(tx, at)
        by_key = {f"GET /v1/{name}": [rng.lognormvariate(-3, 1) for _ in range(5)] for name in ("a", "b")}
        for key, durations in by_key.items():
            metrics.tell("requests", key, durations)
        with tx.cursor() as cursor:
            cursor.executemany(
                "insert into raw values (%s, %s, %s)",
                [(at, key, seconds) for key, durations in by_key.items() for seconds in durations],
            )
    assert metrics.roll_up() > 1000
    set_clock(tx, NOW)
    for begin, end in [
        (timedelta(), timedelta(days=3)),
        (timedelta(hours=1, minutes=12), timedelta(days=2, hours=3, minutes=50)),
        (timedelta(minutes=3), timedelta(minutes=40)),
        (timedelta(hours=8, minutes=29), timedelta(hours=9, minutes=31)),
        (timedelta(hours=8, minutes=30), timedelta(days=1, hours=8, minutes=30)),
        (timedelta(days=1), timedelta(days=1, minutes=20)),
    ]:
        window = ((start + begin).replace(second=0), (start + end).replace(second=0))
        exact = tx.execute(
            "select key, count(*), percentile_cont(array[0.5, 0.95, 0.99]) within group (order by seconds)"
            " from raw where at >= %s and at < %s group by key order by key",
            window,
        ).fetchall()
        assert exact
        found = sorted(percentiles(tx, "requests", *window, "endpoint"))
        assert [row[:2] for row in found] == [row[:2] for row in exact], window
        for (*_, p50, p95, p99), (_, _, wanted) in zip(found, exact, strict=True):
            assert [p50, p95, p99] == pytest.approx(wanted, rel=0.01)
        ((key, count, *_),) = percentiles(tx, "requests", *window)
        assert (key, count) == ("", sum(row[1] for row in exact))


def test_what_is_not_rolled_up_yet_is_counted_too_and_once(
    tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]
) -> None:
    set_clock(tx, NOW)
    metrics.tell("statements", "aias.run_workflow", [0.002, 0.004])
    before = percentiles(tx, "statements", None, None, "statement")
    assert [row[:2] for row in before] == [("aias.run_workflow", 2)]
    assert metrics.roll_up() == 1
    assert metrics.roll_up() == 0
    assert percentiles(tx, "statements", None, None, "statement") == before


def test_a_tenant_sees_its_own_only(tx: Tx, metrics: Metrics, set_clock: Callable[..., Any]) -> None:
    set_clock(tx, NOW)
    acme, globex = metrics.tenant("acme", "pro"), metrics.tenant("globex", "free")
    metrics.tell("requests", "GET /v1/jobs", [0.1] * 3, tenant=acme)
    metrics.tell("requests", "GET /v1/jobs", [0.2] * 2, tenant=globex)
    metrics.tell("requests", "GET /livez", [0.001])
    metrics.roll_up()
    assert {row[:2] for row in percentiles(tx, "requests", None, None, "tenant")} == {
        ("acme", 3),
        ("globex", 2),
        ("", 1),
    }
    assert {row[:2] for row in percentiles(tx, "requests", None, None, "plan")} == {("pro", 3), ("free", 2), ("", 1)}
    tx.execute("set local role aias_app")
    assert percentiles(tx, "requests") == []
    tx.execute("select set_config('aias.tenant_id', %s, true)", (globex,))
    ((key, count, p50, *_),) = percentiles(tx, "requests", None, None, "tenant")
    assert (key, count) == ("globex", 2)
    assert p50 == pytest.approx(0.2, rel=0.01)


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        (("nothing",), "p_metric"),
        ((None,), "p_metric"),
        (("requests", None, None, "workflow"), "p_by"),
        (("requests", NOW, NOW - timedelta(hours=1)), "p_to"),
    ],
)
def test_a_bad_question_is_refused_with_its_argument(tx: Tx, arguments: tuple[Any, ...], column: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        percentiles(tx, *arguments)
    assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR422", column)


def test_only_known_metrics_are_taken_from_processes(metrics: Metrics) -> None:
    with pytest.raises(psycopg.Error) as caught:
        metrics.tell("executions", "x", [1.0])
    assert caught.value.sqlstate == "JR422"
