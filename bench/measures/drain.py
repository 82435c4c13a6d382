"""Drain: no-op jobs that wait already, run by one worker process and by two.

The clock runs from the start of the first job (several workers are held until each has one, so that nobody's start-up
time counts and two processes are two) until all jobs were started and the queue's own books are empty: acknowledged,
not only run. What a worker has claimed with its first job is a head start, of one batch at most.
"""

from __future__ import annotations

import time
from functools import partial

import psutil

from bench.contenders import Contender, RawSql
from bench.crew import Crew
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values
from bench.records import assert_once, first_starts

__all__ = ["drain", "drain_rate"]

_AIMS = {"procrastinate": Aim(at_least=15), "bullmq": Aim(at_least=1)}


def drain(field: Field) -> Plan:
    """AIAS, its peers, and the loop of plain SQL on AIAS's tables."""
    contenders = [*field.everyone, RawSql(field.tools)]
    trials = [
        Trial(
            name=f"{contender.name}, {count} process{'es' if count > 1 else ''}",
            settings={**contender.settings, "jobs": _jobs(field, contender)},
            run=partial(_trial, field, contender, count),
        )
        for count in field.processes
        for contender in contenders
    ]
    comparisons = [
        Comparison(
            of=Key("drain", field.aias.name, count),
            to=Key("drain", other.name, count),
            aim=_AIMS.get(other.name) if count == 1 else None,
        )
        for count in field.processes
        for other in contenders
        if other is not field.aias
    ]
    comparisons += [
        Comparison(
            of=Key("drain", contender.name, count),
            to=Key("drain", contender.name, 1),
            aim=Aim(at_least=1.4) if contender is field.aias and count > 1 else None,
        )
        for contender in contenders
        for count in field.processes
        if count != 1 and 1 in field.processes
    ]
    return Plan("drain", trials, comparisons)


def _jobs(field: Field, contender: Contender) -> int:
    return max(10, int(field.sizes.jobs * contender.share))


def _trial(field: Field, contender: Contender, processes: int) -> Values:
    rate, cores = drain_rate(contender, _jobs(field, contender), processes)
    return {Key("drain", contender.name, processes): rate, Key("drain-cores", contender.name, processes): cores}


def drain_rate(contender: Contender, jobs: int, processes: int) -> tuple[float, float]:
    """Drain a fresh queue and give jobs per second, and how many cores of the machine were busy meanwhile.

    Raises:
        WrongCount: a job ran twice or never.
    """
    with contender.site() as site:
        contender.enqueue(site, "bulk", jobs)
        contender.settle(site)
        with Crew(contender, site, size=jobs, processes=processes) as crew:
            crew.start_together()
            crew.wait_until(lambda: crew.done > 0, timeout=120)
            busy_from, seen_at = _busy_seconds(), time.monotonic()
            ended = crew.wait_until_empty(jobs)
            cores = (_busy_seconds() - busy_from) / (time.monotonic() - seen_at)
            records = crew.stop()
    assert_once(records, range(jobs))
    began = max(first_starts([record])[0] for record in records)
    counted = sum(1 for start in first_starts(records) if start >= began)
    return counted / (ended - began), cores


def _busy_seconds() -> float:
    """Processor time that the whole machine has spent: the workers, the database, this harness, whatever else ran."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
