"""Enqueue: one by one, each committed before the next, and in bulk, 1,000 a call."""

from __future__ import annotations

from functools import partial

from bench.contenders import AiasDefer, BareInsert, BareJobInsert, Contender
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values

__all__ = ["enqueue"]

_BULK_AIMS = {"procrastinate": Aim(at_least=2)}


def enqueue(field: Field) -> Plan:
    """AIAS by SQL and by ``batch_defer``, its peers, and bare inserts of one row (job table, plain table)."""
    aias, defer = field.aias, AiasDefer(field.tools)
    bare: list[Contender] = [BareJobInsert(field.tools), BareInsert(field.tools)]
    single: list[Contender] = [aias, *bare, *field.peers]
    bulk: list[Contender] = [aias, defer, *field.peers]
    trials = [_trial("single", field.sizes.scaled(2_000, 20), contender) for contender in single]
    trials += [_trial("bulk", field.sizes.jobs, contender) for contender in bulk]
    comparisons = [
        Comparison(Key("enqueue-single", aias.name), Key("enqueue-single", row.name), Aim(at_least=round(1 / 1.3, 2)))
        for row in bare
    ]
    comparisons += [
        Comparison(Key("enqueue-single", aias.name), Key("enqueue-single", peer.name)) for peer in field.peers
    ]
    comparisons += [
        Comparison(Key("enqueue-bulk", ours.name), Key("enqueue-bulk", peer.name), _BULK_AIMS.get(peer.name))
        for ours in (aias, defer)
        for peer in field.peers
    ]
    return Plan("enqueue", trials, comparisons)


def _trial(mode: str, jobs: int, contender: Contender) -> Trial:
    jobs = max(10, int(jobs * contender.share))
    return Trial(
        name=f"{contender.name}, {mode}",
        settings={**contender.settings, "jobs": jobs},
        run=partial(_run, contender, mode, jobs),
    )


def _run(contender: Contender, mode: str, jobs: int) -> Values:
    with contender.site() as site:
        contender.settle(site)
        return {Key(f"enqueue-{mode}", contender.name): jobs / contender.enqueue(site, mode, jobs)}
