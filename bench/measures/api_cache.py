"""How much of what a dashboard asks for the cache answers, of every tenant and of an operator."""

from __future__ import annotations

from functools import partial

from bench.aias_sql import TENANTS
from bench.errors import BenchError
from bench.measures.api_site import CLIENTS, ApiAias, key_of, run_clients, serving
from bench.model import Aim, Key, Plan, Trial, Values

__all__ = ["cache_plan"]

_MIX = ("/v1/plans", "/v1/executions?limit=20", "/v1/lanes", "/v1/integrations", "/v1/workflows")


def cache_plan(contender: ApiAias, seconds: float) -> Plan:
    """The part of the cache's uses that were hits."""
    key = Key("cache-hits", contender.name)
    settings = {**contender.settings, "seconds": seconds, "mix": ", ".join(_MIX)}
    trial = Trial("aias, a dashboard's mix", settings, partial(_dashboard, contender, seconds))
    return Plan("api", [trial], aims={key: Aim(at_least=0.8)})


def _dashboard(contender: ApiAias, seconds: float) -> Values:
    with contender.site() as site:
        contender.settle(site)
        keys = [key_of(site, tenant) for tenant in (None, *range(TENANTS))]
        calls = [[path, key] for key in keys for path in _MIX]
        plan = {"clients": CLIENTS, "seconds": seconds, "calls": calls}
        with serving(contender, site) as port:
            ran = run_clients(contender, site, "http_clients", {"port": port, **plan})
        # what a server has in memory of its uses it writes down at its end
        row = site.db.execute(
            """
            select
                sum(s.memory_hit_count + s.hit_count)::double precision,
                sum(s.memory_hit_count + s.hit_count + s.miss_count)::double precision
            from aias.cache_stats as s
            """
        ).fetchone()
    if row is None or not row[1]:
        raise BenchError("the cache was not used")
    return {Key("cache-hits", contender.name): row[0] / row[1], Key("dashboard-p95", contender.name): ran.at(0.95)}
