"""A tenant on a transaction of the test's own, a clock that is set, and the rules evaluated by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from aias.db import Pool
from aias.integrations import close_clients
from aias.simulators import running_simulators
from tests.alerts.desk import Desk, listening
from tests.clock import set_clock

NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)
STEPS = [{"id": "one", "action": "transform", "input": {"value": 1}}]


@dataclass(kw_only=True)
class Watch:
    """The tenant ``acme`` with the workflow ``flow``."""

    tx: psycopg.Connection[Any]
    now: datetime = NOON
    tenant_id: UUID = field(init=False)

    def open(self) -> Watch:
        set_clock(self.tx, self.now)
        # the shared database has ages of its own: what the real clock made there is not what these tests are about
        self.rows("update aias_private.alert_rules set is_enabled = false where name = 'partition_trouble'")
        self.tenant_id = self.tenant("acme")
        return self

    def rows(self, query: LiteralString, *values: Any) -> list[dict[str, Any]]:
        with self.tx.cursor(row_factory=dict_row) as cursor:
            cursor.execute(query, [Jsonb(v) if isinstance(v, dict) else v for v in values])
            return cursor.fetchall() if cursor.description else []

    def value(self, query: LiteralString, *values: Any) -> Any:
        found = self.rows(query, *values)
        return next(iter(found[0].values())) if found else None

    def tenant(self, slug: str) -> UUID:
        found = self.value("select aias.create_tenant(%s, 'pro')", slug)
        self.rows("select aias.apply_workflow(%s, %s)", slug, {"name": "flow", "steps": STEPS})
        return found

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)
        set_clock(self.tx, self.now)

    def evaluate(self, *, minutes: int = 1) -> list[dict[str, Any]]:
        """Let so many minutes pass, evaluating after each; gives the problems of the last time."""
        problems: list[dict[str, Any]] = []
        for _ in range(minutes):
            self.later(minutes=1)
            problems = self.rows("select rule, problem from aias_private.evaluate_alerts()")
        return problems

    def executions(self, status: str, count: int, tenant: UUID | None = None) -> None:
        """Put executions there that ended just now."""
        self.rows(
            """
            insert into aias_private.executions (
                tenant_id, id, workflow_id, version, status, input, error, lane, started_at, finished_at
            )
            select
                w.tenant_id,
                overlay(
                    aias_private.uuid7_floor(aias_private.now())::text
                    placing right(gen_random_uuid()::text, 21) from 16
                )::uuid,
                w.id, 1, %s, '{}', case when %s = 'failed' then '{"message": "no"}'::jsonb end, 'pro',
                aias_private.now(), aias_private.now()
            from aias_private.workflows as w, generate_series(1, %s)
            where w.tenant_id = %s and w.name = 'flow'
            """,
            status,
            status,
            count,
            tenant or self.tenant_id,
        )

    def dead_letters(self, count: int, task: str = "do.it", tenant: UUID | None = None) -> None:
        """Put jobs into the dead letters that gave up just now."""
        self.rows(
            """
            insert into aias_private.dead_letters (tenant_id, id, kind, job_id, reason, error, snapshot)
            select
                %s,
                overlay(
                    aias_private.uuid7_floor(aias_private.now())::text
                    placing right(gen_random_uuid()::text, 21) from 16
                )::uuid,
                'job', n, 'it gave up', '{"message": "no"}', jsonb_build_object('task_name', %s::text)
            from generate_series(1, %s) as n
            """,
            tenant or self.tenant_id,
            task,
            count,
        )

    def alerts(self, *statuses: str) -> list[tuple[str, str | None, str]]:
        """Rule, tenant and key of the alerts in these states (open), by their ids."""
        found = self.rows(
            "select rule, tenant, key from aias.alerts where status = any(%s) order by id", list(statuses or ("open",))
        )
        return [(row["rule"], row["tenant"], row["key"]) for row in found]

    def told(self, tenant: str | None = None) -> list[str]:
        """What was told to the operators, or to a tenant: the titles in order."""
        return [
            row["title"]
            for row in self.rows(
                "select title from aias.notifications where tenant is not distinct from %s order by created_at, id",
                tenant,
            )
        ]

    def only(self, rules: Sequence[str]) -> None:
        """Switch all rules off but these."""
        self.rows("update aias_private.alert_rules set is_enabled = name = any(%s)", list(rules))


@pytest.fixture
def watch(tx: psycopg.Connection[Any]) -> Watch:
    return Watch(tx=tx).open()


@pytest.fixture
async def desk(conn: psycopg.AsyncConnection[Any], pool: Pool, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    async with running_simulators(which=("slack", "smtp")) as sims, listening() as listener:
        yield await Desk(conn=conn, pool=pool, sims=sims, listener=listener).open()
    await close_clients()
