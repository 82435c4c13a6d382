"""Rows added to the audit log while it is sealed and while it is not: the same database, in turns.

Sealing goes on all the time instead of once a minute: the same rows in smaller seals. Whoever seals takes what is older
than five seconds, so each turn seals about as many rows as it adds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from statistics import mean
from typing import Final, LiteralString

import psycopg

from bench.contenders import Aias, Site
from bench.errors import WrongCount
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values

__all__ = ["audit"]

_WRITERS: Final = 2
_TURNS: Final = 3
"""Of each kind, alternating."""
_CALL: Final = 200

# the function that every audited action calls
_EACH: Final[LiteralString] = """
    do $$
    begin
        for n in 1..200 loop
            perform aias_private.record_audit(
                null, 'workflow.applied', 'workflow', n::text,
                '{"version": 2, "before": {"version": 1, "name": "order-to-invoice"}}'
            );
            commit;
        end loop;
    end
    $$
"""
_TOGETHER: Final[LiteralString] = _EACH.replace("commit;", "")
_CASES: Final[dict[str, LiteralString]] = {"a commit each": _EACH, "200 to a commit": _TOGETHER}


def audit(field: Field) -> Plan:
    """The rate of two who write, with the chain being sealed beside them and without."""
    seconds = max(1.0, field.sizes.seconds / 12)
    settings = {**field.aias.settings, "writers": _WRITERS, "seconds of a turn": seconds, "turns of each": _TURNS}
    trials: list[Trial] = []
    comparisons: list[Comparison] = []
    for case, statement in _CASES.items():
        without = Key("audit", field.aias.name, case=f"{case}, not sealed")
        sealed = Key("audit", field.aias.name, case=f"{case}, sealed meanwhile")
        run = partial(_turns, field.aias, statement, without, sealed, seconds)
        trials.append(Trial(f"aias, {case}", settings, run))
        comparisons.append(Comparison(sealed, without, Aim(at_least=0.9)))
    return Plan("audit", trials, comparisons)


def _turns(contender: Aias, statement: LiteralString, without: Key, sealed: Key, seconds: float) -> Values:
    with contender.site() as site:
        contender.settle(site)
        before = _count(site)
        rates: dict[Key, list[float]] = {without: [], sealed: []}
        added = 0
        _write(site.url, statement, min(seconds, 2.0))  # warm
        for _ in range(_TURNS):
            _seal_all(site.db)
            site.db.execute("checkpoint")
            count, took = _write(site.url, statement, seconds)
            rates[without].append(count / took)
            # what is younger than five seconds stays for the turn that follows
            _seal_all(site.db)
            site.db.execute("checkpoint")
            with _sealing(site.url):
                count, took = _write(site.url, statement, seconds)
            rates[sealed].append(count / took)
            added += count
        time.sleep(5.5)
        _seal_all(site.db)
        _check(site, before + added)
    return {key: mean(found) for key, found in rates.items()}


def _write(url: str, statement: LiteralString, seconds: float) -> tuple[int, float]:
    """Add rows for so long; give how many and the seconds that it took."""
    began = time.monotonic()

    def work(_number: int) -> int:
        count = 0
        with psycopg.connect(url, autocommit=True) as conn:
            while time.monotonic() < began + seconds:
                conn.execute(statement)
                count += _CALL
        return count

    with ThreadPoolExecutor(_WRITERS) as pool:
        count = sum(pool.map(work, range(_WRITERS)))
    return count, time.monotonic() - began


def _seal_all(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    while conn.execute("select aias.seal_audit()").fetchone() != (0,):
        pass


@contextmanager
def _sealing(url: str) -> Iterator[None]:
    """Seal beside what happens inside, whenever there is something."""
    is_over = threading.Event()

    def work() -> None:
        with psycopg.connect(url, autocommit=True) as conn:
            while not is_over.is_set():
                _seal_all(conn)
                is_over.wait(1.0)

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(work)
        try:
            yield
        finally:
            is_over.set()
        going.result()


def _count(site: Site) -> int:
    row = site.db.execute("select count(*) from aias_private.audit_log").fetchone()
    return int(row[0]) if row is not None else 0


def _check(site: Site, at_least: int) -> None:
    row = site.db.execute("select v.ok, v.checked, v.unsealed, v.reason from aias.verify_audit() as v").fetchone()
    if row is None or not row[0] or row[1] < at_least or row[1] != _count(site) or row[2]:
        raise WrongCount(f"at least {at_least} rows were added and sealed; verified: {row}")
