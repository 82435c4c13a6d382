"""Limits of connections: what asking for them costs while they are not reached, and whether they hold when they are.

Eight worker processes call a server that answers at once. Without a guard, with one and no limit, and with a limit
that is not reached: the ratio is what the guard's bookkeeping costs. Then at 2 calls a second: how many calls the
server saw beyond the published bound, ``burst + rate * (T + 1 s)`` in any time T.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

from bench.aias_sql import tenant_name
from bench.contenders import Aias, Site
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values
from bench.talking import line_of, talking, tell

__all__ = ["beyond_bound", "limiter"]

_WORKERS = 8
_CALLERS = 4
"""Calls at once of each worker."""
_RATE = 2
_CASES = {
    "no guard": ("bare", None),
    "no limit": ("guarded", None),
    "limit not reached": ("guarded", (1_000_000, 1_000_000)),
}
_GATE = "http:{}/main"


def limiter(field: Field) -> Plan:
    """The rate of calls behind a guard and without one; and the bound, observed at the server."""
    seconds = max(1.0, field.sizes.seconds / 6)
    settings = {"workers": _WORKERS, "calls at once": _WORKERS * _CALLERS}
    trials = [
        Trial(
            name=f"aias, {case}",
            settings={**settings, "seconds": seconds},
            run=partial(_free, field.aias, case, seconds),
        )
        for case in _CASES
    ]
    case = f"{_RATE} calls/s"
    trials.append(
        Trial(
            name=f"aias, {case}",
            settings={**settings, "seconds": field.sizes.seconds},
            run=partial(_bounded, field.aias, case, field.sizes.seconds),
        )
    )
    bare, *guarded = (Key("limiter", field.aias.name, processes=_WORKERS, case=case) for case in _CASES)
    comparisons = [Comparison(key, bare, Aim(at_least=0.9)) for key in guarded]
    beyond = Key("limiter-beyond", field.aias.name, processes=_WORKERS, case=case)
    return Plan("limiter", trials, comparisons, aims={beyond: Aim(at_most=0)})


def _free(contender: Aias, case: str, seconds: float) -> Values:
    way, limit = _CASES[case]
    with contender.site() as site:
        connection = _connect(site, limit)
        calls, _ = _run(contender, site, connection, way, seconds)
    return {Key("limiter", contender.name, processes=_WORKERS, case=case): calls / seconds}


def _bounded(contender: Aias, case: str, seconds: float) -> Values:
    with contender.site() as site:
        connection = _connect(site, (_RATE, 1))
        _, seen = _run(contender, site, connection, "guarded", seconds)
    key = Key("limiter-beyond", contender.name, processes=_WORKERS, case=case)
    rate = Key("limiter", contender.name, processes=_WORKERS, case=case)
    return {key: beyond_bound(seen, rate=_RATE, burst=1), rate: len(seen) / seconds}


def beyond_bound(seen: Sequence[float], *, rate: float, burst: float) -> float:
    """Give by how many calls the times exceed ``burst + rate * (T + 1)`` in their worst T; 0 when in none.

    The count of any window that begins and ends with a call is at its worst where ``number - rate * time`` has grown
    most, so one look at each call is enough.
    """
    lowest = worst = 0.0
    for number, time in enumerate(sorted(seen)):
        level = number - rate * time
        lowest = level if number == 0 else min(lowest, level)
        worst = max(worst, level - lowest + 1 - burst - rate)
    return worst


def _connect(site: Site, limit: tuple[int, int] | None) -> str:
    """Make a connection, limited to so many calls a second and at once; gives what the callers need to know of it."""
    tenant = tenant_name(0)
    site.db.execute(
        "select aias.connect_integration(%s, 'http', 'main', '{}', %s, '0123456789abcdef', gen_random_uuid())",
        (tenant, b"\x01" + b"s" * 60),
    )
    row = site.db.execute("select i.tenant_id, i.id from aias.integrations as i").fetchone()
    assert row is not None
    if limit is not None:
        site.db.execute(
            "select aias.set_limit('connection', %s, null, %s, interval '1 s', %s)", (_GATE.format(tenant), *limit)
        )
    return f"{row[0]} {row[1]} {tenant}"


def _run(contender: Aias, site: Site, connection: str, way: str, seconds: float) -> tuple[int, list[float]]:
    """Let the workers call for so long; gives how many calls came back, and when the server saw each."""
    environment = contender.environment(site) | {"BENCH_CONNECTION": connection}
    processes = contender.tools.processes
    with ExitStack() as stack:
        server = stack.enter_context(
            talking(processes, environment, "limiter-upstream", "-m", "bench.programs.upstream")
        )
        environment["BENCH_UPSTREAM"] = f"http://127.0.0.1:{line_of(server)}"
        arguments = ("-m", "bench.programs.callers", way, str(_CALLERS), str(seconds))
        workers = [
            stack.enter_context(talking(processes, environment, "limiter-callers", *arguments)) for _ in range(_WORKERS)
        ]
        for worker in workers:
            line_of(worker)
        for worker in workers:
            tell(worker, "go")
        calls = sum(json.loads(line_of(worker))["calls"] for worker in workers)
        assert server.stdin is not None
        server.stdin.close()
        return calls, json.loads(line_of(server))
