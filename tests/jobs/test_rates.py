"""Rates: so many starts in a time, however many claims there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.jobs.queue_rows import Tx, claim, insert, reason, value, worker

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_starts_are_spaced_and_what_comes_too_early_counts_no_attempt(tx: Tx, set_clock: Callable[..., Any]) -> None:
    own = worker(tx)
    set_clock(tx, START)
    tx.execute("select aias.set_limit('key', 'api', null, 10, interval '1 s', 2)")
    jobs = [insert(tx, limit_key="api") for _ in range(5)]
    assert claim(tx, own, 10) == jobs[:2]
    times = tx.execute(
        "select scheduled_at, attempts from procrastinate_jobs where status = 'todo' order by id"
    ).fetchall()
    assert times == [(START + timedelta(seconds=s), 0) for s in (0.1, 0.2, 0.3)]
    assert [reason(tx, job) for job in jobs[2:]] == ["rate"] * 3
    assert value(tx, "select until from aias.explain_job(%s)", jobs[3]) == START + timedelta(seconds=0.2)
    assert claim(tx, own, 10) == []
    set_clock(tx, START + timedelta(seconds=0.1))
    assert claim(tx, own, 10) == [jobs[2]]
    set_clock(tx, START + timedelta(seconds=0.35))
    assert sorted(claim(tx, own, 10)) == jobs[3:]


def test_in_any_time_no_more_start_than_the_rate_and_one_burst(tx: Tx, set_clock: Callable[..., Any]) -> None:
    own = worker(tx)
    tx.execute("select aias.set_limit('key', 'api', null, 5, interval '1 s', 3)")
    for _ in range(60):
        insert(tx, limit_key="api")
    starts: list[float] = []
    for tick in range(150):
        set_clock(tx, START + timedelta(milliseconds=70 * tick))
        starts += [0.07 * tick] * len(claim(tx, own, 4))
    for begin in range(len(starts)):
        for end in range(begin, len(starts)):
            assert end - begin + 1 <= 3 + 5 * (starts[end] - starts[begin]) + 1e-6
    # and the rate is used: 3 at once, then 5 a second for 10.4 s
    assert len(starts) >= 50


def test_a_rate_that_is_raised_or_removed_lets_go_what_it_put_off(tx: Tx, set_clock: Callable[..., Any]) -> None:
    own = worker(tx)
    set_clock(tx, START)
    tx.execute("select aias.set_limit('key', 'api', null, 1, interval '1 hour')")
    jobs = [insert(tx, limit_key="api") for _ in range(3)]
    assert claim(tx, own, 10) == jobs[:1]
    tx.execute("select aias.remove_limit('key', 'api')")
    assert claim(tx, own, 10, is_thorough=False) == jobs[1:]


def test_jobs_of_other_keys_are_not_held_up(tx: Tx, set_clock: Callable[..., Any]) -> None:
    own = worker(tx)
    set_clock(tx, START)
    tx.execute("select aias.set_limit('key', 'api', null, 1, interval '1 hour')")
    jobs = [insert(tx, limit_key="api") for _ in range(3)]
    other = insert(tx)
    assert sorted(claim(tx, own, 10)) == [jobs[0], other]
