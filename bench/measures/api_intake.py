"""Webhooks taken in, signed, stored and starting executions, beside an endpoint that inserts one row per request."""

from __future__ import annotations

import http.client
import json
from functools import partial
from typing import Any

from bench.aias_sql import tenant_name
from bench.contenders import Site
from bench.errors import BenchError, WrongCount
from bench.measures.api_site import CLIENTS, ApiAias, Ran, key_of, run_clients, serving
from bench.model import Aim, Comparison, Key, Plan, Trial, Values

__all__ = ["intake_plan"]

_BARE = "bare-endpoint"
# an order, of the size that a shop sends
_BODY = json.dumps(
    {
        "type": "orders/create",
        "id": 5678901234,
        "email": "customer@shop.example",
        "currency": "EUR",
        "total_price": "129.90",
        "line_items": [
            {"id": n, "title": f"Item number {n}", "quantity": 2, "price": "12.99", "sku": f"SKU-{n:06}"}
            for n in range(10)
        ],
        "shipping_address": {"name": "Ada Lovelace", "address1": "12 St James's Square", "city": "London"},
    }
)


def intake_plan(contender: ApiAias, seconds: float) -> Plan:
    """The rates of both."""
    settings = {**contender.settings, "seconds": seconds, "body": f"{len(_BODY)} bytes"}
    keys = [Key("webhooks", name) for name in (contender.name, _BARE)]
    trials = [
        Trial("aias, webhooks", settings, partial(_hooks, contender, seconds)),
        Trial(f"{_BARE}, webhooks", settings, partial(_bare, contender, seconds)),
    ]
    return Plan("api", trials, [Comparison(keys[0], keys[1], Aim(at_least=0.6))])


def _hooks(contender: ApiAias, seconds: float) -> Values:
    with contender.site() as site:
        contender.settle(site)
        before = _count(site, "select count(*) from aias.executions")
        with serving(contender, site) as port:
            hook = _make_webhook(port, key_of(site, 0))
            ran = _post(contender, site, port, hook["path"], hook["secret"], seconds)
        # each client has had one answer before the clock started
        expected = ran.answers + CLIENTS
        found = (
            _count(site, "select count(*) from aias.webhook_deliveries where status = 'started'"),
            _count(site, "select count(distinct execution_id) from aias.webhook_deliveries"),
            _count(site, "select count(*) from aias.executions") - before,
            _count(site, "select count(*) from aias.jobs where task = 'aias.advance_execution'"),
        )
    if set(found) != {expected}:
        raise WrongCount(f"{expected} webhooks were taken; deliveries, executions of them, executions, jobs: {found}")
    return _values(contender.name, ran)


def _bare(contender: ApiAias, seconds: float) -> Values:
    with contender.site() as site:
        contender.settle(site)
        with serving(contender, site, "-m", "bench.programs.bare_server") as port:
            ran = _post(contender, site, port, "/bare", "whsec_" + "YmFyZQ==" * 4, seconds)
        found = _count(site, "select count(*) from public.bare")
    if found != ran.answers + CLIENTS:
        raise WrongCount(f"{ran.answers + CLIENTS} requests were answered; rows: {found}")
    return _values(_BARE, ran)


def _values(name: str, ran: Ran) -> Values:
    return {
        Key("webhooks", name): ran.rate,
        Key("webhooks-p50", name): ran.at(0.5),
        Key("webhooks-p95", name): ran.at(0.95),
        Key("webhooks-p99", name): ran.at(0.99),
    }


def _post(contender: ApiAias, site: Site, port: int, path: str, secret: str, seconds: float) -> Ran:
    plan = {"port": port, "clients": CLIENTS, "seconds": seconds, "hook": path, "secret": secret, "body": _BODY}
    return run_clients(contender, site, "http_clients", plan, status=202)


def _make_webhook(port: int, key: str) -> dict[str, Any]:
    """Make a webhook that starts a workflow, over HTTP as anybody would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = json.dumps({"name": "bench", "style": "standard", "workflow": "three-noops"})
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", f"/v1/webhooks?tenant={tenant_name(0)}", body, headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    if answer.status != 201:  # noqa: PLR2004
        raise BenchError(f"no webhook could be made: {answer.status} {told[:300]!r}")
    return json.loads(told)


def _count(site: Site, query: Any) -> int:
    row = site.db.execute(query).fetchone()
    assert row is not None
    return int(row[0])
