"""What may slow claims down: a long queue, an old transaction elsewhere, limits. AIAS compared with itself."""

from __future__ import annotations

from functools import partial

import psycopg

from bench.aias_sql import TENANTS, enqueue_jobs, tenant_name
from bench.contenders import Aias, Site
from bench.contenders.base import Tools
from bench.crew import Crew
from bench.errors import BenchError
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values
from bench.records import assert_once, first_starts

__all__ = ["claims", "limits", "xmin"]

_BATCH = 10_000


# --- a long queue ---------------------------------------------------------------------------------


class Queue(Aias):
    """AIAS with jobs that wait already, in a template of its own: filled once, copied for every round."""

    def __init__(self, tools: Tools, *, waiting: int, future: int, tenants: int) -> None:
        super().__init__(tools)
        self.waiting = waiting
        self.future = future
        self.tenants = tenants
        self.template = f"aias_{waiting}_{future}"

    @property
    def settings(self) -> dict[str, str | int | float]:
        """See the base."""
        sizes = {"waiting": self.waiting, "scheduled in the future": self.future, "tenants": self.tenants}
        return {**super().settings, **sizes}

    def make(self, url: str) -> None:
        """Migrate and fill, by the functions that applications call."""
        super().make(url)
        with psycopg.connect(url, autocommit=True) as conn:
            if self.tenants > TENANTS:
                conn.execute(
                    "select aias.create_tenant('bench-' || t, 'enterprise') from generate_series(%s::integer, %s) as t",
                    (TENANTS, self.tenants - 1),
                )
            for count, is_future, offset in ((self.waiting, False, 0), (self.future, True, self.waiting)):
                for first in range(0, count, _BATCH):
                    numbers = range(offset + first, offset + min(first + _BATCH, count))
                    enqueue_jobs(conn, numbers, tenants=self.tenants, is_future=is_future)
            conn.execute("vacuum (analyze)")


def claims(field: Field) -> Plan:
    """The rate at the head of 1,000,000 waiting jobs with 200,000 of the future, and of 10,000."""
    scaled = field.sizes.scaled
    small = Queue(field.tools, waiting=scaled(10_000, 200), future=0, tenants=TENANTS)
    large = Queue(
        field.tools,
        waiting=scaled(1_000_000, 2_000),
        future=scaled(200_000, 200),
        tenants=scaled(5_000, TENANTS),
    )
    keys = [Key("claims", field.aias.name, case=f"{queue.waiting:,} waiting") for queue in (small, large)]
    measured = small.waiting * 8 // 10
    trials = [
        Trial(
            name=f"aias, {key.case}",
            settings={**queue.settings, "measured": measured},
            run=partial(_head, key, queue, measured),
        )
        for key, queue in zip(keys, (small, large), strict=True)
    ]
    return Plan("claims", trials, [Comparison(keys[1], keys[0], Aim(at_least=0.8))])


def _head(key: Key, queue: Queue, measured: int) -> Values:
    """Give the rate of starts from the first job to the last of those that are measured."""
    with queue.site() as site:
        queue.settle(site)
        with Crew(queue, site, size=queue.waiting + queue.future) as crew:
            crew.wait_until(lambda: crew.done >= measured, timeout=120 + measured / 10)
            records = crew.stop()
    ran = [number for number, count in enumerate(records[0].counts) if count]
    assert_once(records, ran)
    if any(number >= queue.waiting for number in ran):
        raise BenchError("a job of the future was started")
    starts = first_starts(records)
    return {key: (measured - 1) / (starts[measured - 1] - starts[0])}


# --- an old transaction ---------------------------------------------------------------------------


def xmin(field: Field) -> Plan:
    """The rate during 200,000 jobs while a transaction elsewhere keeps every dead row from being removed."""
    jobs = field.sizes.scaled(200_000, 100)
    cases = ("no other transaction", "a transaction held open")
    trials = [
        Trial(
            name=f"aias, {case}",
            settings={**field.aias.settings, "jobs": jobs},
            run=partial(_with_transaction, field.aias, jobs, case, is_held=case == cases[1]),
        )
        for case in cases
    ]
    free, held = (Key("xmin", field.aias.name, case=case) for case in cases)
    return Plan("xmin", trials, [Comparison(held, free, Aim(at_least=0.5))])


def _with_transaction(contender: Aias, jobs: int, case: str, *, is_held: bool) -> Values:
    with contender.site() as site:
        for first in range(0, jobs, _BATCH):
            enqueue_jobs(site.db, range(first, min(first + _BATCH, jobs)))
        contender.settle(site)
        with psycopg.connect(site.url) as other:
            if is_held:
                other.execute("set transaction isolation level repeatable read")
                other.execute("select pg_catalog.pg_current_xact_id()")
            with Crew(contender, site, size=jobs) as crew:
                ended = crew.wait_until_empty(jobs)
                records = crew.stop()
            dead_rows, megabytes = _table(site)
            other.rollback()
    assert_once(records, range(jobs))
    name = contender.name
    return {
        Key("xmin", name, case=case): jobs / (ended - first_starts(records)[0]),
        Key("xmin-dead-rows", name, case=case): dead_rows,
        Key("xmin-table", name, case=case): megabytes,
    }


def _table(site: Site) -> tuple[float, float]:
    """Give the job table's dead rows and its size with indexes, in MB."""
    site.db.execute("select pg_catalog.pg_stat_force_next_flush()")
    row = site.db.execute(
        """
        select n_dead_tup, pg_catalog.pg_total_relation_size(relid) / 1e6
        from pg_catalog.pg_stat_user_tables
        where relname = 'procrastinate_jobs'
        """
    ).fetchone()
    return (float(row[0]), float(row[1])) if row else (0.0, 0.0)


# --- limits ---------------------------------------------------------------------------------------


_LIMITS = {
    "no limit": None,
    "a concurrency limit that is not reached": "select aias.set_limit('tenant', %s, p_max_running => 100000)",
    "a rate limit that is not reached": (
        "select aias.set_limit('tenant', %s, p_rate => 1000000, p_per => '1 second', p_burst => 1000000)"
    ),
}


def limits(field: Field) -> Plan:
    """The rate of a drain under limits of each tenant that are not reached, and without any."""
    trials = [
        Trial(
            name=f"aias, {case}",
            settings={**field.aias.settings, "jobs": field.sizes.jobs},
            run=partial(_limited, field.aias, field.sizes.jobs, case),
        )
        for case in _LIMITS
    ]
    without, *limited = (Key("limits", field.aias.name, case=case) for case in _LIMITS)
    return Plan("limits", trials, [Comparison(key, without, Aim(at_least=0.9)) for key in limited])


def _limited(contender: Aias, jobs: int, case: str) -> Values:
    set_limit = _LIMITS[case]
    with contender.site() as site:
        if set_limit is not None:
            for number in range(TENANTS):
                site.db.execute(set_limit, (tenant_name(number),))
        contender.enqueue(site, "bulk", jobs)
        contender.settle(site)
        with Crew(contender, site, size=jobs) as crew:
            ended = crew.wait_until_empty(jobs)
            records = crew.stop()
    assert_once(records, range(jobs))
    return {Key("limits", contender.name, case=case): jobs / (ended - first_starts(records)[0])}
