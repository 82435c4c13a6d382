"""Jobs as rows, tenants, workers and claims, for tests of the queue's order and gates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

Tx = psycopg.Connection[Any]


def value(tx: Tx, statement: str, *values: Any) -> Any:
    row = tx.execute(statement.encode(), values).fetchone()
    return None if row is None else row[0]


def insert(tx: Tx, **columns: Any) -> int:
    values = {"queue_name": "pro", "task_name": "t", **columns}
    statement = (
        f"insert into procrastinate_jobs ({', '.join(values)}) values ({', '.join(['%s'] * len(values))}) returning id"
    )
    return value(tx, statement, *values.values())


def worker(tx: Tx, queues: list[str] | None = None) -> int:
    return value(tx, "select aias_private.register_worker('w', 'host', 7, %s, 2, '0', interval '30 s')", queues)


def tenant(tx: Tx, slug: str, plan: str = "pro") -> UUID:
    return value(tx, "select aias.create_tenant(%s, %s)", slug, plan)


def claim(tx: Tx, worker_id: int, limit: int = 1, *, is_thorough: bool = True) -> list[int]:
    rows = tx.execute(
        "select id from aias_private.claim_jobs(null, %s, %s, %s)", (worker_id, limit, is_thorough)
    ).fetchall()
    return [row[0] for row in rows]


def finish(tx: Tx, worker_id: int, *jobs: int) -> None:
    done = value(tx, "select aias_private.finish_jobs(%s, %s, %s::integer[])", worker_id, list(jobs), [0 for _ in jobs])
    assert sorted(done) == sorted(jobs)


def reason(tx: Tx, job: int) -> str:
    return value(tx, "select reason from aias.explain_job(%s)", job)


def make_clocks(tx: Tx, worker_id: int) -> None:
    """Let the classes be known to claims that are not thorough, as they are once a worker has run for a second."""
    assert claim(tx, worker_id, 0) == []
