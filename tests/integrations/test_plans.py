"""What is looked up often is found by its index, however much there is of everything else."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
import pytest

from aias.integrations.effect_queries import LIST

FILL: LiteralString = """
    select aias.create_tenant('acme');
    set session_replication_role = replica;  -- rows by the thousand, without what follows from each
    insert into aias_private.effects (
        tenant_id, execution_id, step_id, operation, request_hash, idempotency_key, attempt, state,
        settled_at, doubted_at
    )
    select
        t.id, aias_private.uuid7(), 'pay', 'POST', sha256('x'), gen_random_uuid(), 1,
        case when i % 2000 = 0 then 'in_doubt' else 'done' end,
        case when i % 2000 <> 0 then now() end,
        case when i % 2000 = 0 then now() end
    from aias_private.tenants as t
    cross join generate_series(1, 20000) as i
    where t.slug = 'acme';
    insert into aias_private.gate_waiters (tenant_id, execution_id, gate, kind, until)
    select t.id, aias_private.uuid7(), 'shopify:acme/' || i % 500, 'gate', now() + interval '1 hour'
    from aias_private.tenants as t
    cross join generate_series(1, 20000) as i
    where t.slug = 'acme';
    set session_replication_role = origin;
    analyze aias_private.effects;
    analyze aias_private.effects_default;
    analyze aias_private.gate_waiters;
"""


@pytest.fixture
def full(tx: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    for statement in FILL.split(";\n"):
        if statement.strip():
            tx.execute(statement.encode())
    return tx


def indexes(tx: psycopg.Connection[Any], query: str, given: dict[str, Any] | None = None) -> set[str]:
    """The indexes by which a plan finds its rows; partitions that are empty would be read as they are."""
    tx.execute("set local enable_seqscan = off")
    plan = psycopg.ClientCursor(tx).execute(f"explain {query}".encode(), given).fetchall()
    text = "\n".join(line for (line,) in plan)
    assert "Seq Scan on effects" not in text, text
    assert "Seq Scan on gate_waiters" not in text, text
    return {word for word in text.split() if word.startswith(("effects_", "gate_waiters_")) and word.endswith("idx")}


def test_what_is_in_doubt_is_found_without_reading_what_is_done(full: psycopg.Connection[Any]) -> None:
    for tenant in ("acme", None):
        given = {"tenant": tenant, "execution": None, "everything": False, "limit": 50}
        used = indexes(full, LIST, given)
        assert used
        assert all(name.endswith("_tenant_id_doubted_at_idx") for name in used)


def test_those_who_wait_for_a_gate_are_found_without_reading_the_others(full: psycopg.Connection[Any]) -> None:
    query: LiteralString = """
        select w.execution_id from aias_private.gate_waiters as w
        where w.gate = 'shopify:acme/7' and w.kind = 'gate'
        order by w.created_at
        limit 100
    """
    assert indexes(full, query) == {"gate_waiters_gate_idx"}
