"""Fairness: how long one tenant's only job waits behind another's many, and how busy lanes share a worker.

Two tenants: one has 10,000 no-op jobs queued in a lane and a worker busy with them; then another enqueues a single one
in the same lane. Measured: its wait, and how many of the others started meanwhile. procrastinate has no tenants: there
the job just comes last.

Four lanes: each has more jobs than can be done in the time, each job takes 20 ms, the worker runs 20 at once. Measured:
each lane's share of the starts, divided by its share of the weights.
"""

from __future__ import annotations

import time
from collections import Counter
from functools import partial

from bench.aias_sql import TENANTS, enqueue_jobs, tenant_name
from bench.contenders import Aias, Contender, Procrastinate, Site
from bench.crew import Crew
from bench.errors import BenchError
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values
from bench.pacing import Enqueuer
from bench.programs.enqueuing import CHUNK
from bench.records import assert_once

__all__ = ["fairness"]

LANES = ("enterprise", "pro", "starter", "free")
NAP = 0.02
AT_ONCE = 20
_SETTLING = 1.0
"""Seconds at the start of the lanes' race that do not count."""


class NappingAias(Aias):
    """AIAS with as many slots as keep the database far from busy: what is measured is the order."""

    @property
    def settings(self) -> dict[str, str | int | float]:
        """See the base."""
        return {**super().settings, "concurrency": AT_ONCE, "each job takes": f"{NAP * 1000:.0f} ms", "tenants": 4}

    def command(self, *arguments: str) -> list[str]:
        """The same worker with fewer slots."""
        command = super().command(*arguments)
        return [f"--concurrency={AT_ONCE}" if part.startswith("--concurrency=") else part for part in command]


def fairness(field: Field) -> Plan:
    """AIAS; procrastinate beside it for the two tenants."""
    others = field.sizes.scaled(10_000, 100)
    plain = field.peer(Procrastinate.name)
    contenders = [field.aias, *([plain] if plain else [])]
    trials = [
        Trial(
            name=f"{contender.name}, two tenants",
            settings={**contender.settings, "jobs of the other tenant": others},
            run=partial(_two_tenants, contender, others),
        )
        for contender in contenders
    ]
    napping = NappingAias(field.tools)
    trials.append(
        Trial(
            name="aias, four lanes",
            settings={**napping.settings, "seconds": field.sizes.seconds},
            run=partial(_four_lanes, napping, field.sizes.seconds),
        )
    )
    wait = Key("fairness-wait", field.aias.name)
    comparisons = [Comparison(wait, Key("fairness-wait", plain.name))] if plain else []
    within = Aim(at_least=0.9, at_most=1.1)
    aims = {wait: Aim(at_most=1.0)} | {Key("fairness-share", field.aias.name, case=lane): within for lane in LANES}
    return Plan("fairness", trials, comparisons, aims)


def _two_tenants(contender: Contender, others: int) -> Values:
    with contender.site() as site:
        if isinstance(contender, Aias):
            for first in range(0, others, CHUNK):
                enqueue_jobs(site.db, range(first, min(first + CHUNK, others)), tenants=1)
        else:
            contender.enqueue(site, "bulk", others)
        contender.settle(site)
        with (
            Enqueuer(contender, site, {"BENCH_TENANT": tenant_name(1)}) as enqueuer,
            Crew(contender, site, size=others + 1) as crew,
        ):
            crew.wait_until(lambda: crew.done >= others // 20, timeout=60)
            called = enqueuer.enqueue(others)
            if crew.done >= others:
                raise BenchError(
                    "the other tenant's jobs were all started before the single one came: ask for more jobs"
                )
            crew.wait_until_empty(others + 1)
            (record,) = crew.stop()
    assert_once([record], range(others + 1))
    started = record.starts[others]
    before = sum(1 for start in record.starts[:others] if called <= start < started)
    return {
        Key("fairness-wait", contender.name): started - called,
        Key("fairness-before", contender.name): before,
    }


def _four_lanes(contender: Aias, seconds: float) -> Values:
    with contender.site() as site:
        weights = _weights(site)
        total = sum(weights.values())
        most = int((seconds + 10) * AT_ONCE / NAP)
        # a lane that has used up its jobs would leave its share to the others; twice its due covers an unfair worker
        jobs = {lane: 200 + min(most, 2 * most * weight // total) for lane, weight in weights.items()}
        lane_of: list[str] = []
        for number, (lane, count) in enumerate(jobs.items()):
            first = len(lane_of)
            lane_of += [lane] * count
            for start in range(first, first + count, CHUNK):
                enqueue_jobs(
                    site.db,
                    range(start, min(start + CHUNK, first + count)),
                    tenants=1,
                    first_tenant=number % TENANTS,
                    lane=lane,
                    nap=NAP,
                )
        contender.settle(site)
        with Crew(contender, site, size=len(lane_of)) as crew:
            crew.wait_until(lambda: crew.done > 0, timeout=60)
            time.sleep(_SETTLING + seconds + 0.5)
            for worker in crew.workers:
                worker.check()
            (record,) = crew.stop()
    begin = min(start for start in record.starts if start) + _SETTLING
    window = Counter(lane_of[n] for n, start in enumerate(record.starts) if begin <= start < begin + seconds)
    started = Counter(lane_of[n] for n, start in enumerate(record.starts) if 0 < start < begin + seconds)
    dry = [lane for lane, count in jobs.items() if started[lane] == count]
    if dry:
        raise BenchError(f"the lanes {', '.join(dry)} had no more jobs: others got their share")
    starts = sum(window.values())
    return {
        Key("fairness-share", contender.name, case=lane): window[lane] / starts / (weight / total)
        for lane, weight in weights.items()
    }


def _weights(site: Site) -> dict[str, int]:
    """Read what the lanes weigh: rows, which may be changed."""
    rows = site.db.execute("select name, weight from aias.lanes where name = any(%s)", (list(LANES),)).fetchall()
    weights = {str(name): int(weight) for name, weight in rows}
    if set(weights) != set(LANES):
        raise BenchError(f"of the lanes {', '.join(LANES)} there are {', '.join(weights)}")
    return {lane: weights[lane] for lane in LANES}
