"""A start is part of the caller's transaction: what is rolled back never runs, what is committed does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from aias import Aias
from aias.errors import NotFound
from tests.acceptance.conftest import Worker, effects_once
from tests.acceptance.upstream import Upstream


async def test_a_start_that_is_rolled_back_leaves_nothing_and_calls_nobody(
    aias: Aias,
    conn: psycopg.AsyncConnection[Any],
    six: str,
    upstream: Upstream,
    start_worker: Callable[..., Worker],
) -> None:
    start_worker()
    async with conn.transaction(force_rollback=True):
        lost = await aias.run_workflow(six, tenant="acme", idempotency_key="order 1001", connection=conn)
    async with conn.transaction(force_rollback=True):
        await conn.execute("select aias.run_workflow('acme', %s, '{}')", (six,))

    # what comes after them in the queue is done, so they would have been
    async with conn.transaction():
        kept = await aias.run_workflow(six, tenant="acme", idempotency_key="order 1001", connection=conn)
        assert upstream.calls == []
    await kept.wait(timeout=30)

    assert kept.status == "succeeded"
    assert kept.output == {"last": "step6"}
    await effects_once(kept, upstream)
    assert len(upstream.calls) == 6
    with pytest.raises(NotFound):
        await lost.refresh()
    counts = await conn.execute(
        "select (select count(*) from aias.executions), (select count(*) from aias.jobs),"
        " (select count(*) from aias.audit_log where action = 'execution.started')"
    )
    assert await counts.fetchone() == (1, 0, 1)
