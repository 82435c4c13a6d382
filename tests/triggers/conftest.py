"""A tenant with workflows on a database of its own, schedulers called by hand, and a clock that is set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from aias.db import Pool
from aias.triggers import advance_schedules
from tests.clock import set_clock

NOON = datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC)
STEPS = [{"id": "one", "action": "transform", "input": {"value": 1}}]


@dataclass(kw_only=True)
class Shop:
    """A tenant, its workflows ``flow`` and ``other``, and what its triggers did."""

    conn: psycopg.AsyncConnection[Any]
    pool: Pool
    tenant: str = "acme"
    tenant_id: UUID = field(init=False)
    now: datetime = NOON

    async def open(self) -> Shop:
        await self.at(self.now)
        self.tenant_id = await self.value("select aias.create_tenant(%s, 'pro')", self.tenant)
        for name in ("flow", "other"):
            await self.apply(name)
        return self

    async def apply(self, name: str, **parts: Any) -> None:
        definition = {"name": name, "steps": STEPS, **parts}
        await self.conn.execute("select aias.apply_workflow(%s, %s)", (self.tenant, Jsonb(definition)))

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

    async def schedule(
        self, name: str = "tick", cron: str = "* * * * *", workflow: str = "flow", **options: Any
    ) -> UUID:
        given = {"input": {}, "time_zone": "UTC", "overlap": "allow", "catch_up": "last", **options}
        return await self.value(_SET, *_set_values(self.tenant, name, workflow, cron, given))

    async def advance(self) -> float:
        """What a scheduler does when it wakes, until it would sleep."""
        for _ in range(100):
            if (seconds := await advance_schedules(self.pool)) > 0.0:
                return seconds
        raise AssertionError("the scheduler never comes to rest")

    async def runs(self, schedule: UUID) -> list[dict[str, Any]]:
        return await self.rows("select * from aias.schedule_runs where schedule_id = %s order by due_at", schedule)

    async def due(self, schedule: UUID) -> list[str]:
        """The due times that were dealt with, as ``HH:MM status``."""
        return [f"{run['due_at']:%H:%M} {run['status']}" for run in await self.runs(schedule)]

    async def finish(self, execution: UUID, status: str = "succeeded") -> None:
        """End an execution as a worker would."""
        job = await self.value("select job_id from aias.executions where id = %s", execution)
        attempt = await self.value(
            "select attempt from aias_private.claim_execution(%s, %s, %s, null)", self.tenant_id, execution, job
        )
        error = Jsonb({"type": "Test", "message": "it broke"}) if status == "failed" else None
        assert await self.value(
            "select aias_private.finish_execution(%s, %s, %s, %s, '{}', %s)",
            self.tenant_id, execution, attempt, status, error,
        )  # fmt: skip

    async def actions(self, kind: str) -> list[str]:
        """What the audit log says was done to things of a kind, in order."""
        return [
            r["action"]
            for r in await self.rows("select action from aias.audit_log where object_kind = %s order by id", kind)
        ]


_SET: LiteralString = (
    "select aias.set_schedule(%s, %s, %s, %s, %s, %s, %s, %s, coalesce(%s::integer, 100), coalesce(%s::interval, '0'),"
    " %s, %s, coalesce(%s::integer, 1), coalesce(%s::interval, '1 minute'))"
)


def _set_values(tenant: str, name: str, workflow: str, cron: str, given: dict[str, Any]) -> list[Any]:
    names = ("time_zone", "input", "overlap", "catch_up", "catch_up_limit", "jitter", "starts_at", "ends_at")
    return [tenant, name, workflow, cron, *(given.get(n) for n in (*names, "max_attempts", "retry_delay"))]


@pytest.fixture
async def shop(conn: psycopg.AsyncConnection[Any], pool: Pool) -> Shop:
    """A tenant at half a minute past noon."""
    return await Shop(conn=conn, pool=pool).open()


@pytest.fixture
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that secrets of webhooks are sealed under."""
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
