"""What the API's lists and single executions cost without an API: the same queries by psycopg, as many at once.

The first line of stdin says what to do; the ids of executions stand with their tenants'::

    {"what": "list", "clients": 50, "seconds": 10, "connections": 10, "tenants": [...], "executions": [[..., ...], ...]}

Says ``ready``, waits for a line, and says how it was, as ``http_clients`` does. Setting: BENCH_URL.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

_PAGE = """
    select
        e.id, e.tenant, e.workflow, e.version, e.status, e.lane, e.attempt, e.run_at, e.wait_reason, e.wait_until,
        e.idempotency_key, e.parent_execution_id, e.replayed_from_id, e.trace_parent, e.error, e.created_at,
        e.started_at, e.finished_at
    from aias.executions as e
    where e.tenant_id = %s
    order by e.id desc
    limit 51
"""
_EXECUTION = """
    select
        e.id, e.tenant, e.workflow, e.version, e.status, e.lane, e.attempt, e.run_at, e.wait_reason, e.wait_until,
        e.idempotency_key, e.parent_execution_id, e.replayed_from_id, e.trace_parent, e.error, e.created_at,
        e.started_at, e.finished_at, e.input, e.output, e.crash_count, e.cancel_reason
    from aias.executions as e
    where e.id = %s
"""
_STEPS = """
    select
        s.step, s.item, s.action, s.status, s.attempt_count, s.output, s.error, s.wait_kind, s.wait_until,
        s.wait_detail, s.child_execution_id, s.started_at, s.finished_at
    from aias.execution_steps as s
    where s.execution_id = %s
    order by s.started_at
"""

Connection = AsyncConnection[Any]
Ask = Callable[[Connection, dict[str, Any]], Coroutine[Any, Any, None]]


async def _confine(conn: Connection, tenant: str) -> None:
    """Become the tenant, as row-level security demands of anybody."""
    await conn.execute("select set_config('aias.tenant_id', %s, true), set_config('role', 'aias_app', true)", (tenant,))


async def _list(conn: Connection, plan: dict[str, Any]) -> None:
    tenant = random.choice(plan["tenants"])  # noqa: S311 (no secret)
    async with conn.transaction():
        await _confine(conn, tenant)
        assert await (await conn.execute(_PAGE, (tenant,))).fetchall()


async def _get(conn: Connection, plan: dict[str, Any]) -> None:
    tenant, execution = random.choice(plan["executions"])  # noqa: S311 (no secret)
    async with conn.transaction():
        await _confine(conn, tenant)
        assert await (await conn.execute(_EXECUTION, (execution,))).fetchone()
        assert await (await conn.execute(_STEPS, (execution,))).fetchall()


async def _client(pool: AsyncConnectionPool[Connection], ask: Ask, plan: dict[str, Any], until: float) -> list[float]:
    milliseconds: list[float] = []
    while (began := time.monotonic()) < until:
        async with pool.connection() as conn:
            await ask(conn, plan)
        milliseconds.append((time.monotonic() - began) * 1000)
    return milliseconds


async def _main() -> None:
    plan = json.loads(await asyncio.to_thread(sys.stdin.readline))
    ask = {"list": _list, "get": _get}[plan["what"]]
    size = plan["connections"]
    async with AsyncConnectionPool[Connection](
        os.environ["BENCH_URL"], min_size=size, max_size=size, kwargs={"autocommit": True}, open=False
    ) as pool:
        await pool.wait()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began = time.monotonic()
        until = began + plan["seconds"]
        answers = await asyncio.gather(*(_client(pool, ask, plan, until) for _ in range(plan["clients"])))
        milliseconds = [round(one, 3) for found in answers for one in found]
        told = {"seconds": time.monotonic() - began, "statuses": {200: len(milliseconds)}, "milliseconds": milliseconds}
        print(json.dumps(told), flush=True)


asyncio.run(_main())
