"""Idle start latency: an idle worker, one job at a time; from before the enqueueing call to the start in the worker."""

from __future__ import annotations

import queue
import random
import time
from functools import partial

from bench.contenders import Contender
from bench.crew import Crew
from bench.errors import BenchError
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values
from bench.pacing import Enqueuer
from bench.records import assert_once

__all__ = ["latency", "percentile"]

_WARM_UP = 20
_P50, _P99 = Aim(at_most=1), Aim(at_most=1.5)


def latency(field: Field) -> Plan:
    """AIAS and its peers."""
    samples = min(500, field.sizes.scaled(500, 20))
    trials = [
        Trial(
            name=contender.name,
            settings={**contender.settings, "samples": samples},
            run=partial(_run, contender, samples),
        )
        for contender in field.everyone
    ]
    comparisons = [
        Comparison(
            Key(measure, field.aias.name), Key(measure, peer.name), aim if peer.name == "procrastinate" else None
        )
        for measure, aim in (("latency-p50", _P50), ("latency-p99", _P99))
        for peer in field.peers
    ]
    return Plan("latency", trials, comparisons)


def _run(contender: Contender, samples: int) -> Values:
    pauses = random.Random(1)  # noqa: S311 (not for secrets: so that nothing falls into step)
    total = _WARM_UP + samples
    with contender.site() as site:
        contender.settle(site)
        with (
            Crew(contender, site, size=total, is_echoing=True) as crew,
            Enqueuer(contender, site) as enqueuer,
        ):
            called: list[float] = []
            for number in range(total):
                called.append(enqueuer.enqueue(number))
                _wait_for(crew, number)
                time.sleep(pauses.uniform(0.005, 0.025))
            crew.wait_until_empty(total)
            (record,) = crew.stop()
    assert_once([record], range(total))
    waits = [(record.starts[n] - called[n]) * 1000 for n in range(_WARM_UP, total)]
    return {
        Key("latency-p50", contender.name): percentile(waits, 0.5),
        Key("latency-p99", contender.name): percentile(waits, 0.99),
    }


def _wait_for(crew: Crew, number: int) -> None:
    (worker,) = crew.workers
    deadline = time.monotonic() + 30
    while True:
        try:
            if worker.ran.get(timeout=0.5) == number:
                return
        except queue.Empty:
            worker.check()
            if time.monotonic() > deadline:
                raise BenchError(f"job {number} did not start within 30 s") from None


def percentile(values: list[float], fraction: float) -> float:
    """Give the value that the fraction of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(fraction * 1000) * len(ordered) // 1000) - 1))]
