"""What the measures of the HTTP API stand on: a database with executions, a server, and clients that ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench.aias_sql import TENANTS, tenant_name
from bench.contenders import Aias, Site
from bench.contenders.base import Tools
from bench.errors import BenchError
from bench.measures.latency import percentile
from bench.talking import line_of, talking, tell

__all__ = ["CLIENTS", "POOL", "ApiAias", "Ran", "key_of", "run_clients", "serving"]

CLIENTS = 50
POOL = 10
"""Connections of the server, its default, and of whoever does the same without one."""

# Finished executions of the last 30 days, each with its three checkpoints; the first tenant has half of them. Ids are
# UUIDv7 of their times, as the system makes them.
_FILL = """
    with made as materialized (
        select
            n,
            (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8'
            || substr(h, 4, 15))::uuid as id,
            at,
            case when n %% 2 = 0 then 0 else 1 + n / 2 %% (%(tenants)s - 1) end as tenant,
            case when n %% 20 = 7 then 'failed' when n %% 50 = 11 then 'cancelled' else 'succeeded' end as status
        from
            generate_series(1, %(executions)s) as n,
            md5(n::text) as h,
            lateral (select now() - interval '30 days' * (%(executions)s - n) / %(executions)s as at) as moment
    ),

    filled as (
        insert into aias_private.executions (
            tenant_id, id, workflow_id, version, status, input, output, error, lane, attempt, created_at, started_at,
            finished_at
        )
        select
            w.tenant_id,
            m.id,
            w.id,
            1,
            m.status,
            jsonb_build_object('order', jsonb_build_object('id', m.n, 'total', '129.90', 'currency', 'EUR')),
            case when m.status = 'succeeded' then jsonb_build_object('invoice', m.n) end,
            case when m.status = 'failed' then '{"type": "PermanentError", "message": "no such customer"}'::jsonb end,
            'enterprise',
            1,
            m.at,
            m.at + interval '20 ms',
            m.at + interval '900 ms'
        from made as m
        inner join aias_private.tenants as t on t.slug = 'bench-' || m.tenant
        inner join aias_private.workflows as w on w.tenant_id = t.id and w.name = 'three-steps'
        returning tenant_id, id, started_at
    )

    insert into aias_private.steps (
        tenant_id, execution_id, id, action, status, attempt_count, execution_attempt, output, started_at, finished_at
    )
    select
        f.tenant_id, f.id, s.step, 'bench.step', 'succeeded', 1, 1, '{"n": 1}',
        f.started_at + s.n * interval '100 ms', f.started_at + s.n * interval '200 ms'
    from filled as f, unnest(array['first', 'second', 'third']) with ordinality as s(step, n)
"""


class ApiAias(Aias):
    """AIAS with executions that have ended, in a template of its own: filled once, copied for every round."""

    def __init__(self, tools: Tools, *, executions: int) -> None:
        super().__init__(tools)
        self.executions = executions
        self.template = f"aias_api_{executions}"

    @property
    def settings(self) -> dict[str, str | int | float]:
        """See the base."""
        return {
            "version": super().settings["version"],
            "executions": self.executions,
            "tenants": TENANTS,
            "clients": CLIENTS,
            "connections": POOL,
        }

    def make(self, url: str) -> None:
        """Migrate and fill; nobody's rate of requests is reached, and every tenant has the workflows."""
        super().make(url)
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("update aias_private.plans set requests_per_minute = 10000000")
            conn.execute(
                """
                select a.*
                from aias.workflows as w
                cross join generate_series(1, %s) as t
                cross join lateral aias.apply_workflow('bench-' || t, w.definition) as a
                where w.tenant = 'bench-0'
                """,
                (TENANTS - 1,),
            )
            conn.execute(_FILL, {"executions": self.executions, "tenants": TENANTS})
            conn.execute("create table public.bare (id bigint generated always as identity primary key, payload jsonb)")
            conn.execute("vacuum (analyze)")

    def environment(self, site: Site) -> dict[str, str]:
        """Also the size of the server's pool."""
        return super().environment(site) | {"AIAS_API_POOL": str(POOL)}


def key_of(site: Site, tenant: int | None, *scopes: str) -> str:
    """Make a key of a tenant of the benchmark (None: of an operator)."""
    row = site.db.execute(
        "select k.token from aias.create_api_key(%s, 'bench', %s, null, null) as k",
        (None if tenant is None else tenant_name(tenant), list(scopes or ("*",))),
    ).fetchone()
    assert row is not None
    return str(row[0])


@contextmanager
def serving(contender: Aias, site: Site, *command: str) -> Iterator[int]:
    """Run a server (default: ``aias serve``) on the site and give its port; at the end it is asked to end, and has."""
    arguments = command or ("-m", "aias", "serve", "--port", "0", "--drain", "0")
    with talking(contender.tools.processes, contender.environment(site), "api-server", *arguments) as server:
        port = urlsplit(line_of(server).split()[0]).port
        assert port is not None
        yield port


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How it was: how many answers there were, how many a second, and how long each took."""

    answers: int
    rate: float
    milliseconds: list[float]

    def at(self, fraction: float) -> float:
        """Give the milliseconds within which that part of the answers was there."""
        return percentile(self.milliseconds, fraction)


def run_clients(contender: Aias, site: Site, program: str, plan: Mapping[str, Any], *, status: int = 200) -> Ran:
    """Let a program of clients do what the plan says, and give how it was.

    Raises:
        BenchError: an answer had another status, or there was none.
    """
    environment = contender.environment(site)
    arguments = ("-m", f"bench.programs.{program}")
    with talking(contender.tools.processes, environment, f"api-{program}", *arguments) as clients:
        tell(clients, json.dumps(plan))
        line_of(clients)
        tell(clients, "go")
        told = json.loads(line_of(clients))
    if set(told["statuses"]) != {str(status)}:
        raise BenchError(f"not every answer was a {status}: {told['statuses']}")
    milliseconds: list[float] = told["milliseconds"]
    return Ran(answers=len(milliseconds), rate=len(milliseconds) / told["seconds"], milliseconds=milliseconds)
