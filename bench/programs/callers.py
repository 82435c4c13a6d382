"""One worker's calls of an upstream: ``guarded`` or ``bare``, then how many at once and for how many seconds.

Says ``ready``, waits for a line, calls as fast as it may, and says how many calls came back. Settings: BENCH_URL,
BENCH_UPSTREAM, BENCH_CONNECTION (the ids of tenant and connection, the tenant's slug).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from uuid import UUID

from aias.db import Pool, open_pool
from aias.errors import Deferred
from aias.integrations.client import Call, Upstream, close_clients
from aias.integrations.egress import Egress
from aias.integrations.guard import Guard
from aias.logs import configure_logs


def _upstream(pool: Pool, *, is_guarded: bool) -> Upstream:
    tenant_id, integration_id, tenant = os.environ["BENCH_CONNECTION"].split()
    guard = Guard(
        pool=pool,
        tenant_id=UUID(tenant_id),
        tenant=tenant,
        integration_id=UUID(integration_id),
        kind="http",
        name="main",
    )
    return Upstream(
        name="http:main",
        base_url=os.environ["BENCH_UPSTREAM"],
        egress=Egress.parse("127.0.0.1"),
        guard=guard if is_guarded else None,
    )


async def _call(upstream: Upstream, caller: int, end: float) -> int:
    count = 0
    is_deferred = False
    while time.monotonic() < end:
        call = Call(idempotency_key=f"{os.getpid()}-{caller}-{count}", is_deferred=is_deferred)
        try:
            await upstream.call("GET", call=call)
        except Deferred as error:
            is_deferred = True
            pause = ((error.until or datetime.now(UTC)) - datetime.now(UTC)).total_seconds()
            await asyncio.sleep(min(max(pause, 0.001), max(end - time.monotonic(), 0)))
        else:
            is_deferred = False
            count += 1
    return count


async def _main(way: str, callers: int, seconds: float) -> None:
    async with await open_pool(os.environ["BENCH_URL"], min_size=1, max_size=2) as pool:
        upstream = _upstream(pool, is_guarded=way == "guarded")
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began = time.monotonic()
        counts = await asyncio.gather(*(_call(upstream, caller, began + seconds) for caller in range(callers)))
        print(json.dumps({"calls": sum(counts), "seconds": time.monotonic() - began}), flush=True)
        await close_clients()


configure_logs("warning")
asyncio.run(_main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
