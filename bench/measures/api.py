"""The HTTP API under load, with server, database and clients on one machine.

Lists and single executions, asked for by 50 clients at once, beside the same queries by psycopg without a server; the
intake of webhooks, beside an endpoint that inserts one row per request; and how much of what a dashboard asks for the
cache answers.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from bench.aias_sql import TENANTS
from bench.contenders import Site
from bench.field import Field
from bench.measures.api_cache import cache_plan
from bench.measures.api_intake import intake_plan
from bench.measures.api_site import CLIENTS, POOL, ApiAias, Ran, key_of, run_clients, serving
from bench.model import Aim, Comparison, Key, Plan, Trial, Values

__all__ = ["api"]

_PLAIN = "psycopg"
_CASES = ("list", "list, filtered", "get")
_PLAIN_CASES = ("list", "get")
_PAGES = 3
"""Pages after the first that a client goes through."""
_SEEN = 2_000
"""Executions that clients ask for one by one."""


def api(field: Field) -> Plan:
    """All of it, as one plan."""
    contender = ApiAias(field.tools, executions=field.sizes.scaled(100_000, 1_000))
    seconds = max(1.0, field.sizes.seconds / 6)
    settings = {**contender.settings, "seconds": seconds}
    trials = [Trial(f"aias, {case}", settings, partial(_served, contender, case, seconds)) for case in _CASES]
    trials += [Trial(f"{_PLAIN}, {case}", settings, partial(_plain, contender, case, seconds)) for case in _PLAIN_CASES]
    comparisons = [
        Comparison(Key("api-rate", contender.name, case=case), Key("api-rate", _PLAIN, case=case))
        for case in _PLAIN_CASES
    ]
    aims = {
        Key(f"api-{name}", contender.name, case=case): Aim(at_most=limit)
        for name, limit in (("p95", 500), ("p99", 1000))
        for case in _CASES
    }
    others = (intake_plan(contender, seconds), cache_plan(contender, seconds))
    return Plan(
        "api",
        [*trials, *(trial for other in others for trial in other.trials)],
        [*comparisons, *(comparison for other in others for comparison in other.comparisons)],
        aims | {key: aim for other in others for key, aim in other.aims.items()},
    )


def _served(contender: ApiAias, case: str, seconds: float) -> Values:
    with contender.site() as site:
        contender.settle(site)
        plan: dict[str, Any] = {"clients": CLIENTS, "seconds": seconds, **_asked(site, case)}
        with serving(contender, site) as port:
            ran = run_clients(contender, site, "http_clients", {"port": port, **plan})
    return _values(contender.name, case, ran)


def _plain(contender: ApiAias, case: str, seconds: float) -> Values:
    with contender.site() as site:
        contender.settle(site)
        tenants = [row[0] for row in site.db.execute("select t.id::text from aias.tenants as t").fetchall()]
        seen = [[tenant, execution] for tenant, _, execution in _executions(site)]
        plan = {
            "what": case,
            "clients": CLIENTS,
            "connections": POOL,
            "seconds": seconds,
            "tenants": tenants,
            "executions": seen,
        }
        ran = run_clients(contender, site, "database_clients", plan)
    return _values(_PLAIN, case, ran)


def _values(name: str, case: str, ran: Ran) -> Values:
    return {
        Key("api-rate", name, case=case): ran.rate,
        Key("api-p50", name, case=case): ran.at(0.5),
        Key("api-p95", name, case=case): ran.at(0.95),
        Key("api-p99", name, case=case): ran.at(0.99),
    }


def _asked(site: Site, case: str) -> dict[str, Any]:
    """Give the paths and keys that clients choose from."""
    keys = [key_of(site, tenant, "executions:read") for tenant in range(TENANTS)]
    if case == "get":
        return {"calls": [[f"/v1/executions/{id}", keys[number]] for _, number, id in _executions(site)]}
    if case == "list":
        return {"calls": [["/v1/executions", key] for key in keys], "follow": _PAGES}
    filters = (
        "status=failed",
        "status=cancelled",
        "status=succeeded",
        "workflow=three-steps",
        "workflow=three-noops",
        "since=2026-01-01T00:00:00Z&status=failed",
        "until=2100-01-01T00:00:00Z",
        "idempotency_key=unknown",
    )
    return {"calls": [[f"/v1/executions?{one}", key] for key in keys for one in filters], "follow": _PAGES}


def _executions(site: Site) -> list[tuple[str, int, str]]:
    """Give some executions: the tenant's id and number, and their own ids."""
    found = site.db.execute(
        """
        select e.tenant_id::text, split_part(e.tenant, '-', 2)::integer, e.id::text
        from aias.executions as e
        order by md5(e.id::text)
        limit %s
        """,
        (_SEEN,),
    ).fetchall()
    return [(row[0], row[1], row[2]) for row in found]
