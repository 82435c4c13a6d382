"""Dropping the oldest month of the executions, beside deleting as many rows, while a writer writes.

Two old months hold the same number of rows each. One goes by the policy, as the system's own run does it; the rows of
the other are deleted by one DELETE, as it would be without partitions. Again with ten times the rows.
"""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial
from typing import Final, LiteralString, Self

import psycopg

from aias.db import open_pool
from aias.lifecycle import carry_out
from bench.contenders import Aias, Site
from bench.contenders.base import Tools
from bench.errors import BenchError, WrongCount
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values

__all__ = ["retention"]

_ROWS: Final = 1_000_000
_MORE: Final = 10
_BATCH: Final = 250_000
_MONTHS: Final = ("2025-01-01", "2025-02-01")
"""The one that is dropped, and the one whose rows are deleted."""

_PREPARE: LiteralString = """
    update aias_private.retention_policies as p
    set is_enabled = false
    where p.table_name <> 'executions' and p.follows is distinct from 'executions';
    select aias_private.make_partition(
        p.table_name,
        p.table_name || to_char(m.at, '_YYYY_MM'),
        format(
            'for values from (%L) to (%L)',
            aias_private.uuid7_floor(m.at), aias_private.uuid7_floor(m.at + interval '1 month')
        )
    )
    from aias_private.retention_policies as p
    cross join (values (timestamptz '2025-01-01 00:00+00'), (timestamptz '2025-02-01 00:00+00')) as m (at)
    where p.is_enabled and p.table_name in ('executions', 'steps', 'execution_events', 'effects')
"""
_FILL: LiteralString = """
    insert into aias_private.executions (
        tenant_id, id, workflow_id, version, status, input, output, lane, created_at, started_at, finished_at
    )
    select
        w.tenant_id,
        overlay(
            aias_private.uuid7_floor(%(month)s::date::timestamptz + n * interval '28 days' / %(all)s::integer)::text
            placing right(gen_random_uuid()::text, 12) from 25
        )::uuid,
        w.id,
        1,
        'succeeded',
        jsonb_build_object('order', n, 'total', n %% 500),
        '{}',
        'free',
        %(month)s::date,
        %(month)s::date,
        %(month)s::date
    from (select w.tenant_id, w.id from aias_private.workflows as w order by w.id limit 1) as w
    cross join generate_series(%(first)s::integer, %(last)s::integer) as n
"""
_WRITE: LiteralString = """
    insert into aias_private.executions (tenant_id, workflow_id, version, status, input, lane)
    select w.tenant_id, w.id, 1, 'queued', '{}', 'free' from aias_private.workflows as w order by w.id limit 1
"""
_DELETE: LiteralString = """
    delete from aias_private.executions as e
    where
        e.id >= aias_private.uuid7_floor(timestamptz '2025-02-01 00:00+00')
        and e.id < aias_private.uuid7_floor(timestamptz '2025-03-01 00:00+00')
"""


class Aged(Aias):
    """AIAS with two old months of executions, in a template of its own: filled once, copied for every round."""

    def __init__(self, tools: Tools, rows: int) -> None:
        super().__init__(tools)
        self.rows = rows
        self.template = f"aias_aged_{rows}"

    def make(self, url: str) -> None:
        """Migrate and fill both months."""
        super().make(url)
        with psycopg.connect(url, autocommit=True, options="-c timezone=UTC") as conn:
            conn.execute(_PREPARE)
            for month in _MONTHS:
                for first in range(0, self.rows, _BATCH):
                    last = min(first + _BATCH, self.rows) - 1
                    conn.execute(_FILL, {"month": month, "all": self.rows, "first": first, "last": last})
            conn.execute("vacuum (analyze)")


class Writer:
    """Inserts one execution after the other, and remembers the longest that one took."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._is_over = threading.Event()
        self._is_warm = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._problem: BaseException | None = None
        self.longest_ms = 0.0
        self.count = 0

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._is_warm.wait(timeout=60):
            raise BenchError("the probing writer does not write")
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join(timeout=60)
        if self._problem is not None:
            raise BenchError(f"the probing writer failed: {self._problem}")

    def _write(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as conn:
                for _ in range(100):
                    conn.execute(_WRITE)
                self._is_warm.set()
                while not self._is_over.is_set():
                    began = time.perf_counter()
                    conn.execute(_WRITE)
                    self.longest_ms = max(self.longest_ms, (time.perf_counter() - began) * 1000)
                    self.count += 1
        except psycopg.Error as error:
            self._problem = error
            self._is_warm.set()


def retention(field: Field) -> Plan:
    """The milliseconds that a month takes to go, by the policy and by DELETE, and the longest that a writer waited."""
    few = field.sizes.scaled(_ROWS, 2_000)
    many = few * _MORE
    trials = [
        Trial(
            name=f"aias, {rows:,} rows a month",
            settings={"rows a month": rows, "table": "executions, with steps, events and effects"},
            run=partial(_measured, Aged(field.tools, rows), rows),
        )
        for rows in (few, many)
    ]
    comparisons = [
        Comparison(_key("drop", many), _key("drop", few), Aim(at_most=2)),
        Comparison(_key("delete", many), _key("delete", few)),
    ]
    aims = {Key("retention-wait", Aias.name, case=f"{rows:,} rows"): Aim(at_most=200) for rows in (few, many)}
    return Plan("retention", trials, comparisons, aims)


def _key(way: str, rows: int) -> Key:
    return Key("retention", Aias.name, case=f"{way} {rows:,} rows")


def _measured(contender: Aged, rows: int) -> Values:
    with contender.site() as site:
        contender.settle(site)
        with Writer(site.url) as writer:
            dropped = asyncio.run(_drop(site))
        _check(site, rows)
        began = time.perf_counter()
        gone = site.db.execute(_DELETE).rowcount
        deleted = (time.perf_counter() - began) * 1000
    if gone != rows:
        raise WrongCount(f"{rows} rows were to be deleted; deleted: {gone}")
    return {
        _key("drop", rows): dropped,
        _key("delete", rows): deleted,
        Key("retention-wait", Aias.name, case=f"{rows:,} rows"): writer.longest_ms,
    }


async def _drop(site: Site) -> float:
    """Let the policy have what is older than the month that is kept for the DELETE; gives the milliseconds."""
    site.db.execute(
        "update aias_private.retention_policies set age = now() - timestamptz '2025-02-02 00:00+00'"
        " where table_name = 'executions'"
    )
    pool = await open_pool(site.url, min_size=1, max_size=2)
    async with pool:
        began = time.perf_counter()
        status = await carry_out(pool, requested_by="bench", is_scheduled=False)
        took = (time.perf_counter() - began) * 1000
    if status != "done":
        problems = site.db.execute(
            "select i.object || ': ' || i.detail from aias_private.retention_items as i where i.state = 'failed'"
        ).fetchall()
        raise BenchError(f"the run ended as {status}: {'; '.join(row[0] for row in problems)}")
    return took


def _check(site: Site, rows: int) -> None:
    row = site.db.execute(
        "select to_regclass('aias_private.executions_2025_01') is null,"
        " (select count(*) from aias_private.executions_2025_02)"
    ).fetchone()
    if row != (True, rows):
        raise WrongCount(f"one month was to go and {rows} rows to stay; found: {row}")
