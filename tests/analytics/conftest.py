"""Tenants that do things on a database of the test's own, at a time that is set."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from aias.analytics import due_views, refresh_view, roll_up_activity
from aias.audit import set_actor
from tests.clock import set_clock

# later than any real clock that the tests run by: what is newer than every transaction is summed up afresh by each run
NOON = datetime(2040, 3, 10, 12, 0, tzinfo=UTC)
STEPS = [{"id": "one", "action": "transform", "input": {"value": 1}}]


@dataclass(kw_only=True)
class House:
    """What happens in a test: calls of the interface, at a time that is set, and what the views say."""

    conn: psycopg.AsyncConnection[Any]
    now: datetime = NOON

    async def at(self, now: datetime) -> None:
        self.now = now
        await set_clock(self.conn, now)

    async def later(self, **delta: float) -> None:
        await self.at(self.now + timedelta(**delta))

    async def rows(self, query: LiteralString, *values: Any) -> list[dict[str, Any]]:
        async with self.conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, [Jsonb(v) if isinstance(v, dict | list) else v for v in values])
            return await cursor.fetchall()

    async def value(self, query: LiteralString, *values: Any) -> Any:
        rows = await self.rows(query, *values)
        return next(iter(rows[0].values())) if rows else None

    async def tenant(self, slug: str, plan: str = "pro") -> UUID:
        return await self.value("select aias.create_tenant(%s, %s)", slug, plan)

    async def apply(self, tenant: str, name: str = "flow") -> None:
        await self.value("select aias.apply_workflow(%s, %s)", tenant, {"name": name, "steps": STEPS})

    async def connect(self, tenant: str, kind: str = "shopify") -> None:
        await self.value(
            "select aias.connect_integration(%s, %s, 'main', '{}', %s, '0123456789abcdef', aias_private.uuid7())",
            tenant,
            kind,
            b"\x01" * 40,
        )

    async def run(self, tenant: str, workflow: str = "flow", status: str | None = "succeeded") -> UUID:
        """Start an execution and end it, as a worker would with one step."""
        execution = await self.value("select aias.run_workflow(%s, %s)", tenant, workflow)
        if status is not None:
            await self.finish(execution, status)
        return execution

    async def finish(self, execution: UUID, status: str = "succeeded") -> None:
        tenant = await self.value("select tenant_id from aias.executions where id = %s", execution)
        job = await self.value("select job_id from aias.executions where id = %s", execution)
        attempt = await self.value(
            "select attempt from aias_private.claim_execution(%s, %s, %s, null)", tenant, execution, job
        )
        change = {"id": "one", "item": -1, "action": "transform", "effect": "none"}
        ending = (
            {"to": "succeeded", "output": {}}
            if status == "succeeded"
            else {"to": "failed", "error": {"type": "Broken", "message": "no"}}
        )
        await self.rows(
            "select * from aias_private.record_steps(%s, %s, %s, %s)",
            tenant,
            execution,
            attempt,
            [change | {"to": "running"}],
        )
        await self.rows(
            "select * from aias_private.record_steps(%s, %s, %s, %s)", tenant, execution, attempt, [change | ending]
        )
        assert await self.value(
            "select aias_private.finish_execution(%s, %s, %s, %s, %s, %s)",
            tenant,
            execution,
            attempt,
            status,
            {} if status == "succeeded" else None,
            None if status == "succeeded" else {"type": "Broken", "message": "no"},
        )

    async def act(self, tenant: str, user: str) -> None:
        """Let a person do something."""
        async with self.conn.transaction():
            await set_actor(self.conn, user, is_local=True)
            await self.value(
                "select aias.create_user(%s, aias_private.uuid7() || '@example.com', 'A colleague', 'member')", tenant
            )

    async def roll_up(self) -> None:
        while await roll_up_activity(self.conn):
            pass

    async def settle(self, *, after: str = "0") -> None:
        """Let the clock run, and allow less time than five seconds for transactions that just begin.

        With none, what is committed is settled at once: only for tests in which no transaction begins beside a run.
        """
        await set_clock(self.conn, None)
        source = await self.value("select pg_get_functiondef('aias_private.visible_until()'::regprocedure)")
        await self.conn.execute(source.replace("interval '5 seconds'", f"interval '{after}'"))

    async def refresh(self) -> list[str]:
        await self.roll_up()
        due = await due_views(self.conn)
        for name in due:
            assert await refresh_view(self.conn, name=name)
        return due

    async def until_blocked(self, pid: int) -> None:
        """Wait until a backend waits for another's lock, ten seconds at most."""
        async with asyncio.timeout(10):
            # the server tells nobody of it
            while not await self.value("select cardinality(pg_blocking_pids(%s)) > 0", pid):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def house(conn: psycopg.AsyncConnection[Any]) -> House:
    made = House(conn=conn)
    await made.at(NOON)
    return made
