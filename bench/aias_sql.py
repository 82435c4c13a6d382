"""AIAS's SQL interface as the benchmark uses it: by the enqueueing program and by the harness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

__all__ = ["LANE", "TENANTS", "WORKFLOWS", "enqueue_jobs", "enqueue_one", "prepare", "tenant_name"]

Connection = psycopg.Connection[tuple[Any, ...]]

TENANTS = 10
"""Tenants that the jobs of a drain belong to, in turn. On the largest plan: its limits are not reached."""

LANE = "enterprise"

WORKFLOWS = {"three-steps": "bench.step", "three-noops": "noop"}
"""Workflows of three steps one after the other, and their action: one that is checkpointed before and after each call,
and the built-in one, which is instant, so that neighbours share a checkpoint."""


def tenant_name(number: int) -> str:
    """Give the slug of a tenant of the benchmark."""
    return f"bench-{number}"


def prepare(conn: Connection, tenants: int = TENANTS) -> None:
    """Make the tenants and the workflows."""
    conn.execute(
        "select aias.create_tenant('bench-' || t, 'enterprise') from generate_series(0, %s) as t", (tenants - 1,)
    )
    for name, action in WORKFLOWS.items():
        steps = [{"id": "first"}, {"id": "second", "needs": ["first"]}, {"id": "third", "needs": ["second"]}]
        definition = {"name": name, "steps": [step | {"action": action} for step in steps]}
        conn.execute("select from aias.apply_workflow(%s, %s)", (tenant_name(0), Jsonb(definition)))


def enqueue_one(conn: Connection, number: int, tenant: str) -> None:
    """Enqueue one job by the function that applications call."""
    conn.execute("select aias.enqueue_job('bench.noop', jsonb_build_object('n', %s::integer), %s)", (number, tenant))


def enqueue_jobs(
    conn: Connection,
    numbers: Sequence[int],
    *,
    tenants: int = TENANTS,
    first_tenant: int = 0,
    lane: str = LANE,
    nap: float | None = None,
    is_future: bool = False,
) -> None:
    """Enqueue many jobs in one call, of the tenants in turn; with ``nap`` seconds for each to take."""
    refused = conn.execute(
        """
        select e.error_message
        from aias.enqueue_jobs(
            (
                select
                    jsonb_agg(
                        jsonb_strip_nulls(
                            jsonb_build_object(
                                'task',
                                case when %(nap)s::double precision is null then 'bench.noop' else 'bench.nap' end,
                                'args', jsonb_build_object('n', n, 'seconds', %(nap)s::double precision),
                                'tenant', 'bench-' || %(first)s::integer + n %% %(tenants)s::integer,
                                'lane', %(lane)s::text,
                                'run_at',
                                case when %(is_future)s then now() + interval '1 day' + n * interval '1 second' end
                            )
                        )
                    )
                from unnest(%(numbers)s::integer[]) as n
            )
        ) as e
        where e.error_code is not null
        limit 1
        """,
        {
            "nap": nap,
            "first": first_tenant,
            "tenants": tenants,
            "lane": lane,
            "is_future": is_future,
            "numbers": list(numbers),
        },
    ).fetchone()
    if refused is not None:
        raise ValueError(f"a job was refused: {refused[0]}")
