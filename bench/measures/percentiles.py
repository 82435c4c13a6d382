"""Percentiles of thirty days: from the rollups, and by percentile_cont over the rows that they were made of.

The rollups are made by the function that makes them in production. The window begins and ends in the middle of a day,
so that it is read as days, hours and minutes. Asked again with twice the observations in the same window, the rollups
have as many rows.
"""

from __future__ import annotations

import time
from functools import partial
from statistics import median
from typing import Any, Final, LiteralString

import psycopg

from bench.contenders import Aias, Site
from bench.contenders.base import Tools
from bench.errors import BenchError
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values

__all__ = ["percentiles"]

_OBSERVATIONS: Final = 10_000_000
_DAYS: Final = 30
_ENDPOINTS: Final = 10
_ASKED: Final = 11
"""How often the rollups are asked; the median counts."""
_BEGIN: Final = "timestamptz '2026-01-10 07:25:00+00'"

# log-normal, as latencies are: half below 50 ms, one in a hundred above half a second
_OBSERVED: LiteralString = """
    select
        {begin} + (o.i % {minutes}) * interval '1 minute' + random() * interval '1 minute' as at,
        'GET /v1/' || o.i % {endpoints} as key,
        exp(-3 + sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) as seconds
    from generate_series(1, {count}) as o(i)
"""
_ROLL_UP: LiteralString = """
    select aias_private.add_to_rollups(
        array_agg(
            row(
                aias_private.nil_uuid(), k.at, 'requests', k.key, '', '',
                k.observation_count, 0, 0, k.total_seconds, k.buckets, k.counts
            )::aias_private.metric_deltas
        )
    )
    from (
        select
            b.at,
            b.key,
            sum(b.n)::bigint as observation_count,
            sum(b.total) as total_seconds,
            array_agg(b.bucket order by b.bucket) as buckets,
            array_agg(b.n order by b.bucket) as counts
        from (
            select
                date_trunc('minute', r.at) as at,
                r.key,
                -- aias_private.histogram_bucket, written out: called ten million times it takes minutes
                ceil(ln(r.seconds) / ln(1.01::double precision / 0.99))::smallint as bucket,
                count(*)::integer as n,
                sum(r.seconds) as total
            from bench_raw as r
            where
                r.at >= {begin} + %(day)s * interval '1 day'
                and r.at < {begin} + (%(day)s + 1) * interval '1 day'
            group by 1, 2, 3
        ) as b
        group by b.at, b.key
    ) as k
"""
_EXACT: LiteralString = """
    select r.key, percentile_cont(array[0.5, 0.95, 0.99]) within group (order by r.seconds)
    from bench_raw as r
    where r.at >= {begin} and r.at < {begin} + {days} * interval '1 day'
    group by r.key
    order by r.key
"""
_ROLLED_UP: LiteralString = """
    select p.key, array[p.p50, p.p95, p.p99]
    from aias.percentiles('requests', {begin}, {begin} + {days} * interval '1 day', 'endpoint') as p
    order by p.key
"""


class Observed(Aias):
    """AIAS with observations of thirty days in its rollups, and where wanted the rows that they were made of."""

    def __init__(self, tools: Tools, *, observations: int, has_rows: bool) -> None:
        super().__init__(tools)
        self.observations = observations
        self.has_rows = has_rows
        self.template = f"aias_observed_{observations}"

    def make(self, url: str) -> None:
        """Migrate, write the rows down and roll them up day by day."""
        super().make(url)
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("create table bench_raw (at timestamptz, key text, seconds double precision)")
            conn.execute("select setseed(0.5)")
            conn.execute(_filled("insert into bench_raw " + _OBSERVED, self.observations))
            conn.execute("create index on bench_raw (at)")
            for day in range(_DAYS):
                conn.execute(_filled(_ROLL_UP), {"day": day})
            if not self.has_rows:
                conn.execute("drop table bench_raw")
            conn.execute("vacuum (analyze)")


def percentiles(field: Field) -> Plan:
    """How long the percentiles of thirty days take, by endpoint, and how far they are from the exact ones."""
    count = field.sizes.scaled(_OBSERVATIONS, 20_000)
    once = Observed(field.tools, observations=count, has_rows=True)
    twice = Observed(field.tools, observations=2 * count, has_rows=False)
    name = field.aias.name
    exact = Key("percentiles", name, case=f"percentile_cont, {count:,} rows")
    rolled_up = Key("percentiles", name, case=f"rollups of {count:,}")
    doubled = Key("percentiles", name, case=f"rollups of {2 * count:,}")
    error = Key("percentiles-error", name, case=f"{count:,} rows")
    settings = {"days": _DAYS, "endpoints": _ENDPOINTS}
    trials = [
        Trial(
            name=f"aias, {count:,} observations",
            settings={**settings, "observations": count},
            run=partial(_compared, once, exact, rolled_up, error),
        ),
        Trial(
            name=f"aias, {2 * count:,} observations",
            settings={**settings, "observations": 2 * count},
            run=partial(_asked, twice, doubled),
        ),
    ]
    comparisons = [
        Comparison(exact, rolled_up, Aim(at_least=20)),
        Comparison(doubled, rolled_up, Aim(at_most=1.25)),
    ]
    return Plan("percentiles", trials, comparisons, aims={error: Aim(at_most=0.02)})


def _compared(contender: Observed, exact: Key, rolled_up: Key, error: Key) -> Values:
    with contender.site() as site:
        told, took = _from_rollups(site)
        began = time.perf_counter()
        wanted = site.db.execute(_filled(_EXACT)).fetchall()
        exactly = (time.perf_counter() - began) * 1000
    if [key for key, _ in told] != [key for key, _ in wanted]:
        raise BenchError("the rollups do not have the keys of the rows")
    worst = max(
        abs(value / right - 1)
        for (_, values), (_, rights) in zip(told, wanted, strict=True)
        for value, right in zip(values, rights, strict=True)
    )
    return {exact: exactly, rolled_up: took, error: worst}


def _asked(contender: Observed, key: Key) -> Values:
    with contender.site() as site:
        _, took = _from_rollups(site)
    return {key: took}


def _from_rollups(site: Site) -> tuple[list[tuple[Any, ...]], float]:
    """Give the percentiles, and the median of the milliseconds that they took; the first time, which reads, aside."""
    told = site.db.execute(_filled(_ROLLED_UP)).fetchall()
    took: list[float] = []
    for _ in range(_ASKED):
        began = time.perf_counter()
        site.db.execute(_filled(_ROLLED_UP)).fetchall()
        took.append((time.perf_counter() - began) * 1000)
    return told, median(took)


def _filled(query: LiteralString, count: int = 0) -> bytes:
    return query.format(begin=_BEGIN, minutes=_DAYS * 24 * 60, days=_DAYS, endpoints=_ENDPOINTS, count=count).encode()
