"""A driver over the SQL interface of executions: what the engine does, call by call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

SIMPLE = {
    "name": "simple",
    "steps": [{"id": "one", "action": "noop"}, {"id": "two", "action": "noop", "needs": ["one"]}],
}


@dataclass(kw_only=True)
class Ledger:
    """One tenant with workflows, on a connection whose work is rolled back."""

    connection: psycopg.Connection[Any]
    tenant: str = "acme"
    tenant_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.tenant_id = self.value("select aias.create_tenant(%s, 'pro')", self.tenant)

    def row(self, query: LiteralString, *arguments: Any) -> dict[str, Any] | None:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, [_adapt(a) for a in arguments]).fetchone()

    def rows(self, query: LiteralString, *arguments: Any) -> list[dict[str, Any]]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, [_adapt(a) for a in arguments]).fetchall()

    def value(self, query: LiteralString, *arguments: Any) -> Any:
        row = self.row(query, *arguments)
        return None if row is None else next(iter(row.values()))

    def apply(self, definition: dict[str, Any]) -> dict[str, Any]:
        row = self.row("select * from aias.apply_workflow(%s, %s)", self.tenant, definition)
        assert row is not None
        return row

    def run(self, workflow: str = "simple", input: Any = None, key: str | None = None, at: Any = None) -> UUID:
        given = {} if input is None else input
        return self.value("select aias.run_workflow(%s, %s, %s, %s, %s)", self.tenant, workflow, given, key, at)

    def execution(self, execution: UUID) -> dict[str, Any]:
        row = self.row("select * from aias.executions where id = %s", execution)
        assert row is not None
        return row

    def claim(self, execution: UUID, worker: int = 1, job: int | None = None) -> dict[str, Any] | None:
        job = job if job is not None else self.execution(execution)["job_id"]
        return self.row(
            "select * from aias_private.claim_execution(%s, %s, %s, %s)", self.tenant_id, execution, job, worker
        )

    def record(self, execution: UUID, attempt: int, *changes: dict[str, Any]) -> list[dict[str, Any]]:
        full = [{"item": -1, "action": "noop", **change} for change in changes]
        return self.rows(
            "select * from aias_private.record_steps(%s, %s, %s, %s)", self.tenant_id, execution, attempt, full
        )

    def suspend(self, execution: UUID, attempt: int) -> str:
        return self.value("select aias_private.suspend_execution(%s, %s, %s)", self.tenant_id, execution, attempt)

    def finish(self, execution: UUID, attempt: int, status: str = "succeeded", output: Any = None) -> bool:
        error = {"type": "Test", "message": "it broke"} if status == "failed" else None
        return self.value(
            "select aias_private.finish_execution(%s, %s, %s, %s, %s, %s)",
            self.tenant_id,
            execution,
            attempt,
            status,
            Jsonb(output),
            error,
        )

    def steps(self, execution: UUID) -> dict[str, dict[str, Any]]:
        rows = self.rows("select * from aias.execution_steps where execution_id = %s", execution)
        return {row["step"] if row["item"] is None else f"{row['step']}[{row['item']}]": row for row in rows}

    def events(self, execution: UUID) -> list[str]:
        rows = self.rows("select type from aias.execution_events where execution_id = %s order by id", execution)
        return [row["type"] for row in rows]

    def jobs(self, execution: UUID) -> list[dict[str, Any]]:
        return self.rows(
            "select j.* from aias.jobs as j where j.args ->> 'execution_id' = %s order by j.id", str(execution)
        )


def _adapt(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


@pytest.fixture
def ledger(tx: psycopg.Connection[Any]) -> Ledger:
    made = Ledger(connection=tx)
    made.apply(SIMPLE)
    return made
